//! The shape of each noun inside its document, and the verbs that change it.
//!
//! The names and types that a noun writes are a stored format: they never change, and a later field
//! is read only where it is there. What comes back is parsed again, because another version or
//! another hand may have written it. A noun goes straight between its value and the document, field
//! by field, through the reader and the writer of one stored object.
//! Things that several people add to are maps by id, so that both additions stay.
//! Every verb is a few direct puts: the last writer then wins a field, never a form.

/// An arrangement.
pub mod arrangement;
/// The centre.
pub mod centre;
/// Values that concurrent changes left side by side.
pub mod conflict;
mod event;
/// A family file.
pub mod family;
/// An observation note.
pub mod note;
mod people;
/// One side's protected details.
pub mod protected;
mod reader;
/// A referral.
pub mod referral;
/// A session.
pub mod session;
/// A visit and its attendance.
pub mod visit;
/// A worker.
pub mod worker;
mod writer;

use automerge::{ROOT, ReadDoc};

use self::{reader::Reader, writer::Writer};
use super::{
    document::Document,
    error::{Unreadable, Why, WriteError},
    schema::{DocumentKind, SCHEMA_VERSION},
};
use crate::domain::error::ParseError;

pub use conflict::{Conflict, conflicts};

/// Things of one container: those that could be read, and those that are kept unread.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept<T> {
    /// Readable, in the order of their ids.
    pub readable: Vec<T>,
    /// Why each of the others is not.
    pub unreadable: Vec<Unreadable>,
}

/// The root of a document, for a verb of this kind.
fn writing(document: &mut Document, kind: DocumentKind) -> Result<Writer<'_>, WriteError> {
    Ok(Writer::root(document.writing(kind)?))
}

/// The root of a document whose record is there and not of a later version.
fn reading(document: &Document, kind: DocumentKind) -> Result<Reader<'_>, Unreadable> {
    if document.kind() != kind {
        return Err(Unreadable::because(Why::Shape));
    }
    check_version(document)?;
    let root = Reader::root(document.reading());
    // The first change made containers and these two values; a record brings more.
    let own = |name: &String| name == "kind" || name == "schema" || root.part(name).is_ok();
    if root.names().iter().all(own) {
        return Err(Unreadable::because(Why::NotThere));
    }
    Ok(root)
}

/// Refuses what a later program wrote, whichever of several concurrent versions it claims.
fn check_version(document: &Document) -> Result<(), Unreadable> {
    let found = document
        .reading()
        .get_all(ROOT, "schema")?
        .iter()
        .filter_map(|(version, _)| version.as_u64())
        .max()
        .unwrap_or_default();
    if found > SCHEMA_VERSION {
        let known = SCHEMA_VERSION;
        return Err(Unreadable::because(Why::UpdateNeeded { found, known }));
    }
    Ok(())
}

/// Reads every item of a root container by itself, so that one foreign item hides no other.
fn read_items<T>(
    document: &Document,
    container: &str,
    read: fn(&str, &Reader<'_>) -> Result<T, Unreadable>,
) -> Result<Kept<T>, Unreadable> {
    check_version(document)?;
    let mut kept = Kept {
        readable: Vec::new(),
        unreadable: Vec::new(),
    };
    let Ok(items) = Reader::root(document.reading()).part(container) else {
        return Ok(kept);
    };
    for id in items.names() {
        match items.part(&id).and_then(|item| read(&id, &item)) {
            Ok(item) => kept.readable.push(item),
            Err(unreadable) => kept.unreadable.push(unreadable),
        }
    }
    Ok(kept)
}

/// Names the field whose value did not parse.
fn field<T>(name: &'static str, parsed: Result<T, ParseError>) -> Result<T, Unreadable> {
    parsed.map_err(|error| Unreadable::because(Why::Field { name, error }))
}

#[cfg(test)]
mod tests;
