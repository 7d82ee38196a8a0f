//! Requests to the real relay over a real socket: bodies made wrong, heads made wrong, hellos made wrong.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use ed25519_dalek::SigningKey;
use sync_protocol::{
    CentreId, Channel, ErrorCode, InviteId, Ring, SealedEnvelope,
    frame::{
        Challenge, Failure, LiveHello, MailboxRequest, MembershipRequest, PullRequest, PushRequest,
        RequestSigning,
    },
    vectors::centre::{Author, CLAIMED_MS, MadeUpCentre, signing_key},
};

use crate::{
    fuzz::{
        mutation::{Chance, Corpus},
        run::{Notes, Target},
        wire,
    },
    relay_process::Relay,
};

/// Rounds between two looks at whether the relay still does its work.
const BETWEEN: u64 = 100;

/// A relay with one centre, and what is sent to it.
pub(crate) struct Calls {
    relay: Relay,
    centre: MadeUpCentre,
    challenge: Challenge,
    push: Corpus,
    pull: Corpus,
    membership: Corpus,
    mailbox: Corpus,
    hello: Corpus,
    honest: Author,
    rounds: u64,
}

/// What came back: a status, whether the body is one of ours, the body.
struct Answer {
    status: u16,
    is_ours: bool,
    body: Vec<u8>,
}

impl Calls {
    pub(crate) fn make() -> Box<dyn Target> {
        let relay = Relay::start("fuzz-calls", CLAIMED_MS);
        let centre = wire::made_up();
        let team = Channel::Ring(Ring::Team);
        let mut author = Author::new(signing_key(2), team, 5);
        let written: Vec<_> = (0..3)
            .map(|_| author.write(&centre.membership, 40).unwrap())
            .collect();
        let envelopes = written.iter().map(SealedEnvelope::bytes).collect();
        let records: Vec<Vec<u8>> = centre
            .records
            .iter()
            .map(|record| record.bytes().to_vec())
            .collect();
        let pull = PullRequest {
            membership_held: 2,
            channels: vec![(team, 0), (Channel::Ring(Ring::Office), 7)],
            wait_ms: 0,
        };
        let membership = MembershipRequest {
            expected: 0,
            records: records.clone(),
        };
        let mailbox = MailboxRequest {
            token: [5; 32],
            after: 0,
            message: Some(vec![1; 60]),
        };
        let mut calls = Self {
            challenge: Challenge::from_bytes([0; 56]),
            push: Corpus::new(vec![PushRequest { envelopes }.encode().unwrap()]),
            pull: Corpus::new(vec![pull.encode()]),
            membership: Corpus::new(vec![membership.encode()]),
            mailbox: Corpus::new(vec![mailbox.encode()]),
            hello: Corpus::new(vec![vec![0]]),
            honest: Author::new(signing_key(1), team, 9),
            rounds: 0,
            relay,
            centre,
        };
        let opened = calls.post(&calls.path("membership"), &membership.encode(), "", false);
        assert_eq!(opened.expect("the relay answers").status, 200);
        let unproved = calls
            .post(&calls.path("pull"), &pull.encode(), "", false)
            .unwrap();
        let failure = Failure::decode(&unproved.body).unwrap();
        calls.challenge = failure.challenge.expect("a refusal brings a challenge");
        let hello = LiveHello(
            calls
                .signing("GET", &calls.path("live"), &[])
                .sign(&signing_key(1)),
        );
        calls.hello = Corpus::new(vec![hello.encode()]);
        Box::new(calls)
    }

    fn id(&self) -> CentreId {
        self.centre.membership.centre()
    }

    fn path(&self, call: &str) -> String {
        format!("/v1/{}/{call}", self.id())
    }

    fn signing<'a>(&self, method: &'a str, path: &'a str, body: &'a [u8]) -> RequestSigning<'a> {
        RequestSigning {
            method,
            path,
            centre: self.id(),
            challenge: self.challenge,
            body,
        }
    }

    /// Sends a request and reads what comes until the relay closes; nothing if it closes without a word.
    fn post(&self, path: &str, body: &[u8], headers: &str, is_chunked: bool) -> Option<Answer> {
        let mut head =
            format!("POST {path} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n{headers}");
        let mut bytes = Vec::new();
        if is_chunked {
            head.push_str("transfer-encoding: chunked\r\n\r\n");
            bytes.extend_from_slice(head.as_bytes());
            for part in body.chunks(777) {
                bytes.extend(format!("{:x}\r\n", part.len()).as_bytes());
                bytes.extend_from_slice(part);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend(format!("{head}content-length: {}\r\n\r\n", body.len()).as_bytes());
            bytes.extend_from_slice(body);
        }
        self.send(&bytes, false)
    }

    /// The relay may close without a word if it hears that nothing more will come.
    fn send(&self, bytes: &[u8], is_all: bool) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.relay.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        // It may answer and close before it has read everything.
        let _closed = stream.write_all(bytes);
        if is_all {
            let _closed = stream.shutdown(Shutdown::Write);
        }
        let mut answered = Vec::new();
        let _reset = stream.read_to_end(&mut answered);
        answer(&answered)
    }

    fn say_hello(&self, frame: &[u8]) -> Vec<u8> {
        let path = self.path("live");
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: relay\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        let mut stream = TcpStream::connect(self.relay.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        let _closed = stream.write_all(&[head.as_bytes(), frame].concat());
        let mut answered = Vec::new();
        let _reset = stream.read_to_end(&mut answered);
        answered
    }

    /// An honest device is still served.
    fn check(&mut self) {
        let envelope = self.honest.write(&self.centre.membership, 30).unwrap();
        let body = PushRequest {
            envelopes: vec![envelope.bytes()],
        };
        let answer = self.post(&self.path("push"), &body.encode().unwrap(), "", false);
        let answer = answer.expect("the relay answers an honest push");
        assert_eq!(
            (answer.status, answer.body[6]),
            (200, 0),
            "an honest push is accepted"
        );
    }
}

