//! The real binary: killed in the middle of pushes it loses nothing acknowledged, and it keeps ids to itself.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/running.rs"]
mod running;

use std::{
    path::Path,
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use running::Client;
use sync_protocol::{
    ChainHash, Channel, EnvelopeId, InviteId, Ring, SealedEnvelope,
    frame::{PushCode, PushRequest},
    vectors::centre::{Author, MadeUpCentre, member, signing_key},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::Notify,
};

const ROUNDS: usize = 10;
const WRITERS: u64 = 4;

struct Process {
    child: Child,
    url: String,
}

impl Process {
    async fn start(folder: &Path, stderr: Stdio) -> Self {
        let store = format!("sqlite:{}", folder.join("relay.sqlite").display());
        let mut child = Command::new(env!("CARGO_BIN_EXE_sync-server"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--store",
                &store,
                "--log",
                "json",
            ])
            .stdout(Stdio::piped())
            .stderr(stderr)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().unwrap();
        let url = line.strip_prefix("listening on ").unwrap().to_owned();
        Self { child, url }
    }

    async fn terminate(self) -> Output {
        let id = self.child.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .await
                .unwrap()
                .success()
        );
        self.child.wait_with_output().await.unwrap()
    }
}

/// Everything that was acknowledged, over all rounds: channel, seq, id.
type Acknowledged = Arc<Mutex<Vec<(Channel, u64, EnvelopeId)>>>;

/// Writes until the relay is gone; what got no answer is sent again first in the next round.
struct Writer {
    author: Author,
    unanswered: Vec<SealedEnvelope>,
}

impl Writer {
    async fn run(
        mut self,
        url: String,
        centre: MadeUpCentre,
        kept: Acknowledged,
        busy: Arc<Notify>,
    ) -> Self {
        let http = reqwest::Client::new();
        let url = format!("{url}/v1/{}/push", centre.membership.centre());
        loop {
            while self.unanswered.len() < 5 {
                self.unanswered
                    .push(self.author.write(&centre.membership, 400).unwrap());
            }
            let envelopes = self.unanswered.iter().map(SealedEnvelope::bytes).collect();
            let body = PushRequest { envelopes }.encode().unwrap();
            let Ok(answer) = http.post(&url).body(body).send().await else {
                return self;
            };
            let Ok(answer) = answer.bytes().await else {
                return self;
            };
            let mut kept = kept.lock().unwrap();
            for (outcome, envelope) in outcomes(&answer).zip(self.unanswered.drain(..)) {
                assert!(outcome.0.is_stored(), "{outcome:?}");
                kept.push((self.author.channel, outcome.1, envelope.id()));
            }
            busy.notify_one();
        }
    }
}

/// The signature of a receipt is checked elsewhere; here only the codes count.
fn outcomes(answer: &[u8]) -> impl Iterator<Item = (PushCode, u64)> {
    assert_eq!(&answer[..4], b"NGR1");
    let count = usize::from(u16::from_be_bytes([answer[4], answer[5]]));
    answer[6..6 + 9 * count].chunks(9).map(|outcome| {
        let code = PushCode::from_number(outcome[0]).unwrap();
        (code, u64::from_be_bytes(outcome[1..].try_into().unwrap()))
    })
}

async fn held(client: &Client, channel: Channel) -> Vec<EnvelopeId> {
    let mut ids = Vec::new();
    let mut chain = ChainHash::START;
    loop {
        let after = u64::try_from(ids.len()).unwrap();
        let mut answer = client.pull(0, &[(channel, after)]).await.unwrap();
        let Some(page) = answer.pages.pop() else {
            return ids;
        };
        for (seq, bytes) in page.envelopes {
            assert_eq!(seq, u64::try_from(ids.len()).unwrap() + 1);
            let id = SealedEnvelope::parse(bytes).unwrap().id();
            chain = chain.next(id);
            ids.push(id);
        }
        if !answer.more {
            assert_eq!(page.head_chain, chain);
            return ids;
        }
    }
}

