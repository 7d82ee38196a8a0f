//! The real binary: killed in the middle of pushes it loses nothing acknowledged, and it keeps ids to itself.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/database.rs"]
mod database;
#[path = "support/process.rs"]
mod process;

use std::{collections::BTreeSet, path::Path, process::Stdio, sync::Arc};

use database::Database;
use process::{Acknowledged, Client, Process, Writer, random_below};
use sync_protocol::{
    ChainHash, Channel, EnvelopeId, InviteId, Ring, SealedEnvelope,
    vectors::centre::{Author, MadeUpCentre, member, signing_key},
};
use tempfile::TempDir;
use tokio::{process::Command, sync::Notify};

/// How often each store's relay is killed; `NG_KILLS` sets another number.
const KILLS: usize = 100;
const WRITERS: u64 = 4;
const CHANNELS: [Channel; 2] = [Channel::Ring(Ring::Team), Channel::Ring(Ring::Office)];

fn file(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("relay.sqlite").display())
}

/// What the relay had of a channel when it was last looked at.
struct Seen {
    channel: Channel,
    ids: Vec<EnvelopeId>,
    chain: ChainHash,
}

impl Seen {
    /// Looks at what is new: it follows what was there, without a gap, and the head recomputes from all of it.
    async fn look(&mut self, client: &Client) {
        loop {
            let after = u64::try_from(self.ids.len()).unwrap();
            let mut answer = client.pull(0, &[(self.channel, after)]).await.unwrap();
            let Some(page) = answer.pages.pop() else {
                return;
            };
            for (seq, bytes) in page.envelopes {
                assert_eq!(seq, u64::try_from(self.ids.len()).unwrap() + 1);
                let id = SealedEnvelope::parse(bytes).unwrap().id();
                self.chain = self.chain.next(id);
                self.ids.push(id);
            }
            if !answer.more {
                assert_eq!(page.head_chain, self.chain);
                return;
            }
        }
    }

    /// Everything acknowledged so far is where it was said to be.
    fn holds(&self, kept: &Acknowledged) {
        let kept = kept.lock().unwrap();
        for (_, seq, id) in kept.iter().filter(|(channel, ..)| *channel == self.channel) {
            let at = usize::try_from(*seq).unwrap() - 1;
            assert_eq!(self.ids.get(at), Some(id), "seq {seq}");
        }
    }

    fn has_no_doubles(&self) {
        let once: BTreeSet<_> = self.ids.iter().collect();
        assert_eq!(once.len(), self.ids.len(), "nothing is there twice");
    }
}

/// A relay over this store, killed again and again while four devices push without a pause.
async fn kill_again_and_again(store: &str) {
    let kills = std::env::var("NG_KILLS").ok();
    let kills = kills.map_or(KILLS, |kills| kills.parse().unwrap());
    let centre = MadeUpCentre::open(1).unwrap();
    let id = centre.membership.centre();
    let kept = Acknowledged::default();
    let mut seen = CHANNELS.map(|channel| Seen {
        channel,
        ids: Vec::new(),
        chain: ChainHash::START,
    });
    let mut writers: Vec<Writer> = (0..WRITERS)
        .map(|stream| {
            let channel = CHANNELS[usize::try_from(stream).unwrap() % 2];
            Writer {
                author: Author::new(signing_key(1), channel, stream),
                unanswered: Vec::new(),
            }
        })
        .collect();
    for round in 0..=kills {
        let mut relay = Process::start(store, Stdio::null()).await;
        let client = Client::new(&relay.url, id, &centre.admin);
        client.append(0, &centre.records).await.unwrap();
        for channel in &mut seen {
            channel.look(&client).await;
            channel.holds(&kept);
        }
        if round == kills {
            assert!(relay.terminate().await.status.success());
            break;
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
        for _ in 0..=random_below(16) {
            busy.notified().await;
        }
        relay.child.start_kill().unwrap();
        relay.child.wait().await.unwrap();
        for task in tasks {
            writers.push(task.await.unwrap());
        }
    }
    seen.iter().for_each(Seen::has_no_doubles);
    let acknowledged = kept.lock().unwrap().len();
    assert!(acknowledged > kills);
    println!("{kills} kills, {acknowledged} envelopes acknowledged");
}

/// The operator's own proof of what is left.
async fn check(store: &str) {
    let check = Command::new(env!("CARGO_BIN_EXE_sync-server"))
        .args(["check", store])
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
async fn a_relay_killed_during_pushes_loses_nothing_acknowledged() {
    let folder = TempDir::new().unwrap();
    let store = file(folder.path());
    kill_again_and_again(&store).await;
    check(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_over_postgres_killed_during_pushes_loses_nothing_acknowledged() {
    let database = Database::made().await;
    kill_again_and_again(&database.url()).await;
    check(&database.url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_and_the_backup_of_a_used_relay_hold_no_ids_and_no_canary() {
    let folder = TempDir::new().unwrap();
    let relay = Process::start(&file(folder.path()), Stdio::piped()).await;
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
