//! Keys, sealing and unlocking: everything that turns what people write into bytes that others may hold.
//!
//! It knows keys, ciphers and the layouts of `docs/PROTOCOL.md`. It must not know documents, storage, the network, the
//! clock or where randomness comes from: the random source is always an argument.
//! What is assumed, and what breaks if it does not hold, is in `docs/ASSUMPTIONS.md`.

mod aead;
/// Reading what was opened, strictly.
pub mod cbor;
/// The secrets of one device.
pub mod device;
/// Joining by link.
pub mod enrolment;
/// Sealing and opening envelopes.
pub mod envelope;
/// Secret keys as types of their own.
pub mod key;
/// What one member keeps on one tablet to be that member.
pub mod keyring;
/// Rows sealed under the local key.
pub mod local;
/// The words a person unlocks with.
pub mod passphrase;
/// What an envelope says inside.
pub mod payload;
/// Six digits for coming back.
pub mod pin;
mod random;
/// A kit on printed sheets, for the day when every tablet is lost.
pub mod recovery;
/// Epoch keys on their way to one device.
pub mod sealed_key;
/// Fixed inputs with their fixed bytes.
#[cfg(any(test, feature = "vectors"))]
pub mod vectors;
mod words;
