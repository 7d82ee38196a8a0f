//! Backups and checks: what is whole passes, and any changed byte of it does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/running.rs"]
mod running;

use std::path::{Path, PathBuf};

use running::Running;
use sync_protocol::{
    Channel, Ring,
    vectors::centre::{Author, MadeUpCentre, signing_key},
};
use sync_server::store::sqlite::{AuditError, BackupError, SqliteStore, audit, backup};
use tempfile::TempDir;

/// A store that was used, still open if the relay is kept.
async fn used(folder: &Path) -> (Running, PathBuf) {
    let relay = Running::start(folder).await;
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Team]).unwrap();
    let admin = relay.client(centre.membership.centre(), &signing_key(1));
    admin.append(0, &centre.records).await.unwrap();
    let key = admin.relay_key().await;
    for (seed, channel) in [
        (1, Channel::Ring(Ring::Office)),
        (2, Channel::Ring(Ring::Team)),
    ] {
        let mut author = Author::new(signing_key(seed), channel, 1);
        let sent: Vec<_> = (0..5)
            .map(|_| author.write(&centre.membership, 50).unwrap())
            .collect();
        admin.push(&key, &sent).await;
    }
    (relay, folder.join("relay.sqlite"))
}

#[tokio::test]
async fn a_backup_of_a_store_in_use_is_whole_and_opens() {
    let folder = TempDir::new().unwrap();
    let (relay, store) = used(folder.path()).await;
    let copy = folder.path().join("copy.sqlite");
    let found = backup(&store, &copy).unwrap();
    assert_eq!(
        (
            found.centres,
            found.records,
            found.channels,
            found.envelopes
        ),
        (1, 3, 2, 10)
    );
    assert_eq!(audit(&copy).unwrap(), found);
    assert_eq!(audit(&store).unwrap(), found);
    assert!(matches!(backup(&store, &copy), Err(BackupError::Exists)));
    relay.stop().await;
    assert!(SqliteStore::open(&copy).is_ok());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn every_kind_of_damage_is_found() {
    let folder = TempDir::new().unwrap();
    let (relay, store) = used(folder.path()).await;
    relay.stop().await;
    let damages = [
        "UPDATE envelopes SET bytes = zeroblob(length(bytes)) WHERE seq = 3",
        "UPDATE envelopes SET id = zeroblob(32) WHERE seq = 3",
        "UPDATE envelopes SET chain = zeroblob(32) WHERE seq = 3",
        "UPDATE envelopes SET n = 9 WHERE seq = 5",
        "DELETE FROM envelopes WHERE seq = 3",
        "DELETE FROM envelopes WHERE seq = 5",
        "UPDATE channels SET seq = 6",
        "UPDATE channels SET chain = zeroblob(32)",
        "UPDATE streams SET n = 4",
        "DELETE FROM streams",
        "UPDATE centres SET head = zeroblob(32)",
        "DELETE FROM membership WHERE idx = 1",
        "DELETE FROM membership WHERE idx = 2",
        "UPDATE membership SET record = zeroblob(length(record)) WHERE idx = 2",
        "DELETE FROM meta",
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let copy = folder.path().join(format!("damaged-{number}.sqlite"));
        backup(&store, &copy).unwrap();
        let connection = rusqlite::Connection::open(&copy).unwrap();
        assert!(connection.execute(damage, []).unwrap() > 0, "{damage}");
        drop(connection);
        assert!(audit(&copy).is_err(), "not found: {damage}");
        let target = folder.path().join("never");
        assert!(
            matches!(backup(&copy, &target), Err(BackupError::Audit(_))),
            "{damage}"
        );
        assert!(!target.exists());
    }
}

#[test]
fn a_file_that_is_no_store_is_no_backup() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("page.html");
    std::fs::write(&path, "<html>").unwrap();
    assert!(matches!(audit(&path), Err(AuditError::Store(_))));
    assert!(audit(&folder.path().join("missing")).is_err());
}
