//! A copy of a store that is in use, proved before it gets its name.

use std::{fmt, path::Path, time::Duration};

use rusqlite::{Connection, backup, params};

use crate::store::{
    StoreError,
    audit::{Audit, AuditError},
    sqlite::{audit::audit, schema},
};

/// Pages copied before others get a turn.
const PAGES: i32 = 1024;

/// Why there is no backup.
#[derive(Debug)]
pub enum BackupError {
    /// The file exists; a backup never replaces one.
    Exists,
    /// The store or the file could not be read or written.
    Store(StoreError),
    /// The copy does not prove; it was removed.
    Audit(AuditError),
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_str("expected a new file, found one of that name"),
            Self::Store(error) => error.fmt(f),
            Self::Audit(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BackupError {}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Copies the store to a new file, proves the copy, and only then gives it its name.
pub fn backup(store: &Path, file: &Path) -> Result<Audit, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists);
    }
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    if partial.exists() {
        std::fs::remove_file(partial).map_err(StoreError::from)?;
    }
    let proved = copy(store, partial).and_then(|()| audit(partial).map_err(BackupError::Audit));
    match proved {
        Ok(found) => {
            std::fs::rename(partial, file).map_err(StoreError::from)?;
            Ok(found)
        }
        Err(error) => {
            let _already_gone = std::fs::remove_file(partial);
            Err(error)
        }
    }
}

fn copy(store: &Path, file: &Path) -> Result<(), BackupError> {
    let source = schema::open_reader(store)?;
    let mut target = Connection::open(file).map_err(StoreError::from)?;
    let copying = backup::Backup::new(&source, &mut target).map_err(StoreError::from)?;
    copying
        .run_to_completion(PAGES, Duration::ZERO, None)
        .map_err(StoreError::from)?;
    drop(copying);
    // Whoever opens the copy goes on from an older state than tablets have seen: a new life, and they notice.
    target
        .execute(
            "UPDATE meta SET incarnation = ?1",
            params![schema::random::<16>()?],
        )
        .map_err(StoreError::from)?;
    // One file and nothing beside it, so that copying it elsewhere copies all of it.
    target
        .pragma_update(None, "journal_mode", "delete")
        .map_err(StoreError::from)?;
    target
        .close()
        .map_err(|(_, error)| StoreError::from(error))?;
    let copied = std::fs::File::open(file).map_err(StoreError::from)?;
    copied.sync_all().map_err(StoreError::from)?;
    Ok(())
}
