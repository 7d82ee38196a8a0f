//! Devices that listen and have nothing to do: how many fit, and what each costs.

use futures_util::{SinkExt as _, StreamExt as _};
use sync_protocol::frame::LiveHello;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::{
    client::{Site, path},
    numbers::line,
    program::Program,
};

/// Connections of one device that the relay lets listen.
const EACH: usize = 8;

/// Connects, says hello, and weighs the relay's process before and after.
pub(crate) async fn measure(site: &Site, program: &Program, wanted: usize) {
    let before = program.memory_kb();
    let mut sockets = Vec::with_capacity(wanted);
    for number in 0..wanted {
        let Some(socket) = listen(site, number / EACH).await else {
            break;
        };
        sockets.push(socket);
    }
    let grown = program.memory_kb().saturating_sub(before);
    let reached = sockets.len();
    let each = grown / u64::try_from(reached.max(1)).unwrap();
    let whole = program.memory_kb() / 1024;
    line(
        &format!("{reached} idle live connections"),
        &format!("{each} kB each, the relay {whole} MB in all"),
        "10,000 in 300 MB, 10 kB each",
    );
}

/// Nothing if this system has no more connections to give.
async fn listen(site: &Site, centre: usize) -> Option<WebSocketStream<tokio::net::TcpStream>> {
    let centre = site.centres.get(centre)?;
    let address = site.url.strip_prefix("http://")?;
    let stream = tokio::net::TcpStream::connect(address).await.ok()?;
    // Two small messages follow each other; without this the second waits for the first one's receipt, 40 ms each time.
    stream.set_nodelay(true).ok()?;
    let path = path(centre, "live");
    let (mut socket, _) = client_async(format!("ws://{address}{path}"), stream)
        .await
        .ok()?;
    let signing = site.signing("GET", centre, &path, &[]);
    let hello = LiveHello(signing.sign(&site.key)).encode();
    socket.send(Message::Binary(hello.into())).await.ok()?;
    socket.send(Message::Ping(Vec::new().into())).await.ok()?;
    // A pong says that the hello was read before it.
    loop {
        match socket.next().await?.ok()? {
            Message::Pong(_) => return Some(socket),
            Message::Close(_) => return None,
            Message::Text(_) | Message::Binary(_) | Message::Ping(_) | Message::Frame(_) => {}
        }
    }
}
