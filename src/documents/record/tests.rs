//! Every record goes into its document and comes back; what does not parse is kept and named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

/// Field by field: what the reader and the writer of one stored object do.
mod fields;
/// Documents saved by released versions still open.
mod fixtures;
/// Two and three devices edit apart and come together.
mod merging;
/// Notes typed key by key.
mod notes;
/// One value of each noun, with every optional part filled in.
pub(super) mod values;

use automerge::{ROOT, transaction::Transactable};

use self::values::{
    arrangement, centre, details, event_of_each_kind, family, office, opening, referral, risk,
    session, visit, worker,
};
use super::*;
use crate::{
    documents::record,
    domain::{
        attendance::EventKind,
        error::{Expected, Found},
        ids::EntryId,
        sample::{at, event, line, member},
        side::Side,
    },
};

/// A new document on a device of its own.
fn new(kind: DocumentKind, device: u8) -> Document {
    Document::create(kind, &[device; 16]).unwrap()
}

/// What another device reads after everything was sent to it.
fn sent(document: &mut Document) -> Document {
    let changes = document.commit_new(at("09:00"));
    Document::load(document.kind(), &[200; 16], &changes).unwrap()
}

#[test]
fn every_record_is_read_back_as_it_was_written() {
    let mut doc = new(DocumentKind::Centre, 1);
    record::centre::write_new(&mut doc, office(), &centre()).unwrap();
    assert_eq!(record::centre::read(&sent(&mut doc)).unwrap(), centre());

    let mut doc = new(DocumentKind::Worker, 1);
    record::worker::write_new(&mut doc, office(), &worker()).unwrap();
    assert_eq!(record::worker::read(&sent(&mut doc)).unwrap(), worker());

    let mut doc = new(DocumentKind::Session, 1);
    record::session::write_new(&mut doc, office(), &session()).unwrap();
    assert_eq!(record::session::read(&sent(&mut doc)).unwrap(), session());

    let mut doc = new(DocumentKind::Visit, 1);
    record::visit::write_new(&mut doc, office(), &visit()).unwrap();
    assert_eq!(record::visit::read(&sent(&mut doc)).unwrap(), visit());

    let mut doc = new(DocumentKind::FamilyFile, 1);
    record::family::write_new(&mut doc, office(), &family()).unwrap();
    assert_eq!(record::family::read(&sent(&mut doc)).unwrap(), family());

    let mut doc = new(DocumentKind::Arrangement, 1);
    record::arrangement::write_new(&mut doc, office(), &arrangement()).unwrap();
    assert_eq!(
        record::arrangement::read(&sent(&mut doc)).unwrap(),
        arrangement()
    );

    let mut doc = new(DocumentKind::ProtectedDetails, 1);
    record::protected::write_new(&mut doc, office(), &details()).unwrap();
    let received = sent(&mut doc);
    assert_eq!(
        record::protected::read(&received, opening()).unwrap(),
        details()
    );
    assert_eq!(
        record::protected::subject(&received).unwrap(),
        (details().family, Side::Visiting),
    );
}

#[test]
fn a_referral_is_read_back_in_each_of_its_states() {
    for state in values::referral_states() {
        let mut doc = new(DocumentKind::Referral, 1);
        let referral = crate::domain::referral::Referral {
            state,
            ..referral()
        };
        record::referral::write_new(&mut doc, office(), &referral).unwrap();
        assert_eq!(record::referral::read(&sent(&mut doc)).unwrap(), referral);
        // The verb writes what the whole record writes.
        let mut doc = new(DocumentKind::Referral, 1);
        record::referral::write_new(&mut doc, office(), &self::referral()).unwrap();
        record::referral::set_state(&mut doc, office(), state).unwrap();
        assert_eq!(record::referral::read(&sent(&mut doc)).unwrap(), referral);
    }
}

#[test]
fn a_family_file_is_read_back_in_each_of_its_states() {
    for state in values::family_states() {
        let mut doc = new(DocumentKind::FamilyFile, 1);
        record::family::write_new(&mut doc, office(), &family()).unwrap();
        record::family::set_state(&mut doc, office(), state).unwrap();
        assert_eq!(record::family::read(&sent(&mut doc)).unwrap().state, state);
    }
}

