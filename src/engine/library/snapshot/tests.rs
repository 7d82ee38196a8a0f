//! Snapshots of real changes, held against more, fewer and other ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use automerge::{AutoCommit, ROOT, transaction::Transactable};
use sync_protocol::{
    Channel, Ring,
    vectors::centre::{Author, MadeUpCentre, signing_key},
};

use super::*;

const KIND: DocumentKind = DocumentKind::Worker;

/// Changes by two actors in turn, each upon the ones before.
fn written(count: u8) -> Vec<Vec<u8>> {
    let mut made = Vec::new();
    for number in 0..count {
        let mut doc = AutoCommit::new().with_actor([number % 2 + 1; 24].into());
        let first = crate::documents::genesis::genesis(KIND).to_vec();
        for change in core::iter::once(&first).chain(&made) {
            let change = automerge::Change::from_bytes(change.clone()).unwrap();
            doc.apply_changes([change]).unwrap();
        }
        doc.put(ROOT, "name", i64::from(number)).unwrap();
        doc.commit();
        let change = doc.get_last_local_change().unwrap();
        made.push(change.raw_bytes().to_vec());
    }
    made
}

fn snapshot(chunks: &[Vec<u8>]) -> Snapshot {
    let mut saved = Document::load(KIND, &[3], chunks).unwrap();
    let centre = MadeUpCentre::open(1).unwrap();
    let mut author = Author::new(signing_key(1), Channel::Ring(Ring::Team), 1);
    let envelope = author.write(&centre.membership, 9).unwrap();
    Snapshot {
        coverage: Coverage::of(&mut [&envelope].into_iter()).unwrap(),
        heads: saved.heads(),
        save: saved.save(),
    }
}

#[test]
fn i7_a_snapshot_is_all_of_its_changes_and_nothing_else() {
    let changes = written(6);
    let whole = snapshot(&changes);
    assert!(is_all_of(KIND, &whole, &changes));
    let mut turned = changes.clone();
    turned.reverse();
    assert!(is_all_of(KIND, &whole, &turned), "order does not matter");
    for missing in 0..changes.len() {
        let short = snapshot(&changes[..missing]);
        assert!(!is_all_of(KIND, &short, &changes), "without {missing}");
        assert!(holding(KIND, &short, &changes).is_none());
        assert!(!is_all_of(KIND, &whole, &changes[..missing]));
        assert!(holding(KIND, &whole, &changes[..missing]).is_some());
        let mut gap = changes.clone();
        gap.remove(missing);
        assert!(!is_all_of(KIND, &whole, &gap), "held without {missing}");
    }
}

#[test]
fn i7_documents_say_the_same_only_where_every_value_is_the_same() {
    let changes = written(3);
    let load = |chunks: &[Vec<u8>]| Document::load(KIND, &[3], chunks).unwrap();
    let whole = load(&changes);
    assert!(whole.says_the_same_as(&load(&changes)));
    assert!(!whole.says_the_same_as(&load(&changes[..2])));
    assert!(!load(&[]).says_the_same_as(&whole));
    let saved = snapshot(&changes).save;
    assert!(whole.says_the_same_as(&load(&[saved])));
}

#[test]
fn i7_a_snapshot_that_misstates_itself_is_not_taken() {
    let changes = written(4);
    let mut heads = snapshot(&changes);
    heads.heads[0][0] ^= 1;
    assert!(!is_all_of(KIND, &heads, &changes) && holding(KIND, &heads, &[]).is_none());
    let mut none = snapshot(&changes);
    none.heads.clear();
    assert!(holding(KIND, &none, &[]).is_none());
    let whole = snapshot(&changes);
    for at in 0..whole.save.len() {
        let mut damaged = whole.clone();
        damaged.save[at] ^= 0x55;
        assert!(!is_all_of(KIND, &damaged, &changes), "byte {at}");
        damaged.save.truncate(at);
        assert!(!is_all_of(KIND, &damaged, &changes), "cut at {at}");
    }
}

#[test]
fn i7_actors_of_a_snapshot_are_those_who_wrote() {
    let whole = snapshot(&written(3));
    let mut saved = holding(KIND, &whole, &[]).unwrap();
    let expected = [[1_u8; 24], [2; 24], [1; 24]].map(|actor| actor.to_vec());
    assert_eq!(saved.actors(), expected);
}

#[test]
fn i7_a_coverage_is_agreed_on_by_the_ids_of_every_envelope_up_to_its_end() {
    let centre = MadeUpCentre::open(1).unwrap();
    let mut author = Author::new(signing_key(1), Channel::Ring(Ring::Team), 1);
    let mut other = Author::new(signing_key(1), Channel::Ring(Ring::Team), 2);
    let mut held: Vec<SealedEnvelope> = Vec::new();
    for _ in 0..3 {
        held.push(author.write(&centre.membership, 9).unwrap());
    }
    held.push(other.write(&centre.membership, 9).unwrap());
    let agreed = Coverage::of(&mut held.iter()).unwrap();
    assert!(agrees(&agreed, &held));
    let mut as_they_came = held.clone();
    as_they_came.swap(1, 3);
    as_they_came.swap(2, 3);
    assert!(agrees(&agreed, &as_they_came), "two wrote in turn");
    assert!(has_come(&agreed, &held) && !has_come(&agreed, &held[..3]));
    let mut more = held.clone();
    more.insert(3, author.write(&centre.membership, 9).unwrap());
    assert!(agrees(&agreed, &more), "what lies above is not spoken of");
    for missing in 0..held.len() {
        let mut fewer = held.clone();
        fewer.remove(missing);
        assert!(!agrees(&agreed, &fewer));
    }
    let stubs: Vec<SealedEnvelope> = held
        .iter()
        .map(|envelope| SealedEnvelope::parse_kept(envelope.stub()).unwrap())
        .collect();
    assert!(agrees(&agreed, &stubs), "a stub is the envelope it was");
}
