//! Where envelopes go: the order of streams and channels, decided in memory between what was read under lock and what
//! is to be written.
//!
//! It knows no database, so several requests share one transaction and few statements.

use std::collections::{BTreeMap, BTreeSet};

use sync_protocol::{CentreId, ChainHash, Channel, DeviceId, EnvelopeId, SealedEnvelope, StreamId};

use crate::store::{EnvelopeAppend, NewEnvelopes, Placed};

/// A channel of one centre.
pub(super) type ChannelName = (CentreId, Channel);
/// A run of one author's envelopes in one channel.
pub(super) type StreamName = (CentreId, Channel, DeviceId, StreamId);

/// A centre's row, locked.
#[derive(Clone, Copy, Debug)]
pub(super) struct CentreHead {
    pub(super) key: i64,
    pub(super) length: u32,
    pub(super) bytes: u64,
}

/// A channel's row, locked; without a key until it is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChannelHead {
    pub(super) key: Option<i64>,
    pub(super) seq: u64,
    pub(super) chain: ChainHash,
}

/// What the database holds of what a group of batches touches, and then what it shall hold.
#[derive(Debug, Default)]
pub(super) struct Held<'a> {
    pub(super) centres: BTreeMap<CentreId, CentreHead>,
    pub(super) channels: BTreeMap<ChannelName, ChannelHead>,
    pub(super) streams: BTreeMap<StreamName, (u64, EnvelopeId)>,
    /// Envelopes that are stored already, among those that were sent.
    pub(super) stored: BTreeMap<(StreamName, u64), (EnvelopeId, u64)>,
    pub(super) grown: Grown<'a>,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Grown<'a> {
    pub(super) centres: BTreeSet<CentreId>,
    pub(super) channels: BTreeMap<ChannelName, u64>,
    pub(super) streams: BTreeSet<StreamName>,
    pub(super) envelopes: Vec<NewRow<'a>>,
}

/// An envelope and its place.
#[derive(Debug)]
pub(super) struct NewRow<'a> {
    pub(super) channel: ChannelName,
    pub(super) seq: u64,
    pub(super) chain: ChainHash,
    pub(super) envelope: &'a SealedEnvelope,
    pub(super) now_ms: i64,
}

/// The stream that an envelope belongs to.
pub(super) fn stream(envelope: &SealedEnvelope) -> StreamName {
    let header = envelope.header();
    (header.centre, header.channel, header.author, header.stream)
}

impl<'a> Held<'a> {
    /// Decides about a batch, after those decided before.
    pub(super) fn place_batch(&mut self, batch: &'a NewEnvelopes) -> EnvelopeAppend {
        let centre = self.centres.get(&batch.centre);
        if centre.is_none_or(|centre| centre.length != batch.membership_length) {
            return EnvelopeAppend::Moved;
        }
        let placed = batch.envelopes.iter();
        let placed = placed.map(|envelope| self.place(batch, envelope));
        EnvelopeAppend::Done(placed.collect())
    }

    fn place(&mut self, batch: &NewEnvelopes, envelope: &'a SealedEnvelope) -> Placed {
        let header = envelope.header();
        let stream = stream(envelope);
        let end = self.streams.get(&stream).copied();
        let (last, last_id) = end.unwrap_or((0, EnvelopeId::NONE));
        if header.n <= last {
            return match self.stored.get(&(stream, header.n)) {
                Some((id, seq)) if *id == envelope.id() => Placed::Duplicate(*seq),
                Some(_) | None => Placed::Conflict,
            };
        }
        if header.n > last + 1 {
            return Placed::Gap(last + 1);
        }
        if header.prev != last_id {
            return Placed::Conflict;
        }
        let Some(centre) = self.centres.get_mut(&batch.centre) else {
            return Placed::Conflict;
        };
        let bytes = centre.bytes.saturating_add(envelope.bytes().len() as u64);
        if bytes > batch.quota {
            return Placed::Quota;
        }
        centre.bytes = bytes;
        Placed::Accepted(self.accept(batch, envelope))
    }

    fn accept(&mut self, batch: &NewEnvelopes, envelope: &'a SealedEnvelope) -> u64 {
        let centre = batch.centre;
        let (header, id) = (envelope.header(), envelope.id());
        let stream = stream(envelope);
        let channel = (centre, header.channel);
        let head = self.channels.entry(channel).or_insert(ChannelHead {
            key: None,
            seq: 0,
            chain: ChainHash::START,
        });
        head.seq += 1;
        head.chain = head.chain.next(id);
        let (seq, chain) = (head.seq, head.chain);
        self.streams.insert(stream, (header.n, id));
        self.stored.insert((stream, header.n), (id, seq));
        self.grown.centres.insert(centre);
        *self.grown.channels.entry(channel).or_default() += 1;
        self.grown.streams.insert(stream);
        self.grown.envelopes.push(NewRow {
            channel,
            seq,
            chain,
            envelope,
            now_ms: batch.now_ms,
        });
        seq
    }
}
