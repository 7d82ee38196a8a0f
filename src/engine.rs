//! One device's replica as a pure state machine: bytes, keys, peers, commands.
//!
//! No clock, no randomness, no browser: all three come in as arguments.

/// From a document's audience to the channel that carries it.
pub(crate) mod audience;
/// What a person asks for.
pub mod command;
/// Keys, sealing, unlocking.
pub mod crypto;
/// Nobody is signed in.
pub(crate) mod doors;
/// What the platform must do.
pub mod effect;
/// What happened.
pub mod event;
/// Forms as typed, and their parsing.
pub mod form;
/// The documents this member can open.
pub(crate) mod library;
/// An unlocked replica.
pub(crate) mod open;
/// The state machine of one device.
pub mod replica;
/// Draws views from what is held.
pub(crate) mod screens;
/// How rows are laid out in the tablet's store.
pub mod storage;
/// The little that lists need of a document.
pub(crate) mod summary;
/// How replicas meet.
pub(crate) mod sync;
/// One step of the replica.
pub(crate) mod turn;
/// What the page draws.
pub mod view;
/// How values cross from the page to the Worker.
pub mod wire;

/// Which chunks an engine died of: for the platform, which starts the next one.
pub use crate::documents::trial;
