//! Stores that older versions made: read as they are, brought up to date where they are, and then as good as new.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/database.rs"]
mod database;
#[path = "support/running.rs"]
mod running;

use std::path::{Path, PathBuf};

use database::Database;
use running::Running;
use rusqlite::Connection;
use sync_protocol::{
    Channel, Ring, SealedEnvelope,
    envelope::STUB_LEN,
    frame::PushCode,
    vectors::centre::{Author, MadeUpCentre, member, signing_key},
};
use sync_server::{
    config::StoreUrl,
    store::{migrate::migrate, postgres, sqlite},
};
use tempfile::TempDir;

const TEAM: Channel = Channel::Ring(Ring::Team);

/// A file that version 1 made, and the centre in it.
fn version_1(folder: &Path) -> (PathBuf, MadeUpCentre) {
    let path = folder.join("relay.sqlite");
    let file = Connection::open(&path).unwrap();
    file.execute_batch(include_str!("fixtures/store-version-1.sql"))
        .unwrap();
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Office, Ring::Team]).unwrap();
    centre
        .append(centre.invite([7; 16], member(2), &[8; 32]))
        .unwrap();
    (path, centre)
}

fn version_of(path: &Path) -> i64 {
    let file = Connection::open(path).unwrap();
    file.pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

/// Prunes what the store held before, over HTTP.
async fn prune(relay: &Running, centre: &MadeUpCentre) {
    let m = &centre.membership;
    let admin = relay.client(m.centre(), &signing_key(1));
    let key = admin.relay_key().await;
    let mut first = Author::new(signing_key(1), TEAM, 1);
    let old: Vec<SealedEnvelope> = (0..3).map(|_| first.write(m, 50).unwrap()).collect();
    let mut second = Author::new(signing_key(2), TEAM, 2);
    let [snapshot, attest, prune] = first.compact(m, &mut second, &old).unwrap();
    let codes = admin
        .push(&key, &[old[2].clone(), snapshot, attest, prune])
        .await;
    assert_eq!(codes[0].code, PushCode::Duplicate);
    assert!(codes[1..].iter().all(|one| one.code == PushCode::Accepted));
    let answer = admin.pull(0, &[(TEAM, 0)]).await.unwrap();
    let bodies = answer.pages[0].envelopes.iter();
    let stubs = bodies.filter(|(_, bytes)| bytes.len() == STUB_LEN);
    assert_eq!(stubs.count(), 3);
}

#[tokio::test]
async fn a_file_of_version_1_is_read_as_it_is_and_upgraded_when_it_is_served() {
    let folder = TempDir::new().unwrap();
    let (path, centre) = version_1(folder.path());
    let old = sqlite::audit(&path).unwrap();
    assert_eq!((old.envelopes, old.records, old.trash), (3, 4, 0));
    let copy = folder.path().join("copy.sqlite");
    assert_eq!(sqlite::backup(&path, &copy).unwrap(), old);
    assert_eq!((version_of(&path), version_of(&copy)), (1, 1));

    Running::start(folder.path()).await.stop().await;
    assert_eq!(version_of(&path), 2);
    assert_eq!(sqlite::audit(&path).unwrap(), old, "nothing in it changed");
    let relay = Running::start(folder.path()).await;
    prune(&relay, &centre).await;
    relay.stop().await;
    assert_eq!(sqlite::audit(&path).unwrap().trash, 3);
}

#[tokio::test]
async fn a_file_of_version_1_migrates_into_a_database_of_this_one() {
    let folder = TempDir::new().unwrap();
    let (path, centre) = version_1(folder.path());
    let database = Database::made().await;
    let found = migrate(&path, &database.place()).await.unwrap();
    assert_eq!(found, sqlite::audit(&path).unwrap());
    database.turn_back_to_version_1().await;
    let store = StoreUrl::Postgres(Box::new(database.place()));
    let relay = Running::with(folder.path(), |config| config.store = store).await;
    assert_eq!(postgres::audit(&database.place()).await.unwrap(), found);
    prune(&relay, &centre).await;
    relay.stop().await;
    let pruned = postgres::audit(&database.place()).await.unwrap();
    assert_eq!(pruned.trash, 3);
}

#[tokio::test]
async fn a_store_with_a_trash_is_backed_up_and_migrated_byte_for_byte() {
    let folder = TempDir::new().unwrap();
    let (path, centre) = version_1(folder.path());
    let relay = Running::start(folder.path()).await;
    prune(&relay, &centre).await;
    let copy = folder.path().join("copy.sqlite");
    let backed_up = sqlite::backup(&path, &copy).unwrap();
    relay.stop().await;
    let pruned = sqlite::audit(&path).unwrap();
    assert_eq!((backed_up, pruned.trash), (pruned, 3));
    let database = Database::made().await;
    assert_eq!(migrate(&path, &database.place()).await.unwrap(), pruned);
    let of_database = postgres::audit(&database.place()).await.unwrap();
    assert_eq!(of_database, pruned);
}

#[tokio::test]
async fn damage_to_stubs_and_to_the_trash_is_found_and_a_body_can_be_put_back_by_hand() {
    let folder = TempDir::new().unwrap();
    let (path, centre) = version_1(folder.path());
    let relay = Running::start(folder.path()).await;
    prune(&relay, &centre).await;
    relay.stop().await;
    // Offsets of the id, the digest and the signature in a stub.
    let flip = |at: usize| {
        format!(
            "UPDATE envelopes SET bytes = CAST(substr(bytes, 1, {at}) || x'5A' || substr(bytes, {at} + 2) AS BLOB)
             WHERE seq = 2"
        )
    };
    let damages = [
        flip(317),
        flip(349),
        flip(381),
        "UPDATE trash SET bytes = zeroblob(length(bytes)) WHERE seq = 2".to_owned(),
        "UPDATE trash SET bytes = (SELECT bytes FROM trash WHERE seq = 1) WHERE seq = 2".to_owned(),
    ];
    for (number, damage) in damages.iter().enumerate() {
        let copy = folder.path().join(format!("damaged-{number}.sqlite"));
        sqlite::backup(&path, &copy).unwrap();
        let file = Connection::open(&copy).unwrap();
        assert_eq!(file.execute(damage, []).unwrap(), 1, "{damage}");
        drop(file);
        assert!(sqlite::audit(&copy).is_err(), "not found: {damage}");
    }
    let file = Connection::open(&path).unwrap();
    file.execute_batch(RESTORE).unwrap();
    drop(file);
    let restored = sqlite::audit(&path).unwrap();
    assert_eq!((restored.trash, restored.envelopes), (0, 6));
    let relay = Running::start(folder.path()).await;
    let admin = relay.client(centre.membership.centre(), &signing_key(1));
    let answer = admin.pull(0, &[(TEAM, 0)]).await.unwrap();
    let mut bodies = answer.pages[0].envelopes.iter();
    assert!(bodies.all(|(_, bytes)| SealedEnvelope::parse(bytes.clone()).is_ok()));
    relay.stop().await;
}

/// As `sync-server/README.md` says it.
const RESTORE: &str = "
BEGIN;
UPDATE envelopes SET bytes = trash.bytes FROM trash
 WHERE trash.channel_key = envelopes.channel_key AND trash.seq = envelopes.seq;
DELETE FROM trash;
COMMIT;
";
