//! The store of several nodes: one PostgreSQL database, and no node keeps anything that another would miss.
//!
//! A place in a channel is never a sequence's value: those become visible in another order than they were given, and
//! a reader who has seen 8 would never see a late 7. The channel's head row is locked and counted up in the
//! transaction that inserts, so that places become visible in their order.

mod audit;
mod fill;
mod locking;
mod membership;
mod news;
mod placing;
mod pruning;
mod reads;
mod rows;
mod schema;
mod writer;
mod writes;

use std::{collections::BTreeSet, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use sync_protocol::{CentreId, InviteId};
use tokio_postgres::{Config, NoTls};

use crate::store::{
    Answer, CentreHeads, EnvelopeAppend, Identity, Left, MembershipAppend, Neighbours,
    NewEnvelopes, NewMembership, NewMessage, Pages, Store, StoreError, StoredRecord, Wanted,
};

pub use audit::audit;
pub(in crate::store) use fill::{Filling, Target};

/// Connections of one node; PostgreSQL allows a hundred in all unless told otherwise.
const CONNECTIONS: usize = 12;
/// Time to wait for a connection before the request is refused.
const PATIENCE: Duration = Duration::from_secs(10);

/// A store in a PostgreSQL database.
pub struct PostgresStore {
    identity: Identity,
    pool: Pool,
    writer: writer::Writer,
    news: Arc<news::News>,
}

impl PostgresStore {
    /// Opens the store in this database, or makes it, with a new identity.
    pub async fn open(place: &Config) -> Result<Self, StoreError> {
        let place = schema::settled(place);
        let mut connection = connect(&place).await?;
        schema::check_durable(&connection).await?;
        let identity = schema::prepare(&mut connection).await?;
        drop(connection);
        let pool = pool(&place)?;
        let news = news::News::start(place, pool.clone())?;
        let writer = writer::Writer::start(&pool, &news);
        Ok(Self {
            identity,
            pool,
            writer,
            news,
        })
    }

    async fn connection(&self) -> Result<Object, StoreError> {
        taken(&self.pool).await
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// A connection outside the pool; the task that drives it ends with it.
async fn connect(place: &Config) -> Result<tokio_postgres::Client, StoreError> {
    let (client, connection) = place.connect(NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "connection to the database ended");
        }
    });
    Ok(client)
}

fn pool(place: &Config) -> Result<Pool, StoreError> {
    let config = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    Pool::builder(Manager::from_config(place.clone(), NoTls, config))
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .build()
        .map_err(|_| StoreError::Closed)
}

async fn taken(pool: &Pool) -> Result<Object, StoreError> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) => StoreError::Postgres(error),
        PoolError::Timeout(_) => StoreError::Busy,
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            StoreError::Closed
        }
    })
}

impl Store for PostgresStore {
    fn identity(&self) -> Identity {
        self.identity.clone()
    }

    fn membership(&self, centre: CentreId) -> Answer<'_, Vec<StoredRecord>> {
        Box::pin(async move { reads::membership(&self.connection().await?, centre).await })
    }

    fn records_from(
        &self,
        centre: CentreId,
        index: u32,
        budget: usize,
    ) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(async move {
            reads::records_from(&self.connection().await?, centre, index, budget).await
        })
    }

    fn append_membership(&self, append: NewMembership) -> Answer<'_, MembershipAppend> {
        Box::pin(async move {
            let appended = membership::append(&mut self.connection().await?, &append).await?;
            if appended == MembershipAppend::Appended {
                self.news.say([append.centre]);
            }
            Ok(appended)
        })
    }

    fn append_envelopes(&self, batch: NewEnvelopes) -> Answer<'_, EnvelopeAppend> {
        Box::pin(self.writer.write(batch))
    }

    fn pages(&self, wanted: Wanted) -> Answer<'_, Pages> {
        Box::pin(async move { reads::pages(&self.connection().await?, &wanted).await })
    }

    fn invite_centre(&self, invite: InviteId) -> Answer<'_, Option<CentreId>> {
        Box::pin(async move { reads::invite_centre(&self.connection().await?, invite).await })
    }

    fn leave_message(&self, message: NewMessage) -> Answer<'_, Left> {
        Box::pin(async move {
            let (left, centre) =
                membership::leave_message(&mut self.connection().await?, &message).await?;
            self.news.say(centre);
            Ok(left)
        })
    }

    fn messages(&self, invite: InviteId, after: u32) -> Answer<'_, Vec<Vec<u8>>> {
        Box::pin(async move { reads::messages(&self.connection().await?, invite, after).await })
    }

    fn purge_mailboxes(&self, now_ms: i64) -> Answer<'_, usize> {
        Box::pin(async move { membership::purge(&self.connection().await?, now_ms).await })
    }

    fn purge_trash(&self, before_ms: i64) -> Answer<'_, usize> {
        Box::pin(async move { pruning::purge(&mut self.connection().await?, before_ms).await })
    }

    fn touch(&self) -> Answer<'_, ()> {
        Box::pin(async move { reads::touch(&self.connection().await?).await })
    }

    fn neighbours(&self) -> Option<&dyn Neighbours> {
        Some(self)
    }
}

impl Neighbours for PostgresStore {
    fn heard(&self) -> Pin<Box<dyn Future<Output = BTreeSet<CentreId>> + Send + '_>> {
        Box::pin(self.news.heard())
    }

    fn length(&self, centre: CentreId) -> Answer<'_, u32> {
        Box::pin(async move { reads::length(&self.connection().await?, centre).await })
    }

    fn heads(&self, centres: BTreeSet<CentreId>) -> Answer<'_, Vec<CentreHeads>> {
        Box::pin(async move { reads::heads(&self.connection().await?, &centres).await })
    }
}
