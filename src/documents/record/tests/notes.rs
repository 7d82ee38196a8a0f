//! Notes typed key by key: small changes, one author, nothing lost and nothing written over.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use automerge::{ROOT, transaction::Transactable};

use super::{new, values::note_permit};
use crate::{
    documents::{Document, DocumentKind, WriteError, record::note},
    domain::{
        contact::ContactKind,
        ids::{EntryId, VisitId},
        note::{Entry, EntryKind, EntryProgress},
        policy::NotePermit,
        sample::{at, line, member},
        text::NoteText,
    },
};

pub(super) fn head(id: u8) -> note::EntryHead {
    note::EntryHead {
        id: EntryId::from_bytes([id; 16]),
        occurred_at: at("10:15"),
        kind: EntryKind::Said,
        speaker: Some(line("Maya")),
    }
}

pub(super) fn text(words: &str) -> NoteText {
    NoteText::parse(words).unwrap()
}

/// Types words key by key; gives the changes that each key made.
fn type_out(doc: &mut Document, permit: NotePermit, words: &str) -> Vec<Vec<Vec<u8>>> {
    let ends = words.char_indices().map(|(start, c)| start + c.len_utf8());
    ends.map(|end| {
        let typed = text(&words[..end]);
        note::type_entry(doc, permit, &head(1), &typed, at("10:16")).unwrap();
        doc.commit_new(at("10:16"))
    })
    .collect()
}

#[test]
fn off_6_an_entry_typed_key_by_key_is_read_back_whole() {
    let (visit, permit) = (VisitId::from_bytes([3; 16]), note_permit(7));
    let mut doc = new(DocumentKind::ObservationNote, 1);
    note::write_new(&mut doc, permit, visit).unwrap();
    let words = "“Can we build the red one?” — Maya, smiling";
    type_out(&mut doc, permit, words);
    note::finish_entry(&mut doc, permit, head(1).id, at("10:17")).unwrap();
    let read = note::read(&doc).unwrap();
    let Entry {
        id,
        occurred_at,
        written_at,
        kind,
        speaker,
        text,
        progress,
    } = read.entries()[0].clone();
    assert_eq!(text.as_str(), words);
    assert_eq!(
        (id, kind, speaker),
        (head(1).id, EntryKind::Said, Some(line("Maya")))
    );
    assert_eq!((occurred_at, written_at), (at("10:15"), at("10:16")));
    assert_eq!(progress, EntryProgress::Finished { at: at("10:17") });
    assert_eq!((read.author(), read.visit()), (member(7), visit));
}

#[test]
fn a_key_press_is_one_small_change() {
    let permit = note_permit(7);
    let mut doc = new(DocumentKind::ObservationNote, 1);
    note::write_new(&mut doc, permit, VisitId::from_bytes([3; 16])).unwrap();
    doc.commit_new(at("10:15"));
    let changes = type_out(&mut doc, permit, &"Built a tower. ".repeat(20));
    assert!(changes.iter().all(|made| made.len() == 1));
    let largest = changes.iter().skip(1).map(|made| made[0].len()).max();
    assert!(largest < Some(115), "found {largest:?} bytes");
}

#[test]
fn a_finished_entry_is_not_typed_into_again() {
    let mut doc = new(DocumentKind::ObservationNote, 1);
    let permit = note_permit(7);
    note::write_new(&mut doc, permit, VisitId::from_bytes([3; 16])).unwrap();
    note::type_entry(&mut doc, permit, &head(1), &text("Hugged."), at("10:16")).unwrap();
    note::set_entry_kind(&mut doc, permit, head(1).id, EntryKind::Observed).unwrap();
    note::finish_entry(&mut doc, permit, head(1).id, at("10:17")).unwrap();
    note::finish_entry(&mut doc, permit, head(1).id, at("10:30")).unwrap();
    assert_eq!(
        note::type_entry(&mut doc, permit, &head(1), &text("Hugged!"), at("10:31")),
        Err(WriteError::EntryFinished),
    );
    assert_eq!(
        note::set_entry_kind(&mut doc, permit, head(1).id, EntryKind::Action),
        Err(WriteError::EntryFinished),
    );
    let entry = note::entries(&doc).unwrap().readable.remove(0);
    assert_eq!(entry.text.as_str(), "Hugged.");
    assert_eq!(entry.kind, EntryKind::Observed);
    assert_eq!(entry.progress, EntryProgress::Finished { at: at("10:17") });
}

#[test]
fn only_its_author_writes_into_a_note() {
    let mut doc = new(DocumentKind::ObservationNote, 1);
    note::write_new(&mut doc, note_permit(7), VisitId::from_bytes([3; 16])).unwrap();
    assert_eq!(
        note::type_entry(&mut doc, note_permit(8), &head(1), &text("x"), at("10:16")),
        Err(WriteError::NotTheAuthor),
    );
    assert_eq!(
        note::finish_entry(&mut doc, note_permit(7), head(1).id, at("10:16")),
        Err(WriteError::NotThere),
    );
}

#[test]
fn rec_1_a_note_of_a_kind_that_is_not_observed_is_not_read() {
    for kind in ContactKind::ALL.iter().copied() {
        let mut doc = new(DocumentKind::ObservationNote, 1);
        note::write_new(&mut doc, note_permit(7), VisitId::from_bytes([3; 16])).unwrap();
        let raw = doc.writing(DocumentKind::ObservationNote).unwrap();
        raw.put(ROOT, "contact", kind.word()).unwrap();
        assert_eq!(
            note::read(&doc).is_ok(),
            kind.observed().is_some(),
            "{kind:?}"
        );
    }
}
