//! Changes in, changes out: any order, any repetition, any damage.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use automerge::{ROOT, transaction::Transactable};

use super::*;
use crate::domain::sample::at;

fn visit(device: u8) -> Document {
    Document::create(DocumentKind::Visit, &[device; 16]).unwrap()
}

fn put(document: &mut Document, name: &str, value: i64) {
    document
        .writing(DocumentKind::Visit)
        .unwrap()
        .put(ROOT, name, value)
        .unwrap();
}

/// Twelve changes, each following the one before.
fn twelve() -> (Document, Vec<Vec<u8>>) {
    let mut document = visit(1);
    let mut changes = Vec::new();
    for number in 0..12 {
        put(&mut document, "starts", number);
        changes.extend(document.commit_new(at("10:00")));
    }
    (document, changes)
}

#[test]
fn a_new_document_is_the_same_on_every_device_and_has_nothing_to_send() {
    let (mut one, mut other) = (visit(1), visit(2));
    assert_eq!(one.heads(), other.heads());
    assert!(one.commit_new(at("10:00")).is_empty());
    assert!(!one.is_waiting());
}

#[test]
fn changes_are_handed_out_once_with_the_time_they_were_given() {
    let mut document = visit(1);
    put(&mut document, "starts", 1);
    put(&mut document, "ends", 2);
    let made = document.commit_new(at("10:00"));
    assert_eq!(made.len(), 1);
    let change = Change::from_bytes(made[0].clone()).unwrap();
    assert_eq!(change.timestamp(), at("10:00").seconds());
    assert!(document.commit_new(at("10:01")).is_empty());
}

#[test]
fn only_local_changes_are_handed_out() {
    let (_, changes) = twelve();
    let mut document = visit(2);
    put(&mut document, "ends", 5);
    document.apply(&changes).unwrap();
    put(&mut document, "ends", 6);
    let made = document.commit_new(at("10:30"));
    assert_eq!(
        made.len(),
        2,
        "the edit before the arrival and the one after it"
    );
    assert!(
        change_actors(&made)
            .unwrap()
            .iter()
            .all(|actor| actor == &[2; 16])
    );
    assert!(document.commit_new(at("10:31")).is_empty());
}

#[test]
fn any_order_and_repetition_of_chunks_gives_the_same_document() {
    let (mut written, changes) = twelve();
    let mut reversed = changes.clone();
    reversed.reverse();
    reversed.extend(changes.clone());
    let save = written.save();
    for chunks in [
        changes.clone(),
        reversed,
        vec![save.clone()],
        vec![changes[11].clone(), save, changes[0].clone()],
    ] {
        let mut loaded = Document::load(DocumentKind::Visit, &[9; 16], &chunks).unwrap();
        assert_eq!(loaded.heads(), written.heads());
        assert!(loaded.commit_new(at("11:00")).is_empty());
    }
}

#[test]
fn a_change_waits_for_the_one_before_it() {
    let (mut written, changes) = twelve();
    let mut document = visit(2);
    document.apply(&changes[1..]).unwrap();
    assert!(document.is_waiting());
    document.apply(&changes[..1]).unwrap();
    assert!(!document.is_waiting());
    assert_eq!(document.heads(), written.heads());
}

#[test]
fn damaged_bytes_are_named_by_their_place_and_change_nothing() {
    let (_, changes) = twelve();
    let untouched = visit(2).heads();
    let mut flipped = changes[3].clone();
    *flipped.last_mut().unwrap() ^= 1;
    let cut = changes[3][..changes[3].len() - 1].to_vec();
    let longer = [changes[3].clone(), vec![0]].concat();
    for bad in [
        Vec::new(),
        vec![0; 40],
        flipped,
        cut,
        longer,
        b"not a change".to_vec(),
    ] {
        let chunks = vec![changes[0].clone(), bad.clone()];
        let error = DocumentError::ChunkUnreadable { index: 1 };
        let mut document = visit(2);
        assert_eq!(document.apply(&chunks), Err(error));
        assert_eq!(document.heads(), untouched);
        assert_eq!(change_actors(&chunks), Err(error));
        assert_eq!(
            Document::load(DocumentKind::Visit, &[2; 16], &chunks).err(),
            Some(error),
        );
    }
}

#[test]
fn a_save_is_not_taken_for_a_change_nor_damaged_quietly() {
    let (mut written, _) = twelve();
    let save = written.save();
    assert!(visit(2).apply(std::slice::from_ref(&save)).is_err());
    for place in 0..save.len() {
        let mut damaged = save.clone();
        damaged[place] ^= 1;
        let loaded = Document::load(DocumentKind::Visit, &[2; 16], &[damaged]);
        assert!(loaded.is_err(), "byte {place}");
    }
}

#[test]
fn a_document_of_another_kind_is_refused() {
    let (mut written, _) = twelve();
    let save = written.save();
    let error = DocumentError::ChunkRefused { index: 0 };
    assert_eq!(
        Document::load(DocumentKind::Session, &[2; 16], std::slice::from_ref(&save)).err(),
        Some(error),
    );
    let foreign = genesis(DocumentKind::Referral).to_vec();
    assert_eq!(visit(2).apply(&[foreign]), Err(error));
}

#[test]
fn one_number_used_for_two_changes_is_refused_by_its_place_and_the_rest_opens() {
    let make = |value| {
        let mut document = visit(1);
        put(&mut document, "starts", value);
        document.commit_new(at("10:00")).remove(0)
    };
    let (mut written, mut chunks) = twelve();
    let other = make(99);
    let mut document = visit(2);
    document.apply(&chunks).unwrap();
    let error = Err(DocumentError::ChunkRefused { index: 0 });
    assert_eq!(document.apply(std::slice::from_ref(&other)), error);
    assert_eq!(document.heads(), written.heads());

    chunks.insert(5, other);
    let Err(DocumentError::ChunkRefused { index }) =
        Document::load(DocumentKind::Visit, &[2; 16], &chunks)
    else {
        unreachable!("two changes of one number were taken");
    };
    chunks.remove(index);
    let mut document = Document::load(DocumentKind::Visit, &[2; 16], &chunks).unwrap();
    assert_eq!((index, document.heads()), (5, written.heads()));
}
