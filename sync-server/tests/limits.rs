//! What is too much, too slow or not wanted at all, and what the relay says and does not say about it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/running.rs"]
mod running;

use std::time::Duration;

use running::{Client, Running};
use sync_protocol::{
    CentreId, Channel, ErrorCode, InviteId, Ring, SealedEnvelope,
    frame::{Failure, PullRequest, PushCode, PushRequest},
    limits::{MAX_CHANNELS, MAX_MAILBOX_BODY, MAX_MEMBERSHIP_BODY, MAX_PULL_BODY, MAX_PUSH_BODY},
    vectors::centre::{Author, MadeUpCentre, member, signing_key},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const TEAM: Channel = Channel::Ring(Ring::Team);

async fn opened(relay: &Running, centre: &MadeUpCentre) -> Client {
    let admin = relay.client(centre.membership.centre(), &centre.admin);
    admin.append(0, &centre.records).await.unwrap();
    admin
}

fn write(centre: &MadeUpCentre, count: usize) -> Vec<SealedEnvelope> {
    let mut author = Author::new(centre.admin.clone(), TEAM, 1);
    (0..count)
        .map(|_| author.write(&centre.membership, 10).unwrap())
        .collect()
}

#[tokio::test]
async fn bodies_over_their_limit_are_refused_before_they_are_read() {
    let folder = TempDir::new().unwrap();
    let relay = Running::start(folder.path()).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let mailbox = format!("/v1/mailbox/{}", InviteId::from_bytes([1; 16]));
    let cases = [
        (admin.path("push"), MAX_PUSH_BODY),
        (admin.path("pull"), MAX_PULL_BODY),
        (admin.path("membership"), MAX_MEMBERSHIP_BODY),
        (mailbox, MAX_MAILBOX_BODY),
    ];
    let address = relay.url.strip_prefix("http://").unwrap();
    for (path, limit) in cases {
        // The length is claimed and the bytes never come: the answer does not wait for them.
        let mut stream = TcpStream::connect(address).await.unwrap();
        let length = limit + 1;
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: relay\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 413", "{path}");
    }
    relay.stop().await;
}

#[tokio::test]
async fn unreadable_bodies_are_malformed() {
    let folder = TempDir::new().unwrap();
    let relay = Running::start(folder.path()).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    for call in ["push", "membership"] {
        let refused = admin
            .call(&admin.path(call), b"<html>".to_vec(), None)
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::Malformed, "{call}");
    }
    let many = vec![(TEAM, 0); MAX_CHANNELS + 1];
    let refused = admin.pull(0, &many).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Malformed);
    let refused = admin
        .call("/v1/nothex/push", Vec::new(), None)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Malformed);
    let refused = admin
        .call("/v1/some/thing/else", Vec::new(), None)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::UnknownPath);
    let answer = admin.fetch(&admin.path("push"), &[]).await;
    assert_eq!(answer.status(), 405);
    let failure = Failure::decode(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(failure.code, ErrorCode::WrongMethod);
    let mut batch = b"NGP1".to_vec();
    batch.extend([0, 0, 0, 0].repeat(257));
    let refused = admin
        .call(&admin.path("push"), batch, None)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Malformed);
    relay.stop().await;
}

#[tokio::test]
async fn a_device_that_sends_too_fast_is_told_to_wait_and_then_goes_on() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| {
        config.device_rate = 10;
        config.device_burst = 3;
    })
    .await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let sent = write(&centre, 4);
    let codes: Vec<_> = admin
        .push(&key, &sent)
        .await
        .iter()
        .map(|o| o.code)
        .collect();
    let accepted = PushCode::Accepted;
    assert_eq!(codes, [accepted, accepted, accepted, PushCode::SlowDown]);
    relay.pass(99);
    assert_eq!(admin.push_one(&key, &sent[3]).await, PushCode::SlowDown);
    relay.pass(1);
    assert_eq!(admin.push_one(&key, &sent[3]).await, accepted);
    relay.stop().await;
}

#[tokio::test]
async fn a_device_that_asks_too_fast_is_told_to_wait_and_nobody_else_is() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| {
        config.device_pull_rate = 10;
        config.device_pull_burst = 3;
    })
    .await;
    let mut centre = MadeUpCentre::open(1).unwrap();
    let second = centre.enrol(2, [Ring::Team]).unwrap();
    let admin = opened(&relay, &centre).await;
    let other = relay.client(admin.centre, &second);
    let path = admin.path("pull");
    let challenge = admin.challenge().await;
    // Whoever cannot sign spends nothing of the device's.
    for _ in 0..5 {
        let proof = admin.proof(challenge, &path, b"another body");
        let body = PullRequest::default().encode();
        let refused = admin.call(&path, body, Some(proof)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Signature);
    }
    for _ in 0..3 {
        admin.pull(0, &[(TEAM, 0)]).await.unwrap();
    }
    relay.pass(99);
    let refused = admin.pull(0, &[(TEAM, 0)]).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SlowDown);
    other.pull(0, &[(TEAM, 0)]).await.unwrap();
    relay.pass(1);
    let key = admin.relay_key().await;
    let pushed = admin.push_one(&key, &write(&centre, 1)[0]).await;
    assert_eq!(
        pushed,
        PushCode::Accepted,
        "pushes have their own allowance"
    );
    relay.stop().await;
}

