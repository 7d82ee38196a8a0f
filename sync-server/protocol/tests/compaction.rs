//! Stubs, coverages, vouching and prunes: what an honest writer makes is taken, and nothing else is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use sync_protocol::{
    Channel, DocumentId, EnvelopeError, EnvelopeKind, KeyId, Ring, SealedEnvelope, StreamId,
    compaction::{Coverage, Order, Place, Vouch, prune_payload, sign_clear},
    envelope::STUB_LEN,
    vectors::centre::{Author, MadeUpCentre, signing_key},
};

const OFFICE: Channel = Channel::Ring(Ring::Office);
const TEAM: Channel = Channel::Ring(Ring::Team);
const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

/// Two co-ordinators, 1 and 2, and a volunteer, 3.
fn centre() -> MadeUpCentre {
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Office, Ring::Team]).unwrap();
    centre.enrol(3, [Ring::Team]).unwrap();
    centre
}

fn author(seed: u8, channel: Channel) -> Author {
    Author::new(signing_key(seed), channel, u64::from(seed))
}

/// A snapshot of two changes by `seed`, its author's run, and what vouches for it.
fn snapshot(centre: &MadeUpCentre, seed: u8, channel: Channel) -> (Author, Vouch) {
    let mut writer = author(seed, channel);
    let changes = [
        writer.write(&centre.membership, 9).unwrap(),
        writer.write(&centre.membership, 9).unwrap(),
    ];
    let kind = EnvelopeKind::Snapshot;
    let snapshot = writer.write_as(&centre.membership, kind, DOCUMENT).unwrap();
    let vouch = Vouch::for_snapshot(&snapshot, Coverage::of(&mut changes.iter()).unwrap());
    (writer, vouch)
}

#[test]
fn a_stub_keeps_place_name_and_signature_and_is_no_whole_envelope() {
    let centre = centre();
    let whole = author(1, TEAM).write(&centre.membership, 500).unwrap();
    let stub = SealedEnvelope::parse_kept(whole.stub()).unwrap();
    assert!(stub.is_stub() && !whole.is_stub());
    assert_eq!(stub.bytes().len(), STUB_LEN);
    assert_eq!((stub.header(), stub.id()), (whole.header(), whole.id()));
    assert_eq!((stub.digest(), stub.body()), (whole.digest(), &[][..]));
    assert_eq!(stub.stub(), stub.bytes());
    let key = signing_key(1).verifying_key();
    assert_eq!(stub.verify(&key), Ok(()));
    assert_eq!(
        stub.verify(&signing_key(2).verifying_key()),
        Err(EnvelopeError::Signature)
    );
    assert!(SealedEnvelope::parse(whole.stub()).is_err());
    let mut other = whole.stub();
    other[STUB_LEN - 65] ^= 1;
    let other = SealedEnvelope::parse_kept(other).unwrap();
    assert_eq!(other.verify(&key), Err(EnvelopeError::Signature));
    for end in 0..STUB_LEN {
        assert!(SealedEnvelope::parse_kept(stub.bytes()[..end].to_vec()).is_err());
    }
}

#[test]
fn a_coverage_names_each_run_once_and_in_order() {
    let centre = centre();
    let (mut one, mut two) = (author(1, TEAM), author(2, TEAM));
    let written = [
        one.write(&centre.membership, 9).unwrap(),
        two.write(&centre.membership, 9).unwrap(),
    ];
    let both = Coverage::of(&mut written.iter()).unwrap();
    assert_eq!(Coverage::decode(&both.encode()), Ok(both.clone()));
    let mut turned = both.runs().to_vec();
    turned.reverse();
    assert!(Coverage::new(turned).is_none());
    assert!(Coverage::new(vec![both.runs()[0], both.runs()[0]]).is_none());
    assert!(Coverage::new(vec![]).is_none());
    assert!(Coverage::decode(&[0x80]).is_err(), "a coverage of nothing");
    assert!(both.holds(written[0].header()));
    let above = one.write(&centre.membership, 9).unwrap();
    assert!(!both.holds(above.header()));
}

