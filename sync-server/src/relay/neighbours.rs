//! What other nodes over the same store did, told to the devices that listen at this one.
//!
//! A neighbour's word makes it quick; the poll makes it certain.

use std::{collections::BTreeSet, time::Duration};

use sync_protocol::CentreId;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    error::RelayError,
    relay::Relay,
    store::{CentreHeads, Neighbours},
};

/// How long a word that was lost may go unnoticed.
const POLL_TIME: Duration = Duration::from_secs(3);

impl Relay {
    /// Watches the neighbours, for ever; done at once where there can be none.
    pub(crate) async fn watch_neighbours(&self) {
        let Some(neighbours) = self.store.neighbours() else {
            return;
        };
        let mut polls = interval(POLL_TIME);
        polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let listened = tokio::select! {
                heard = neighbours.heard() => &heard & &self.hub.listened(),
                _ = polls.tick() => self.hub.listened(),
            };
            if let Err(error) = self.tell(neighbours, listened).await {
                tracing::warn!(?error, "neighbours not heard");
            }
        }
    }

    async fn tell(
        &self,
        neighbours: &dyn Neighbours,
        centres: BTreeSet<CentreId>,
    ) -> Result<(), RelayError> {
        if centres.is_empty() {
            return Ok(());
        }
        for heads in neighbours.heads(centres).await? {
            self.renew(&heads).await?;
            self.hub.catch_up(&heads);
        }
        Ok(())
    }

    /// Pokes are judged by the centre that is kept, so it must be the newest before they go out.
    async fn renew(&self, heads: &CentreHeads) -> Result<(), RelayError> {
        let kept = self.kept(heads.centre);
        if kept.is_none_or(|kept| kept.membership.length() < heads.length) {
            self.reload(heads.centre).await?;
        }
        Ok(())
    }
}
