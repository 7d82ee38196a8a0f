//! Where every envelope of this tablet stands: whose run it belongs to, what is missing, who holds what.
//!
//! It knows counters and places; it must not know keys or contents.

/// Runs and places as keys say them.
mod places;

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use sync_protocol::{
    ChainHash, Channel, DeviceId, DocumentId, EnvelopeId, Header, SealedEnvelope, StreamId,
};

pub(crate) use self::places::{Run, log_key, logged_place, run};
use self::places::{channel_of, run_of};

use crate::domain::{few::Few, gather::Gather};
use crate::engine::{
    event::Rows,
    storage::key::{Key, Table},
    sync::{outbox::Outbox, own_runs::OwnRuns},
    turn::Turn,
};

/// The end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Tip {
    /// The highest n below which nothing is missing.
    #[n(0)]
    pub(crate) n: u64,
    /// The envelope with that n.
    #[n(1)]
    pub(crate) id: EnvelopeId,
}

/// How far a channel was pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Head {
    /// The relay's seq.
    #[n(0)]
    pub(crate) seq: u64,
    /// The channel's chain at that seq, computed here.
    #[n(1)]
    pub(crate) chain: ChainHash,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            seq: 0,
            chain: ChainHash::START,
        }
    }
}

/// What became of an envelope that arrived.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Placed {
    /// It is here already.
    Duplicate,
    /// It waits for an earlier one of its run.
    Early,
    /// It joined the log, and so did those that had waited for it.
    Joined(Vec<SealedEnvelope>),
    /// It names another predecessor than the one that is here.
    Forked,
}

/// Places and counters of everything held.
#[derive(Debug, Default)]
pub(crate) struct Logbook {
    tips: Few<Run, Tip>,
    early: Few<(Run, u64), SealedEnvelope>,
    heads: Few<Channel, Head>,
    counts: Few<(Channel, DocumentId), u32>,
    attested: Few<(Channel, DeviceId), Few<(DeviceId, StreamId), u64>>,
    /// The runs of this device.
    pub(crate) own: OwnRuns,
}

/// The rows a logbook is read back from.
pub(crate) struct LogbookRows {
    pub(crate) tips: Rows,
    pub(crate) early: Rows,
    pub(crate) heads: Rows,
    pub(crate) log_keys: Rows,
    pub(crate) attested: Rows,
    pub(crate) streams: Rows,
}

impl Logbook {
    /// Reads a logbook back; rows that do not parse are left out, which costs a second download and no more.
    pub(crate) fn read(rows: LogbookRows) -> Self {
        let mut book = Self::default();
        let mut is_whole = true;
        for (key, row) in rows.tips {
            match (run_of(&key, 17), minicbor::decode(&row)) {
                (Some(run), Ok(tip)) => drop(book.tips.insert(run, tip)),
                _ => is_whole = false,
            }
        }
        for (_, row) in rows.early {
            match SealedEnvelope::parse_kept(row) {
                Ok(envelope) => {
                    let place = (run(envelope.header()), envelope.header().n);
                    book.early.insert(place, envelope);
                }
                Err(_) => is_whole = false,
            }
        }
        // What a lost row told comes again only with everything before it.
        for (key, row) in rows.heads.into_iter().filter(|_| is_whole) {
            if let (Some(channel), Ok(head)) = (channel_of(&key), minicbor::decode(&row)) {
                book.heads.insert(channel, head);
            }
        }
        for (key, _) in rows.log_keys {
            if let (Some(channel), Some(document)) = (channel_of(&key), key.part(17)) {
                *book
                    .counts
                    .or_default((channel, DocumentId::from_bytes(document))) += 1;
            }
        }
        for (key, row) in rows.attested {
            if let (Some(channel), Some(device)) = (channel_of(&key), key.part(17)) {
                let claims: Vec<(DeviceId, StreamId, u64)> =
                    minicbor::decode(&row).unwrap_or_default();
                let claims = claims
                    .into_iter()
                    .map(|(author, stream, n)| ((author, stream), n));
                book.attested
                    .insert((channel, DeviceId::from_bytes(device)), claims.gather());
            }
        }
        book.own = OwnRuns::read(rows.streams);
        book
    }

