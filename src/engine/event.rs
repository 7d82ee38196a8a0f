//! What the platform tells the engine: past facts.

use zeroize::Zeroizing;

use crate::engine::{
    command::{Command, CommandId},
    effect::RequestId,
    storage::key::Key,
    view::StorageTrouble,
};

/// Rows of one range: keys ascending, values empty where only keys were asked for.
pub type Rows = Vec<(Key, Vec<u8>)>;

/// One thing that happened.
// An event is handled and dropped; a box would save nothing.
#[allow(clippy::large_enum_variant)]
pub enum Event {
    /// The store is open; the first event.
    Opened {
        /// True in the demonstration store, which never meets a relay.
        made_up: bool,
    },
    /// The store could not be opened.
    NotOpened(StorageTrouble),
    /// Another tab holds the store.
    TakenByOtherTab,
    /// A person asked for something.
    Command(CommandId, Command),
    /// A batch is durable.
    Committed(u32),
    /// A batch was not written, nor any later one of its generation.
    CommitFailed {
        /// The batch.
        batch: u32,
        /// Its generation.
        generation: u32,
        /// Why.
        trouble: StorageTrouble,
    },
    /// A read was answered, one entry a range.
    RowsRead(RequestId, Vec<Rows>),
    /// A read failed.
    ReadFailed(RequestId, StorageTrouble),
    /// The unlock key.
    Derived(RequestId, Zeroizing<[u8; 32]>),
    /// The relay, or something in its place, answered; or nothing did.
    Answered(RequestId, Result<Answer, NoAnswer>),
    /// The live connection brought a frame.
    Poked(Vec<u8>),
    /// The live connection is gone.
    LiveClosed {
        /// The relay ended it: this device may not listen.
        refused: bool,
    },
    /// The outbox was pushed as far as it went.
    OutboxDrained(Drained),
    /// The time asked for by `WakeAt` has come.
    TimePassed,
    /// The network is said to be there, or gone.
    Online(bool),
    /// The page came to the front, or went to the back.
    Visible(bool),
}

/// Commands, keys and bodies stay out of logs.
impl core::fmt::Debug for Event {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Opened { .. } => "Opened",
            Self::NotOpened(_) => "NotOpened",
            Self::TakenByOtherTab => "TakenByOtherTab",
            Self::Command(..) => "Command(…)",
            Self::Committed(_) => "Committed",
            Self::CommitFailed { .. } => "CommitFailed",
            Self::RowsRead(..) => "RowsRead(…)",
            Self::ReadFailed(..) => "ReadFailed",
            Self::Derived(..) => "Derived(…)",
            Self::Answered(..) => "Answered(…)",
            Self::Poked(_) => "Poked",
            Self::LiveClosed { .. } => "LiveClosed",
            Self::OutboxDrained(_) => "OutboxDrained",
            Self::TimePassed => "TimePassed",
            Self::Online(_) => "Online",
            Self::Visible(_) => "Visible",
        })
    }
}

/// An HTTP answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Whether its type is `application/octet-stream`; a log-in page's is not.
    pub binary: bool,
    /// Body.
    pub body: Vec<u8>,
}

/// No HTTP answer came: no signal, DNS failure, time-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

/// The report of `public/outbox.js`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Refused rows: outbox key and the relay's code.
    pub refused: Vec<(Key, u8)>,
    /// Why it stopped.
    pub trouble: Option<DrainTrouble>,
}

/// Why a push stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrainTrouble {
    /// Nothing answered.
    Offline,
    /// Something else than the relay answered.
    NotARelay,
    /// The relay answered with a refusal of the whole request.
    Refused,
    /// The relay does not have this centre, or only an old copy of it.
    UnknownCentre,
    /// The relay has a fault.
    ServerError,
    /// The tablet's own storage failed.
    Storage,
}