#[tokio::test]
async fn a_forged_flood_does_not_spend_the_devices_allowance() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.device_burst = 2).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let good = write(&centre, 1).remove(0);
    let mut forged = good.bytes().to_vec();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let outcomes = admin.push_bytes(&key, &[forged.as_slice(); 50]).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.code == PushCode::Signature)
    );
    assert_eq!(admin.push_one(&key, &good).await, PushCode::Accepted);
    relay.stop().await;
}

#[tokio::test]
async fn a_full_centre_is_told_so_and_can_still_revoke() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.centre_quota = 1).await;
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Team]).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    assert_eq!(
        admin.push_one(&key, &write(&centre, 1)[0]).await,
        PushCode::Quota
    );
    let device = sync_protocol::DeviceId::of(&signing_key(2).verifying_key());
    let revoked = centre.append(centre.device_revoke(device)).unwrap();
    assert_eq!(admin.append(3, &[revoked]).await.unwrap().length, 4);
    relay.stop().await;
}

#[tokio::test]
async fn a_relay_opens_only_so_many_centres() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.max_centres = 1).await;
    opened(&relay, &MadeUpCentre::open(1).unwrap()).await;
    let second = MadeUpCentre::open(2).unwrap();
    let client = relay.client(second.membership.centre(), &second.admin);
    let refused = client.append(0, &second.records).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Quota);
    relay.stop().await;
}

#[tokio::test]
async fn a_head_or_body_that_trickles_in_is_cut_off() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| {
        config.header_time = Duration::from_millis(100);
        config.body_time = Duration::from_millis(100);
    })
    .await;
    let address = relay.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"POST /v1/").await.unwrap();
    let mut rest = Vec::new();
    // Ends when the relay closes; it would wait for ever otherwise.
    stream.read_to_end(&mut rest).await.unwrap();
    let centre = CentreId::from_bytes([1; 32]);
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /v1/{centre}/push HTTP/1.1\r\nhost: relay\r\ncontent-length: 100\r\n\r\nNGP1"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 400");
    relay.stop().await;
}

#[tokio::test]
async fn health_is_public_and_metrics_are_on_their_own_port_and_hold_counts_only() {
    let folder = TempDir::new().unwrap();
    let relay = Running::start(folder.path()).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let sent = write(&centre, 3);
    admin.push(&key, &sent).await;
    admin.push(&key, &sent[..1]).await;
    admin.pull(0, &[(TEAM, 0)]).await.unwrap();
    let health = admin.fetch("/healthz", &[]).await;
    assert_eq!(
        (
            health.status().as_u16(),
            health.text().await.unwrap().as_str()
        ),
        (200, "ok\n")
    );
    assert_eq!(admin.fetch("/metrics", &[]).await.status(), 404);
    let private = Client::new(&relay.metrics_url, admin.centre, &centre.admin);
    assert_eq!(private.fetch("/healthz", &[]).await.status(), 404);
    let text = private.fetch("/metrics", &[]).await.text().await.unwrap();
    for line in [
        "relay_envelopes_pushed_total{outcome=\"accepted\"} 3",
        "relay_envelopes_pushed_total{outcome=\"duplicate\"} 1",
        "relay_envelopes_pulled_total 3",
        "relay_membership_appends_total 1",
        "relay_live_connections 0",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let ids = [
        admin.centre.to_string(),
        member(1).to_string(),
        sent[0].id().to_string(),
    ];
    for id in ids {
        assert!(!text.contains(&id[..8]));
    }
    relay.stop().await;
}

#[tokio::test]
async fn an_empty_push_and_an_empty_pull_are_answered() {
    let folder = TempDir::new().unwrap();
    let relay = Running::start(folder.path()).await;
    let admin = opened(&relay, &MadeUpCentre::open(1).unwrap()).await;
    let key = admin.relay_key().await;
    assert!(admin.push(&key, &[]).await.is_empty());
    let body = PushRequest { envelopes: vec![] }.encode().unwrap();
    assert_eq!(body, b"NGP1");
    let body = PullRequest::default().encode();
    assert_eq!(admin.post(&admin.path("pull"), body, None).await.0, 401);
    relay.stop().await;
}
