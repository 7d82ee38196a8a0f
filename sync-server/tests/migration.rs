//! From a SQLite file to a PostgreSQL database: the same relay to its tablets, or nothing at all; and what a database
//! holds is proved like a file.

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
use sync_protocol::{
    Channel, InviteId, Ring, SealedEnvelope,
    frame::{ChannelPage, PushCode},
    vectors::centre::{Author, MadeUpCentre, member, signing_key},
};
use sync_server::{
    config::StoreUrl,
    store::{
        StoreError,
        audit::AuditError,
        migrate::{MigrateError, migrate},
        postgres::audit,
        sqlite,
    },
};
use tempfile::TempDir;
use tokio::process::Command;

const TEAM: Channel = Channel::Ring(Ring::Team);
const OFFICE: Channel = Channel::Ring(Ring::Office);
const TOKEN: [u8; 32] = [8; 32];
const SECRET: [u8; 16] = [7; 16];

/// A SQLite store with two channels, an invite and a message, closed; and what a relay over it answers.
struct Filled {
    folder: TempDir,
    centre: MadeUpCentre,
    author: Author,
    key: [u8; 32],
    page: ChannelPage,
}

impl Filled {
    async fn make() -> Self {
        let folder = TempDir::new().unwrap();
        let relay = Running::start(folder.path()).await;
        let mut centre = MadeUpCentre::open(1).unwrap();
        centre.enrol(2, [Ring::Team]).unwrap();
        centre
            .append(centre.invite(SECRET, member(2), &TOKEN))
            .unwrap();
        let admin = relay.client(centre.membership.centre(), &signing_key(1));
        admin.append(0, &centre.records).await.unwrap();
        let key = admin.relay_key().await;
        let write = |author: &mut Author, count| -> Vec<SealedEnvelope> {
            let written = (0..count).map(|_| author.write(&centre.membership, 300));
            written.collect::<Result<_, _>>().unwrap()
        };
        let mut author = Author::new(signing_key(1), TEAM, 1);
        admin.push(&key, &write(&mut author, 20)).await;
        let mut office = Author::new(signing_key(1), OFFICE, 2);
        admin.push(&key, &write(&mut office, 5)).await;
        let left = admin
            .mailbox(InviteId::of(&SECRET), TOKEN, 0, Some(b"one"))
            .await;
        left.unwrap();
        let mut answer = admin.pull(0, &[(TEAM, 0)]).await.unwrap();
        relay.stop().await;
        Self {
            folder,
            centre,
            author,
            key: answer.relay_key,
            page: answer.pages.remove(0),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("relay.sqlite")
    }
}

async fn over(database: &Database, folder: &Path) -> Running {
    let store = StoreUrl::Postgres(Box::new(database.place()));
    Running::with(folder, |config| config.store = store).await
}

#[tokio::test]
async fn a_migrated_store_is_the_same_relay_to_its_tablets() {
    let mut filled = Filled::make().await;
    let database = Database::made().await;
    let found = migrate(&filled.file(), &database.place()).await.unwrap();
    assert_eq!((found.channels, found.envelopes, found.records), (2, 25, 4));
    assert_eq!(found, sqlite::audit(&filled.file()).unwrap());
    assert_eq!(found, audit(&database.place()).await.unwrap());
    let relay = over(&database, filled.folder.path()).await;
    let admin = relay.client(filled.centre.membership.centre(), &signing_key(1));
    let mut answer = admin.pull(0, &[(TEAM, 0)]).await.unwrap();
    assert_eq!(answer.relay_key, filled.key);
    assert_eq!(answer.pages.remove(0), filled.page);
    let mailbox = admin.mailbox(InviteId::of(&SECRET), TOKEN, 0, None).await;
    assert_eq!(mailbox.unwrap().messages, [b"one"]);
    let next = filled.author.write(&filled.centre.membership, 50).unwrap();
    let key = admin.relay_key().await;
    let outcome = admin.push(&key, &[next]).await[0];
    assert_eq!((outcome.code, outcome.seq), (PushCode::Accepted, 21));
    relay.stop().await;
}

#[tokio::test]
async fn nothing_is_migrated_into_a_store_from_a_store_in_use_or_from_a_damaged_one() {
    let filled = Filled::make().await;
    let database = Database::made().await;
    let running = Running::start(filled.folder.path()).await;
    let busy = migrate(&filled.file(), &database.place())
        .await
        .unwrap_err();
    assert!(
        matches!(busy, MigrateError::Store(StoreError::InUse)),
        "{busy}"
    );
    running.stop().await;
    let damaged = filled.folder.path().join("damaged.sqlite");
    std::fs::copy(filled.file(), &damaged).unwrap();
    rusqlite::Connection::open(&damaged)
        .unwrap()
        .execute("UPDATE envelopes SET id = zeroblob(32) WHERE seq = 3", [])
        .unwrap();
    let refused = migrate(&damaged, &database.place()).await.unwrap_err();
    let expected = matches!(
        refused,
        MigrateError::Audit(AuditError::Channel { seq: 3, .. })
    );
    assert!(expected, "{refused}");
    let tables = "SELECT count(*) FROM pg_namespace WHERE nspname = 'neutral_ground'";
    let count: i64 = database
        .client()
        .await
        .query_one(tables, &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(count, 0, "something was left in the database");
    migrate(&filled.file(), &database.place()).await.unwrap();
    let twice = migrate(&filled.file(), &database.place())
        .await
        .unwrap_err();
    let expected = matches!(twice, MigrateError::Store(StoreError::Foreign { .. }));
    assert!(expected, "{twice}");
}

#[tokio::test]
async fn every_kind_of_damage_to_a_database_is_found() {
    let filled = Filled::make().await;
    let database = Database::made().await;
    migrate(&filled.file(), &database.place()).await.unwrap();
    let zeros = "decode(repeat('00', 32), 'hex')";
    let damages = [
        "UPDATE envelopes SET bytes = set_byte(bytes, 400, 255 - get_byte(bytes, 400)) WHERE seq = 3",
        &format!("UPDATE envelopes SET id = {zeros} WHERE seq = 3"),
        &format!("UPDATE envelopes SET chain = {zeros} WHERE seq = 3"),
        "UPDATE envelopes SET n = 100 WHERE seq = 3",
        "DELETE FROM envelopes WHERE seq = 3",
        "UPDATE channels SET seq = 21 WHERE seq = 20",
        &format!("UPDATE channels SET chain = {zeros}"),
        "UPDATE streams SET n = 4",
        "DELETE FROM streams",
        &format!("UPDATE centres SET head = {zeros}"),
        "DELETE FROM membership WHERE idx = 2",
        "DELETE FROM meta",
    ];
    for damage in damages {
        let mut client = database.client().await;
        let before = audit(&database.place()).await.unwrap();
        let transaction = client.transaction().await.unwrap();
        transaction
            .batch_execute("SET search_path = neutral_ground")
            .await
            .unwrap();
        assert!(
            transaction.execute(damage, &[]).await.unwrap() > 0,
            "{damage}"
        );
        transaction.commit().await.unwrap();
        assert!(
            audit(&database.place()).await.is_err(),
            "not found: {damage}"
        );
        database.run("DROP SCHEMA neutral_ground CASCADE").await;
        let again = migrate(&filled.file(), &database.place()).await.unwrap();
        assert_eq!(again, before);
    }
}

/// Runs the real binary, and gives its status and everything it says.
async fn told(args: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sync-server"))
        .args(args)
        .env(
            "NEUTRAL_GROUND_STORE",
            "postgres://somebody:canary@nowhere/relay",
        )
        .output()
        .await
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn the_command_migrates_checks_and_never_shows_a_password() {
    let filled = Filled::make().await;
    let database = Database::made().await;
    let (file, place) = (filled.file(), database.url());
    let from = format!("sqlite:{}", file.display());
    let (done, said) = told(&["migrate", "--from", &from, "--to", &place]).await;
    assert!(
        done && said.starts_with("centres 1, membership records 4,"),
        "{said}"
    );
    let (whole, of_database) = told(&["check", &place]).await;
    assert!(whole, "{of_database}");
    let (whole, of_file) = told(&["check", file.to_str().unwrap()]).await;
    assert!(whole, "{of_file}");
    assert_eq!(of_database, of_file);
    let (whole, said) = told(&["backup", "--store", &place, "copy.sqlite"]).await;
    assert!(!whole && said.contains("pg_dump"), "{said}");
    let wrong = "postgres://somebody:canary@nowhere:port/relay";
    let tls = "postgres://somebody:canary@nowhere/relay?sslmode=require";
    for args in [
        ["serve", "--help"].as_slice(),
        &["migrate", "--help"],
        &["serve", "--store", tls],
        &["serve", "--store", wrong],
        &["migrate", "--from", &place, "--to", &from],
        &["check", "postgres://somebody:canary@127.0.0.1:1/relay"],
    ] {
        let (_, said) = told(args).await;
        assert!(
            said.contains("expected") || said.contains("Usage"),
            "{said}"
        );
        assert!(!said.contains("canary"), "{said}");
    }
}