#[test]
fn every_kind_of_event_is_read_back() {
    let mut doc = new(DocumentKind::Visit, 1);
    for event in event_of_each_kind() {
        record::visit::append_event(&mut doc, values::attendance(), &event).unwrap();
    }
    let kept = record::visit::events(&sent(&mut doc)).unwrap();
    assert_eq!(kept.unreadable, []);
    assert_eq!(kept.readable, event_of_each_kind());
}

#[test]
fn an_event_is_never_written_over() {
    let mut doc = new(DocumentKind::Visit, 1);
    let first = event(1, EventKind::Arrived(Side::Visiting), "09:44");
    record::visit::append_event(&mut doc, values::attendance(), &first).unwrap();
    let again = event(1, EventKind::Left(Side::Visiting), "12:15");
    record::visit::append_event(&mut doc, values::attendance(), &again).unwrap();
    assert_eq!(record::visit::events(&doc).unwrap().readable, [first]);
}

#[test]
fn verbs_change_what_they_say_and_nothing_else() {
    let mut doc = new(DocumentKind::Centre, 1);
    let mut expected = centre();
    record::centre::write_new(&mut doc, office(), &expected).unwrap();
    expected.name = line("Saltmere Family Time");
    expected.rooms[0].in_use = false;
    record::centre::rename(&mut doc, office(), &expected.name).unwrap();
    record::centre::put_room(&mut doc, office(), &expected.rooms[0]).unwrap();
    assert_eq!(record::centre::read(&doc).unwrap(), expected);

    let mut doc = new(DocumentKind::Session, 1);
    let mut expected = session();
    record::session::write_new(&mut doc, office(), &expected).unwrap();
    expected.workers.insert(member(40));
    expected.workers.remove(&member(2));
    expected.leader = None;
    record::session::add_worker(&mut doc, office(), member(40)).unwrap();
    record::session::remove_worker(&mut doc, office(), member(2)).unwrap();
    record::session::set_leader(&mut doc, office(), None).unwrap();
    assert_eq!(record::session::read(&doc).unwrap(), expected);

    let mut doc = new(DocumentKind::Visit, 1);
    let mut expected = visit();
    record::visit::write_new(&mut doc, office(), &expected).unwrap();
    expected.room = None;
    expected.supervisor = Some(member(41));
    record::visit::set_room(&mut doc, office(), None).unwrap();
    record::visit::set_supervisor(&mut doc, office(), Some(member(41))).unwrap();
    assert_eq!(record::visit::read(&doc).unwrap(), expected);
}

#[test]
fn writing_the_same_terms_again_changes_nothing() {
    let mut doc = new(DocumentKind::Arrangement, 1);
    record::arrangement::write_new(&mut doc, office(), &arrangement()).unwrap();
    assert_eq!(doc.commit_new(at("09:00")).len(), 1);
    record::arrangement::change_terms(&mut doc, office(), &arrangement()).unwrap();
    assert!(doc.commit_new(at("09:01")).is_empty());
}

#[test]
fn ref_5_the_risk_decision_is_read_back() {
    let mut doc = new(DocumentKind::Referral, 1);
    let plain = crate::domain::referral::Referral {
        risk: None,
        ..referral()
    };
    record::referral::write_new(&mut doc, office(), &plain).unwrap();
    assert_eq!(record::referral::read(&doc).unwrap().risk, None);
    record::referral::decide_risk(&mut doc, values::risk_permit(), &risk()).unwrap();
    assert_eq!(
        record::referral::read(&sent(&mut doc)).unwrap().risk,
        Some(risk())
    );
}

#[test]
fn dp_10_a_look_is_logged_under_the_name_of_who_looked() {
    let mut doc = new(DocumentKind::ProtectedDetails, 1);
    record::protected::write_new(&mut doc, office(), &details()).unwrap();
    let forged = crate::domain::protected::Opening {
        id: EntryId::from_bytes([1; 16]),
        by: member(99),
        at: at("09:10"),
        reason: Some(line("late, ringing")),
    };
    record::protected::log_opening(&mut doc, opening(), &forged).unwrap();
    let kept = record::protected::openings(&sent(&mut doc)).unwrap();
    assert_eq!(kept.readable.len(), 1);
    assert_eq!(kept.readable[0].by, opening().by());
    assert_eq!(kept.readable[0].reason, forged.reason);
}

