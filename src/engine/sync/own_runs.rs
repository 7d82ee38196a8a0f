//! The runs that this device writes to, one a channel, and how much of each the relay has handed back.
//!
//! A receipt says that the relay has an envelope; only a fetch that brings it shows that others can have it too.

use std::collections::BTreeSet;

use sync_protocol::{Channel, DeviceId, Header, StreamId};

use crate::domain::few::Few;
use crate::engine::{
    event::Rows,
    storage::key::{Key, Table},
    turn::Turn,
};

/// The runs of this device.
#[derive(Debug, Default)]
pub(crate) struct OwnRuns(Few<Channel, OwnRun>);

#[derive(Clone, Copy, Debug)]
struct OwnRun {
    stream: StreamId,
    /// Everything up to this n has come back.
    returned: u64,
    /// Everything up to this n had been acknowledged when the last fetch began.
    due: u64,
}

impl OwnRuns {
    /// Reads them back; a row that does not parse is left out, and another run is begun.
    pub(crate) fn read(rows: Rows) -> Self {
        let mut runs = Self::default();
        for (key, row) in rows {
            let channel = key
                .part(16)
                .and_then(|bytes: [u8; 17]| Channel::parse(&bytes).ok());
            if let (Some(channel), Some(run)) = (channel, OwnRun::parse(&row)) {
                runs.0.insert(channel, run);
            }
        }
        runs
    }

    /// The stream of a channel, if one was begun.
    pub(crate) fn stream(&self, channel: Channel) -> Option<StreamId> {
        self.0.get(&channel).map(|run| run.stream)
    }

    /// Begins a run.
    pub(crate) fn begin(
        &mut self,
        device: DeviceId,
        channel: Channel,
        turn: &mut Turn<'_>,
    ) -> StreamId {
        let stream = StreamId::from_bytes(turn.random());
        let run = OwnRun {
            stream,
            returned: 0,
            due: 0,
        };
        self.put(device, channel, run, turn);
        stream
    }

    /// Leaves a run; the next envelope begins another.
    pub(crate) fn leave(&mut self, device: DeviceId, channel: Channel, turn: &mut Turn<'_>) {
        self.0.remove(&channel);
        turn.delete(Table::Streams, Key::stream(device, channel));
    }

    /// The relay has handed an envelope over; notes it if it is the next one of this device.
    pub(crate) fn was_handed(&mut self, device: DeviceId, header: &Header, turn: &mut Turn<'_>) {
        let run = self.0.get(&header.channel).copied();
        let next = run.filter(|run| {
            header.author == device && header.stream == run.stream && header.n == run.returned + 1
        });
        if let Some(run) = next {
            let returned = header.n;
            self.put(device, header.channel, OwnRun { returned, ..run }, turn);
        }
    }

    /// So much of a channel's run is acknowledged, and a fetch begins.
    pub(crate) fn expect(&mut self, channel: Channel, due: u64) {
        if let Some(run) = self.0.get_mut(&channel) {
            run.due = due;
        }
    }

    /// True if something of these channels has not come back that was to.
    pub(crate) fn lacks_any(&self, channels: &BTreeSet<Channel>) -> bool {
        let mut runs = self.0.iter();
        runs.any(|(channel, run)| run.returned < run.due && channels.contains(channel))
    }

    fn put(&mut self, device: DeviceId, channel: Channel, run: OwnRun, turn: &mut Turn<'_>) {
        turn.put(Table::Streams, Key::stream(device, channel), run.row());
        self.0.insert(channel, run);
    }
}

impl OwnRun {
    /// Eight bytes of the stream, eight of the number.
    fn row(self) -> Vec<u8> {
        let mut row = self.stream.as_bytes().to_vec();
        row.extend(self.returned.to_be_bytes());
        row
    }

    fn parse(row: &[u8]) -> Option<Self> {
        let (stream, rest) = row.split_first_chunk()?;
        Some(Self {
            stream: StreamId::from_bytes(*stream),
            returned: u64::from_be_bytes(*rest.first_chunk()?),
            due: 0,
        })
    }
}
