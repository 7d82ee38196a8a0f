//! Live connections: pokes for those they concern, and a close code for everyone else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/listening.rs"]
mod listening;
#[path = "support/world.rs"]
mod world;

use futures_util::SinkExt;
use listening::{listen, next_poke};
use sync_protocol::{
    Channel, DeviceId, Ring,
    frame::{LiveHello, Poke, RequestSigning},
    id::InviteId,
    limits::CHALLENGE_MS,
    vectors::centre::{member, signing_key},
};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use world::{Client, World, author};

const TEAM: Channel = Channel::Ring(Ring::Team);
const OFFICE: Channel = Channel::Ring(Ring::Office);

#[tokio::test]
async fn pokes_reach_those_they_concern_and_nobody_else() {
    let mut w = World::open().await;
    let mut admin = listen(&w.admin, 1).await;
    let mut volunteer = listen(&w.volunteer, 2).await;
    let office = w.write(&mut author(1, OFFICE), 1);
    w.admin.push(&w.key, &office).await;
    let team = w.write(&mut author(1, TEAM), 2);
    w.admin.push(&w.key, &team).await;
    assert_eq!(
        next_poke(&mut admin).await,
        Ok(Poke::Channel {
            channel: OFFICE,
            seq: 1
        })
    );
    assert_eq!(
        next_poke(&mut admin).await,
        Ok(Poke::Channel {
            channel: TEAM,
            seq: 2
        })
    );
    assert_eq!(
        next_poke(&mut volunteer).await,
        Ok(Poke::Channel {
            channel: TEAM,
            seq: 2
        })
    );
    w.append(w.centre.invite([7; 16], member(2), &[8; 32]))
        .await;
    assert_eq!(
        next_poke(&mut admin).await,
        Ok(Poke::Membership { length: 4 })
    );
    assert_eq!(
        next_poke(&mut volunteer).await,
        Ok(Poke::Membership { length: 4 })
    );
    let invite = InviteId::of(&[7; 16]);
    w.admin
        .mailbox(invite, [8; 32], 0, Some(b"hello"))
        .await
        .unwrap();
    assert_eq!(next_poke(&mut admin).await, Ok(Poke::Mailbox));
    let device = DeviceId::of(&signing_key(2).verifying_key());
    w.append(w.centre.device_revoke(device)).await;
    assert_eq!(next_poke(&mut volunteer).await, Err(4403));
    assert_eq!(
        next_poke(&mut admin).await,
        Ok(Poke::Membership { length: 5 })
    );
    w.relay.stop().await;
}

#[tokio::test]
async fn a_live_connection_needs_a_good_hello() {
    let w = World::open().await;
    let path = w.admin.path("live");
    let url = format!("{}{path}", w.relay.url.replace("http", "ws"));
    let challenge = w.admin.challenge().await;
    let hello = |seed, path: &str| {
        let centre = w.admin.centre;
        let signing = RequestSigning {
            method: "GET",
            path,
            centre,
            challenge,
            body: &[],
        };
        LiveHello(signing.sign(&signing_key(seed))).encode()
    };
    let cases = [
        (b"no hello".to_vec(), 4400),
        (hello(9, &path), 4403),
        (hello(1, "/v1/elsewhere/live"), 4403),
    ];
    for (first, code) in cases {
        let (mut socket, _) = connect_async(&url).await.unwrap();
        socket.send(Message::Binary(first.into())).await.unwrap();
        assert_eq!(next_poke(&mut socket).await, Err(code));
    }
    w.relay.pass(i64::try_from(CHALLENGE_MS).unwrap());
    let (mut socket, _) = connect_async(&url).await.unwrap();
    socket
        .send(Message::Binary(hello(1, &path).into()))
        .await
        .unwrap();
    assert_eq!(next_poke(&mut socket).await, Err(4401));
    w.relay.stop().await;
}

#[tokio::test]
async fn a_stopping_relay_says_goodbye_to_those_who_listen() {
    let w = World::open().await;
    let mut socket = listen(&w.admin, 1).await;
    w.relay.stop().await;
    assert_eq!(next_poke(&mut socket).await, Err(1001));
}
