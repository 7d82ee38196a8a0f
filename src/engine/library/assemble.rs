//! From sealed envelopes to a document: verify, open, check whose changes they are, load once.

use sync_protocol::{EnvelopeId, EnvelopeKind, Membership, SealedEnvelope};

use crate::domain::gather::put_in_order;
use crate::{
    documents::{
        DocumentKind,
        audience::{Writers, writers},
        document::change_actors,
    },
    engine::{
        audience,
        crypto::{
            envelope::{SealKey, VerifiedEnvelope},
            key::DocumentKey,
            keyring::Keyring,
            payload::{Change, Wrap},
        },
        library::snapshot,
    },
};

/// Why an envelope was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The author is not in the membership list that the envelope names.
    UnknownAuthor,
    /// The author may not write to this channel.
    NotAllowed,
    /// The signature does not fit.
    Signature,
    /// It names a membership record that is not in our chain.
    OtherChain,
    /// It names another predecessor than the one that is here.
    Forked,
    /// Its changes contradict those that are here, or nothing can take them.
    Contradicts,
    /// It does not open with the key it names.
    DoesNotOpen,
    /// What is inside is not what its kind holds.
    Contents,
    /// A change claims to be somebody else's.
    ForeignActor,
    /// The author may write to the channel, but not documents of this kind.
    WrongWriter,
    /// The record lies in another channel.
    OtherChannel,
    /// It is a snapshot of something else than what is held.
    OtherContents,
    /// A later version wrote it.
    UpdateNeeded,
}

impl Fault {
    /// The reason in words, for diagnostics.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::UnknownAuthor => "the author is not in the list of people",
            Self::NotAllowed => "the author may not write here",
            Self::Signature => "the signature does not fit",
            Self::OtherChain => "it belongs to another list of people",
            Self::Forked => "two different entries stand in one place",
            Self::Contradicts => "its changes do not fit what is already here",
            Self::DoesNotOpen => "it does not open with its key",
            Self::Contents => "its contents cannot be read",
            Self::ForeignActor => "it speaks in somebody else's name",
            Self::WrongWriter => "its author may not write this kind of record",
            Self::OtherChannel => "its record lies in another channel",
            Self::OtherContents => "it is a snapshot that is not the same as what was written",
            Self::UpdateNeeded => "a newer version of the app wrote it; update needed",
        }
    }
}

/// Checks who wrote an envelope and whether they might.
pub(crate) fn verify<'e>(
    envelope: &'e SealedEnvelope,
    membership: &Membership,
) -> Result<VerifiedEnvelope<'e>, Fault> {
    let header = envelope.header();
    if header.centre != membership.centre() {
        return Err(Fault::OtherChain);
    }
    let device = membership
        .device(&header.author)
        .ok_or(Fault::UnknownAuthor)?;
    let verified =
        VerifiedEnvelope::verify(envelope, &device.sign).map_err(|_| Fault::Signature)?;
    membership
        .check_seen(header.membership_index, header.membership_hash)
        .map_err(|_| Fault::OtherChain)?;
    membership
        .may_write(&header.author, header.channel, header.membership_index)
        .map_err(|_| Fault::NotAllowed)?;
    Ok(verified)
}

/// A document's kind and key, if this is its wrap and we hold the epoch's key.
pub(crate) fn unwrap(
    verified: VerifiedEnvelope<'_>,
    keyring: &Keyring,
    membership: &Membership,
) -> Result<(DocumentKind, DocumentKey), Fault> {
    let header = verified.header();
    let scope = header.channel.scope().ok_or(Fault::DoesNotOpen)?;
    let key = keyring
        .epoch(scope, header.epoch)
        .ok_or(Fault::DoesNotOpen)?;
    let plain = verified
        .open(SealKey::Epoch(key))
        .map_err(|_| Fault::DoesNotOpen)?;
    let wrap = Wrap::decode(&plain).map_err(|_| Fault::Contents)?;
    let kind = DocumentKind::from_code(wrap.document_kind).ok_or(Fault::UpdateNeeded)?;
    check_writer(verified, kind, membership)?;
    if !audience::fits(kind, header.channel) {
        return Err(Fault::WrongWriter);
    }
    Ok((kind, wrap.key))
}

/// The raw changes inside a change envelope, every one of them its author's own.
pub(crate) fn changes(
    verified: VerifiedEnvelope<'_>,
    kind: DocumentKind,
    key: &DocumentKey,
    membership: &Membership,
) -> Result<Vec<Vec<u8>>, Fault> {
    let header = verified.header();
    check_writer(verified, kind, membership)?;
    let plain = verified
        .open(SealKey::Document(key))
        .map_err(|_| Fault::DoesNotOpen)?;
    let change = Change::decode(&plain).map_err(|_| Fault::Contents)?;
    let actors = change_actors(&change.changes).map_err(|_| Fault::Contents)?;
    if actors
        .iter()
        .any(|actor| !actor.starts_with(header.author.as_bytes()))
    {
        return Err(Fault::ForeignActor);
    }
    Ok(change.changes)
}

