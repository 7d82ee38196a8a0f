//! What only the store of several nodes must do: order under slow commits, and refusals of databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/database.rs"]
mod database;

use std::{sync::Arc, time::Duration};

use database::Database;
use sync_protocol::{
    Channel, Ring,
    vectors::centre::{Author, MadeUpCentre, signing_key},
};
use sync_server::store::{
    EnvelopeAppend, NewEnvelopes, NewMembership, Placed, Store, StoreError, Wanted,
    postgres::{PostgresStore, audit},
};
use tokio::time::timeout;

/// Far longer than anything here takes, and shorter than a test that never ends.
const PATIENCE: Duration = Duration::from_mins(1);
const TEAM: Channel = Channel::Ring(Ring::Team);
const OFFICE: Channel = Channel::Ring(Ring::Office);

async fn opened(store: &PostgresStore, centre: &MadeUpCentre) {
    let append = NewMembership {
        centre: centre.membership.centre(),
        expected: 0,
        records: centre
            .records
            .iter()
            .map(|record| record.bytes().to_vec())
            .collect(),
        head: centre.membership.head(),
        invites: vec![],
        now_ms: 1000,
        max_centres: 10,
    };
    store.append_membership(append).await.unwrap();
}

/// Every commit that adds envelopes takes some time between giving them their places and showing them.
const DELAYED: &str = "
CREATE FUNCTION neutral_ground.delay() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(random() * 0.006); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER delayed AFTER INSERT ON neutral_ground.envelopes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION neutral_ground.delay();
";

/// Reads at one node after the other, only ever onwards, until it has seen so many envelopes.
async fn read_all(nodes: &[Arc<PostgresStore>], centre: &MadeUpCentre, envelopes: u64) {
    let mut after = [(TEAM, 0), (OFFICE, 0)];
    let mut looks = 0;
    while after.iter().map(|(_, seq)| seq).sum::<u64>() < envelopes {
        let node = &nodes[looks % nodes.len()];
        let wanted = Wanted {
            centre: centre.membership.centre(),
            channels: after.to_vec(),
            budget: 1 << 20,
        };
        for page in node.pages(wanted).await.unwrap().pages {
            let held = after
                .iter_mut()
                .find(|(channel, _)| *channel == page.channel);
            let held = &mut held.unwrap().1;
            for (seq, _) in page.envelopes {
                assert_eq!(seq, *held + 1, "skipped");
                *held = seq;
            }
        }
        looks += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_writers_with_delayed_commits_never_make_a_reader_skip() {
    const EACH: u64 = 6;
    let database = Database::made().await;
    let mut nodes = Vec::new();
    for _ in 0..8 {
        nodes.push(Arc::new(
            PostgresStore::open(&database.place()).await.unwrap(),
        ));
    }
    database.run(DELAYED).await;
    let centre = Arc::new(MadeUpCentre::open(1).unwrap());
    opened(&nodes[0], &centre).await;
    let mut tasks = Vec::new();
    for writer in 0..64 {
        let node = Arc::clone(&nodes[usize::try_from(writer % 8).unwrap()]);
        let centre = Arc::clone(&centre);
        let channel = if writer % 2 == 0 { TEAM } else { OFFICE };
        tasks.push(tokio::spawn(async move {
            let mut author = Author::new(signing_key(1), channel, writer);
            for _ in 0..EACH {
                let batch = NewEnvelopes {
                    centre: centre.membership.centre(),
                    membership_length: 1,
                    envelopes: vec![author.write(&centre.membership, 100).unwrap()],
                    quota: u64::MAX >> 1,
                    now_ms: 1000,
                    prunings: std::collections::BTreeMap::new(),
                };
                let done = node.append_envelopes(batch).await.unwrap();
                let EnvelopeAppend::Done(placed) = done else {
                    panic!("moved")
                };
                assert!(matches!(placed[..], [Placed::Accepted(_)]), "{placed:?}");
            }
        }));
    }
    let read = read_all(&nodes, &centre, 64 * EACH);
    timeout(PATIENCE, read).await.expect("writers who go on");
    for task in tasks {
        task.await.unwrap();
    }
    let found = audit(&database.place()).await.unwrap();
    assert_eq!((found.channels, found.envelopes), (2, 64 * EACH));
}

#[tokio::test]
async fn a_database_that_is_no_store_of_this_version_is_refused_and_left_alone() {
    let cases = [
        "CREATE SCHEMA neutral_ground; CREATE TABLE neutral_ground.notes (text text)",
        "UPDATE neutral_ground.meta SET version = 3",
    ];
    for (number, change) in cases.into_iter().enumerate() {
        let database = Database::made().await;
        if number > 0 {
            PostgresStore::open(&database.place()).await.unwrap();
        }
        database.run(change).await;
        let error = PostgresStore::open(&database.place()).await.unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
        let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'neutral_ground'";
        let count: i64 = database
            .client()
            .await
            .query_one(tables, &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(count, if number == 0 { 1 } else { 9 }, "{change}");
    }
}

#[tokio::test]
async fn a_database_of_the_version_before_is_brought_up_to_date_where_it_is() {
    let database = Database::made().await;
    let store = PostgresStore::open(&database.place()).await.unwrap();
    let centre = MadeUpCentre::open(1).unwrap();
    opened(&store, &centre).await;
    let before = audit(&database.place()).await.unwrap();
    drop(store);
    database.turn_back_to_version_1().await;
    for _again in 0..2 {
        let store = PostgresStore::open(&database.place()).await.unwrap();
        assert_eq!(store.purge_trash(i64::MAX).await.unwrap(), 0);
        let after = audit(&database.place()).await.unwrap();
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn a_database_that_may_forget_is_refused() {
    let database = Database::made().await;
    database
        .run(&format!(
            "ALTER DATABASE {} SET synchronous_commit = off",
            database.place().get_dbname().unwrap()
        ))
        .await;
    let error = PostgresStore::open(&database.place()).await.unwrap_err();
    assert!(matches!(error, StoreError::NotDurable { .. }), "{error}");
}

#[tokio::test]
async fn an_error_of_the_database_is_told_by_its_code_and_quotes_nothing() {
    let database = Database::made().await;
    let store = PostgresStore::open(&database.place()).await.unwrap();
    let centre = MadeUpCentre::open(1).unwrap();
    opened(&store, &centre).await;
    database
        .run(
            "ALTER TABLE neutral_ground.mailbox ADD CHECK (message <> 'canary'::bytea);
             INSERT INTO neutral_ground.mailbox VALUES ('one', 1, 'other', 0)",
        )
        .await;
    let client = database.client().await;
    let insert = "INSERT INTO neutral_ground.mailbox VALUES ('one', 1, 'other', 0)";
    let quoting = client.execute(insert, &[]).await.unwrap_err();
    let detail = quoting.as_db_error().unwrap().detail().unwrap();
    assert!(detail.contains("Key"), "the database itself quotes");
    let told = StoreError::from(quoting).to_string();
    assert_eq!(told, "expected the database to answer, found code 23505");
}