impl Target for Calls {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        self.rounds += 1;
        if self.rounds.is_multiple_of(BETWEEN) {
            self.check();
        }
        let invite = InviteId::of(&[6; 16]);
        let place = chance.below(6);
        let (path, corpus) = match place {
            0 => (self.path("push"), &self.push),
            1 => (self.path("pull"), &self.pull),
            2 => (self.path("membership"), &self.membership),
            3 => (format!("/v1/mailbox/{invite}"), &self.mailbox),
            4 => return self.hello_round(chance, notes),
            _ => return self.head_round(chance, notes),
        };
        let body = corpus.wrong(chance);
        notes.trying(&[path.as_bytes(), b"\n", &body].concat());
        let headers = if place == 1 {
            let key: SigningKey = signing_key(*chance.pick(&[1, 2, 3, 9]));
            format!(
                "authorization: {}\r\n",
                self.signing("POST", &path, &body).sign(&key).header()
            )
        } else {
            String::new()
        };
        let answer = self.post(&path, &body, &headers, chance.one_in(4));
        let answer = answer.expect("whatever the body, there is an answer");
        must_be_ours(&answer);
        if answer.status == 200 {
            notes.taken();
            let corpus = [
                &mut self.push,
                &mut self.pull,
                &mut self.membership,
                &mut self.mailbox,
            ];
            corpus.into_iter().nth(place).unwrap().keep(&body, chance);
        }
    }
}

impl Calls {
    fn hello_round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        let hello = self.hello.wrong(chance);
        // A client masks what it sends; a mask of noughts leaves it readable.
        let length = u16::try_from(hello.len().min(5000)).unwrap();
        let opcode = if chance.one_in(8) {
            chance.bytes(1)[0]
        } else {
            0x82
        };
        let mut frame = vec![opcode, 0x80 | 0x7E];
        frame.extend(length.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(&hello[..usize::from(length)]);
        frame.extend([0x88, 0x80, 0, 0, 0, 0]);
        notes.trying(&frame);
        let answered = self.say_hello(&frame);
        assert!(
            answered.starts_with(b"HTTP/1.1 101"),
            "{}",
            String::from_utf8_lossy(&answered)
        );
        if self.hello.real(chance) == hello {
            notes.taken();
        }
    }

    /// The head is made wrong too: then hyper answers, or closes without a word.
    fn head_round(&self, chance: &mut Chance, notes: &mut Notes) {
        let body = self.pull.real(chance);
        let call: &str = chance.pick::<&str>(&["push", "pull", "membership", "live", "", "%00"]);
        let path = self.path(call);
        let method = chance.pick(&["POST", "GET", "HEAD", "DELETE", "OPTIONS"]);
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\
             authorization: NG-Device AAAA\r\ncontent-length: {length}\r\n\r\n"
        );
        let mut bytes = head.into_bytes();
        for _ in 0..=chance.below(3) {
            crate::fuzz::mutation::mutate(&mut bytes, &body, chance);
        }
        bytes.extend(body);
        notes.trying(&bytes);
        if let Some(Answer { status, .. }) = self.send(&bytes, true) {
            assert!(status < 500, "found {status}");
        }
    }
}

fn answer(answered: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(answered);
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .or_else(|| text.strip_prefix("HTTP/1.0 "))?;
    let end = answered.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answered[..end]).to_lowercase();
    Some(Answer {
        status: status.get(..3)?.parse().ok()?,
        is_ours: head.contains("application/octet-stream"),
        body: answered[end + 4..].to_vec(),
    })
}

/// A code of the protocol with its own status; where HTTP itself is broken, what hyper says.
fn must_be_ours(answer: &Answer) {
    let Answer {
        status,
        is_ours,
        body,
    } = answer;
    assert!(*status < 500, "found {status}");
    if *is_ours && *status != 200 && !body.is_empty() {
        let failure = Failure::decode(body).expect("a refusal is one of the protocol's");
        assert_eq!(failure.code.status(), *status);
        assert_ne!(failure.code, ErrorCode::Unavailable);
    } else if !*is_ours {
        assert!(
            [101, 200, 304, 400, 404, 405, 414, 426, 431].contains(status),
            "found {status}"
        );
    }
}
