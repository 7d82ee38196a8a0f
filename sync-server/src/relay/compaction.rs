//! Snapshots, attests of them and prunes: who may send them, what a prune may ask of the store, and what may come back
//! without its body.

use std::collections::BTreeMap;

use sync_protocol::{
    Channel, DeviceId, EnvelopeId, EnvelopeKind, Header, KeyId, SealedEnvelope,
    compaction::{Order, Vouch},
    frame::PushCode,
    limits::ALONE_MS,
};

use crate::{relay::Centre, store::pruning::Pruning};

/// Whether an envelope of these kinds is what it must be, from somebody who may send it. Others pass.
///
/// Only what no honest author sends is refused: a refusal holds up everything that its author writes after it.
pub(super) fn judge(centre: &Centre, envelope: &SealedEnvelope) -> Result<(), PushCode> {
    let header = envelope.header();
    let whole = match header.kind {
        EnvelopeKind::Attest if header.key_id == KeyId::NONE => Vouch::of(envelope).is_some(),
        EnvelopeKind::Prune => Order::of(envelope, &centre.membership).is_some(),
        EnvelopeKind::Snapshot => true,
        EnvelopeKind::Attest
        | EnvelopeKind::Change
        | EnvelopeKind::Wrap
        | EnvelopeKind::Drop
        | EnvelopeKind::Erase => return Ok(()),
    };
    if !whole {
        return Err(PushCode::Malformed);
    }
    centre
        .membership
        .may_compact(&header.author, header.channel, header.membership_index)
        .map_err(|_| PushCode::Forbidden)
}

/// What a device that brings a log back shows of what was let go: the prunes among what it sends, of channels where it
/// might prune itself. An envelope may come without its body only if one of them covers it.
pub(super) struct Shown(Vec<(Channel, Order)>);

impl Shown {
    /// Nobody shows anything.
    pub(super) const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// What this device shows.
    pub(super) fn by(centre: &Centre, sender: &DeviceId, envelopes: &[&[u8]]) -> Self {
        let membership = &centre.membership;
        let order = |bytes: &[u8]| {
            Header::parse(bytes)
                .ok()
                .filter(|header| header.kind == EnvelopeKind::Prune)?;
            let prune = SealedEnvelope::parse(bytes.to_vec()).ok()?;
            let Header {
                author, channel, ..
            } = *prune.header();
            let may = membership.may_compact(sender, channel, membership.last_index());
            may.ok()?;
            prune.verify(&membership.device(&author)?.sign).ok()?;
            Some((channel, Order::of(&prune, membership)?))
        };
        Self(envelopes.iter().filter_map(|bytes| order(bytes)).collect())
    }

    /// Whether an envelope is whole, or need not be.
    pub(super) fn allows(&self, envelope: &SealedEnvelope) -> bool {
        let covered = |(channel, order): &(Channel, Order)| {
            *channel == envelope.header().channel && order.covers(envelope)
        };
        !envelope.is_stub() || self.0.iter().any(covered)
    }
}

/// What the prunes among these may let go, as the centre is now.
///
/// A device that was revoked since it vouched is no second voice any more, and one that is not alone any more waits for
/// another's: such a prune is kept and lets nothing go.
pub(super) fn prunings<'e>(
    centre: &Centre,
    envelopes: impl Iterator<Item = &'e SealedEnvelope>,
    now_ms: i64,
) -> BTreeMap<EnvelopeId, Pruning> {
    let prunes = envelopes.filter(|envelope| envelope.header().kind == EnvelopeKind::Prune);
    prunes
        .filter_map(|prune| {
            let membership = &centre.membership;
            let order = Order::of(prune, membership)?;
            let voice = membership.device(&order.attest.author)?;
            let channel = prune.header().channel;
            let alone = membership.compacts_alone(&voice.id, channel, membership.last_index());
            let heard = voice.revoked_at.is_none() && (alone || !order.alone);
            let rested_by = order.alone.then_some(now_ms - ALONE_MS);
            heard.then_some((prune.id(), Pruning { order, rested_by }))
        })
        .collect()
}
