//! The default store: one SQLite file, WAL, `synchronous=FULL`, one writer that commits in groups, several readers.
//!
//! An acknowledgement leaves only after the commit that holds it, so it survives a power cut.

pub(in crate::store) mod audit;
mod backup;
mod pruning;
pub(in crate::store) mod reads;
pub(in crate::store) mod rows;
pub(in crate::store) mod schema;
mod writer;
mod writes;

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use sync_protocol::{CentreId, InviteId};
use tokio::sync::Semaphore;

use crate::store::{
    Answer, EnvelopeAppend, Identity, Left, MembershipAppend, NewEnvelopes, NewMembership,
    NewMessage, Pages, Store, StoreError, StoredRecord, Wanted,
};

pub use crate::store::audit::{Audit, AuditError};
pub use audit::audit;
pub use backup::{BackupError, backup};

/// Connections that read while the writer writes.
const READERS: usize = 4;

/// A store in one SQLite file.
pub struct SqliteStore {
    identity: Identity,
    // Dropped before the writer: whoever closes last puts the log into the file, and readers may not write.
    readers: Arc<Readers>,
    writer: writer::Writer,
}

impl SqliteStore {
    /// Opens the store in this file, or makes it, with a new identity.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)?;
        }
        let connection = Connection::open(path)?;
        schema::prepare(&connection)?;
        let identity = schema::identity(&connection)?;
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            readers.push(schema::open_reader(path)?);
        }
        Ok(Self {
            identity,
            readers: Arc::new(Readers {
                idle: Mutex::new(readers),
                permits: Semaphore::new(READERS),
            }),
            writer: writer::Writer::start(connection)?,
        })
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = Arc::clone(&self.readers);
        let task = async move {
            let permit = readers
                .permits
                .acquire()
                .await
                .map_err(|_| StoreError::Closed)?;
            let taking = Arc::clone(&readers);
            let done = tokio::task::spawn_blocking(move || taking.with(work)).await;
            drop(permit);
            done.map_err(|_| StoreError::Closed)?
        };
        task.await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Reading connections that nobody uses at the moment; there is one for each permit.
struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    fn with<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let taken = self.lock().pop();
        let connection = taken.ok_or(StoreError::Closed)?;
        let result = work(&connection);
        self.lock().push(connection);
        result
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for SqliteStore {
    fn identity(&self) -> Identity {
        self.identity.clone()
    }

    fn membership(&self, centre: CentreId) -> Answer<'_, Vec<StoredRecord>> {
        Box::pin(self.read(move |connection| reads::membership(connection, centre)))
    }

    fn records_from(
        &self,
        centre: CentreId,
        index: u32,
        budget: usize,
    ) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(
            self.read(move |connection| reads::records_from(connection, centre, index, budget)),
        )
    }

    fn append_membership(&self, append: NewMembership) -> Answer<'_, MembershipAppend> {
        Box::pin(
            self.writer
                .write(move |connection| writes::append_membership(connection, &append)),
        )
    }

    fn append_envelopes(&self, batch: NewEnvelopes) -> Answer<'_, EnvelopeAppend> {
        Box::pin(
            self.writer
                .write(move |connection| writes::append_envelopes(connection, &batch)),
        )
    }

    fn pages(&self, wanted: Wanted) -> Answer<'_, Pages> {
        Box::pin(self.read(move |connection| reads::pages(connection, &wanted)))
    }

    fn invite_centre(&self, invite: InviteId) -> Answer<'_, Option<CentreId>> {
        Box::pin(self.read(move |connection| reads::invite_centre(connection, invite)))
    }

    fn leave_message(&self, message: NewMessage) -> Answer<'_, Left> {
        Box::pin(
            self.writer
                .write(move |connection| writes::leave_message(connection, &message)),
        )
    }

    fn messages(&self, invite: InviteId, after: u32) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(self.read(move |connection| reads::messages(connection, invite, after)))
    }

    fn purge_mailboxes(&self, now_ms: i64) -> Answer<'_, usize> {
        Box::pin(
            self.writer
                .write(move |connection| writes::purge_mailboxes(connection, now_ms)),
        )
    }

    fn purge_trash(&self, before_ms: i64) -> Answer<'_, usize> {
        Box::pin(
            self.writer
                .write(move |connection| pruning::purge(connection, before_ms)),
        )
    }

    fn touch(&self) -> Answer<'_, ()> {
        Box::pin(self.read(reads::touch))
    }
}
