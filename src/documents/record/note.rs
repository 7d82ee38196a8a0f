//! An observation note's document: entries by id, each with a text that grows key by key.
//!
//! Only its author writes into it, and a finished entry is not typed into again.

/// How a key press becomes the smallest change of a text.
mod typing;

use automerge::{
    AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable,
};
use autosurgeon::{Hydrate, Reconcile};

use super::{Kept, container, field, optional, read_items, read_record, write_record};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, Why, WriteError},
        schema::DocumentKind,
    },
    domain::{
        contact::{ContactKind, ObservedKind},
        error::{Expected, Found, ParseError},
        ids::{EntryId, MemberId, VisitId},
        note::{Entry, EntryKind, EntryProgress, ObservationNote},
        policy::NotePermit,
        text::{NoteText, ShortLine},
        time::Moment,
    },
};

const KIND: DocumentKind = DocumentKind::ObservationNote;

#[derive(Reconcile, Hydrate)]
struct NoteRecord {
    visit: String,
    author: String,
    // The root's own `kind` names the kind of document.
    #[autosurgeon(rename = "contact")]
    kind: String,
}

#[derive(Hydrate)]
struct EntryRecord {
    occurred_at: i64,
    written_at: i64,
    kind: String,
    speaker: Option<String>,
    finished_at: Option<i64>,
    text: autosurgeon::Text,
}

/// What an entry is, without its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryHead {
    /// Chosen at the first key.
    pub id: EntryId,
    /// When it happened.
    pub occurred_at: Moment,
    /// What it is (REC-7).
    pub kind: EntryKind,
    /// Whose words, once picked.
    pub speaker: Option<ShortLine>,
}

/// Opens the note of a visit; the permit proves that the visit is observed (REC-1).
pub fn write_new(
    document: &mut Document,
    permit: NotePermit,
    visit: VisitId,
) -> Result<(), WriteError> {
    let record = NoteRecord {
        visit: visit.hex(),
        author: permit.by().hex(),
        kind: permit.kind().kind().word().to_owned(),
    };
    write_record(document, KIND, &record)
}

/// Reads the note with its readable entries; one of a kind that is not observed is refused (REC-1).
pub fn read(document: &Document) -> Result<ObservationNote, Unreadable> {
    let NoteRecord {
        visit,
        author,
        kind,
    } = read_record(document, KIND)?;
    let note = ObservationNote::open(
        field("visit", VisitId::parse_hex(&visit))?,
        field("author", MemberId::parse_hex(&author))?,
        observed(&kind)?,
    );
    Ok(note.with_entries(entries(document)?.readable))
}

/// Reads the entries, with those that cannot be read.
pub fn entries(document: &Document) -> Result<Kept<Entry>, Unreadable> {
    read_items(document, "entries", parse_entry)
}

/// Brings an entry to this head and this text, making it at the first key.
pub fn type_entry(
    document: &mut Document,
    permit: NotePermit,
    head: &EntryHead,
    text: &NoteText,
    now: Moment,
) -> Result<(), WriteError> {
    let doc = written_by(document, permit)?;
    let entries = container(doc, "entries")?;
    let EntryHead {
        id,
        occurred_at,
        kind,
        speaker,
    } = head;
    let key = id.hex();
    let entry = match open_entry(doc, &entries, &key)? {
        Some(entry) => entry,
        None => make_entry(doc, &entries, &key, now)?,
    };
    // A value that is there already is not written again, so a key press writes nothing but the key.
    doc.put(&entry, "occurred_at", occurred_at.ms())?;
    doc.put(&entry, "kind", kind.word())?;
    let speaker = speaker
        .as_ref()
        .map_or(ScalarValue::Null, |name| name.as_str().into());
    doc.put(&entry, "speaker", speaker)?;
    typing::bring_to(doc, &entry, text.as_str())
}

/// Puts an entry down as done; doing so twice changes nothing.
pub fn finish_entry(
    document: &mut Document,
    permit: NotePermit,
    id: EntryId,
    now: Moment,
) -> Result<(), WriteError> {
    let doc = written_by(document, permit)?;
    let entries = container(doc, "entries")?;
    match open_entry(doc, &entries, &id.hex()) {
        Ok(Some(entry)) => Ok(doc.put(entry, "finished_at", now.ms())?),
        Ok(None) => Err(WriteError::NotThere),
        Err(WriteError::EntryFinished) => Ok(()),
        Err(refused) => Err(refused),
    }
}

/// Changes what an unfinished entry is.
pub fn set_entry_kind(
    document: &mut Document,
    permit: NotePermit,
    id: EntryId,
    kind: EntryKind,
) -> Result<(), WriteError> {
    let doc = written_by(document, permit)?;
    let entries = container(doc, "entries")?;
    let entry = open_entry(doc, &entries, &id.hex())?.ok_or(WriteError::NotThere)?;
    Ok(doc.put(&entry, "kind", kind.word())?)
}

fn parse_entry(id: &str, record: EntryRecord) -> Result<Entry, Unreadable> {
    let EntryRecord {
        occurred_at,
        written_at,
        kind,
        speaker,
        finished_at,
        text,
    } = record;
    Ok(Entry {
        id: field("entries", EntryId::parse_hex(id))?,
        occurred_at: Moment::from_ms(occurred_at),
        written_at: Moment::from_ms(written_at),
        kind: field("kind", EntryKind::parse_word(&kind))?,
        speaker: optional("speaker", speaker, |name| ShortLine::parse(name))?,
        text: NoteText::from_record(text.as_str()),
        progress: finished_at.map_or(EntryProgress::Typing, |at| EntryProgress::Finished {
            at: Moment::from_ms(at),
        }),
    })
}

fn observed(kind: &str) -> Result<ObservedKind, Unreadable> {
    let kind = field("contact", ContactKind::parse_word(kind))?;
    let error = ParseError::new(Expected::Word("an observed kind of contact"), Found::NoSuch);
    kind.observed().ok_or(Unreadable::because(Why::Field {
        name: "contact",
        error,
    }))
}

/// The document for writing, if the permit is its author's.
fn written_by(document: &mut Document, permit: NotePermit) -> Result<&mut AutoCommit, WriteError> {
    let doc = document.writing(KIND)?;
    let author = doc.get(ROOT, "author")?.ok_or(WriteError::NotThere)?.0;
    if author.as_str() != Some(permit.by().hex().as_str()) {
        return Err(WriteError::NotTheAuthor);
    }
    Ok(doc)
}

/// An entry that is there and not finished; none if it is not there.
fn open_entry(doc: &AutoCommit, entries: &ObjId, id: &str) -> Result<Option<ObjId>, WriteError> {
    let Some((_, entry)) = doc.get(entries, id)? else {
        return Ok(None);
    };
    match doc.get(&entry, "finished_at")? {
        Some((value, _)) if !value.is_null() => Err(WriteError::EntryFinished),
        Some(_) | None => Ok(Some(entry)),
    }
}

fn make_entry(
    doc: &mut AutoCommit,
    entries: &ObjId,
    id: &str,
    now: Moment,
) -> Result<ObjId, WriteError> {
    let entry = doc.put_object(entries, id, ObjType::Map)?;
    doc.put(&entry, "written_at", now.ms())?;
    doc.put(&entry, "finished_at", ())?;
    doc.put_object(&entry, "text", ObjType::Text)?;
    Ok(entry)
}
