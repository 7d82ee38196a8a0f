//! What the engine asks of the platform: a closed list, so that a new request fails to compile until it is performed.

use crate::engine::{
    crypto::passphrase::KdfParams,
    storage::key::{Key, Range, Table},
    view::ViewChange,
};

/// Numbers a request so that its answer can be matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u32);

/// One request to the platform.
// An effect is performed and dropped; a box would save nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone)]
pub enum Effect {
    /// Write everything in one transaction, durability strict; answered by `Committed` or `CommitFailed`.
    Commit(Batch),
    /// Read ranges in one transaction; answered by `RowsRead` or `ReadFailed`.
    Read {
        /// Names the answer.
        id: RequestId,
        /// What to read, answered in the same order.
        ranges: Vec<(Table, Range, Part)>,
    },
    /// Derive the unlock key away from this thread; answered by `Derived`.
    Derive {
        /// Names the answer.
        id: RequestId,
        /// The phrase in its normal form.
        phrase: zeroize::Zeroizing<String>,
        /// Salt.
        salt: [u8; 16],
        /// Cost.
        params: KdfParams,
    },
    /// One HTTP POST to the relay; answered by `Answered`.
    Post {
        /// Names the answer.
        id: RequestId,
        /// Path below the relay's origin, beginning with `/v1/`.
        path: String,
        /// Value of the `authorization` header.
        authorization: Option<String>,
        /// Body.
        body: Vec<u8>,
    },
    /// Open the live connection, replacing an older one.
    Listen {
        /// Path below the relay's origin.
        path: String,
        /// First frame to send.
        hello: Vec<u8>,
    },
    /// Close the live connection.
    StopListening,
    /// Push the outbox, in plain JavaScript; answered by `OutboxDrained`.
    PushOutbox,
    /// Call `TimePassed` at this time, ms since 1970. A later request replaces an earlier one.
    WakeAt(i64),
    /// Show this.
    Show(ViewChange),
}

/// Phrases, bodies and views stay out of logs.
impl core::fmt::Debug for Effect {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Commit(_) => "Commit(…)",
            Self::Read { .. } => "Read(…)",
            Self::Derive { .. } => "Derive(…)",
            Self::Post { .. } => "Post(…)",
            Self::Listen { .. } => "Listen(…)",
            Self::StopListening => "StopListening",
            Self::PushOutbox => "PushOutbox",
            Self::WakeAt(_) => "WakeAt(…)",
            Self::Show(_) => "Show(…)",
        })
    }
}

/// Writes that become durable together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Numbers grow by one.
    pub id: u32,
    /// Grows when storage failed and was read again; batches of an older generation must not be written.
    pub generation: u32,
    /// In order.
    pub writes: Vec<Write>,
}

/// One write.
#[derive(Clone, PartialEq, Eq)]
pub enum Write {
    /// Put a row, replacing one of the same key.
    Put(Table, Key, Vec<u8>),
    /// Delete one row if it is there.
    Delete(Table, Key),
    /// Delete every row of a range.
    DeleteRange(Table, Range),
}

/// Rows are sealed or ciphertext, but keys and sizes are enough in a log.
impl core::fmt::Debug for Write {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Put(table, key, value) => write!(f, "Put({table:?}, {key:?}, {} B)", value.len()),
            Self::Delete(table, key) => write!(f, "Delete({table:?}, {key:?})"),
            Self::DeleteRange(table, range) => write!(f, "DeleteRange({table:?}, {range:?})"),
        }
    }
}

/// Whether a read wants whole rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Keys only; values come back empty.
    Keys,
    /// Keys and values.
    Rows,
}

/// Everything to perform after one event, in order.
#[derive(Clone, Debug, Default)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    /// Adds one request.
    pub fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }
}
