//! The relay's calls over real HTTP: what is taken, what is refused, and with which code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "relay_flow/compaction.rs"]
mod compaction;
#[path = "relay_flow/pulling.rs"]
mod pulling;
#[path = "support/world.rs"]
mod world;

use sync_protocol::{
    ChainHash, Channel, DeviceId, EnvelopeKind, ErrorCode, Ring, Scope, SealedEnvelope,
    frame::{PushCode, PushOutcome},
    limits::RETIRED_EPOCH_MS,
    vectors::centre::{Author, MadeUpCentre, member, seal, signing_key},
};
use world::{World, author};

const TEAM: Channel = Channel::Ring(Ring::Team);
const OFFICE: Channel = Channel::Ring(Ring::Office);

fn codes(outcomes: &[PushOutcome]) -> Vec<(PushCode, u64)> {
    outcomes
        .iter()
        .map(|outcome| (outcome.code, outcome.seq))
        .collect()
}

#[tokio::test]
async fn what_one_device_pushes_another_pulls_in_order_with_a_chain_that_adds_up() {
    let w = World::open().await;
    let sent = w.write(&mut author(2, TEAM), 5);
    let outcomes = w.volunteer.push(&w.key, &sent).await;
    let expected: Vec<_> = (1..=5).map(|seq| (PushCode::Accepted, seq)).collect();
    assert_eq!(codes(&outcomes), expected);
    let answer = w.admin.pull(0, &[(TEAM, 0), (OFFICE, 0)]).await.unwrap();
    assert_eq!(answer.records.len(), 3);
    assert_eq!(answer.membership_head, w.centre.membership.head());
    assert_eq!(answer.pages.len(), 1);
    let page = &answer.pages[0];
    let got: Vec<_> = page
        .envelopes
        .iter()
        .map(|(_, bytes)| bytes.as_slice())
        .collect();
    let want: Vec<_> = sent.iter().map(SealedEnvelope::bytes).collect();
    assert_eq!(got, want);
    let chain = sent
        .iter()
        .fold(ChainHash::START, |chain, e| chain.next(e.id()));
    assert_eq!((page.head_seq, page.head_chain), (5, chain));
    assert!(!answer.more);
    w.relay.stop().await;
}

#[tokio::test]
async fn pushing_again_is_a_duplicate_with_the_first_place() {
    let w = World::open().await;
    let sent = w.write(&mut author(2, TEAM), 3);
    w.volunteer.push(&w.key, &sent).await;
    let again = w.admin.push(&w.key, &sent).await;
    let expected: Vec<_> = (1..=3).map(|seq| (PushCode::Duplicate, seq)).collect();
    assert_eq!(codes(&again), expected);
    let answer = w.admin.pull(3, &[(TEAM, 0)]).await.unwrap();
    assert_eq!(answer.pages[0].envelopes.len(), 3);
    w.relay.stop().await;
}

#[tokio::test]
async fn gaps_and_conflicts_are_told_apart() {
    let w = World::open().await;
    let mut author = author(2, TEAM);
    let first = w.write(&mut author, 1);
    let fork = author.clone();
    let rest = w.write(&mut author, 2);
    let outcomes = w.volunteer.push(&w.key, &rest[1..]).await;
    assert_eq!(codes(&outcomes), [(PushCode::Gap, 1)]);
    w.volunteer.push(&w.key, &first).await;
    let outcomes = w.volunteer.push(&w.key, &rest[1..]).await;
    assert_eq!(codes(&outcomes), [(PushCode::Gap, 2)]);
    w.volunteer.push(&w.key, &rest).await;
    // The same place in the stream, other bytes: a tablet restored from a backup.
    let rival = seal(&fork.header(&w.centre.membership, 5000), &fork.key).unwrap();
    assert_eq!(w.code(&rival).await, PushCode::Conflict);
    // The next place, but after an envelope that the relay never took.
    let mut lost = fork;
    lost.prev = rival.id();
    lost.n = 3;
    assert_eq!(
        w.code(&lost.write(&w.centre.membership, 1).unwrap()).await,
        PushCode::Conflict
    );
    w.relay.stop().await;
}

#[tokio::test]
async fn one_bad_envelope_does_not_spoil_a_batch() {
    let w = World::open().await;
    let good = w.write(&mut author(2, TEAM), 2);
    let too_large = vec![0; 1024 * 1024 + 1];
    let mut forged = w.write(&mut author(1, OFFICE), 1).remove(0).into_bytes();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let batch: [&[u8]; 6] = [
        good[0].bytes(),
        b"no envelope",
        &too_large,
        &forged,
        &[],
        good[1].bytes(),
    ];
    let outcomes = w.volunteer.push_bytes(&w.key, &batch).await;
    let expected = [
        (PushCode::Accepted, 1),
        (PushCode::Malformed, 0),
        (PushCode::TooLarge, 0),
        (PushCode::Signature, 0),
        (PushCode::Malformed, 0),
        (PushCode::Accepted, 2),
    ];
    assert_eq!(codes(&outcomes), expected);
    w.relay.stop().await;
}

#[tokio::test]
async fn channels_that_are_not_the_authors_are_forbidden() {
    let w = World::open().await;
    let cases = [
        (TEAM, PushCode::Accepted),
        (Channel::Desk(member(2)), PushCode::Accepted),
        (Channel::RingBox(Ring::Safeguarding), PushCode::Accepted),
        (Channel::MemberBox(member(1)), PushCode::Accepted),
        (OFFICE, PushCode::Forbidden),
        (Channel::Desk(member(1)), PushCode::Forbidden),
        (Channel::MemberBox(member(9)), PushCode::Forbidden),
    ];
    for (channel, code) in cases {
        let envelope = w.write(&mut author(2, channel), 1).remove(0);
        assert_eq!(w.code(&envelope).await, code, "{channel:?}");
    }
    let stranger = w.write(&mut author(77, TEAM), 1).remove(0);
    assert_eq!(w.code(&stranger).await, PushCode::Forbidden);
    w.relay.stop().await;
}

