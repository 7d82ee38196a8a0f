//! Pulling: proof, pages, and what a client that is ahead or up to date hears.

use super::world::{Running, World, author};
use super::{OFFICE, TEAM};
use sync_protocol::{
    Channel, DeviceId, ErrorCode,
    frame::PullRequest,
    limits::CHALLENGE_MS,
    vectors::centre::{MadeUpCentre, member, signing_key},
};
use tempfile::TempDir;

#[tokio::test]
async fn only_proved_devices_pull_and_only_their_channels() {
    let w = World::open().await;
    let forbidden = w
        .volunteer
        .pull(3, &[(TEAM, 0), (OFFICE, 0)])
        .await
        .unwrap_err();
    assert_eq!(forbidden.code, ErrorCode::Forbidden);
    let stranger = w.relay.client(w.admin.centre, &signing_key(9));
    let unknown = stranger.pull(0, &[]).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::UnknownDevice);
    // The admin's device named, the stranger's signature.
    let challenge = stranger.challenge().await;
    let path = w.admin.path("pull");
    let body = PullRequest::default().encode();
    let mut words: Vec<String> = stranger
        .proof(challenge, &path, &body)
        .split(' ')
        .map(str::to_owned)
        .collect();
    words[1] = DeviceId::of(&signing_key(1).verifying_key()).to_string();
    let refused = w
        .admin
        .call(&path, body.clone(), Some(words.join(" ")))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Signature);
    assert!(refused.challenge.is_some());
    // A proof is worth its own body only.
    let proof = w.admin.proof(challenge, &path, b"another body");
    let refused = w
        .admin
        .call(&path, body.clone(), Some(proof))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Signature);
    let refused = w
        .admin
        .call(&path, body, Some("Bearer x".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Malformed);
    w.relay.stop().await;
}

#[tokio::test]
async fn a_challenge_serves_again_until_it_expires_even_across_a_restart() {
    let folder = TempDir::new().unwrap();
    let centre = MadeUpCentre::open(1).unwrap();
    let id = centre.membership.centre();
    let relay = Running::start(folder.path()).await;
    let admin = relay.client(id, &signing_key(1));
    admin.append(0, &centre.records).await.unwrap();
    let challenge = admin.challenge().await;
    let answer = admin.pull_with(challenge, 0, &[]).await.unwrap();
    relay.stop().await;
    let relay = Running::start(folder.path()).await;
    let admin = relay.client(id, &signing_key(1));
    let after = admin.pull_with(challenge, 0, &[]).await.unwrap();
    assert_eq!(
        (answer.relay_key, answer.incarnation),
        (after.relay_key, after.incarnation)
    );
    relay.pass(i64::try_from(CHALLENGE_MS).unwrap());
    let old = admin.pull_with(challenge, 0, &[]).await.unwrap_err();
    assert_eq!(old.code, ErrorCode::ChallengeExpired);
    assert!(
        admin
            .pull_with(old.challenge.unwrap(), 0, &[])
            .await
            .is_ok()
    );
    relay.stop().await;
}

#[tokio::test]
async fn a_reconnect_with_nothing_new_is_one_answer_of_at_most_300_bytes() {
    let w = World::open().await;
    let sent = w.write(&mut author(2, TEAM), 3);
    w.volunteer.push(&w.key, &sent).await;
    let challenge = w.volunteer.challenge().await;
    let channels = w.centre.membership.channels_readable_by(&member(2));
    let held = channels
        .into_iter()
        .map(|c| (c, if c == TEAM { 3 } else { 0 }))
        .collect();
    let request = PullRequest {
        membership_held: 3,
        channels: held,
        wait_ms: 0,
    };
    let body = request.encode();
    let path = w.volunteer.path("pull");
    let proof = w.volunteer.proof(challenge, &path, &body);
    let answer = w
        .volunteer
        .call(&path, body.clone(), Some(proof))
        .await
        .unwrap();
    assert!(answer.len() <= 300, "{} bytes", answer.len());
    assert!(body.len() <= 300, "{} bytes", body.len());
    w.relay.stop().await;
}

#[tokio::test]
async fn a_long_channel_comes_in_pages_that_join_without_a_gap() {
    let w = World::open().await;
    let mut author = author(1, OFFICE);
    for _ in 0..3 {
        let batch: Vec<_> = (0..20)
            .map(|_| author.write(&w.centre.membership, 60_000).unwrap())
            .collect();
        w.admin.push(&w.key, &batch).await;
    }
    let mut after = 0;
    let mut pages = 0;
    loop {
        let answer = w.admin.pull(3, &[(OFFICE, after)]).await.unwrap();
        for (seq, _) in &answer.pages[0].envelopes {
            assert_eq!(*seq, after + 1);
            after = *seq;
        }
        pages += 1;
        if !answer.more {
            break;
        }
    }
    assert_eq!(after, 60);
    assert!(pages >= 2, "{pages}");
    w.relay.stop().await;
}

#[tokio::test]
async fn a_client_that_is_ahead_hears_the_head_it_was_rolled_back_to() {
    let w = World::open().await;
    let sent = w.write(&mut author(2, TEAM), 2);
    w.volunteer.push(&w.key, &sent).await;
    let answer = w
        .volunteer
        .pull(3, &[(TEAM, 9), (Channel::Desk(member(2)), 4)])
        .await
        .unwrap();
    let heads: Vec<_> = answer
        .pages
        .iter()
        .map(|p| (p.channel, p.head_seq, p.envelopes.len()))
        .collect();
    assert_eq!(heads, [(TEAM, 2, 0), (Channel::Desk(member(2)), 0, 0)]);
    let answer = w.volunteer.pull(90, &[]).await.unwrap();
    assert_eq!((answer.membership_length, answer.records.len()), (3, 0));
    w.relay.stop().await;
}
