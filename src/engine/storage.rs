//! How rows are laid out in the tablet's store. Which database holds them is the platform's business.

/// Tables, keys, ranges.
pub mod key;
/// A store in memory that obeys the same words, for tests and simulations.
pub mod memory;
