//! Tables, pragmas and the store's identity.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, config::DbConfig, params};
use sync_protocol::Incarnation;

use crate::store::{Identity, StoreError};

/// Marks a file as a relay's store: "NGRS".
const APPLICATION_ID: i32 = 0x4E47_5253;
/// Version of the tables below.
const SCHEMA_VERSION: i32 = 2;
/// The version before there was a trash.
const WITHOUT_TRASH: i32 = 1;

/// Negative, as SQLite wants it for KiB: the inner pages of every index of a busy store, so that none is read twice.
const WRITER_CACHE_KIB: i32 = -32 * 1024;
/// Pages of 4 KiB that the log may grow by before they go into the file; fewer would flush the same pages more often.
const WAL_PAGES: i32 = 4000;

const TABLES: &str = "
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation BLOB NOT NULL,
    relay_secret BLOB NOT NULL
) STRICT;
CREATE TABLE centres (
    key INTEGER PRIMARY KEY,
    centre BLOB NOT NULL UNIQUE,
    length INTEGER NOT NULL,
    head BLOB NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE membership (
    centre_key INTEGER NOT NULL REFERENCES centres (key),
    idx INTEGER NOT NULL,
    record BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    UNIQUE (centre_key, idx)
) STRICT;
CREATE TABLE invites (
    invite BLOB PRIMARY KEY,
    centre_key INTEGER NOT NULL REFERENCES centres (key),
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE channels (
    key INTEGER PRIMARY KEY,
    centre_key INTEGER NOT NULL REFERENCES centres (key),
    channel BLOB NOT NULL,
    seq INTEGER NOT NULL,
    chain BLOB NOT NULL,
    UNIQUE (centre_key, channel)
) STRICT;
CREATE TABLE streams (
    channel_key INTEGER NOT NULL REFERENCES channels (key),
    author BLOB NOT NULL,
    stream BLOB NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (channel_key, author, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE envelopes (
    channel_key INTEGER NOT NULL REFERENCES channels (key),
    seq INTEGER NOT NULL,
    author BLOB NOT NULL,
    stream BLOB NOT NULL,
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    chain BLOB NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (channel_key, seq),
    UNIQUE (channel_key, author, stream, n)
) STRICT;
CREATE TABLE mailbox (
    invite BLOB NOT NULL,
    no INTEGER NOT NULL,
    message BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (invite, no)
) STRICT, WITHOUT ROWID;
";

/// What came with version 2: bodies that were pruned, and when a snapshot was received.
const TRASH: &str = "
ALTER TABLE envelopes ADD COLUMN received_ms INTEGER;
CREATE TABLE trash (
    channel_key INTEGER NOT NULL REFERENCES channels (key),
    seq INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    pruned_ms INTEGER NOT NULL,
    UNIQUE (channel_key, seq)
) STRICT;
CREATE INDEX trash_by_time ON trash (pruned_ms);
";

/// Sets the pragmas, and makes the tables where there are none; leaves a foreign file as it is.
pub(super) fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    let is_new = is_new(connection)?;
    keep_plans(connection)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", "on")?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    connection.set_prepared_statement_cache_capacity(64);
    if !is_new {
        return upgrade(connection);
    }
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.execute_batch(TRASH)?;
    transaction.execute(
        "INSERT INTO meta (id, incarnation, relay_secret) VALUES (1, ?1, ?2)",
        params![random::<16>()?, random::<32>()?],
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Brings the tables of an older version up to this one, where they are.
fn upgrade(connection: &Connection) -> Result<(), StoreError> {
    if has_trash(connection)? {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(TRASH)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Whether the tables are of this version; a file of the one before is read as it is.
pub(super) fn has_trash(connection: &Connection) -> Result<bool, StoreError> {
    Ok(number(connection, "user_version")? > WITHOUT_TRASH)
}

/// Whether the file is empty, rather than a store of this version; anything else is an error.
fn is_new(connection: &Connection) -> Result<bool, StoreError> {
    if number(connection, "application_id")? == APPLICATION_ID {
        return check_version(connection).map(|()| false);
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 {
        let expected = "a relay's store or an empty file";
        return Err(StoreError::Foreign { expected });
    }
    Ok(true)
}

/// Who the store is.
pub(in crate::store) fn identity(connection: &Connection) -> Result<Identity, StoreError> {
    let row = connection
        .query_row("SELECT incarnation, relay_secret FROM meta", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (incarnation, relay_secret) = row.ok_or(StoreError::Damaged {
        reading: "identity",
    })?;
    Ok(Identity {
        incarnation: Incarnation::from_bytes(incarnation),
        relay_secret,
    })
}

/// A connection that cannot write.
pub(in crate::store) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    if number(&connection, "application_id")? != APPLICATION_ID {
        return Err(StoreError::Foreign {
            expected: "a relay's store",
        });
    }
    check_version(&connection)?;
    keep_plans(&connection)?;
    Ok(connection)
}

/// A prepared statement keeps its plan whatever is bound to it; else SQLite plans every range anew at every call,
/// which costs a pull more than its rows do.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A connection that shuts out every other, so that nothing is written behind the back of who copies the store.
///
/// A relay that runs has the file open, and then there is no such connection.
pub(in crate::store) fn open_alone(path: &Path) -> Result<Connection, StoreError> {
    drop(open_reader(path)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(1))?;
    // In this mode the first look at the file takes it, and keeps it until the connection goes.
    connection.pragma_update(None, "locking_mode", "exclusive")?;
    match connection.execute_batch("BEGIN IMMEDIATE; COMMIT") {
        Ok(()) => Ok(connection),
        Err(rusqlite::Error::SqliteFailure(error, _))
            if error.code == rusqlite::ErrorCode::DatabaseBusy =>
        {
            Err(StoreError::InUse)
        }
        Err(error) => Err(error.into()),
    }
}

fn check_version(connection: &Connection) -> Result<(), StoreError> {
    if matches!(
        number(connection, "user_version")?,
        WITHOUT_TRASH | SCHEMA_VERSION
    ) {
        Ok(())
    } else {
        Err(StoreError::Foreign {
            expected: "a relay's store of this version",
        })
    }
}

fn number(connection: &Connection, pragma: &str) -> Result<i32, StoreError> {
    Ok(connection.pragma_query_value(None, pragma, |row| row.get(0))?)
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Random)?;
    Ok(bytes)
}
