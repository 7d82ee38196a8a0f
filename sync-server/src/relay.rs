//! What each call does, over any store.
//!
//! It knows rights, order and limits. It must not know HTTP beyond bytes in and bytes out.

mod centre;
mod compaction;
mod mailbox;
mod membership;
mod neighbours;
mod proof;
mod pull;
mod push;
mod rate;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use ed25519_dalek::SigningKey;
use sync_protocol::{CentreId, ErrorCode, Incarnation, limits::TRASH_MS};
use tokio::sync::watch;

use crate::{
    clock::Clock, config::Config, error::RelayError, live::Hub, metrics::Metrics, store::Store,
};

pub use centre::Centre;
pub use proof::Unproved;

/// The relay, whatever it is reached by.
pub struct Relay {
    store: Arc<dyn Store>,
    key: SigningKey,
    incarnation: Incarnation,
    challenge_key: [u8; 32],
    centre_quota: u64,
    max_centres: u32,
    clock: Clock,
    centres: RwLock<BTreeMap<CentreId, Arc<Centre>>>,
    rates: rate::Rates,
    /// Who listens.
    pub hub: Hub,
    /// What was done.
    pub metrics: Metrics,
    /// Told when the relay is to stop.
    pub stop: Stop,
}

/// Waits for the word that the relay is to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits for this to become true, or for its sender to go.
    pub const fn new(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Done when the relay is to stop.
    pub async fn told(&mut self) {
        let _sender_gone = self.0.wait_for(|stopped| *stopped).await;
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("incarnation", &self.incarnation)
            .finish_non_exhaustive()
    }
}

impl Relay {
    /// A relay over a store.
    pub fn new(store: Arc<dyn Store>, config: &Config, stop: Stop) -> Self {
        let identity = store.identity();
        Self {
            store,
            key: SigningKey::from_bytes(&identity.relay_secret),
            incarnation: identity.incarnation,
            challenge_key: blake3::derive_key("ng/challenge/v1", &identity.relay_secret),
            centre_quota: config.centre_quota,
            max_centres: config.max_centres,
            clock: config.clock.clone(),
            centres: RwLock::default(),
            rates: rate::Rates::new(
                rate::Allowance::new(config.device_rate, config.device_burst),
                rate::Allowance::new(config.device_pull_rate, config.device_pull_burst),
            ),
            hub: Hub::new(config.max_live),
            metrics: Metrics::default(),
            stop,
        }
    }

    /// A centre as its chain describes it, read once and then kept.
    ///
    /// Where other nodes may have appended to the chain, its length is looked at every time, so that a device
    /// revoked at one node is revoked at all of them.
    pub async fn centre(&self, id: CentreId) -> Result<Arc<Centre>, RelayError> {
        let kept = self.centre_as_kept(id).await?;
        let Some(neighbours) = self.store.neighbours() else {
            return Ok(kept);
        };
        if neighbours.length(id).await? == kept.membership.length() {
            Ok(kept)
        } else {
            self.reload(id).await
        }
    }

    /// A centre as it was read last, for work that the store refuses if that is no longer how it is.
    async fn centre_as_kept(&self, id: CentreId) -> Result<Arc<Centre>, RelayError> {
        match self.kept(id) {
            Some(kept) => Ok(kept),
            None => self.reload(id).await,
        }
    }

    /// A centre as the store has it now.
    async fn reload(&self, id: CentreId) -> Result<Arc<Centre>, RelayError> {
        let records = self.store.membership(id).await?;
        if records.is_empty() {
            return Err(ErrorCode::UnknownCentre.into());
        }
        let centre = Arc::new(Centre::replay(records)?);
        self.keep(id, Arc::clone(&centre));
        Ok(centre)
    }

    /// A centre that is kept in memory, which pokes are judged by.
    pub fn kept(&self, id: CentreId) -> Option<Arc<Centre>> {
        let centres = self.centres.read().unwrap_or_else(PoisonError::into_inner);
        centres.get(&id).cloned()
    }

    /// Keeps the longer chain, since two requests may finish in another order than they were stored.
    fn keep(&self, id: CentreId, centre: Arc<Centre>) {
        let mut centres = self.centres.write().unwrap_or_else(PoisonError::into_inner);
        let length = centre.membership.length();
        let kept = centres.get(&id).map_or(0, |kept| kept.membership.length());
        if length > kept {
            centres.insert(id, centre);
        }
    }

    /// Does a small piece of real work.
    pub async fn touch(&self) -> Result<(), RelayError> {
        Ok(self.store.touch().await?)
    }

    /// Lets go of what has ended.
    pub async fn purge(&self) {
        let now_ms = self.clock.now_ms();
        self.rates.purge(now_ms);
        match self.store.purge_mailboxes(now_ms).await {
            Ok(messages) => tracing::debug!(messages, "mailboxes purged"),
            Err(error) => tracing::warn!(%error, "mailboxes not purged"),
        }
        match self.store.purge_trash(now_ms - TRASH_MS).await {
            Ok(bodies) => tracing::debug!(bodies, "trash emptied"),
            Err(error) => tracing::warn!(%error, "trash not emptied"),
        }
    }
}
