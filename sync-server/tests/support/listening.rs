//! A device that listens for pokes.

#![allow(dead_code, reason = "each test file uses its part")]

use futures_util::{SinkExt, StreamExt};
use sync_protocol::{
    frame::{LiveHello, Poke, RequestSigning},
    vectors::centre::signing_key,
};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use super::Client;

/// The client's end of a live connection.
pub(crate) type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Listens with the key of this seed, and waits until the relay has read the hello.
pub(crate) async fn listen(client: &Client, seed: u8) -> Socket {
    let path = client.path("live");
    let url = format!("{}{path}", client.url.replace("http", "ws"));
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

/// The next poke, or the code with which the relay closes.
pub(crate) async fn next_poke(socket: &mut Socket) -> Result<Poke, u16> {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => return Ok(Poke::decode(&bytes).unwrap()),
            Message::Close(frame) => return Err(frame.unwrap().code.into()),
            Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
    }
}
