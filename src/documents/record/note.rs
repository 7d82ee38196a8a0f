//! An observation note's document: entries by id, each with a text that grows key by key.
//!
//! Only its author writes into it, and a finished entry is not typed into again.

use super::{Kept, field, read_items, reader::Reader, reading, writer::Writer, writing};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
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
    let mut to = writing(document, KIND)?;
    to.text("visit", &visit.hex())?;
    to.text("author", &permit.by().hex())?;
    // The root's own `kind` names the kind of document.
    to.text("contact", permit.kind().kind().word())
}

/// Reads the note with its readable entries; one of a kind that is not observed is refused (REC-1).
pub fn read(document: &Document) -> Result<ObservationNote, Unreadable> {
    let from = reading(document, KIND)?;
    let note = ObservationNote::open(
        from.parse("visit", VisitId::parse_hex)?,
        from.parse("author", MemberId::parse_hex)?,
        observed(from.parse("contact", ContactKind::parse_word)?)?,
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
    let EntryHead {
        id,
        occurred_at,
        kind,
        speaker,
    } = head;
    let mut entries = entries_of(document, permit)?;
    let id = id.hex();
    let mut to = if entries.reader().has(&id) {
        open_entry(entries, &id)?
    } else {
        make_entry(&mut entries, &id, now)?
    };
    // A value that is there already is not written again, so a key press writes nothing but the key.
    to.number("occurred_at", occurred_at.ms())?;
    to.text("kind", kind.word())?;
    to.optional("speaker", speaker.as_ref().map(ShortLine::as_str))?;
    to.type_text("text", text.as_str())
}

/// Puts an entry down as done; doing so twice changes nothing.
pub fn finish_entry(
    document: &mut Document,
    permit: NotePermit,
    id: EntryId,
    now: Moment,
) -> Result<(), WriteError> {
    match open_entry(entries_of(document, permit)?, &id.hex()) {
        Ok(mut to) => to.number("finished_at", now.ms()),
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
    open_entry(entries_of(document, permit)?, &id.hex())?.text("kind", kind.word())
}

fn parse_entry(id: &str, from: &Reader<'_>) -> Result<Entry, Unreadable> {
    let finished_at = from.optional_number("finished_at")?.map(Moment::from_ms);
    Ok(Entry {
        id: field("entries", EntryId::parse_hex(id))?,
        occurred_at: from.moment("occurred_at")?,
        written_at: from.moment("written_at")?,
        kind: from.parse("kind", EntryKind::parse_word)?,
        speaker: from.optional("speaker", ShortLine::parse)?,
        text: NoteText::from_record(&from.typed_text("text")?),
        progress: finished_at.map_or(EntryProgress::Typing, |at| EntryProgress::Finished { at }),
    })
}

fn observed(kind: ContactKind) -> Result<ObservedKind, Unreadable> {
    let error = ParseError::new(Expected::Word("an observed kind of contact"), Found::NoSuch);
    field("contact", kind.observed().ok_or(error))
}

/// The entries for writing, if the permit is the author's.
fn entries_of(document: &mut Document, permit: NotePermit) -> Result<Writer<'_>, WriteError> {
    let root = writing(document, KIND)?;
    if !root.reader().has("author") {
        return Err(WriteError::NotThere);
    }
    if root.reader().text("author") != Ok(permit.by().hex()) {
        return Err(WriteError::NotTheAuthor);
    }
    root.inside("entries")
}

/// An entry that is there and not finished.
fn open_entry<'a>(entries: Writer<'a>, id: &str) -> Result<Writer<'a>, WriteError> {
    let entry = entries.inside(id)?;
    if entry.reader().is_set("finished_at") {
        return Err(WriteError::EntryFinished);
    }
    Ok(entry)
}

fn make_entry<'a>(
    entries: &'a mut Writer<'_>,
    id: &str,
    now: Moment,
) -> Result<Writer<'a>, WriteError> {
    let mut entry = entries.part(id)?;
    entry.number("written_at", now.ms())?;
    entry.none("finished_at")?;
    entry.fresh_text("text")?;
    Ok(entry)
}
