//! How rows are laid out in the tablet's store. Which database holds them is the platform's business.

/// What every store must do: the words that the memory store and the browser's obey alike.
#[cfg(any(test, feature = "vectors"))]
pub mod contract;
/// Tables, keys, ranges.
pub mod key;
/// A store in memory that obeys the same words, for tests and simulations.
pub mod memory;
