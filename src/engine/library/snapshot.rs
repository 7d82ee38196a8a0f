//! Snapshots held against what they are of, and what may stand in for bodies that were pruned.
//!
//! A snapshot is never taken on its author's word: who holds what it is of compares, and who does not wants a second voice.

use sync_protocol::{
    EnvelopeId, EnvelopeKind, Header, Membership, SealedEnvelope,
    compaction::{Coverage, Order},
};

use crate::{
    documents::{Document, DocumentKind},
    engine::{
        crypto::{envelope::SealKey, key::DocumentKey, keyring::Keyring, payload::Snapshot},
        library::assemble::{Fault, assemble, named, verify},
    },
};

/// More changes than this, or more bytes of them, are written down whole.
pub(crate) const MOST_CHANGES: usize = 64;
pub(crate) const MOST_BYTES: usize = 128 * 1024;

/// Whether these envelopes are exactly those that a coverage speaks of, among those that are here.
pub(crate) fn agrees(coverage: &Coverage, envelopes: &[SealedEnvelope]) -> bool {
    let mut covered = envelopes
        .iter()
        .filter(|envelope| coverage.holds(envelope.header()));
    Coverage::of(&mut covered).as_ref() == Some(coverage)
}

/// Whether the last of each run that a coverage speaks of is among these, so that all before it are.
fn has_come(coverage: &Coverage, envelopes: &[SealedEnvelope]) -> bool {
    coverage.runs().iter().all(|run| {
        envelopes.iter().map(SealedEnvelope::header).any(|header| {
            (header.author, header.stream, header.n) == (run.author, run.stream, run.n)
        })
    })
}

/// Opens a snapshot envelope.
pub(crate) fn open(
    envelope: &SealedEnvelope,
    key: &DocumentKey,
    membership: &Membership,
) -> Result<Snapshot, Fault> {
    let header = envelope.header();
    let verified = verify(envelope, membership)?;
    membership
        .may_compact(&header.author, header.channel, header.membership_index)
        .map_err(|_| Fault::WrongWriter)?;
    let plain = verified
        .open(SealKey::Document(key))
        .map_err(|_| Fault::DoesNotOpen)?;
    Snapshot::decode(&plain).map_err(|_| Fault::Contents)
}

/// Whether there is enough above the newest snapshot.
pub(crate) fn is_long(held: &[SealedEnvelope], newest: Option<&Snapshot>) -> bool {
    let above = held.iter().filter(|envelope| {
        let header = envelope.header();
        let covered = newest.is_some_and(|newest| newest.coverage.holds(header));
        header.kind == EnvelopeKind::Change && !envelope.is_stub() && !covered
    });
    let (mut count, mut bytes) = (0, 0);
    for envelope in above {
        count += 1;
        bytes += envelope.bytes().len();
    }
    count > MOST_CHANGES || bytes > MOST_BYTES
}

/// The document that a snapshot saves, if it has the heads that it states and every one of these chunks in it.
fn holding(kind: DocumentKind, snapshot: &Snapshot, chunks: &[Vec<u8>]) -> Option<Document> {
    let mut saved = Document::load(kind, &[0], core::slice::from_ref(&snapshot.save)).ok()?;
    let whole = |saved: &mut Document| saved.heads() == snapshot.heads && !saved.is_waiting();
    let stated = whole(&mut saved);
    saved.merge(chunks).ok()?;
    (stated && whole(&mut saved)).then_some(saved)
}

/// Whether a snapshot is all of these chunks and nothing else: the same heads, the same changes, the same words.
pub(crate) fn is_all_of(kind: DocumentKind, snapshot: &Snapshot, chunks: &[Vec<u8>]) -> bool {
    let replayed = Document::load(kind, &[0], chunks).ok();
    let saved = holding(kind, snapshot, chunks);
    replayed.zip(saved).is_some_and(|(mut replayed, saved)| {
        replayed.heads() == snapshot.heads
            && !replayed.is_waiting()
            && replayed.says_the_same_as(&saved)
    })
}

/// Snapshots that stand in for bodies which are not here.
#[derive(Default)]
pub(super) struct StandIn {
    pub(super) saves: Vec<Vec<u8>>,
    pub(super) faults: Vec<(EnvelopeId, Fault)>,
    covered: Vec<Coverage>,
}

impl StandIn {
    pub(super) fn covers(&self, header: &Header) -> bool {
        self.covered.iter().any(|coverage| coverage.holds(header))
    }
}

/// The snapshots among these that two devices vouch for.
pub(super) fn stand_in(
    envelopes: &[SealedEnvelope],
    keys: &[(DocumentKind, DocumentKey)],
    keyring: &Keyring,
    membership: &Membership,
) -> StandIn {
    let mut found = StandIn::default();
    for prune in envelopes {
        if prune.header().kind != EnvelopeKind::Prune || verify(prune, membership).is_err() {
            continue;
        }
        let Some(order) = Order::of(prune, membership) else {
            continue;
        };
        let Some(envelope) = of_order(&order, envelopes) else {
            continue;
        };
        let Some((kind, key)) = named(keys, envelope) else {
            continue;
        };
        if !has_come(&order.vouch.coverage, envelopes) {
            continue;
        }
        let opened = open(envelope, key, membership).and_then(|snapshot| {
            let stands = snapshot.coverage == order.vouch.coverage
                && agrees(&snapshot.coverage, envelopes)
                && stands(*kind, &snapshot, envelopes, keyring, membership);
            stands.then_some(snapshot).ok_or(Fault::OtherContents)
        });
        match opened {
            Ok(snapshot) => {
                found.saves.push(snapshot.save);
                found.covered.push(snapshot.coverage);
            }
            Err(fault) => found.faults.push((envelope.id(), fault)),
        }
    }
    found
}

/// The snapshot that a prune rests on, if it is here whole.
fn of_order<'e>(order: &Order, envelopes: &'e [SealedEnvelope]) -> Option<&'e SealedEnvelope> {
    let mut whole = envelopes.iter().filter(|envelope| is_whole(envelope));
    whole.find(|envelope| envelope.id() == order.vouch.snapshot.id)
}

/// Whether this is a snapshot whose body is here.
pub(crate) fn is_whole(envelope: &SealedEnvelope) -> bool {
    envelope.header().kind == EnvelopeKind::Snapshot && !envelope.is_stub()
}

/// Whether a snapshot has in it every covered change whose body is here, and speaks for nobody who wrote none.
fn stands(
    kind: DocumentKind,
    snapshot: &Snapshot,
    envelopes: &[SealedEnvelope],
    keyring: &Keyring,
    membership: &Membership,
) -> bool {
    let held: Vec<SealedEnvelope> = envelopes
        .iter()
        .filter(|envelope| !envelope.is_stub())
        .filter(|envelope| is_of(&snapshot.coverage, envelope.header()))
        .cloned()
        .collect();
    let held = assemble(&held, keyring, membership).changes;
    holding(kind, snapshot, &held).is_some_and(|mut saved| {
        let runs = snapshot.coverage.runs();
        let wrote = |actor: &Vec<u8>| {
            let mut runs = runs.iter();
            runs.any(|run| actor.starts_with(run.author.as_bytes()))
        };
        saved.actors().iter().all(wrote)
    })
}

/// Whether an envelope is needed to read what a coverage speaks of: covered, or a key.
pub(crate) fn is_of(coverage: &Coverage, header: &Header) -> bool {
    header.kind == EnvelopeKind::Wrap || coverage.holds(header)
}

#[cfg(test)]
mod tests;
