//! Snapshots and prunes over real HTTP: who may send them, and what is handed out afterwards.

use super::TEAM;
use super::world::{World, author};
use sync_protocol::{
    Channel, DocumentId, EnvelopeKind, Ring, SealedEnvelope,
    compaction::{Coverage, Vouch},
    envelope::STUB_LEN,
    frame::PushCode,
    limits::ALONE_MS,
    vectors::centre::{Author, signing_key},
};

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

/// The world with a second co-ordinator, 3.
async fn with_a_second_coordinator() -> World {
    let mut w = World::open().await;
    let before = w.centre.membership.length();
    w.centre.enrol(3, [Ring::Office, Ring::Team]).unwrap();
    let from = usize::try_from(before).unwrap();
    let records = w.centre.records[from..].to_vec();
    w.admin.append(before, &records).await.unwrap();
    w
}

fn vouch(snapshot: &SealedEnvelope, covered: &[SealedEnvelope]) -> Vouch {
    Vouch::for_snapshot(snapshot, Coverage::of(&mut covered.iter()).unwrap())
}

fn snapshot(w: &World, author: &mut Author) -> SealedEnvelope {
    let kind = EnvelopeKind::Snapshot;
    author
        .write_as(&w.centre.membership, kind, DOCUMENT)
        .unwrap()
}

#[tokio::test]
async fn covered_envelopes_are_handed_out_as_stubs_and_known_by_their_ids() {
    let w = with_a_second_coordinator().await;
    let (mut first, mut second) = (author(1, TEAM), author(3, TEAM));
    let m = &w.centre.membership;
    let mut sent = w.write(&mut first, 5);
    sent.extend(first.compact(m, &mut second, &sent).unwrap());
    for outcome in w.admin.push(&w.key, &sent).await {
        assert_eq!(outcome.code, PushCode::Accepted);
    }
    let answer = w.volunteer.pull(0, &[(TEAM, 0)]).await.unwrap();
    let page = &answer.pages[0];
    let lengths: Vec<usize> = page.envelopes.iter().map(|(_, b)| b.len()).collect();
    assert_eq!(lengths[..5], [STUB_LEN; 5]);
    for ((_, bytes), sent) in page.envelopes.iter().zip(&sent) {
        let kept = SealedEnvelope::parse_kept(bytes.clone()).unwrap();
        assert_eq!(kept.id(), sent.id());
    }
    // What is a stub by now is still the same envelope when it is sent whole, and no envelope when sent as a stub.
    assert_eq!(w.code(&sent[2]).await, PushCode::Duplicate);
    let stub = SealedEnvelope::parse_kept(sent[2].stub()).unwrap();
    assert_eq!(w.code(&stub).await, PushCode::Malformed);
    w.relay.stop().await;
}

#[tokio::test]
async fn only_the_office_makes_snapshots_attests_them_and_prunes() {
    let w = with_a_second_coordinator().await;
    let m = &w.centre.membership;
    let mut first = author(1, TEAM);
    let changes = w.write(&mut first, 2);
    let whole = snapshot(&w, &mut first);
    let said = vouch(&whole, &changes);
    let mut volunteer = author(2, TEAM);
    let forged = snapshot(&w, &mut volunteer.clone());
    assert_eq!(w.code(&forged).await, PushCode::Forbidden);
    let vouched = volunteer.clone().vouch(m, &said).unwrap();
    assert_eq!(w.code(&vouched).await, PushCode::Forbidden);
    let attest = author(3, TEAM).vouch(m, &said).unwrap();
    let pruned = volunteer.prune(m, DOCUMENT, &attest).unwrap();
    assert_eq!(w.code(&pruned).await, PushCode::Malformed);
    // Nobody stands in for the second voice: neither the pruner nor the snapshotter.
    for seed in [1, 3] {
        let own = author(seed, TEAM).vouch(m, &said).unwrap();
        let prune = author(seed, TEAM).prune(m, DOCUMENT, &own).unwrap();
        assert_eq!(w.code(&prune).await, PushCode::Malformed);
    }
    let office = Channel::Ring(Ring::Office);
    let elsewhere = author(3, office).vouch(m, &said).unwrap();
    let prune = author(1, TEAM).prune(m, DOCUMENT, &elsewhere).unwrap();
    assert_eq!(w.code(&prune).await, PushCode::Malformed);
    w.relay.stop().await;
}

