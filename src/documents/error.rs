//! Why a document, a record or a verb was refused.
//!
//! Never holds content: a reason may be shown, logged and counted.

use std::fmt;

use super::schema::DocumentKind;
use crate::domain::error::ParseError;

/// Bytes that are not the document they were said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentError {
    /// This chunk is not one change or one snapshot; the others may be.
    ChunkUnreadable {
        /// Counted from nought in the list that was given.
        index: usize,
    },
    /// This chunk contradicts what is already there: it numbers a change as another was numbered,
    /// or belongs to a document of another kind.
    ChunkRefused {
        /// Counted from nought in the list that was given.
        index: usize,
    },
    /// The program's own first change of this kind cannot be used.
    NoGenesis {
        /// Of which kind.
        kind: DocumentKind,
    },
}

/// A record that this program cannot show; it is kept as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// What stands in the way.
    pub why: Why,
}

/// What stands in the way of reading a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// Nobody has written the record yet, or its first change has not arrived.
    NotThere,
    /// A later program wrote it.
    UpdateNeeded {
        /// The version found.
        found: u64,
        /// The version this program knows.
        known: u64,
    },
    /// Its shape is not the one expected.
    Shape,
    /// One field does not parse.
    Field {
        /// The stored name of the field.
        name: &'static str,
        /// What was expected and found.
        error: ParseError,
    },
}

impl Unreadable {
    /// Pairs a record with what stands in the way.
    pub(super) const fn because(why: Why) -> Self {
        Self { why }
    }
}

/// A verb that was not carried out; the document is as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WriteError {
    /// The document is of another kind than the verb.
    OtherKind {
        /// The kind the verb changes.
        expected: DocumentKind,
        /// The kind of the document.
        found: DocumentKind,
    },
    /// The record is already there, or not yet.
    NotThere,
    /// Only its author changes a note.
    NotTheAuthor,
    /// A finished entry is not typed into again.
    EntryFinished,
    /// The document did not take the change.
    Refused,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChunkUnreadable { index } => {
                write!(
                    f,
                    "expected one change or snapshot, found other bytes in chunk {index}"
                )
            }
            Self::ChunkRefused { index } => {
                write!(
                    f,
                    "expected changes that follow, found a contradiction in chunk {index}"
                )
            }
            Self::NoGenesis { kind } => {
                write!(
                    f,
                    "expected the first change of kind {}, found none",
                    kind.code()
                )
            }
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Why::NotThere => f.write_str("expected a record, found none yet"),
            Why::UpdateNeeded { found, known } => {
                write!(f, "expected version {known} at most, found {found}")
            }
            Why::Shape => f.write_str("expected a record of this kind, found another shape"),
            Why::Field { name, error } => write!(f, "field {name}: {error}"),
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherKind { expected, found } => {
                write!(
                    f,
                    "expected kind {}, found kind {}",
                    expected.code(),
                    found.code()
                )
            }
            Self::NotThere => f.write_str("expected a record to change, found none"),
            Self::NotTheAuthor => f.write_str("expected the note's author, found somebody else"),
            Self::EntryFinished => {
                f.write_str("expected an entry being typed, found a finished one")
            }
            Self::Refused => {
                f.write_str("expected the document to take the change, found a refusal")
            }
        }
    }
}

impl std::error::Error for DocumentError {}
impl std::error::Error for Unreadable {}
impl std::error::Error for WriteError {}

/// The library's message is not kept, because it may quote content.
impl From<automerge::AutomergeError> for WriteError {
    fn from(_: automerge::AutomergeError) -> Self {
        Self::Refused
    }
}

impl From<automerge::AutomergeError> for Unreadable {
    fn from(_: automerge::AutomergeError) -> Self {
        Self::because(Why::Shape)
    }
}
