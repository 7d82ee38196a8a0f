//! Several relays over one PostgreSQL database: one relay to the tablets, whichever they reach.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/database.rs"]
mod database;
#[path = "support/listening.rs"]
mod listening;
#[path = "support/process.rs"]
mod process;

use std::{process::Stdio, sync::Arc, time::Duration};

use database::Database;
use listening::{Socket, listen, next_poke};
use process::{Acknowledged, Client, Process, Writer, held, random_below, running::Running};
use sync_protocol::{
    Channel, DeviceId, ErrorCode, Ring, SealedEnvelope,
    frame::{Poke, PushCode, live::CLOSE_FORBIDDEN},
    vectors::centre::{Author, MadeUpCentre, signing_key},
};
use sync_server::{config::StoreUrl, store::postgres};
use tempfile::TempDir;
use tokio::{sync::Notify, time::timeout};

const TEAM: Channel = Channel::Ring(Ring::Team);
/// Far longer than anything here takes, and shorter than a test that never ends.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two relays over one database, and a centre with admin 1 and volunteer 2.
struct Two {
    database: Database,
    _folder: TempDir,
    nodes: [Running; 2],
    centre: MadeUpCentre,
}

impl Two {
    async fn open() -> Self {
        let database = Database::made().await;
        let folder = TempDir::new().unwrap();
        let nodes = [
            node(&database, &folder).await,
            node(&database, &folder).await,
        ];
        let mut centre = MadeUpCentre::open(1).unwrap();
        centre.enrol(2, [Ring::Team]).unwrap();
        let two = Self {
            database,
            _folder: folder,
            nodes,
            centre,
        };
        two.client(0, 1)
            .append(0, &two.centre.records)
            .await
            .unwrap();
        two
    }

    fn client(&self, node: usize, seed: u8) -> Client {
        self.nodes[node].client(self.centre.membership.centre(), &signing_key(seed))
    }

    fn write(&self, author: &mut Author) -> SealedEnvelope {
        author.write(&self.centre.membership, 100).unwrap()
    }

    /// At the first node.
    async fn revoke_volunteer(&mut self) {
        let length = self.centre.membership.length();
        let device = DeviceId::of(&signing_key(2).verifying_key());
        let revoke = self.centre.device_revoke(device);
        let record = self.centre.append(revoke).unwrap();
        self.client(0, 1).append(length, &[record]).await.unwrap();
    }

    async fn close(self) {
        let [first, second] = self.nodes;
        first.stop().await;
        second.stop().await;
    }
}

async fn node(database: &Database, folder: &TempDir) -> Running {
    let store = StoreUrl::Postgres(Box::new(database.place()));
    Running::with(folder.path(), |config| config.store = store).await
}

async fn wait_for(socket: &mut Socket, wanted: Poke) {
    let found = timeout(PATIENCE, async {
        while next_poke(socket).await.unwrap() != wanted {}
    });
    found.await.expect("the poke did not come");
}

#[tokio::test]
async fn what_one_node_takes_the_other_hands_out_with_the_same_key_and_life() {
    let two = Two::open().await;
    let (first, second) = (two.client(0, 1), two.client(1, 1));
    let key = first.relay_key().await;
    assert_eq!(key, second.relay_key().await);
    let mut author = Author::new(signing_key(1), TEAM, 1);
    let sent = [two.write(&mut author), two.write(&mut author)];
    assert_eq!(first.push_one(&key, &sent[0]).await, PushCode::Accepted);
    assert_eq!(second.push_one(&key, &sent[1]).await, PushCode::Accepted);
    assert_eq!(second.push_one(&key, &sent[0]).await, PushCode::Duplicate);
    let ids = sent.map(|envelope| envelope.id());
    assert_eq!(held(&first, TEAM).await, ids);
    assert_eq!(held(&second, TEAM).await, ids);
    let lives = [first.pull(0, &[]).await, second.pull(0, &[]).await];
    let [first, second] = lives.map(|answer| answer.unwrap().incarnation);
    assert_eq!(first, second);
    two.close().await;
}

#[tokio::test]
async fn a_push_at_one_node_pokes_who_listens_at_the_other() {
    let two = Two::open().await;
    let first = two.client(0, 1);
    let key = first.relay_key().await;
    let mut socket = listen(&two.client(1, 2), 2).await;
    let mut author = Author::new(signing_key(1), TEAM, 1);
    for seq in 1..=3 {
        let envelope = two.write(&mut author);
        assert_eq!(first.push_one(&key, &envelope).await, PushCode::Accepted);
        wait_for(&mut socket, Poke::Channel { channel: TEAM, seq }).await;
    }
    two.close().await;
}

#[tokio::test]
async fn a_poke_comes_even_if_the_word_between_the_nodes_is_lost() {
    let two = Two::open().await;
    let first = two.client(0, 1);
    let key = first.relay_key().await;
    let mut socket = listen(&two.client(1, 2), 2).await;
    let mut author = Author::new(signing_key(1), TEAM, 1);
    let deafen = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let deaf = two
        .database
        .client()
        .await
        .query(deafen, &[])
        .await
        .unwrap();
    assert_eq!(deaf.len(), 2, "both nodes listen");
    let envelope = two.write(&mut author);
    assert_eq!(first.push_one(&key, &envelope).await, PushCode::Accepted);
    let channel = TEAM;
    wait_for(&mut socket, Poke::Channel { channel, seq: 1 }).await;
    two.close().await;
}

