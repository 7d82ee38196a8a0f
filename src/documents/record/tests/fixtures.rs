//! Documents saved by released versions still open, and say the same.
//!
//! A file is a saved document. Files are added, never replaced: a device may hold such bytes for
//! years. To add the files of a new version, name it in `VERSION` and run
//! `NEUTRAL_GROUND_WRITE_FIXTURES=1 cargo test --lib fixtures`.
#![allow(clippy::unwrap_used)]

use std::{fs, path::PathBuf};

use super::{
    new,
    notes::{head, text},
    values::{
        arrangement, attendance, centre, details, event_of_each_kind, family, note_permit, office,
        opening, referral, session, visit, worker,
    },
};
use crate::{
    documents::{
        Document, DocumentKind,
        record::{self, note},
    },
    domain::{ids::VisitId, note::EntryKind, protected::Opening, sample::at},
};

const VERSION: &str = "0.1";

fn file(kind: DocumentKind) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/documents");
    PathBuf::from(folder).join(format!("{VERSION}-{:02}.bin", kind.code()))
}

/// The document of each kind that a fixture holds.
fn written(kind: DocumentKind) -> Document {
    let mut doc = new(kind, 1);
    match kind {
        DocumentKind::Centre => record::centre::write_new(&mut doc, office(), &centre()),
        DocumentKind::Worker => record::worker::write_new(&mut doc, office(), &worker()),
        DocumentKind::Session => record::session::write_new(&mut doc, office(), &session()),
        DocumentKind::Visit => {
            for event in event_of_each_kind() {
                record::visit::append_event(&mut doc, attendance(), &event).unwrap();
            }
            record::visit::write_new(&mut doc, office(), &visit())
        }
        DocumentKind::Referral => record::referral::write_new(&mut doc, office(), &referral()),
        DocumentKind::FamilyFile => record::family::write_new(&mut doc, office(), &family()),
        DocumentKind::Arrangement => {
            record::arrangement::write_new(&mut doc, office(), &arrangement())
        }
        DocumentKind::ProtectedDetails => {
            record::protected::log_opening(&mut doc, opening(), &looked()).unwrap();
            record::protected::write_new(&mut doc, office(), &details())
        }
        DocumentKind::ObservationNote => {
            note::write_new(&mut doc, note_permit(7), VisitId::from_bytes([3; 16])).unwrap();
            note::type_entry(
                &mut doc,
                note_permit(7),
                &head(1),
                &text("“Again!”"),
                at("10:16"),
            )
        }
    }
    .unwrap();
    doc.commit_new(at("09:00"));
    doc
}

fn looked() -> Opening {
    Opening {
        id: head(1).id,
        by: opening().by(),
        at: at("09:10"),
        reason: None,
    }
}

#[test]
fn documents_of_every_released_version_still_open() {
    let writing = std::env::var_os("NEUTRAL_GROUND_WRITE_FIXTURES").is_some();
    for kind in DocumentKind::ALL.iter().copied() {
        let path = file(kind);
        if writing && !path.exists() {
            fs::write(&path, written(kind).save()).unwrap();
        }
        let saved = fs::read(&path).unwrap();
        let mut doc = Document::load(kind, &[77; 16], &[saved]).unwrap();
        assert_eq!(
            doc.heads(),
            written(kind).heads(),
            "{kind:?} is written as it was"
        );
        says_the_same(&doc);
    }
}

fn says_the_same(doc: &Document) {
    match doc.kind() {
        DocumentKind::Centre => assert_eq!(record::centre::read(doc).unwrap(), centre()),
        DocumentKind::Worker => assert_eq!(record::worker::read(doc).unwrap(), worker()),
        DocumentKind::Session => assert_eq!(record::session::read(doc).unwrap(), session()),
        DocumentKind::Visit => {
            assert_eq!(record::visit::read(doc).unwrap(), visit());
            let events = record::visit::events(doc).unwrap();
            assert_eq!(events.readable, event_of_each_kind());
        }
        DocumentKind::Referral => assert_eq!(record::referral::read(doc).unwrap(), referral()),
        DocumentKind::FamilyFile => assert_eq!(record::family::read(doc).unwrap(), family()),
        DocumentKind::Arrangement => {
            assert_eq!(record::arrangement::read(doc).unwrap(), arrangement());
        }
        DocumentKind::ProtectedDetails => {
            assert_eq!(record::protected::read(doc, opening()).unwrap(), details());
            assert_eq!(
                record::protected::openings(doc).unwrap().readable,
                [looked()]
            );
        }
        DocumentKind::ObservationNote => {
            let note = note::read(doc).unwrap();
            let [entry] = note.entries() else {
                unreachable!("the fixture holds one entry");
            };
            assert_eq!(entry.text.as_str(), "“Again!”");
            assert_eq!(entry.kind, EntryKind::Said);
        }
    }
}
