//! The real binary as a process of its own, and writers that outlive it.

#![allow(dead_code, reason = "each test file uses its part")]

#[path = "running.rs"]
pub(crate) mod running;

use std::{
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use sync_protocol::{
    ChainHash, Channel, EnvelopeId, SealedEnvelope,
    frame::{PushCode, PushRequest},
    vectors::centre::{Author, MadeUpCentre},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::Notify,
};

pub(crate) use running::Client;

/// A relay that runs.
pub(crate) struct Process {
    /// The process, which is killed when this is dropped.
    pub(crate) child: Child,
    /// `http://` and its address.
    pub(crate) url: String,
}

impl Process {
    /// A relay over this store, as soon as it listens.
    pub(crate) async fn start(store: &str, stderr: Stdio) -> Self {
        Self::with(store, stderr, &[]).await
    }

    /// The same, with more flags.
    pub(crate) async fn with(store: &str, stderr: Stdio, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sync-server"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--store",
                store,
                "--log",
                "json",
            ])
            .args(flags)
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

    /// Tells it to stop, and waits until it has.
    pub(crate) async fn terminate(self) -> Output {
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
pub(crate) type Acknowledged = Arc<Mutex<Vec<(Channel, u64, EnvelopeId)>>>;

/// Writes until the relay is gone; what got no answer is sent again first in the next round.
pub(crate) struct Writer {
    pub(crate) author: Author,
    pub(crate) unanswered: Vec<SealedEnvelope>,
}

impl Writer {
    /// Writes until the relay is gone.
    pub(crate) async fn run(
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

/// What a relay has in a channel, which has to add up.
pub(crate) async fn held(client: &Client, channel: Channel) -> Vec<EnvelopeId> {
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

/// A number below the limit.
pub(crate) fn random_below(limit: u32) -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap();
    u32::from_be_bytes(bytes) % limit
}
