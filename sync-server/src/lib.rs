//! The blind relay: takes sealed envelopes, puts them in order, keeps them, hands them out.
//!
//! It knows ids, signatures, rights and sizes. It must not know keys, people or what any envelope says.
//!
//! ```text
//! config -> serve -> router -> relay (push, pull, membership, mailbox) -> store
//!                         \-> live (pokes)      \-> assets (the app)
//! ```
#![warn(missing_docs)]

/// The built app and its headers.
pub mod assets;
/// The wall clock.
pub mod clock;
/// Flags and environment.
pub mod config;
/// How much there may be at once.
mod crowd;
/// Refusals as HTTP answers.
pub mod error;
/// Pokes to devices that listen.
pub mod live;
/// Counts, and nothing but counts.
pub mod metrics;
/// Connections whose other end must keep reading.
mod patience;
/// What each call does.
pub mod relay;
/// The route table and what surrounds every answer.
pub mod router;
/// Connections: accepting, time limits, shutdown.
mod server;
/// What is kept.
pub mod store;

pub use config::Config;
pub use server::{Listeners, ServeError, serve, serve_and_tell};
