//! Small models of two promises, tried in every order of events that they allow.
//!
//! What they cover and what they leave out is in `docs/ASSUMPTIONS.md`. Each promise is also tried with one rule
//! missing: then the model must find a way to break it, or it would prove nothing.

mod explore;
mod log;
mod revocation;
