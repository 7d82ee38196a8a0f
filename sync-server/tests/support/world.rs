//! A relay in this process with one centre in it.

#![allow(dead_code, reason = "each test file uses its part")]

#[path = "running.rs"]
mod running;

use ed25519_dalek::VerifyingKey;
use sync_protocol::{
    Channel, Ring, SealedEnvelope,
    frame::PushCode,
    membership::Payload,
    vectors::centre::{Author, MadeUpCentre, signing_key},
};
use tempfile::TempDir;

pub(crate) use running::{Client, Running};

/// A relay with a centre: admin 1, volunteer 2.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) relay: Running,
    pub(crate) centre: MadeUpCentre,
    pub(crate) admin: Client,
    pub(crate) volunteer: Client,
    pub(crate) key: VerifyingKey,
}

impl World {
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let relay = Running::start(folder.path()).await;
        let mut centre = MadeUpCentre::open(1).unwrap();
        let volunteer = centre.enrol(2, [Ring::Team]).unwrap();
        let id = centre.membership.centre();
        let admin = relay.client(id, &signing_key(1));
        let volunteer = relay.client(id, &volunteer);
        let answer = admin.append(0, &centre.records).await.unwrap();
        assert_eq!((answer.length, answer.head), (3, centre.membership.head()));
        let key = admin.relay_key().await;
        Self {
            folder,
            relay,
            centre,
            admin,
            volunteer,
            key,
        }
    }

    /// The store's file.
    pub(crate) fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("relay.sqlite")
    }

    pub(crate) async fn append(&mut self, payload: Payload) {
        let expected = self.centre.membership.length();
        let record = self.centre.append(payload).unwrap();
        self.admin.append(expected, &[record]).await.unwrap();
    }

    pub(crate) fn write(&self, author: &mut Author, count: usize) -> Vec<SealedEnvelope> {
        (0..count)
            .map(|_| author.write(&self.centre.membership, 100).unwrap())
            .collect()
    }

    pub(crate) async fn code(&self, envelope: &SealedEnvelope) -> PushCode {
        self.admin.push_one(&self.key, envelope).await
    }
}

/// A run of envelopes that has not begun.
pub(crate) fn author(seed: u8, channel: Channel) -> Author {
    Author::new(signing_key(seed), channel, 1)
}
