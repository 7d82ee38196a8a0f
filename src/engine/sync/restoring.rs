//! A log that the relay has lost, wholly or from some point on, and what it has shown of it since.
//!
//! It knows runs and numbers; how they are asked for and sent is for the open replica.

use std::collections::BTreeSet;

use sync_protocol::{
    Channel, DeviceId, DocumentId, EnvelopeKind, Header, StreamId, envelope::STUB_LEN,
};

use crate::domain::{few::Few, gather::Gather};
use crate::engine::{
    event::Rows,
    storage::key::{Key, Table},
    sync::logbook::{Logbook, Run, run},
    turn::Turn,
};

/// The row that says which channels are not known to be whole at the relay, until they are.
const ROW: &str = "restoring";

/// Envelopes read and sent again at once; the bytes of a push limit them further.
const BATCH: usize = 64;

/// Bytes of one push; one envelope may go over it.
const BATCH_BYTES: usize = 1024 * 1024;

/// What is to be found out and sent again.
#[derive(Debug, Default)]
pub(crate) struct Restoring {
    channels: BTreeSet<Channel>,
    runs: Few<Run, Standing>,
    /// Rows are being read, or are on their way.
    pub(crate) busy: bool,
    /// A contradiction within one life of the relay was followed up since the last whole fetch.
    pub(crate) tried: bool,
}

/// How far the relay is with one run.
#[derive(Debug, Default)]
struct Standing {
    /// It has shown everything up to this n, without a gap.
    shown: u64,
    /// Where the envelopes are that it has not shown; the first is number `since + 1`.
    held: Vec<Option<Key>>,
    since: u64,
    /// It does not take this run any further, and will not.
    refused: bool,
}

impl Standing {
    /// Keeps where an envelope is.
    fn hold(&mut self, n: u64, key: Key) {
        if self.held.is_empty() {
            self.since = self.shown;
        }
        let place = n.checked_sub(self.since + 1).map(usize::try_from);
        if let Some(Ok(place)) = place {
            let length = self.held.len().max(place + 1);
            self.held.resize(length, None);
            if let Some(slot) = self.held.get_mut(place) {
                *slot = Some(key);
            }
        }
    }

    /// What was not shown, in order, as far as it is here.
    fn missing(&self) -> impl Iterator<Item = (u64, &Key)> {
        let held = if self.refused { &[][..] } else { &self.held };
        (self.since + 1..)
            .zip(held)
            .skip_while(|(n, _)| *n <= self.shown)
            .map_while(|(n, key)| Some((n, key.as_ref()?)))
    }
}

/// An envelope that is sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Again {
    pub(crate) run: Run,
    pub(crate) n: u64,
}

impl Restoring {
    /// What the last start left undone.
    pub(crate) fn read(meta: &Rows) -> Self {
        let key = Key::meta(ROW);
        let row = meta.iter().find(|(found, _)| *found == key);
        let channels = row.map_or(&[][..], |(_, row)| row.as_slice());
        Self {
            channels: channels
                .chunks_exact(17)
                .filter_map(|bytes| Channel::parse(bytes).ok())
                .gather(),
            ..Self::default()
        }
    }

    /// True while something is not known to be whole.
    pub(crate) fn is_under_way(&self) -> bool {
        !self.channels.is_empty()
    }

    /// Begins with these channels: whatever is held of them is fetched from the start and compared.
    pub(crate) fn begin(&mut self, channels: BTreeSet<Channel>, turn: &mut Turn<'_>) {
        *self = Self {
            channels,
            tried: self.tried,
            ..Self::default()
        };
        self.write(turn);
    }

    /// Nothing more to do in these channels.
    pub(crate) fn end(&mut self, channels: &BTreeSet<Channel>, turn: &mut Turn<'_>) {
        self.channels.retain(|channel| !channels.contains(channel));
        let left = &self.channels;
        self.runs.retain(|run, _| left.contains(&run.0));
        self.write(turn);
    }

    fn write(&self, turn: &mut Turn<'_>) {
        let row: Vec<u8> = self
            .channels
            .iter()
            .flat_map(|channel| channel.to_bytes())
            .collect();
        if row.is_empty() {
            turn.delete(Table::Meta, Key::meta(ROW));
        } else {
            turn.put(Table::Meta, Key::meta(ROW), row);
        }
    }

    /// Those of these channels that are not known to be whole.
    pub(crate) fn among(&self, readable: &BTreeSet<Channel>) -> BTreeSet<Channel> {
        self.channels.intersection(readable).copied().gather()
    }

    /// The relay has this envelope.
    pub(crate) fn was_shown(&mut self, header: &Header) {
        if self.channels.contains(&header.channel) {
            self.is_there(run(header), header.n);
        }
    }