#[tokio::test]
async fn a_device_revoked_at_one_node_is_revoked_at_the_other_at_once() {
    let mut two = Two::open().await;
    let volunteer = two.client(1, 2);
    let key = volunteer.relay_key().await;
    volunteer.pull(0, &[(TEAM, 0)]).await.unwrap();
    let late = two.write(&mut Author::new(signing_key(2), TEAM, 1));
    two.revoke_volunteer().await;
    let refused = volunteer.pull(0, &[(TEAM, 0)]).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Revoked);
    assert_eq!(volunteer.push_one(&key, &late).await, PushCode::Revoked);
    two.close().await;
}

#[tokio::test]
async fn a_device_that_is_revoked_before_it_pulls_cannot_push_at_the_other_node() {
    let mut two = Two::open().await;
    let volunteer = two.client(1, 2);
    let key = volunteer.relay_key().await;
    let mut author = Author::new(signing_key(2), TEAM, 1);
    let before = two.write(&mut author);
    assert_eq!(volunteer.push_one(&key, &before).await, PushCode::Accepted);
    let late = two.write(&mut author);
    two.revoke_volunteer().await;
    assert_eq!(volunteer.push_one(&key, &late).await, PushCode::Revoked);
    two.close().await;
}

#[tokio::test]
async fn a_device_revoked_at_one_node_listens_no_longer_at_the_other() {
    let mut two = Two::open().await;
    let mut socket = listen(&two.client(1, 2), 2).await;
    two.revoke_volunteer().await;
    let closed = timeout(PATIENCE, async {
        loop {
            if let Err(code) = next_poke(&mut socket).await {
                return code;
            }
        }
    });
    assert_eq!(closed.await.unwrap(), CLOSE_FORBIDDEN);
    two.close().await;
}

#[tokio::test]
async fn a_device_enrolled_at_one_node_may_push_at_the_other_at_once() {
    let mut two = Two::open().await;
    let (first, second) = (two.client(0, 1), two.client(1, 1));
    let key = second.relay_key().await;
    let length = two.centre.membership.length();
    let newcomer = two.centre.enrol(3, [Ring::Team]).unwrap();
    let from = usize::try_from(length).unwrap();
    first
        .append(length, &two.centre.records[from..])
        .await
        .unwrap();
    let envelope = two.write(&mut Author::new(newcomer, TEAM, 1));
    assert_eq!(second.push_one(&key, &envelope).await, PushCode::Accepted);
    two.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_killed_in_mid_batch_loses_nothing_acknowledged() {
    const ROUNDS: usize = 4;
    let database = Database::made().await;
    let centre = MadeUpCentre::open(1).unwrap();
    let id = centre.membership.centre();
    let kept = Acknowledged::default();
    let writer = |stream| Writer {
        author: Author::new(signing_key(1), TEAM, stream),
        unanswered: Vec::new(),
    };
    let mut writers: Vec<Writer> = (0..6).map(writer).collect();
    let survivor = Process::start(&database.url(), Stdio::null()).await;
    let client = Client::new(&survivor.url, id, &centre.admin);
    client.append(0, &centre.records).await.unwrap();
    for _ in 0..ROUNDS {
        let mut victim = Process::start(&database.url(), Stdio::null()).await;
        let busy = Arc::new(Notify::new());
        // What the victim leaves unanswered, the next one is sent again; the survivor goes on all the while.
        let tasks: Vec<_> = writers
            .drain(..)
            .map(|writer| {
                let (kept, busy) = (Arc::clone(&kept), Arc::clone(&busy));
                tokio::spawn(writer.run(victim.url.clone(), centre.clone(), kept, busy))
            })
            .collect();
        let mut other = Author::new(signing_key(1), TEAM, 100 + u64::from(random_below(1 << 30)));
        let key = client.relay_key().await;
        for _ in 0..=random_below(20) {
            timeout(PATIENCE, busy.notified()).await.unwrap();
            let envelope = other.write(&centre.membership, 400).unwrap();
            assert_eq!(client.push_one(&key, &envelope).await, PushCode::Accepted);
        }
        victim.child.start_kill().unwrap();
        victim.child.wait().await.unwrap();
        for task in tasks {
            writers.push(timeout(PATIENCE, task).await.unwrap().unwrap());
        }
        let held = held(&client, TEAM).await;
        for (_, seq, id) in kept.lock().unwrap().iter() {
            let at = usize::try_from(*seq).unwrap() - 1;
            assert_eq!(held.get(at), Some(id), "seq {seq}");
        }
    }
    assert!(kept.lock().unwrap().len() > ROUNDS);
    assert!(survivor.terminate().await.status.success());
    let found = postgres::audit(&database.place()).await.unwrap();
    assert_eq!((found.centres, found.channels), (1, 1));
}