#[test]
fn a_verb_refuses_a_document_of_another_kind() {
    let mut doc = new(DocumentKind::Session, 1);
    let refused = WriteError::OtherKind {
        expected: DocumentKind::Visit,
        found: DocumentKind::Session,
    };
    assert_eq!(
        record::visit::write_new(&mut doc, office(), &visit()),
        Err(refused)
    );
    assert_eq!(
        record::visit::set_room(&mut doc, office(), None),
        Err(refused)
    );
    assert!(doc.commit_new(at("09:00")).is_empty());
}

#[test]
fn a_document_without_its_record_is_not_there_yet() {
    for kind in DocumentKind::ALL.iter().copied() {
        let doc = new(kind, 1);
        let why = match kind {
            DocumentKind::Centre => record::centre::read(&doc).unwrap_err(),
            DocumentKind::Worker => record::worker::read(&doc).unwrap_err(),
            DocumentKind::Session => record::session::read(&doc).unwrap_err(),
            DocumentKind::Visit => record::visit::read(&doc).unwrap_err(),
            DocumentKind::Referral => record::referral::read(&doc).unwrap_err(),
            DocumentKind::FamilyFile => record::family::read(&doc).unwrap_err(),
            DocumentKind::Arrangement => record::arrangement::read(&doc).unwrap_err(),
            DocumentKind::ProtectedDetails => record::protected::read(&doc, opening()).unwrap_err(),
            DocumentKind::ObservationNote => record::note::read(&doc).unwrap_err(),
        };
        assert_eq!(why.why, Why::NotThere, "{kind:?}");
    }
}

#[test]
fn a_field_that_does_not_parse_is_named() {
    let mut doc = new(DocumentKind::Visit, 1);
    record::visit::write_new(&mut doc, office(), &visit()).unwrap();
    let raw = doc.writing(DocumentKind::Visit).unwrap();
    raw.put(ROOT, "contact", "telepathy").unwrap();
    let error = ParseError::new(Expected::Word("a kind of contact"), Found::NoSuch);
    assert_eq!(
        record::visit::read(&doc).unwrap_err().why,
        Why::Field {
            name: "contact",
            error
        },
    );
    let raw = doc.writing(DocumentKind::Visit).unwrap();
    raw.put(ROOT, "contact", 7).unwrap();
    assert_eq!(record::visit::read(&doc).unwrap_err().why, Why::Shape);
}

#[test]
fn one_foreign_event_hides_no_other() {
    let mut doc = new(DocumentKind::Visit, 1);
    for event in event_of_each_kind() {
        record::visit::append_event(&mut doc, values::attendance(), &event).unwrap();
    }
    let raw = doc.writing(DocumentKind::Visit).unwrap();
    let (_, events) = raw.get(ROOT, "events").unwrap().unwrap();
    raw.put(&events, "no id", 1).unwrap();
    let one = event_of_each_kind()[0].id.hex();
    let (_, object) = raw.get(&events, one.as_str()).unwrap().unwrap();
    raw.put(object, "what", "vanished").unwrap();
    let kept = record::visit::events(&doc).unwrap();
    assert_eq!(kept.unreadable.len(), 2);
    assert_eq!(kept.readable, event_of_each_kind()[1..]);
}

#[test]
fn what_a_later_program_wrote_asks_for_an_update() {
    let mut doc = new(DocumentKind::FamilyFile, 1);
    record::family::write_new(&mut doc, office(), &family()).unwrap();
    let raw = doc.writing(DocumentKind::FamilyFile).unwrap();
    raw.put(ROOT, "schema", SCHEMA_VERSION + 1).unwrap();
    assert_eq!(
        record::family::read(&doc).unwrap_err().why,
        Why::UpdateNeeded {
            found: SCHEMA_VERSION + 1,
            known: SCHEMA_VERSION
        },
    );
}

#[test]
fn errors_never_quote_what_a_document_holds() {
    let mut doc = new(DocumentKind::Visit, 1);
    record::visit::write_new(&mut doc, office(), &visit()).unwrap();
    let raw = doc.writing(DocumentKind::Visit).unwrap();
    raw.put(ROOT, "contact", "Marlowe").unwrap();
    let unreadable = record::visit::read(&doc).unwrap_err();
    assert!(!format!("{unreadable} {unreadable:?}").contains("Marlowe"));
    assert!(!format!("{doc:?}").contains("Maya"));
}
