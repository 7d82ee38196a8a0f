//! The hall's sentences: visits in, words out.
//!
//! Pure: knows views and times, never the page, the engine or a clock. Both adults are worded by the same
//! functions, so neither can come out differently.

/// Hours, days, and how long until or since.
pub mod hours;
/// How children and adults are called.
pub mod people;
/// Where an adult or a visit stands.
pub mod state;
/// What can be recorded, what was recorded.
pub mod steps;
