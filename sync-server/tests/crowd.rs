//! A relay under more than it can take: what is refused, with which words, and what goes on all the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/process.rs"]
mod process;

#[path = "support/listening.rs"]
mod listening;

use std::{path::Path, process::Stdio, time::Duration};

use futures_util::StreamExt as _;
use listening::{listen, next_poke};
use process::{Client, Process, running::Running};
use sync_protocol::{
    Channel, DeviceId, DocumentId, EnvelopeKind, ErrorCode, InviteId, Ring, SealedEnvelope,
    frame::{Failure, PullRequest, PushCode, PushRequest},
    vectors::centre::{Author, MadeUpCentre, member, seal, signing_key},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const TEAM: Channel = Channel::Ring(Ring::Team);

fn file(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("relay.sqlite").display())
}

async fn opened(relay: &Running, centre: &MadeUpCentre) -> Client {
    let admin = relay.client(centre.membership.centre(), &centre.admin);
    admin.append(0, &centre.records).await.unwrap();
    admin
}

async fn connected(url: &str) -> TcpStream {
    let address = url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// Sends what it can of a request and reads the answer's head.
async fn head_of(url: &str, bytes: &[u8]) -> String {
    let mut stream = connected(url).await;
    // The relay may have answered and closed before it was told everything.
    let _closed = stream.write_all(bytes).await;
    let mut heard = vec![0; 512];
    let read = stream.read(&mut heard).await.unwrap();
    String::from_utf8_lossy(&heard[..read]).into_owned()
}

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn ten_gigabytes_are_refused_whether_they_are_claimed_or_just_go_on() {
    let folder = TempDir::new().unwrap();
    let relay = Process::start(&file(folder.path()), Stdio::null()).await;
    let centre = MadeUpCentre::open(1).unwrap().membership.centre();
    for call in ["push", "pull", "membership"] {
        let start = format!("POST /v1/{centre}/{call} HTTP/1.1\r\nhost: relay\r\n");
        let claimed = format!("{start}content-length: 10000000000\r\n\r\n");
        let head = head_of(&relay.url, claimed.as_bytes()).await;
        assert!(head.starts_with("HTTP/1.1 413"), "{call}: {head}");

        // Parts of 64 KiB without an end: the answer comes while there is still more.
        let mut stream = connected(&relay.url).await;
        let endless = format!("{start}transfer-encoding: chunked\r\n\r\n");
        stream.write_all(endless.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let flood = tokio::spawn(async move {
            let part = [b"10000\r\n".as_slice(), &vec![7; 65_536], b"\r\n"].concat();
            let mut sent = 0_u64;
            while writing.write_all(&part).await.is_ok() {
                sent += 65_536;
            }
            sent
        });
        let mut status = [0; 12];
        reading.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 413", "{call}");
        drop(reading);
        assert!(flood.await.unwrap() < 1_000_000_000, "{call}");
    }
    assert!(relay.terminate().await.status.success());
}

#[tokio::test]
async fn one_connection_too_many_is_told_to_come_back_and_may_when_another_has_left() {
    let folder = TempDir::new().unwrap();
    let flags = ["--max-connections", "2"];
    let relay = Process::with(&file(folder.path()), Stdio::null(), &flags).await;
    let mut first = connected(&relay.url).await;
    let second = connected(&relay.url).await;
    let third = head_of(&relay.url, b"").await;
    assert!(third.starts_with("HTTP/1.1 503"), "{third}");
    assert!(third.contains("retry-after: 5"), "{third}");
    // Those who are in are served.
    first.write_all(HEALTH).await.unwrap();
    let mut answer = String::new();
    first.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(second);
    // The relay hears that somebody left a moment later.
    while !head_of(&relay.url, HEALTH)
        .await
        .starts_with("HTTP/1.1 200")
    {}
    assert!(relay.terminate().await.status.success());
}

#[tokio::test]
async fn one_address_has_its_own_limit_where_the_operator_sets_one() {
    let folder = TempDir::new().unwrap();
    let flags = ["--max-connections-per-address", "1"];
    let relay = Process::with(&file(folder.path()), Stdio::null(), &flags).await;
    let _first = connected(&relay.url).await;
    let second = head_of(&relay.url, b"").await;
    assert!(second.starts_with("HTTP/1.1 503"), "{second}");
    assert!(relay.terminate().await.status.success());
}

/// The beginning of a push, so long that it takes what room there is.
async fn half_a_push(relay: &Running, client: &Client, bytes: usize) -> TcpStream {
    let mut stream = connected(&relay.url).await;
    let path = client.path("push");
    let length = 2 * bytes;
    let head = format!("POST {path} HTTP/1.1\r\nhost: relay\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![7; bytes]).await.unwrap();
    stream
}

#[tokio::test]
async fn when_pushes_fill_their_room_others_wait_and_everything_else_goes_on() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.push_memory = 256 * 1024).await;
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Team]).unwrap();
    centre
        .append(centre.invite([7; 16], member(1), &[8; 32]))
        .unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let envelope = Author::new(centre.admin.clone(), TEAM, 1)
        .write(&centre.membership, 10)
        .unwrap();
    let blocking = half_a_push(&relay, &admin, 250 * 1024).await;
    let body = PushRequest {
        envelopes: vec![envelope.bytes()],
    };
    let body = body.encode().unwrap();
    // Until what was sent has arrived there is still room.
    let refused = loop {
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            admin.path("push"),
            body.len()
        );
        let mut stream = connected(&relay.url).await;
        stream
            .write_all(&[head.as_bytes(), &body].concat())
            .await
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        if answer.starts_with(b"HTTP/1.1 503") {
            break answer;
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"));
    };
    let end = refused
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    assert!(String::from_utf8_lossy(&refused[..end]).contains("retry-after: 2"));
    let failure = Failure::decode(&refused[end + 4..]).unwrap();
    assert_eq!(failure.code, ErrorCode::Unavailable);

    admin.pull(0, &[(TEAM, 0)]).await.unwrap();
    admin
        .mailbox(InviteId::of(&[7; 16]), [8; 32], 0, Some(b"sealed"))
        .await
        .unwrap();
    let device = DeviceId::of(&signing_key(2).verifying_key());
    let expected = centre.membership.length();
    let revoked = centre.append(centre.device_revoke(device)).unwrap();
    admin.append(expected, &[revoked]).await.unwrap();

    drop(blocking);
    loop {
        let (status, _) = admin.post(&admin.path("push"), body.clone(), None).await;
        if status == 200 {
            break;
        }
        assert_eq!(status, 503);
    }
    assert!(admin.push_one(&key, &envelope).await.is_stored());
    relay.stop().await;
}

