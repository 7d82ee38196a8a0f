//! Neutral Ground: local-first software for child contact centres.
//!
//! Five layers, and imports point one way: each may use those above it and none below.

/// The Automerge shape of each noun, and who may read it.
pub mod documents;
/// Nouns, rules and parsing of the field; std and chrono only.
pub mod domain;
/// One device's replica as a pure state machine: event in, effects and views out.
pub mod engine;
/// Performs the engine's effects in a browser.
#[cfg(target_arch = "wasm32")]
pub mod platform;
/// Draws views and sends commands.
#[cfg(target_arch = "wasm32")]
pub mod ui;