#[tokio::test]
async fn reserved_kinds_and_other_centres_are_refused() {
    let w = World::open().await;
    let mut header = author(2, TEAM).header(&w.centre.membership, 10);
    header.kind = EnvelopeKind::Erase;
    let envelope = seal(&header, &signing_key(2)).unwrap();
    assert_eq!(w.code(&envelope).await, PushCode::Malformed);
    let other = MadeUpCentre::open(5).unwrap();
    let foreign = Author::new(signing_key(5), TEAM, 1)
        .write(&other.membership, 1)
        .unwrap();
    assert_eq!(w.code(&foreign).await, PushCode::UnknownCentre);
    let nowhere = w.relay.client(other.membership.centre(), &signing_key(5));
    assert_eq!(
        nowhere.push_one(&w.key, &foreign).await,
        PushCode::UnknownCentre
    );
    w.relay.stop().await;
}

#[tokio::test]
async fn an_envelope_from_a_membership_that_the_relay_lacks_waits_for_it() {
    let mut w = World::open().await;
    let expected = w.centre.membership.length();
    let record = w
        .centre
        .append(w.centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    let envelope = w.write(&mut author(2, TEAM), 1).remove(0);
    assert_eq!(w.code(&envelope).await, PushCode::UnknownMembership);
    w.admin.append(expected, &[record]).await.unwrap();
    assert_eq!(w.code(&envelope).await, PushCode::Accepted);
    w.relay.stop().await;
}

#[tokio::test]
async fn a_retired_epoch_is_taken_for_fourteen_days() {
    let mut w = World::open().await;
    let mut writer = author(2, TEAM);
    let old = w.write(&mut writer, 3);
    w.append(w.centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .await;
    assert_eq!(w.code(&old[0]).await, PushCode::Accepted);
    w.relay.pass(RETIRED_EPOCH_MS);
    assert_eq!(w.code(&old[1]).await, PushCode::Accepted);
    w.relay.pass(1);
    assert_eq!(w.code(&old[2]).await, PushCode::StaleEpoch);
    let mut early = author(2, TEAM).header(&w.centre.membership, 10);
    early.epoch = 3;
    let early = seal(&early, &signing_key(2)).unwrap();
    assert_eq!(w.code(&early).await, PushCode::StaleEpoch);
    w.relay.stop().await;
}

#[tokio::test]
async fn a_revoked_device_pushes_and_pulls_nothing_but_the_proof() {
    let mut w = World::open().await;
    let sealed_before = w.write(&mut author(2, TEAM), 1).remove(0);
    let device = DeviceId::of(&signing_key(2).verifying_key());
    w.append(w.centre.device_revoke(device)).await;
    w.append(w.centre.ring_epoch([Scope::Ring(Ring::Office)]))
        .await;
    assert_eq!(w.code(&sealed_before).await, PushCode::Revoked);
    let refused = w.volunteer.pull(3, &[(TEAM, 0)]).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Revoked);
    let proof = w.volunteer.pull(3, &[]).await.unwrap();
    let records: Vec<&[u8]> = proof.records.iter().map(Vec::as_slice).collect();
    assert_eq!(records, [w.centre.records[3].bytes()]);
    assert_eq!(proof.membership_length, 4);
    assert_eq!(proof.membership_head, w.centre.records[3].hash());
    w.relay.stop().await;
}

#[tokio::test]
async fn the_chain_grows_by_compare_and_append_all_or_none() {
    let mut w = World::open().await;
    let expected = w.centre.membership.length();
    let mut rival = w.centre.clone();
    let first = w
        .centre
        .append(w.centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    let second = w
        .centre
        .append(w.centre.ring_epoch([Scope::Ring(Ring::Office)]))
        .unwrap();
    let answer = w
        .admin
        .append(expected, &[first.clone(), second.clone()])
        .await
        .unwrap();
    assert_eq!(answer.length, expected + 2);
    let again = w
        .admin
        .append(expected, &[first.clone(), second])
        .await
        .unwrap();
    assert_eq!(again, answer);
    let late = rival
        .append(rival.ring_epoch([Scope::Ring(Ring::Admin)]))
        .unwrap();
    let moved = w.admin.append(expected, &[late]).await.unwrap_err();
    assert_eq!(moved.code, ErrorCode::MembershipMoved);
    let good = w
        .centre
        .append(w.centre.ring_epoch([Scope::Ring(Ring::Admin)]))
        .unwrap();
    let refused = w
        .admin
        .append(expected + 2, &[good, first])
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::MembershipRefused);
    let answer = w.admin.pull(0, &[]).await.unwrap();
    assert_eq!(answer.membership_length, expected + 2);
    w.relay.stop().await;
}

#[tokio::test]
async fn a_centre_opens_only_under_its_own_name() {
    let w = World::open().await;
    let other = MadeUpCentre::open(5).unwrap();
    let wrong = w.relay.client(
        sync_protocol::CentreId::from_bytes([5; 32]),
        &signing_key(5),
    );
    let refused = wrong.append(0, &other.records).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::UnknownCentre);
    let right = w.relay.client(other.membership.centre(), &signing_key(5));
    let unknown = right
        .call(&right.path("pull"), Vec::new(), None)
        .await
        .unwrap_err();
    assert_eq!(unknown.code, ErrorCode::UnknownCentre);
    assert!(right.append(0, &other.records).await.is_ok());
    assert!(right.pull(0, &[]).await.is_ok());
    w.relay.stop().await;
}
