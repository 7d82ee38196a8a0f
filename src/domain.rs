//! The nouns and rules of a child contact centre.
//!
//! Knows the words of the field and what may never happen.
//! Must not know how anything is stored, sent, drawn or timed: no serde, no Automerge, no clock.
//! Everything here is either a type that cannot be wrong or a pure function over such types.

/// The few words every error of this layer is made of.
pub mod error;
#[macro_use]
mod word;
/// What was agreed for one family.
pub mod arrangement;
/// What was seen at the door and in the room.
pub mod attendance;
/// The centre, its rooms and doors.
pub mod centre;
/// Kinds of contact, and which of them are observed.
pub mod contact;
/// A family's file and its neutral code.
pub mod family;
/// A map for few entries, in little code.
pub mod few;
/// Collecting and ordering in little code.
pub mod gather;
/// When a tablet that nobody touches locks itself.
pub mod idle;
/// Sixteen opaque bytes per kind of thing.
pub mod ids;
/// How long a tablet may be out of touch, and how old a key may grow.
pub mod lease;
/// A list that is never empty.
pub mod non_empty;
/// The timed account of an observed visit.
pub mod note;
/// Children, adults, collectors.
pub mod person;
/// Who may do what, as permits.
pub mod policy;
/// What one side must never learn about the other.
pub mod protected;
/// The request for a place and its life.
pub mod referral;
/// The judgement that decides which kinds of contact are safe.
pub mod risk;
/// Invented people for the tests of this layer and the next.
#[cfg(test)]
pub(crate) mod sample;
/// One opening of the centre.
pub mod session;
/// The two sides of a family.
pub mod side;
/// Who comes first, and by how many minutes.
pub mod stagger;
/// Text a person typed, cleaned and bounded.
pub mod text;
/// Moments, days and clock times, with the United Kingdom's rule for summer time.
pub mod time;
/// One family's contact inside a session, and what planning refuses.
pub mod visit;
/// Workers and their roles.
pub mod worker;
