//! Versions of tools that must agree with other files; `tests/native/architecture.rs` compares them.

/// Equal to the `wasm-bindgen` crate in `Cargo.lock`: the two refuse to work together otherwise.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// Equal to `trunk-version` in `Trunk.toml`.
pub(crate) const TRUNK: &str = "0.21.14";

/// Equal to `wasm_opt` in `Trunk.toml`.
pub(crate) const WASM_OPT: &str = "version_132";

/// The oldest Node that the journeys and the wasm optimiser run on.
pub(crate) const NODE_MAJOR: u32 = 20;
