//! The Automerge shape of each noun, and who may read it.
//!
//! Knows the stored form, which other versions of the program must be able to read, and what two
//! people's edits mean together. Must not know where bytes are kept, which key seals them or who
//! sent them.

/// Who may read and who may write each kind of document.
pub mod audience;
mod chunk;
/// A document as changes in and changes out.
pub mod document;
/// Why a document, a record or a verb was refused.
pub mod error;
/// The first change of every document, the same on every device.
pub mod genesis;
/// The shape of each noun inside its document, and the verbs that change it.
pub mod record;
/// The kinds of document and the version of their shape.
pub mod schema;
/// Which chunks the library is working on.
pub mod trial;

pub use document::Document;
pub use error::{DocumentError, Unreadable, WriteError};
pub use schema::DocumentKind;
