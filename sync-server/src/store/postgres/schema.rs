//! Tables, their version, what the database must promise, and the store's identity.

use sync_protocol::Incarnation;
use tokio_postgres::{Client, Config, GenericClient, Transaction};

use crate::store::{Identity, StoreError, postgres::rows};

/// Version of the tables below.
const SCHEMA_VERSION: i32 = 2;
/// The version before there was a trash.
const WITHOUT_TRASH: i32 = 1;

/// Two nodes that begin at once make the tables once: whoever comes second waits for this lock. "NGRS".
const MAKING: i64 = 0x4E47_5253;

/// A node that stops in mid-transaction holds its locks no longer than this, and nobody waits longer for one.
const LIMITS: &str = "-c idle_in_transaction_session_timeout=10s -c lock_timeout=10s";

/// The ends of streams and channels are written over and over: room on each page keeps that inside the page.
///
/// Envelopes and streams name their channel without a foreign key: they are only ever written beside its locked row,
/// and the audit proves it.
const TABLES: &str = "
CREATE SCHEMA IF NOT EXISTS neutral_ground;
CREATE TABLE meta (
    id smallint PRIMARY KEY CHECK (id = 1),
    version integer NOT NULL,
    incarnation bytea NOT NULL,
    relay_secret bytea NOT NULL
);
CREATE TABLE centres (
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre bytea NOT NULL UNIQUE,
    length bigint NOT NULL,
    head bytea NOT NULL,
    bytes bigint NOT NULL,
    messages bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE TABLE membership (
    centre_key bigint NOT NULL REFERENCES centres (key),
    idx bigint NOT NULL,
    record bytea NOT NULL,
    received_ms bigint NOT NULL,
    PRIMARY KEY (centre_key, idx)
);
CREATE TABLE invites (
    invite bytea PRIMARY KEY,
    centre_key bigint NOT NULL REFERENCES centres (key),
    expires_ms bigint NOT NULL
);
CREATE TABLE channels (
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    centre_key bigint NOT NULL REFERENCES centres (key),
    channel bytea NOT NULL,
    seq bigint NOT NULL,
    chain bytea NOT NULL,
    UNIQUE (centre_key, channel)
) WITH (fillfactor = 50);
CREATE TABLE streams (
    channel_key bigint NOT NULL,
    author bytea NOT NULL,
    stream bytea NOT NULL,
    n bigint NOT NULL,
    id bytea NOT NULL,
    PRIMARY KEY (channel_key, author, stream)
) WITH (fillfactor = 50);
CREATE TABLE envelopes (
    channel_key bigint NOT NULL,
    seq bigint NOT NULL,
    author bytea NOT NULL,
    stream bytea NOT NULL,
    n bigint NOT NULL,
    id bytea NOT NULL,
    chain bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (channel_key, seq),
    UNIQUE (channel_key, author, stream, n)
);
ALTER TABLE envelopes ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE mailbox (
    invite bytea NOT NULL,
    no bigint NOT NULL,
    message bytea NOT NULL,
    expires_ms bigint NOT NULL,
    PRIMARY KEY (invite, no)
);
";

/// What came with version 2: bodies that were pruned, and when a snapshot was received.
const TRASH: &str = "
ALTER TABLE envelopes ADD COLUMN received_ms bigint;
CREATE TABLE trash (
    channel_key bigint NOT NULL,
    seq bigint NOT NULL,
    bytes bytea NOT NULL,
    pruned_ms bigint NOT NULL,
    PRIMARY KEY (channel_key, seq)
);
ALTER TABLE trash ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX trash_by_time ON trash (pruned_ms);
";

/// The place as it was given, with what every connection of the relay needs.
pub(super) fn settled(place: &Config) -> Config {
    let mut settled = place.clone();
    let given = place.get_options().unwrap_or_default();
    settled.options(format!("{given} -c search_path=neutral_ground {LIMITS}"));
    settled.application_name("neutral-ground-relay");
    settled
}

/// Refuses a database that may forget what it acknowledged.
pub(super) async fn check_durable(client: &Client) -> Result<(), StoreError> {
    for setting in ["fsync", "synchronous_commit"] {
        let row = client
            .query_one("SELECT current_setting($1)", &[&setting])
            .await?;
        if row.try_get::<_, &str>(0)? == "off" {
            return Err(StoreError::NotDurable { setting });
        }
    }
    Ok(())
}

/// Makes the tables where there are none, and gives the store's identity; leaves anything foreign as it is.
pub(super) async fn prepare(client: &mut Client) -> Result<Identity, StoreError> {
    let transaction = client.transaction().await?;
    if is_new(&transaction).await? {
        let identity = Identity {
            incarnation: Incarnation::from_bytes(random()?),
            relay_secret: random()?,
        };
        make(&transaction, &identity).await?;
    } else {
        upgrade(&transaction).await?;
    }
    let identity = identity(&transaction).await?;
    transaction.commit().await?;
    Ok(identity)
}

/// Brings the tables of an older version up to this one, where they are.
async fn upgrade(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let old = transaction
        .execute(
            "UPDATE meta SET version = $1 WHERE version = $2",
            &[&SCHEMA_VERSION, &WITHOUT_TRASH],
        )
        .await?;
    if old > 0 {
        transaction.batch_execute(TRASH).await?;
    }
    Ok(())
}

/// Whether the database holds nothing of ours, rather than a store of this version; anything else is an error.
pub(super) async fn is_new(transaction: &Transaction<'_>) -> Result<bool, StoreError> {
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&MAKING])
        .await?;
    let row = transaction
        .query_one(
            "SELECT count(*), count(*) FILTER (WHERE relname = 'meta') FROM pg_class
             JOIN pg_namespace ON pg_namespace.oid = relnamespace
             WHERE nspname = 'neutral_ground'",
            &[],
        )
        .await?;
    match (row.try_get::<_, i64>(0)?, row.try_get::<_, i64>(1)?) {
        (0, _) => Ok(true),
        (_, 0) => Err(StoreError::Foreign {
            expected: "a relay's store or an empty schema neutral_ground",
        }),
        _ => Ok(false),
    }
}

/// Makes the tables of a store with this identity.
pub(super) async fn make(
    transaction: &Transaction<'_>,
    identity: &Identity,
) -> Result<(), StoreError> {
    transaction.batch_execute(TABLES).await?;
    transaction.batch_execute(TRASH).await?;
    transaction
        .execute(
            "INSERT INTO meta (id, version, incarnation, relay_secret) VALUES (1, $1, $2, $3)",
            &[
                &SCHEMA_VERSION,
                &identity.incarnation.as_bytes().as_slice(),
                &identity.relay_secret.as_slice(),
            ],
        )
        .await?;
    Ok(())
}

/// Who the store is, if its tables are of this version.
pub(super) async fn identity(client: &impl GenericClient) -> Result<Identity, StoreError> {
    let found = client
        .query_opt("SELECT version, incarnation, relay_secret FROM meta", &[])
        .await;
    let row = found?.ok_or(StoreError::Damaged {
        reading: "identity",
    })?;
    if row.try_get::<_, i32>(0)? != SCHEMA_VERSION {
        return Err(StoreError::Foreign {
            expected: "a relay's store of this version",
        });
    }
    Ok(Identity {
        incarnation: Incarnation::from_bytes(rows::array(&row, 1)?),
        relay_secret: rows::array(&row, 2)?,
    })
}

fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Random)?;
    Ok(bytes)
}