fn random_below(limit: u32) -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap();
    u32::from_be_bytes(bytes) % limit
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_killed_during_pushes_loses_nothing_acknowledged() {
    let folder = TempDir::new().unwrap();
    let centre = MadeUpCentre::open(1).unwrap();
    let id = centre.membership.centre();
    let channels = [Channel::Ring(Ring::Team), Channel::Ring(Ring::Office)];
    let kept = Acknowledged::default();
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|stream| {
            let channel = channels[usize::try_from(stream).unwrap() % 2];
            let author = Author::new(signing_key(1), channel, stream);
            Writer {
                author,
                unanswered: Vec::new(),
            }
        })
        .collect();
    for round in 0..ROUNDS {
        let mut relay = Process::start(folder.path(), Stdio::null()).await;
        let client = Client::new(&relay.url, id, &centre.admin);
        client.append(0, &centre.records).await.unwrap();
        for channel in channels {
            let held = held(&client, channel).await;
            for (_, seq, id) in kept.lock().unwrap().iter().filter(|(c, ..)| *c == channel) {
                let at = usize::try_from(*seq).unwrap() - 1;
                assert_eq!(held.get(at), Some(id), "round {round}, seq {seq}");
            }
        }
        let busy = Arc::new(Notify::new());
        let tasks: Vec<_> = writers
            .drain(..)
            .map(|writer| {
                let (kept, busy) = (Arc::clone(&kept), Arc::clone(&busy));
                tokio::spawn(writer.run(relay.url.clone(), centre.clone(), kept, busy))
            })
            .collect();
        // The kill falls after so many answers, at no particular place in the next ones.
        for _ in 0..=random_below(40) {
            busy.notified().await;
        }
        relay.child.start_kill().unwrap();
        relay.child.wait().await.unwrap();
        for task in tasks {
            writers.push(task.await.unwrap());
        }
    }
    assert!(kept.lock().unwrap().len() > ROUNDS);
    let store = folder.path().join("relay.sqlite");
    let check = Command::new(env!("CARGO_BIN_EXE_sync-server"))
        .args(["check".as_ref(), store.as_os_str()])
        .output()
        .await
        .unwrap();
    assert!(
        check.status.success(),
        "{}",
        String::from_utf8_lossy(&check.stderr)
    );
    assert!(String::from_utf8_lossy(&check.stdout).starts_with("centres 1, membership records 1,"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_and_the_backup_of_a_used_relay_hold_no_ids_and_no_canary() {
    let folder = TempDir::new().unwrap();
    let relay = Process::start(folder.path(), Stdio::piped()).await;
    let mut centre = MadeUpCentre::open(1).unwrap();
    let token = *b"canary-token-canary-token-canary";
    centre
        .append(centre.invite([7; 16], member(1), &token))
        .unwrap();
    let invite = InviteId::of(&[7; 16]);
    let client = Client::new(&relay.url, centre.membership.centre(), &centre.admin);
    client.append(0, &centre.records).await.unwrap();
    let mut author = Author::new(signing_key(1), Channel::Ring(Ring::Team), 1);
    let envelope = author.write(&centre.membership, 10).unwrap();
    let key = client.relay_key().await;
    client.push(&key, std::slice::from_ref(&envelope)).await;
    client.push_bytes(&key, &[b"canary-in-no-envelope"]).await;
    client
        .mailbox(invite, token, 0, Some(b"sealed"))
        .await
        .unwrap();
    client.mailbox(invite, [0; 32], 0, None).await.unwrap_err();
    client.fetch("/canary-path?canary=query", &[]).await;
    client
        .post(&client.path("membership"), b"canary-body".to_vec(), None)
        .await;
    let copy = folder.path().join("copy.sqlite");
    let backup = Command::new(env!("CARGO_BIN_EXE_sync-server"))
        .args(["backup", "--store"])
        .arg(format!(
            "sqlite:{}",
            folder.path().join("relay.sqlite").display()
        ))
        .arg(&copy)
        .output()
        .await
        .unwrap();
    assert!(
        backup.status.success(),
        "{}",
        String::from_utf8_lossy(&backup.stderr)
    );
    let output = relay.terminate().await;
    assert!(output.status.success());
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(
        log.contains("/v1/{centre}/push") && log.contains("relay stopped"),
        "{log}"
    );
    let device = author.header(&centre.membership, 1).author;
    let ids = [
        centre.membership.centre().to_string(),
        device.to_string(),
        envelope.id().to_string(),
        invite.to_string(),
        member(1).to_string(),
    ];
    for id in &ids {
        assert!(!log.contains(&id[..8]), "an id is in the log");
    }
    assert!(!log.contains("canary"), "{log}");
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"canary"));
}

#[tokio::test]
async fn help_names_every_flag_and_its_variable() {
    let output = Command::new(env!("CARGO_BIN_EXE_sync-server"))
        .args(["serve", "--help"])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for flag in [
        "LISTEN",
        "STORE",
        "APP_DIR",
        "METRICS_LISTEN",
        "CENTRE_QUOTA_MB",
        "LOG",
    ] {
        assert!(
            text.contains(&format!("NEUTRAL_GROUND_{flag}")),
            "{flag} in {text}"
        );
        let long = flag.to_lowercase().replace('_', "-");
        assert!(text.contains(&format!("--{long}")), "{long} in {text}");
    }
}