#[tokio::test]
async fn a_length_that_is_only_claimed_takes_no_room() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.push_memory = 1024 * 1024).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let mut claims = Vec::new();
    for _ in 0..40 {
        let mut stream = connected(&relay.url).await;
        let path = admin.path("push");
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: relay\r\ncontent-length: 8000000\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        claims.push(stream);
    }
    let envelope = Author::new(centre.admin.clone(), TEAM, 1)
        .write(&centre.membership, 10)
        .unwrap();
    assert_eq!(admin.push_one(&key, &envelope).await, PushCode::Accepted);
    relay.stop().await;
}

#[tokio::test]
async fn who_asks_for_pages_and_does_not_read_them_is_left() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| {
        config.write_time = Duration::from_millis(100);
        config.max_connections = 2;
    })
    .await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let mut author = Author::new(centre.admin.clone(), TEAM, 1);
    let large = author.write(&centre.membership, 900_000).unwrap();
    let second = author.write(&centre.membership, 900_000).unwrap();
    admin.push(&key, &[large, second]).await;
    let request = PullRequest {
        membership_held: 0,
        channels: vec![(TEAM, 0)],
        wait_ms: 0,
    };
    let (body, path) = (request.encode(), admin.path("pull"));
    let proof = admin.proof(admin.challenge().await, &path, &body);
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: relay\r\nauthorization: {proof}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let ask = [head.as_bytes(), &body].concat();
    drop(admin);
    let mut deaf = connected(&relay.url).await;
    // More pages than the system keeps for a reader who does not read; in the end nobody takes the requests either.
    for _ in 0..20 {
        if deaf.write_all(&ask).await.is_err() {
            break;
        }
    }
    // There is one more place; that both can be had at once shows that the deaf one was let go.
    loop {
        let (mut one, mut other) = (connected(&relay.url).await, connected(&relay.url).await);
        let mut answers = [String::new(), String::new()];
        for (stream, answer) in [&mut one, &mut other].into_iter().zip(&mut answers) {
            let _closed = stream.write_all(HEALTH).await;
            let _reset = stream.read_to_string(answer).await;
        }
        if answers
            .iter()
            .all(|answer| answer.starts_with("HTTP/1.1 200"))
        {
            break;
        }
    }
    drop(deaf);
    relay.stop().await;
}

