//! A relay that went back in time, or lost everything, gets its log back from the devices that hold it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/world.rs"]
mod world;

use std::sync::atomic::Ordering;

use sync_protocol::{
    Channel, DeviceId, ErrorCode, Ring, Scope, SealedEnvelope,
    frame::{PushCode, PushOutcome},
    limits::RETIRED_EPOCH_MS,
    vectors::centre::{Author, signing_key},
};
use sync_server::store::sqlite::backup;
use tempfile::TempDir;
use world::{Running, World, author};

fn codes(outcomes: &[PushOutcome]) -> Vec<PushCode> {
    outcomes.iter().map(|outcome| outcome.code).collect()
}

/// The volunteer wrote, then was revoked and the ring's key changed twice; long ago.
async fn aged() -> (World, Vec<SealedEnvelope>) {
    let mut w = World::open().await;
    let team = Channel::Ring(Ring::Team);
    let written = w.write(&mut author(2, team), 3);
    let volunteer = DeviceId::of(&signing_key(2).verifying_key());
    w.append(w.centre.device_revoke(volunteer)).await;
    w.append(w.centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .await;
    w.relay
        .clock
        .fetch_add(RETIRED_EPOCH_MS + 60_000, Ordering::SeqCst);
    (w, written)
}

#[tokio::test]
async fn what_time_made_unwelcome_comes_back_from_a_device_that_proves_itself() {
    let (w, written) = aged().await;
    let unproved = w.admin.push(&w.key, &written).await;
    assert_eq!(codes(&unproved), [PushCode::Revoked; 3]);
    let proved = w.admin.push_proved(&w.key, &written).await.unwrap();
    assert_eq!(codes(&proved), [PushCode::Accepted; 3]);
    let again = w.admin.push_proved(&w.key, &written).await.unwrap();
    assert_eq!(codes(&again), [PushCode::Duplicate; 3]);
    w.relay.stop().await;
}

#[tokio::test]
async fn i6_a_revoked_device_can_prove_nothing_and_write_nothing_new() {
    let (w, written) = aged().await;
    let refused = w.volunteer.push_proved(&w.key, &written).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Revoked);
    let mut late = Author::new(signing_key(2), Channel::Ring(Ring::Team), 2);
    let after = late.write(&w.centre.membership, 100).unwrap();
    let proved = w.admin.push_proved(&w.key, &[after]).await.unwrap();
    assert_eq!(codes(&proved), [PushCode::Revoked]);
    w.relay.stop().await;
}

#[tokio::test]
async fn a_whole_chain_fills_up_what_an_old_copy_lacks_and_never_replaces_what_it_has() {
    let mut w = World::open().await;
    let mut rival = w.centre.clone();
    w.append(w.centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .await;
    let old = w.centre.membership.length();
    for _ in 0..2 {
        let epoch = w.centre.ring_epoch([Scope::Ring(Ring::Team)]);
        w.centre.append(epoch).unwrap();
    }
    let answer = w.admin.append(0, &w.centre.records).await.unwrap();
    assert_eq!(answer.length, old + 2);
    let shorter = w.admin.append(0, &w.centre.records[..2]).await.unwrap();
    assert_eq!(shorter, answer);
    rival
        .append(rival.ring_epoch([Scope::Ring(Ring::Office)]))
        .unwrap();
    let other = w.admin.append(0, &rival.records).await.unwrap_err();
    assert_eq!(other.code, ErrorCode::MembershipMoved);
    let beyond = w
        .admin
        .append(old + 9, &w.centre.records[1..])
        .await
        .unwrap_err();
    assert_eq!(beyond.code, ErrorCode::MembershipMoved);
    w.relay.stop().await;
}

#[tokio::test]
async fn a_backup_that_is_opened_begins_a_life_of_its_own_with_the_same_key() {
    let w = World::open().await;
    let team = Channel::Ring(Ring::Team);
    let mut volunteer = author(2, team);
    let (kept, lost) = (w.write(&mut volunteer, 2), w.write(&mut volunteer, 2));
    w.admin.push(&w.key, &kept).await;
    let folder = TempDir::new().unwrap();
    backup(&w.store(), &folder.path().join("relay.sqlite")).unwrap();
    w.admin.push(&w.key, &lost).await;
    let before = w.volunteer.pull(0, &[]).await.unwrap();
    w.relay.stop().await;

    let relay = Running::start(folder.path()).await;
    let centre = w.centre.membership.centre();
    let volunteer = relay.client(centre, &signing_key(2));
    let after = volunteer.pull(0, &[(team, 4)]).await.unwrap();
    assert_eq!(after.relay_key, before.relay_key);
    assert_ne!(after.incarnation, before.incarnation);
    assert_eq!(after.pages[0].head_seq, 2);
    let again = volunteer.push_proved(&w.key, &lost).await.unwrap();
    assert_eq!(codes(&again), [PushCode::Accepted; 2]);
    relay.stop().await;
}
