//! What Trunk cannot do by itself; it calls these at the stages named in `Trunk.toml`.

/// After a release build: the page's WebAssembly in parts.
pub(crate) mod parts;
/// After the build: names, digests, build id.
pub(crate) mod precache;
/// After the build: scripts without comments.
pub(crate) mod scripts;
/// Before the build: one stylesheet.
pub(crate) mod styles;