#[tokio::test]
async fn an_attest_counts_no_more_once_its_author_was_revoked() {
    let mut w = with_a_second_coordinator().await;
    let (mut first, mut second) = (author(1, TEAM), author(3, TEAM));
    let mut sent = w.write(&mut first, 3);
    let whole = snapshot(&w, &mut first);
    let attest = second
        .vouch(&w.centre.membership, &vouch(&whole, &sent))
        .unwrap();
    sent.extend([whole, attest.clone()]);
    w.admin.push(&w.key, &sent).await;
    let device = attest.header().author;
    w.append(w.centre.device_revoke(device)).await;
    let prune = first
        .prune(&w.centre.membership, DOCUMENT, &attest)
        .unwrap();
    assert_eq!(w.code(&prune).await, PushCode::Accepted);
    let answer = w.volunteer.pull(0, &[(TEAM, 0)]).await.unwrap();
    let bodies = answer.pages[0].envelopes.iter();
    assert!(bodies.clone().all(|(_, bytes)| bytes.len() > STUB_LEN));
    w.relay.stop().await;
}

#[tokio::test]
async fn one_coordinator_alone_prunes_after_a_week_by_the_relays_clock() {
    let w = World::open().await;
    let m = &w.centre.membership;
    let mut only = Author::new(signing_key(1), TEAM, 1);
    let mut sent = w.write(&mut only, 3);
    let whole = snapshot(&w, &mut only);
    let attest = only.vouch(m, &vouch(&whole, &sent)).unwrap();
    let early = only.prune(m, DOCUMENT, &attest).unwrap();
    sent.extend([whole, attest.clone(), early]);
    w.admin.push(&w.key, &sent).await;
    let stubs = async || {
        let answer = w.volunteer.pull(0, &[(TEAM, 0)]).await.unwrap();
        let bodies = answer.pages[0].envelopes.iter();
        bodies.filter(|(_, bytes)| bytes.len() == STUB_LEN).count()
    };
    assert_eq!(stubs().await, 0);
    w.relay
        .clock
        .fetch_add(ALONE_MS, std::sync::atomic::Ordering::SeqCst);
    let due = only.prune(m, DOCUMENT, &attest).unwrap();
    assert_eq!(w.code(&due).await, PushCode::Accepted);
    assert_eq!(stubs().await, 3);
    w.relay.stop().await;
}

#[tokio::test]
async fn what_was_let_go_comes_back_without_its_body_from_a_coordinator_who_shows_the_prune() {
    let w = with_a_second_coordinator().await;
    let (mut first, mut second) = (author(1, TEAM), author(3, TEAM));
    let m = &w.centre.membership;
    let written = w.write(&mut first, 3);
    let [whole, attest, prune] = first.compact(m, &mut second, &written).unwrap();
    let stub = |envelope: &SealedEnvelope| SealedEnvelope::parse_kept(envelope.stub()).unwrap();
    let stubs: Vec<SealedEnvelope> = written.iter().map(stub).collect();
    let shown = [&stubs[..], std::slice::from_ref(&prune)].concat();
    for refused in [
        w.admin.push(&w.key, &shown).await,
        w.admin.push_proved(&w.key, &stubs).await.unwrap(),
        w.volunteer.push_proved(&w.key, &shown).await.unwrap(),
    ] {
        let codes = refused[..3].iter().map(|outcome| outcome.code);
        assert!(codes.eq([PushCode::Malformed; 3]));
    }
    let cut = [stub(&whole), stub(&attest), prune.clone()];
    let refused = w.admin.push_proved(&w.key, &cut).await.unwrap();
    let codes = refused[..2].iter().map(|outcome| outcome.code);
    assert!(codes.eq([PushCode::Malformed; 2]), "these are never let go");

    let all = [&stubs[..], &[whole, attest, prune]].concat();
    for outcome in w.admin.push_proved(&w.key, &all).await.unwrap() {
        assert_eq!(outcome.code, PushCode::Accepted);
    }
    let answer = w.volunteer.pull(0, &[(TEAM, 0)]).await.unwrap();
    let handed = answer.pages[0].envelopes.iter();
    let sent = all.iter().map(|envelope| envelope.bytes().to_vec());
    assert!(handed.map(|(_, bytes)| bytes.clone()).eq(sent));
    assert_eq!(w.code(&written[1]).await, PushCode::Duplicate);
    let audit = sync_server::store::sqlite::audit(&w.store()).unwrap();
    assert_eq!((audit.envelopes, audit.trash), (6, 0));
    w.relay.stop().await;
}
