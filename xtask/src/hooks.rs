//! What Trunk cannot do by itself; it calls these at the stages named in `Trunk.toml`.

/// After the build: names, digests, build id.
pub(crate) mod precache;
/// Before the build: one stylesheet.
pub(crate) mod styles;
