//! Live connections: pokes for those they concern, and a close code for everyone else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/world.rs"]
mod world;

use futures_util::{SinkExt, StreamExt};
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

type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn listen(w: &World, client: &Client, seed: u8) -> Socket {
    let path = client.path("live");
    let url = format!("{}{path}", w.relay.url.replace("http", "ws"));
    let (mut socket, _) = connect_async(url).await.unwrap();
    let challenge = client.challenge().await;
    let signing = RequestSigning {
        method: "GET",
        path: &path,
        centre: client.centre,
        challenge,
        body: &[],
    };
    let hello = LiveHello(signing.sign(&signing_key(seed))).encode();
    socket.send(Message::Binary(hello.into())).await.unwrap();
    // A pong says that the hello was read before it.
    socket.send(Message::Ping(Vec::new().into())).await.unwrap();
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Pong(_) => return socket,
            Message::Close(frame) => panic!("closed with {frame:?}"),
            Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Frame(_) => {}
        }
    }
}

async fn next_poke(socket: &mut Socket) -> Result<Poke, u16> {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => return Ok(Poke::decode(&bytes).unwrap()),
            Message::Close(frame) => return Err(frame.unwrap().code.into()),
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}

#[tokio::test]
async fn pokes_reach_those_they_concern_and_nobody_else() {
    let mut w = World::open().await;
    let mut admin = listen(&w, &w.admin, 1).await;
    let mut volunteer = listen(&w, &w.volunteer, 2).await;
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
    let mut socket = listen(&w, &w.admin, 1).await;
    w.relay.stop().await;
    assert_eq!(next_poke(&mut socket).await, Err(1001));
}
