//! Draws views from what is held: pure, and only what the reader may see.

/// The co-ordinator's desk.
pub(crate) mod desk;
/// The hall.
pub(crate) mod hall;