/// A document made of all its envelopes.
#[derive(Default)]
pub(crate) struct Assembled {
    /// Kind and key, if the wrap was there.
    pub(crate) known: Option<(DocumentKind, DocumentKey)>,
    /// Raw changes in the order of the log.
    pub(crate) changes: Vec<Vec<u8>>,
    /// The envelope of each of them.
    pub(crate) origins: Vec<EnvelopeId>,
    /// Envelopes set aside.
    pub(crate) faults: Vec<(EnvelopeId, Fault)>,
    /// Changes are missing: their bodies were pruned, and no snapshot that is here stands for them.
    pub(crate) lacks: bool,
    /// Changes are here whose key is not.
    pub(crate) locked: bool,
}

/// Opens every envelope of one document.
///
/// Two people may have made one document at once, each with a key of its own; every wrap is tried, and the
/// one with the lowest key id is the one that this device goes on writing with.
pub(crate) fn assemble(
    envelopes: &[SealedEnvelope],
    keyring: &Keyring,
    membership: &Membership,
) -> Assembled {
    let mut assembled = Assembled::default();
    let keys = keys(envelopes, keyring, membership, &mut assembled.faults);
    let rest = envelopes
        .iter()
        .filter(|envelope| envelope.header().kind != EnvelopeKind::Wrap);
    let mut pruned: Vec<&SealedEnvelope> = Vec::new();
    for envelope in rest {
        if envelope.is_stub() {
            pruned.push(envelope);
        } else {
            assembled.take(envelope, &keys, membership);
        }
    }
    if !pruned.is_empty() {
        let mut found = snapshot::stand_in(envelopes, &keys, keyring, membership);
        assembled.lacks |= !pruned.iter().all(|stub| found.covers(stub.header()));
        assembled.changes.append(&mut found.saves);
        assembled.faults.append(&mut found.faults);
    }
    assembled.known = keys.into_iter().next();
    assembled
}

impl Assembled {
    /// Opens an envelope that is whole and no wrap.
    fn take(
        &mut self,
        envelope: &SealedEnvelope,
        keys: &[(DocumentKind, DocumentKey)],
        membership: &Membership,
    ) {
        match envelope.header().kind {
            EnvelopeKind::Change => {}
            EnvelopeKind::Snapshot | EnvelopeKind::Prune => return,
            EnvelopeKind::Wrap
            | EnvelopeKind::Drop
            | EnvelopeKind::Attest
            | EnvelopeKind::Erase => {
                self.faults.push((envelope.id(), Fault::UpdateNeeded));
                return;
            }
        }
        let Some((kind, key)) = named(keys, envelope) else {
            self.locked = true;
            return;
        };
        match verify(envelope, membership)
            .and_then(|verified| changes(verified, *kind, key, membership))
        {
            Ok(mut found) => {
                let origin = core::iter::repeat_n(envelope.id(), found.len());
                self.origins.extend(origin);
                self.changes.append(&mut found);
            }
            Err(fault) => self.faults.push((envelope.id(), fault)),
        }
    }
}

/// The one of a document's keys that an envelope names, with the kind of its wrap.
pub(crate) fn named<'k>(
    keys: &'k [(DocumentKind, DocumentKey)],
    envelope: &SealedEnvelope,
) -> Option<&'k (DocumentKind, DocumentKey)> {
    keys.iter()
        .find(|(_, key)| key.key_id() == envelope.header().key_id)
}

/// A record keeps the kind that the fewest may write, so that nobody opens it to more by a second key.
fn of_one_kind(
    found: Vec<(EnvelopeId, DocumentKind, DocumentKey)>,
    faults: &mut Vec<(EnvelopeId, Fault)>,
) -> Vec<(DocumentKind, DocumentKey)> {
    let strictness = |kind: DocumentKind| (writers(kind) == Writers::Team, kind);
    let strictest = found.iter().map(|(_, kind, _)| strictness(*kind)).min();
    let mut keys = Vec::new();
    for (envelope, kind, key) in found {
        if Some(strictness(kind)) == strictest {
            keys.push((kind, key));
        } else {
            faults.push((envelope, Fault::WrongWriter));
        }
    }
    keys
}

/// The document's keys, the one to write with first.
pub(crate) fn keys(
    envelopes: &[SealedEnvelope],
    keyring: &Keyring,
    membership: &Membership,
    faults: &mut Vec<(EnvelopeId, Fault)>,
) -> Vec<(DocumentKind, DocumentKey)> {
    let mut found: Vec<(EnvelopeId, DocumentKind, DocumentKey)> = Vec::new();
    for envelope in envelopes {
        if envelope.header().kind != EnvelopeKind::Wrap {
            continue;
        }
        match verify(envelope, membership)
            .and_then(|verified| unwrap(verified, keyring, membership))
        {
            Ok((kind, key)) => found.push((envelope.id(), kind, key)),
            Err(fault) => faults.push((envelope.id(), fault)),
        }
    }
    let mut keys = of_one_kind(found, faults);
    put_in_order(&mut keys, |(_, a), (_, b)| a.key_id().cmp(&b.key_id()));
    keys
}

fn check_writer(
    verified: VerifiedEnvelope<'_>,
    kind: DocumentKind,
    membership: &Membership,
) -> Result<(), Fault> {
    let header = verified.header();
    let device = membership
        .device(&header.author)
        .ok_or(Fault::UnknownAuthor)?;
    let member = membership
        .member(&device.member)
        .ok_or(Fault::UnknownAuthor)?;
    let rings = member.rings_at(header.membership_index);
    let writers: Writers = writers(kind);
    if audience::may_write(writers, rings, member.id, header.channel) {
        Ok(())
    } else {
        Err(Fault::WrongWriter)
    }
}
