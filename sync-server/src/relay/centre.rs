//! One centre as its chain describes it, with the relay's own times.

use sync_protocol::{
    CentreId, Header, Membership, Scope, SignedRecord, frame::PushCode, limits::RETIRED_EPOCH_MS,
};

use crate::store::{StoreError, StoredRecord};

/// A centre's membership and when the relay received each record of it.
#[derive(Clone, Debug)]
pub struct Centre {
    /// Who may do what.
    pub membership: Membership,
    received_ms: Vec<i64>,
}

impl Centre {
    /// The centre that stored records describe.
    pub(super) fn replay(records: Vec<StoredRecord>) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged {
            reading: "membership chain",
        };
        let mut received_ms = Vec::with_capacity(records.len());
        let mut signed = Vec::with_capacity(records.len());
        for record in records {
            received_ms.push(record.received_ms);
            signed.push(SignedRecord::parse(record.bytes).map_err(|_| damaged())?);
        }
        let membership = Membership::replay(&signed).map_err(|_| damaged())?;
        Ok(Self {
            membership,
            received_ms,
        })
    }

    /// The centre after more records, received now.
    pub(super) fn grown(membership: Membership, before: Option<&Self>, now_ms: i64) -> Self {
        let mut received_ms = before.map_or_else(Vec::new, |before| before.received_ms.clone());
        let length = usize::try_from(membership.length()).unwrap_or(usize::MAX);
        received_ms.resize(length, now_ms);
        Self {
            membership,
            received_ms,
        }
    }

    /// The centre's name.
    pub fn id(&self) -> CentreId {
        self.membership.centre()
    }

    /// Whether an envelope's epoch has begun.
    pub(super) fn check_begun(&self, header: &Header) -> Result<(), PushCode> {
        if header.epoch > self.current_epoch(header) {
            return Err(PushCode::StaleEpoch);
        }
        Ok(())
    }

    /// Whether an envelope's epoch is the current one, or one retired not long ago.
    pub(super) fn check_not_retired(&self, header: &Header, now_ms: i64) -> Result<(), PushCode> {
        let Some(scope) = header.channel.scope() else {
            return Ok(());
        };
        if header.epoch == self.current_epoch(header) {
            return Ok(());
        }
        match self.retired_ms(scope, header.epoch) {
            Some(retired) if now_ms <= retired.saturating_add(RETIRED_EPOCH_MS) => Ok(()),
            Some(_) | None => Err(PushCode::StaleEpoch),
        }
    }

    /// The epoch of an envelope's channel now; what no scope owns is not limited by one.
    fn current_epoch(&self, header: &Header) -> u32 {
        let epoch_of = |scope| self.membership.epoch(scope).map_or(0, |epoch| epoch.epoch);
        header.channel.scope().map_or(u32::MAX, epoch_of)
    }

    /// When the relay received the record that began the epoch after this one.
    fn retired_ms(&self, scope: Scope, epoch: u32) -> Option<i64> {
        let (index, _) = self
            .membership
            .epochs(scope)
            .find(|(_, next)| next.epoch == epoch.saturating_add(1))?;
        self.received_ms.get(usize::try_from(index).ok()?).copied()
    }
}