    /// The relay has this place, and everything before it if nothing before it was missing.
    pub(crate) fn is_there(&mut self, run: Run, n: u64) {
        let standing = self.runs.or_default(run);
        if n == standing.shown + 1 {
            standing.shown = n;
        }
    }

    /// The relay will not take this run any further.
    pub(crate) fn refuse(&mut self, run: Run) {
        self.runs.or_default(run).refused = true;
    }

    /// True if the relay is not known to have this envelope.
    pub(crate) fn lacks(&self, run: Run, n: u64) -> bool {
        self.channels.contains(&run.0)
            && self
                .runs
                .get(&run)
                .is_none_or(|standing| standing.shown < n)
    }

    /// How many of the envelopes held the relay is not known to have, in these channels.
    pub(crate) fn left(&self, logbook: &Logbook, channels: &BTreeSet<Channel>) -> u64 {
        let runs = channels
            .iter()
            .filter(|channel| self.channels.contains(channel));
        runs.flat_map(|channel| self.behind(logbook, *channel))
            .sum()
    }

    /// The runs of a channel that are held beyond what was shown and may still be sent, and by how many.
    fn behind<'a>(
        &'a self,
        logbook: &'a Logbook,
        channel: Channel,
    ) -> impl Iterator<Item = u64> + 'a {
        let held = logbook.holdings(channel).into_iter();
        held.filter_map(move |(author, stream, n)| {
            let standing = self.runs.get(&(channel, author, stream));
            let refused = standing.is_some_and(|standing| standing.refused);
            let shown = standing.map_or(0, |standing| standing.shown);
            (n > shown && !refused).then(|| n - shown)
        })
    }

    /// Channels of which more is held than was shown.
    pub(crate) fn channels_behind(
        &self,
        logbook: &Logbook,
        channels: &BTreeSet<Channel>,
    ) -> Vec<Channel> {
        let behind = |channel: &Channel| self.behind(logbook, *channel).next().is_some();
        channels.iter().copied().filter(behind).collect()
    }

    /// Takes the keys of a log: where the envelopes are that may be missing.
    pub(crate) fn miss(&mut self, keys: Rows) {
        for (key, _) in keys {
            if let Some((run, n)) = place(&key) {
                self.runs.or_default(run).hold(n, key);
            }
        }
    }

    /// What to send next, in the order of each run.
    pub(crate) fn next(&self) -> Vec<(Again, Key)> {
        let missing = self.runs.iter().flat_map(|(run, standing)| {
            let missing = standing.missing();
            missing.map(|(n, key)| (Again { run: *run, n }, key.clone()))
        });
        missing.take(BATCH).collect()
    }
}

/// As many of these rows as one push carries: those first, and at least one if it is there.
pub(crate) fn fitting(asked: Vec<Again>, rows: Vec<Rows>) -> Vec<(Again, Vec<u8>)> {
    let mut size = 0;
    let mut fitting = Vec::new();
    for (again, row) in asked.into_iter().zip(rows) {
        let Some((_, bytes)) = row.into_iter().next() else {
            break;
        };
        size += bytes.len();
        if size > BATCH_BYTES && !fitting.is_empty() {
            break;
        }
        fitting.push((again, bytes));
    }
    fitting
}

/// The documents of those that have no body any more.
pub(crate) fn pruned(batch: &[(Again, Vec<u8>)]) -> Vec<(Channel, DocumentId)> {
    let mut pruned = Vec::new();
    let stubs = batch.iter().filter(|(_, bytes)| bytes.len() == STUB_LEN);
    for header in stubs.filter_map(|(_, bytes)| Header::parse(bytes).ok()) {
        let document = (header.channel, header.document);
        if !pruned.contains(&document) {
            pruned.push(document);
        }
    }
    pruned
}

/// The prunes among these rows, by which a relay sees that bodies were let go; as many as go with one push.
pub(crate) fn prunes(rows: Vec<Rows>) -> Vec<Vec<u8>> {
    let rows = rows.into_iter().flatten().map(|(_, bytes)| bytes);
    let prunes = rows.filter(|bytes| {
        Header::parse(bytes).is_ok_and(|header| header.kind == EnvelopeKind::Prune)
    });
    prunes.take(BATCH).collect()
}

/// The place of an envelope in its run, from its key in the log.
fn place(key: &Key) -> Option<(Run, u64)> {
    let channel = Channel::parse(&key.part::<17>(0)?).ok()?;
    let author = DeviceId::from_bytes(key.part(33)?);
    let stream = StreamId::from_bytes(key.part(49)?);
    Some(((channel, author, stream), u64::from_be_bytes(key.part(57)?)))
}
