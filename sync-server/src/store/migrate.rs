//! From one SQLite file to an empty PostgreSQL database: every byte, the relay's identity with them, so that no tablet
//! notices. What was copied is proved before any of it stays.

use std::{fmt, path::Path};

use rusqlite::Connection;
use tokio_postgres::Config;

use crate::store::{
    StoreError,
    audit::{Audit, AuditError},
    postgres::{Filling, Target},
    sqlite,
};

/// Why nothing was migrated; the database is as it was.
#[derive(Debug)]
pub enum MigrateError {
    /// The file or the database could not be read or written, or is not fit for it.
    Store(StoreError),
    /// The file or the copy does not prove.
    Audit(AuditError),
    /// The copy holds something else than the file.
    Different {
        /// What the file holds.
        source: Box<Audit>,
        /// What the copy holds.
        copy: Box<Audit>,
    },
}

impl fmt::Display for MigrateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Audit(error) => error.fmt(f),
            Self::Different { source, copy } => {
                write!(f, "expected a copy with {source}, found {copy}")
            }
        }
    }
}

impl std::error::Error for MigrateError {}

impl From<StoreError> for MigrateError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AuditError> for MigrateError {
    fn from(error: AuditError) -> Self {
        Self::Audit(error)
    }
}

/// Copies a store that no relay uses into a database that holds none, and says what was proved in both.
pub async fn migrate(from: &Path, to: &Config) -> Result<Audit, MigrateError> {
    let file = sqlite::schema::open_alone(from)?;
    let source = sqlite::audit::prove(&file)?;
    let mut target = Target::reach(to).await?;
    let identity = sqlite::schema::identity(&file)?;
    let filling = target.begin(&identity).await?;
    copy(&file, &filling).await?;
    let copied = filling.prove().await?;
    if copied != source {
        return Err(MigrateError::Different {
            source: Box::new(source),
            copy: Box::new(copied),
        });
    }
    filling.keep().await?;
    Ok(copied)
}

async fn copy(file: &Connection, filling: &Filling<'_>) -> Result<(), StoreError> {
    for centre in sqlite::rows::centres(file)? {
        let records = sqlite::reads::membership(file, centre.centre)?;
        let centre_key = filling.centre(&centre, &records).await?;
        for channel in sqlite::rows::channels(file, centre.key)? {
            let key = filling.channel(centre_key, &channel).await?;
            copy_channel(file, channel.key, filling, key).await?;
        }
    }
    for invite in sqlite::rows::invites(file)? {
        filling.invite(&invite).await?;
    }
    for message in sqlite::rows::messages(file)? {
        filling.message(&message).await?;
    }
    Ok(())
}

async fn copy_channel(
    file: &Connection,
    from: i64,
    filling: &Filling<'_>,
    to: i64,
) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let run = sqlite::rows::envelopes(file, from, after)?;
        let Some(last) = run.last() else { break };
        after = last.seq;
        filling.envelopes(to, &run).await?;
    }
    filling
        .streams(to, &sqlite::rows::streams(file, from)?)
        .await
}
