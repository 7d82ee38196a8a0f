//! What a prune lets go of, decided on what a store holds at that moment.
//!
//! A store that lacks anything that a prune rests on leaves every body where it is: the prune is kept all the same, since
//! its author's run must go on, and does nothing.

use sync_protocol::{
    EnvelopeId, EnvelopeKind, SealedEnvelope,
    compaction::{Covered, Order, digest},
};

/// A prune that passed every check but those against what is stored.
#[derive(Clone, Debug)]
pub struct Pruning {
    /// What it asks for.
    pub order: Order,
    /// The relay must have received the snapshot by then, if one device speaks alone.
    pub rested_by: Option<i64>,
}

/// An envelope as it is stored.
pub(in crate::store) struct Stored {
    /// Its place in the channel.
    pub(in crate::store) seq: i64,
    /// Its name.
    pub(in crate::store) id: [u8; 32],
    /// All of it, or its stub.
    pub(in crate::store) bytes: Vec<u8>,
    /// When it was received, if it is a snapshot.
    pub(in crate::store) received_ms: Option<i64>,
}

/// A body to move: where it stands, and what stays there.
pub(in crate::store) struct Going {
    pub(in crate::store) seq: i64,
    pub(in crate::store) stub: Vec<u8>,
}

impl Pruning {
    /// Whether what stands at the snapshot's place is that snapshot, whole, and has rested long enough.
    pub(in crate::store) fn finds_snapshot(&self, stored: Stored) -> bool {
        let vouch = &self.order.vouch;
        let rested = self
            .rested_by
            .is_none_or(|by| stored.received_ms.is_some_and(|received| received <= by));
        rested
            && SealedEnvelope::parse(stored.bytes).is_ok_and(|snapshot| {
                snapshot.id() == vouch.snapshot.id
                    && snapshot.header().kind == EnvelopeKind::Snapshot
                    && snapshot.header().document == vouch.document
            })
    }

    /// Whether what stands at the attest's place is that attest.
    pub(in crate::store) fn finds_attest(&self, stored: &Stored) -> bool {
        &stored.id == self.order.attest.id.as_bytes()
    }

    /// What goes of a run, given every envelope of the document in it up to the last that is covered; `None` if these are
    /// not the envelopes that were vouched for.
    pub(in crate::store) fn going(&self, run: &Covered, stored: Vec<Stored>) -> Option<Vec<Going>> {
        let ids: Vec<EnvelopeId> = stored
            .iter()
            .map(|row| EnvelopeId::from_bytes(row.id))
            .collect();
        if digest(&ids) != run.digest {
            return None;
        }
        let kept = stored.into_iter().filter_map(|row| {
            let envelope = SealedEnvelope::parse_kept(row.bytes).ok()?;
            let stub = envelope.stub();
            self.order
                .lets_go(&envelope)
                .then_some(Going { seq: row.seq, stub })
        });
        Some(kept.collect())
    }
}
