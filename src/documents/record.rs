//! The shape of each noun inside its document, and the verbs that change it.
//!
//! A record struct is a stored format: its field names never change, a later field carries
//! `missing`, and what comes back is parsed again, because another version or another hand may have
//! written it. Things that several people add to are maps by id, so that both additions stay.
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
mod lines;
/// An observation note.
pub mod note;
mod people;
/// One side's protected details.
pub mod protected;
/// A referral.
pub mod referral;
/// A session.
pub mod session;
/// A visit and its attendance.
pub mod visit;
/// A worker.
pub mod worker;

use automerge::{AutoCommit, ObjId, ROOT, ReadDoc};
use autosurgeon::{Hydrate, Reconcile};

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

/// Writes the whole record of a new document.
fn write_record<R: Reconcile>(
    document: &mut Document,
    kind: DocumentKind,
    record: &R,
) -> Result<(), WriteError> {
    autosurgeon::reconcile(document.writing(kind)?, record)?;
    Ok(())
}

/// Reads the whole record of a document.
fn read_record<R: Hydrate>(document: &Document, kind: DocumentKind) -> Result<R, Unreadable> {
    if document.kind() != kind {
        return Err(Unreadable::because(Why::Shape));
    }
    check_version(document.reading())?;
    let doc = document.reading();
    autosurgeon::hydrate(doc).map_err(|_| {
        Unreadable::because(if is_written(doc) {
            Why::Shape
        } else {
            Why::NotThere
        })
    })
}

/// Whether the root holds any value of a record, beside what the first change made.
fn is_written(doc: &AutoCommit) -> bool {
    doc.keys(ROOT).any(|key| {
        let own = key == "kind" || key == "schema";
        !own && matches!(doc.get(ROOT, key.as_str()), Ok(Some((value, _))) if !value.is_object())
    })
}

/// Refuses what a later program wrote, whichever of several concurrent versions it claims.
fn check_version(doc: &AutoCommit) -> Result<(), Unreadable> {
    let found = doc
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
fn read_items<R: Hydrate, T>(
    document: &Document,
    container: &'static str,
    parse: impl Fn(&str, R) -> Result<T, Unreadable>,
) -> Result<Kept<T>, Unreadable> {
    let doc = document.reading();
    check_version(doc)?;
    let mut kept = Kept {
        readable: Vec::new(),
        unreadable: Vec::new(),
    };
    let Some(object) = root_container(doc, container) else {
        return Ok(kept);
    };
    for key in doc.keys(&object) {
        let record: Result<R, _> = autosurgeon::hydrate_prop(doc, &object, key.as_str());
        match record
            .map_err(Unreadable::from)
            .and_then(|record| parse(&key, record))
        {
            Ok(item) => kept.readable.push(item),
            Err(unreadable) => kept.unreadable.push(unreadable),
        }
    }
    Ok(kept)
}

/// The object that the first change made under this name.
fn root_container(doc: &AutoCommit, name: &str) -> Option<ObjId> {
    match doc.get(ROOT, name) {
        Ok(Some((value, object))) if value.is_object() => Some(object),
        Ok(_) | Err(_) => None,
    }
}

/// The same, for a verb.
fn container(doc: &AutoCommit, name: &str) -> Result<ObjId, WriteError> {
    root_container(doc, name).ok_or(WriteError::NotThere)
}

/// Names the field whose value did not parse.
fn field<T>(name: &'static str, parsed: Result<T, ParseError>) -> Result<T, Unreadable> {
    parsed.map_err(|error| Unreadable::because(Why::Field { name, error }))
}

/// The same, for a value that may be absent.
fn optional<S, T>(
    name: &'static str,
    stored: Option<S>,
    parse: impl Fn(&S) -> Result<T, ParseError>,
) -> Result<Option<T>, Unreadable> {
    stored.map(|value| field(name, parse(&value))).transpose()
}

#[cfg(test)]
mod tests;