#[test]
fn a_prune_rests_on_two_devices_of_the_office() {
    let centre = centre();
    let (mut first, vouch) = snapshot(&centre, 1, TEAM);
    let attest = author(2, TEAM).vouch(&centre.membership, &vouch).unwrap();
    assert_eq!(Vouch::of(&attest), Some(vouch.clone()));
    let prune = first.prune(&centre.membership, DOCUMENT, &attest).unwrap();
    let order = Order::of(&prune, &centre.membership).unwrap();
    assert_eq!((order.vouch.clone(), order.alone), (vouch.clone(), false));
    assert_eq!(order.attest, Place::of(&attest));

    let refused = |attest: &SealedEnvelope, pruner: u8, document: DocumentId| {
        let mut author = author(pruner, TEAM);
        let prune = author.prune(&centre.membership, document, attest).unwrap();
        assert_eq!(Order::of(&prune, &centre.membership), None);
    };
    // The attester's own voice twice, the snapshotter's own voice twice, and voices of people who may not.
    refused(&attest, 2, DOCUMENT);
    let own = first.vouch(&centre.membership, &vouch).unwrap();
    refused(&own, 1, DOCUMENT);
    refused(&own, 2, DOCUMENT);
    refused(&attest, 3, DOCUMENT);
    let volunteer = author(3, TEAM).vouch(&centre.membership, &vouch).unwrap();
    refused(&volunteer, 1, DOCUMENT);
    // Another document, another channel, and something that vouches for nothing.
    refused(&attest, 1, DocumentId::from_bytes([8; 16]));
    let elsewhere = author(2, OFFICE).vouch(&centre.membership, &vouch).unwrap();
    refused(&elsewhere, 1, DOCUMENT);
    let kind = EnvelopeKind::Attest;
    let sealed = author(2, TEAM).write_as(&centre.membership, kind, DocumentId::NONE);
    refused(&sealed.unwrap(), 1, DOCUMENT);
    refused(&prune, 1, DOCUMENT);
}

#[test]
fn one_device_speaks_alone_only_where_there_is_no_other() {
    let alone = MadeUpCentre::open(1).unwrap();
    let (mut first, vouch) = snapshot(&alone, 1, OFFICE);
    let attest = first.vouch(&alone.membership, &vouch).unwrap();
    let prune = first.prune(&alone.membership, DOCUMENT, &attest).unwrap();
    assert!(Order::of(&prune, &alone.membership).unwrap().alone);
    let mut grown = alone.clone();
    grown.enrol(2, [Ring::Office]).unwrap();
    let attest = first.vouch(&grown.membership, &vouch).unwrap();
    let prune = first.prune(&grown.membership, DOCUMENT, &attest).unwrap();
    assert_eq!(Order::of(&prune, &grown.membership), None);
}

#[test]
fn what_is_in_the_clear_names_no_key_and_is_of_two_kinds_only() {
    let centre = centre();
    let (mut first, vouch) = snapshot(&centre, 1, TEAM);
    let attest = first.vouch(&centre.membership, &vouch).unwrap();
    assert_eq!(attest.header().key_id, KeyId::NONE);
    assert_eq!(attest.clear(), Some(vouch.encode().as_slice()));
    let header = first.header(&centre.membership, 9);
    let change = sign_clear(header.clone(), b"words", &first.key).unwrap();
    assert_eq!(change.clear(), None);
    let mut sealed = header;
    sealed.kind = EnvelopeKind::Prune;
    let refused = sync_protocol::vectors::centre::seal(&sealed, &first.key);
    assert_eq!(refused, Err(EnvelopeError::Field { name: "key id" }));
    let stub = SealedEnvelope::parse_kept(attest.stub()).unwrap();
    assert_eq!((stub.clear(), Vouch::of(&stub)), (None, None));
    assert!(prune_payload(&attest).len() > attest.bytes().len());
}

#[test]
fn a_prune_lets_go_of_covered_changes_and_older_snapshots_and_of_nothing_else() {
    let centre = centre();
    let m = &centre.membership;
    let mut writer = author(1, TEAM);
    let wrap = writer.write_as(m, EnvelopeKind::Wrap, DOCUMENT).unwrap();
    let change = writer.write(m, 9).unwrap();
    let other = DocumentId::from_bytes([8; 16]);
    let other = writer.write_as(m, EnvelopeKind::Change, other).unwrap();
    let old = writer
        .write_as(m, EnvelopeKind::Snapshot, DOCUMENT)
        .unwrap();
    let covered = [wrap.clone(), change.clone(), old.clone()];
    let snapshot = writer
        .write_as(m, EnvelopeKind::Snapshot, DOCUMENT)
        .unwrap();
    let above = writer.write(m, 9).unwrap();
    let vouch = Vouch::for_snapshot(&snapshot, Coverage::of(&mut covered.iter()).unwrap());
    let attest = author(2, TEAM).vouch(m, &vouch).unwrap();
    let prune = writer.prune(m, DOCUMENT, &attest).unwrap();
    let order = Order::of(&prune, m).unwrap();
    assert!(order.lets_go(&change) && order.lets_go(&old));
    let mut stray = author(1, TEAM);
    stray.stream = StreamId::from_bytes([9; 8]);
    let stray = stray.write(m, 9).unwrap();
    let stub = SealedEnvelope::parse_kept(change.stub()).unwrap();
    for kept in [wrap, other, snapshot, above, attest, prune, stray, stub] {
        assert!(!order.lets_go(&kept), "{kept:?}");
    }
}

#[test]
fn damaged_vouching_is_refused_or_is_what_an_honest_writer_writes() {
    let (_, vouch) = snapshot(&centre(), 1, TEAM);
    let bytes = vouch.encode();
    for at in 0..bytes.len() {
        assert!(Vouch::decode(&bytes[..at]).is_err());
        for flip in [1, 0x1F, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            if let Ok(found) = Vouch::decode(&damaged) {
                assert_eq!(found.encode(), damaged);
            }
        }
    }
}