#[tokio::test]
async fn a_device_that_sends_too_fast_still_vouches_for_what_it_holds() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.device_burst = 1).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let key = admin.relay_key().await;
    let mut author = Author::new(centre.admin.clone(), TEAM, 1);
    let written: Vec<SealedEnvelope> = (0..2)
        .map(|_| author.write(&centre.membership, 10).unwrap())
        .collect();
    assert_eq!(admin.push_one(&key, &written[0]).await, PushCode::Accepted);
    assert_eq!(admin.push_one(&key, &written[1]).await, PushCode::SlowDown);
    let mut header = Author::new(centre.admin.clone(), TEAM, 2).header(&centre.membership, 10);
    header.kind = EnvelopeKind::Attest;
    header.document = DocumentId::NONE;
    let attest = seal(&header, &centre.admin).unwrap();
    assert_eq!(admin.push_one(&key, &attest).await, PushCode::Accepted);
    relay.stop().await;
}

#[tokio::test]
async fn only_so_many_listen_at_once_and_one_device_does_not_take_all_the_seats() {
    let folder = TempDir::new().unwrap();
    let relay = Running::with(folder.path(), |config| config.max_live = 9).await;
    let centre = MadeUpCentre::open(1).unwrap();
    let admin = opened(&relay, &centre).await;
    let mut sockets = Vec::new();
    for _ in 0..8 {
        sockets.push(listen(&admin, 1).await);
    }
    let url = format!("{}{}", admin.url.replace("http", "ws"), admin.path("live"));
    let mut ninth = hello(&admin, &url).await;
    assert_eq!(next_poke(&mut ninth).await, Err(1013));
    drop(ninth);
    // One seat is left, and may be free a moment after the ninth has gone.
    let last = loop {
        if let Ok((socket, _)) = tokio_tungstenite::connect_async(&url).await {
            break socket;
        }
    };
    let refused = tokio_tungstenite::connect_async(&url).await.unwrap_err();
    let tokio_tungstenite::tungstenite::Error::Http(answer) = refused else {
        panic!("expected an answer, found {refused}");
    };
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    drop(last);
    for socket in &mut sockets {
        socket.close(None).await.unwrap();
        while socket.next().await.is_some() {}
    }
    relay.stop().await;
}

async fn hello(client: &Client, url: &str) -> listening::Socket {
    use futures_util::SinkExt as _;
    use sync_protocol::frame::{LiveHello, RequestSigning};
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let path = client.path("live");
    let signing = RequestSigning {
        method: "GET",
        path: &path,
        centre: client.centre,
        challenge: client.challenge().await,
        body: &[],
    };
    let hello = LiveHello(signing.sign(&signing_key(1))).encode();
    let message = tokio_tungstenite::tungstenite::Message::Binary(hello.into());
    socket.send(message).await.unwrap();
    socket
}