    /// Places an envelope whose author and signature were checked.
    pub(crate) fn place(&mut self, envelope: SealedEnvelope, turn: &mut Turn<'_>) -> Placed {
        let run = run(envelope.header());
        let n = envelope.header().n;
        let tip = self.tips.get(&run).copied();
        let held = tip.map_or(0, |tip| tip.n);
        if n <= held || self.early.contains_key(&(run, n)) {
            return Placed::Duplicate;
        }
        if n > held + 1 {
            turn.put(
                Table::Early,
                log_key(envelope.header()),
                envelope.bytes().to_vec(),
            );
            self.early.insert((run, n), envelope);
            return Placed::Early;
        }
        if envelope.header().prev != tip.map_or(EnvelopeId::NONE, |tip| tip.id) {
            return Placed::Forked;
        }
        let mut joined = vec![];
        self.join(run, envelope, &mut joined, turn);
        while let Some(next) = self.next_early(run, turn) {
            self.join(run, next, &mut joined, turn);
        }
        if let Some(tip) = self.tips.get(&run) {
            turn.put(Table::Tips, Key::tip(run.0, run.1, run.2), encode(tip));
        }
        Placed::Joined(joined)
    }

    fn next_early(&mut self, run: Run, turn: &mut Turn<'_>) -> Option<SealedEnvelope> {
        let tip = *self.tips.get(&run)?;
        let next = self.early.remove(&(run, tip.n + 1))?;
        turn.delete(Table::Early, log_key(next.header()));
        (next.header().prev == tip.id).then_some(next)
    }

    fn join(
        &mut self,
        run: Run,
        envelope: SealedEnvelope,
        joined: &mut Vec<SealedEnvelope>,
        turn: &mut Turn<'_>,
    ) {
        let header = envelope.header();
        self.tips.insert(
            run,
            Tip {
                n: header.n,
                id: envelope.id(),
            },
        );
        *self.counts.or_default((header.channel, header.document)) += 1;
        turn.put(Table::Log, log_key(header), envelope.bytes().to_vec());
        joined.push(envelope);
    }

    /// The run this device writes to in a channel, and its end; a new run if there is none.
    pub(crate) fn own_run(
        &mut self,
        device: DeviceId,
        channel: Channel,
        turn: &mut Turn<'_>,
    ) -> (StreamId, Option<Tip>) {
        if let Some(stream) = self.own.stream(channel) {
            return (stream, self.tips.get(&(channel, device, stream)).copied());
        }
        (self.own.begin(device, channel, turn), None)
    }

    /// What the relay has acknowledged of this device's runs is to come back with the fetch that begins now.
    pub(crate) fn expect_back(
        &mut self,
        device: DeviceId,
        readable: &BTreeSet<Channel>,
        outbox: &Outbox,
    ) {
        for channel in readable {
            if let Some(stream) = self.own.stream(*channel) {
                let run = (*channel, device, stream);
                let held = self.tips.get(&run).map_or(0, |tip| tip.n);
                self.own.expect(*channel, outbox.acknowledged(run, held));
            }
        }
    }

    /// Whether a run is held up to here.
    pub(crate) fn has_reached(&self, run: Run, n: u64) -> bool {
        self.tips.get(&run).is_some_and(|tip| tip.n >= n)
    }

    /// Ends a run where the relay and this tablet still agree.
    pub(crate) fn cut(&mut self, run: Run, tip: Option<Tip>, turn: &mut Turn<'_>) {
        let key = Key::tip(run.0, run.1, run.2);
        if let Some(tip) = tip {
            turn.put(Table::Tips, key, encode(&tip));
            self.tips.insert(run, tip);
        } else {
            turn.delete(Table::Tips, key);
            self.tips.remove(&run);
        }
    }

