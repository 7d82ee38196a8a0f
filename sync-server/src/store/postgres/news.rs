//! Words between nodes: `NOTIFY` after a commit, in a statement of its own, and `LISTEN` on a connection of its own.
//!
//! A pending `NOTIFY` makes every commit of the whole database server wait in one line, so none is ever sent from a
//! transaction that does anything else; and many centres go into one. A word may be lost: nothing depends on it, so its
//! own commit does not wait for the disk, where it would stand in the way of a push.

use std::{
    collections::BTreeSet,
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use deadpool_postgres::Pool;
use sync_protocol::CentreId;
use tokio::{sync::Notify, task::JoinHandle, time::sleep};
use tokio_postgres::{AsyncMessage, Config, NoTls};

use crate::store::{StoreError, postgres::taken};

/// Centres in one word; a payload ends at 8,000 bytes.
const CENTRES: usize = 100;
/// What happens in this time is one word.
const BREATH: Duration = Duration::from_millis(20);
/// Time before the ear is put to a lost connection again.
const RETRY: Duration = Duration::from_secs(1);
/// Characters of a node's mark, by which it knows its own words.
const MARK: usize = 16;
/// Characters of a centre's name.
const NAME: usize = 64;

/// The mouth and the ear of one node; they rest when this is dropped.
#[derive(Debug)]
pub(super) struct News {
    said: Arc<Gathered>,
    heard: Arc<Gathered>,
    tasks: Vec<JoinHandle<()>>,
}

impl News {
    pub(super) fn start(place: Config, pool: Pool) -> Result<Arc<Self>, StoreError> {
        let mut random = [0; MARK / 2];
        getrandom::fill(&mut random).map_err(|_| StoreError::Random)?;
        let mark = format!("{:016x}", u64::from_be_bytes(random));
        let (said, heard) = (Arc::<Gathered>::default(), Arc::<Gathered>::default());
        let tasks = vec![
            tokio::spawn(speak(pool, mark.clone(), Arc::clone(&said))),
            tokio::spawn(listen(place, mark, Arc::clone(&heard))),
        ];
        Ok(Arc::new(Self { said, heard, tasks }))
    }

    /// Tells the other nodes, soon, that these centres have grown.
    pub(super) fn say(&self, centres: impl IntoIterator<Item = CentreId>) {
        self.said.add(centres);
    }

    /// Waits until other nodes say that centres have grown.
    pub(super) async fn heard(&self) -> BTreeSet<CentreId> {
        self.heard.taken().await
    }
}

impl Drop for News {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Centres that wait to be named.
#[derive(Debug, Default)]
struct Gathered {
    centres: Mutex<BTreeSet<CentreId>>,
    some: Notify,
}

impl Gathered {
    fn add(&self, centres: impl IntoIterator<Item = CentreId>) {
        let mut kept = self.centres.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(centres);
        if !kept.is_empty() {
            self.some.notify_one();
        }
    }

    async fn taken(&self) -> BTreeSet<CentreId> {
        loop {
            self.some.notified().await;
            let mut kept = self.centres.lock().unwrap_or_else(PoisonError::into_inner);
            if !kept.is_empty() {
                return std::mem::take(&mut *kept);
            }
        }
    }
}

async fn speak(pool: Pool, mark: String, said: Arc<Gathered>) {
    loop {
        let centres: Vec<CentreId> = said.taken().await.into_iter().collect();
        for some in centres.chunks(CENTRES) {
            if let Err(error) = notify(&pool, &mark, some).await {
                tracing::debug!(%error, "other nodes not told");
            }
        }
        sleep(BREATH).await;
    }
}

async fn notify(pool: &Pool, mark: &str, centres: &[CentreId]) -> Result<(), StoreError> {
    let mut word = mark.to_owned();
    for centre in centres {
        word.push_str(&centre.to_string());
    }
    let client = taken(pool).await?;
    let select = client
        .prepare_cached(
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify('neutral_ground', $1)",
        )
        .await?;
    client.query_one(&select, &[&word]).await?;
    Ok(())
}

async fn listen(place: Config, mark: String, heard: Arc<Gathered>) {
    loop {
        match hear(&place, &mark, &heard).await {
            Ok(()) => tracing::warn!("connection that hears other nodes ended"),
            Err(error) => tracing::warn!(%error, "other nodes not heard"),
        }
        sleep(RETRY).await;
    }
}

async fn hear(place: &Config, mark: &str, heard: &Gathered) -> Result<(), StoreError> {
    let (client, mut connection) = place.connect(NoTls).await?;
    let mut asking = pin!(client.batch_execute("LISTEN neutral_ground"));
    let mut asked = false;
    loop {
        let message = tokio::select! {
            message = poll_fn(|context| connection.poll_message(context)) => message,
            answer = asking.as_mut(), if !asked => {
                answer?;
                asked = true;
                continue;
            }
        };
        match message.transpose()? {
            Some(AsyncMessage::Notification(word)) => heard.add(named(word.payload(), mark)),
            Some(_) => {}
            None => return Ok(()),
        }
    }
}

/// The centres that another node's word names; its own words are no news to a node.
fn named(word: &str, mark: &str) -> BTreeSet<CentreId> {
    let Some((speaker, names)) = word.split_at_checked(MARK) else {
        return BTreeSet::new();
    };
    if speaker == mark {
        return BTreeSet::new();
    }
    let names = names.as_bytes().chunks(NAME);
    names
        .filter_map(|name| CentreId::parse_hex(std::str::from_utf8(name).ok()?).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_word_names_its_centres_to_every_node_but_its_own() {
        let centres = [CentreId::from_bytes([1; 32]), CentreId::from_bytes([2; 32])];
        let word = format!("0123456789abcdef{}{}", centres[0], centres[1]);
        assert_eq!(named(&word, "fedcba9876543210"), BTreeSet::from(centres));
        assert!(named(&word, "0123456789abcdef").is_empty());
        for foreign in ["", "short", "0123456789abcdefNOTHEX"] {
            assert!(named(foreign, "fedcba9876543210").is_empty());
        }
    }
}
