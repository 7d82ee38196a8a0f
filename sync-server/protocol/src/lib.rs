//! What a tablet and the relay say to each other, and the membership rules that both check.
//!
//! It knows opaque ids, fixed layouts, frames, limits and who may do what.
//! It must not know documents, content keys, people's names, clocks, sockets or storage.
//!
//! ```text
//! bytes -> SealedEnvelope::parse -> verify -> Membership::may_write -> stored and passed on as they came
//! bytes -> SignedRecord::parse   -> Membership::apply
//! bytes -> frame::*::decode      -> typed frame
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

/// Channels, which the relay filters on, and the scopes whose keys seal them.
pub mod channel;
mod codec;
/// Snapshots, who vouches for them, and what may be let go.
pub mod compaction;
/// The sealed, signed envelope: header layout, signature and id.
pub mod envelope;
/// Codes of refusals and the errors of decoding.
pub mod error;
/// Requests and answers of the relay.
pub mod frame;
/// Hexadecimal text of fixed-size bytes.
pub mod hex;
/// Opaque names of things.
pub mod id;
/// Sizes and counts that both ends hold to.
pub mod limits;
/// The membership chain and the state it describes.
pub mod membership;
/// Lengths that say little about what is inside.
pub mod padding;
/// Rings of readers.
pub mod ring;
mod signing;
/// Fixed inputs with their fixed bytes.
#[cfg(feature = "vectors")]
pub mod vectors;
/// Versions and suites that this code speaks.
pub mod version;

pub use channel::{Channel, Scope};
pub use envelope::{EnvelopeError, EnvelopeKind, HEADER_LEN, Header, SealedEnvelope};
pub use error::{CodecError, ErrorCode};
pub use id::{
    CentreId, ChainHash, DeviceId, DocumentId, EnvelopeId, Incarnation, InviteId, KeyId, MemberId,
    RecordHash, StreamId,
};
pub use membership::{Membership, MembershipError, Record, SignedRecord};
pub use ring::{Ring, RingSet};