    /// Takes an envelope out of the log that never left this tablet.
    pub(crate) fn take_out(&mut self, header: &Header, turn: &mut Turn<'_>) {
        turn.delete(Table::Log, log_key(header));
        if let Some(count) = self.counts.get_mut(&(header.channel, header.document)) {
            *count = count.saturating_sub(1);
        }
    }

    /// How far a channel was pulled.
    pub(crate) fn head(&self, channel: Channel) -> Head {
        self.heads.get(&channel).copied().unwrap_or_default()
    }

    /// Remembers how far a channel was pulled.
    pub(crate) fn set_head(&mut self, channel: Channel, head: Head, turn: &mut Turn<'_>) {
        turn.put(Table::Heads, Key::channel(channel), encode(&head));
        self.heads.insert(channel, head);
    }

    /// How many envelopes of a document are in the log.
    pub(crate) fn count(&self, channel: Channel, document: DocumentId) -> u32 {
        self.counts.get(&(channel, document)).copied().unwrap_or(0)
    }

    /// Every document with envelopes in the log.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (Channel, DocumentId)> + '_ {
        self.counts.keys().copied()
    }

    /// Every channel of which something is held.
    pub(crate) fn channels(&self) -> BTreeSet<Channel> {
        let tips = self.tips.keys().map(|(channel, _, _)| channel);
        tips.chain(self.heads.keys()).copied().gather()
    }

    /// The ends of all runs of a channel: what this device can attest.
    pub(crate) fn holdings(&self, channel: Channel) -> Vec<(DeviceId, StreamId, u64)> {
        let runs = self
            .tips
            .iter()
            .filter(|((place, _, _), _)| *place == channel);
        runs.map(|((_, author, stream), tip)| (*author, *stream, tip.n))
            .collect()
    }

    /// Remembers what another device says it holds.
    pub(crate) fn hear_attest(
        &mut self,
        channel: Channel,
        device: DeviceId,
        claims: &[(DeviceId, StreamId, u64)],
        turn: &mut Turn<'_>,
    ) {
        let held = self.attested.or_default((channel, device));
        for (author, stream, n) in claims {
            let highest = held.or_default((*author, *stream));
            *highest = (*highest).max(*n);
        }
        let rows: Vec<(DeviceId, StreamId, u64)> = held
            .iter()
            .map(|((author, stream), n)| (*author, *stream, *n))
            .collect();
        turn.put(
            Table::Attested,
            Key::attested(channel, device),
            encode(&rows),
        );
    }

    /// True if a device other than its author says that it holds this envelope.
    pub(crate) fn is_elsewhere(&self, run: Run, n: u64) -> bool {
        let (channel, author, stream) = run;
        self.attested.iter().any(|((place, device), held)| {
            *place == channel
                && *device != author
                && held
                    .get(&(author, stream))
                    .is_some_and(|highest| *highest >= n)
        })
    }

    /// True if a device said that it holds this envelope.
    pub(crate) fn was_attested_by(
        &self,
        device: DeviceId,
        (channel, author, stream): Run,
        n: u64,
    ) -> bool {
        self.attested
            .get(&(channel, device))
            .and_then(|held| held.get(&(author, stream)))
            .is_some_and(|highest| *highest >= n)
    }

    /// How many envelopes are in the log.
    pub(crate) fn total(&self) -> u32 {
        self.counts.values().sum()
    }

    /// Eight digits that are equal on two tablets that hold the same of these channels.
    pub(crate) fn code(&self, channels: &BTreeSet<Channel>) -> String {
        let mut hash = blake3::Hasher::new();
        for ((channel, author, stream), tip) in &self.tips {
            if channels.contains(channel) {
                hash.update(&channel.to_bytes())
                    .update(author.as_bytes())
                    .update(stream.as_bytes());
                hash.update(tip.id.as_bytes());
            }
        }
        let bytes = hash.finalize();
        let number = bytes
            .as_bytes()
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let digits = number % 100_000_000;
        format!("{:04} {:04}", digits / 10_000, digits % 10_000)
    }
}

/// Encodes a value whose encoding cannot fail: the target is memory.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}
