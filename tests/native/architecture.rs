//! The house's own rules: which layer may name which, how files begin and end, and versions that must agree.

mod documentation;
mod layers;
mod pins;
mod sources;
