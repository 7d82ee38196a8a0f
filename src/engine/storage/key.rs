//! Tables and keys. Keys are bytes and compare as bytes, so that a range of them is a question worth asking.

use core::fmt;

use sync_protocol::{Channel, DeviceId, DocumentId, EnvelopeId, StreamId};

/// Tables of the store; the platform makes one object store of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Single rows: see [`Key::meta`].
    Meta,
    /// Sealed keyrings by device.
    Keyrings,
    /// Membership records by index.
    Chain,
    /// Envelopes by channel, document, author, stream and n: the ciphertext everybody on this tablet shares.
    Log,
    /// Envelopes that came before an earlier one of their stream, by the same key.
    Early,
    /// The highest unbroken n of each stream, by channel, author and stream.
    Tips,
    /// How far each channel was pulled, by channel.
    Heads,
    /// The stream each of this tablet's devices writes to, by device and channel.
    Streams,
    /// What each other device says it holds, by channel and device.
    Attested,
    /// Finished envelopes not yet acknowledged, in order of making.
    Outbox,
    /// Changes made here and not yet in an envelope, sealed under the member's local key.
    Pending,
    /// One sealed row a document and device: its kind, its key, its summary.
    Index,
    /// Envelopes set aside with their reason, by id.
    Quarantine,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 13] = [
        Self::Meta,
        Self::Keyrings,
        Self::Chain,
        Self::Log,
        Self::Early,
        Self::Tips,
        Self::Heads,
        Self::Streams,
        Self::Attested,
        Self::Outbox,
        Self::Pending,
        Self::Index,
        Self::Quarantine,
    ];

    /// The table's name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Keyrings => "keyrings",
            Self::Chain => "chain",
            Self::Log => "log",
            Self::Early => "early",
            Self::Tips => "tips",
            Self::Heads => "heads",
            Self::Streams => "streams",
            Self::Attested => "attested",
            Self::Outbox => "outbox",
            Self::Pending => "pending",
            Self::Index => "index",
            Self::Quarantine => "quarantine",
        }
    }
}

/// The key of a row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub Vec<u8>);

impl Key {
    /// The name of a single row of [`Table::Meta`].
    pub fn meta(name: &str) -> Self {
        Self(name.as_bytes().to_vec())
    }

    /// What one device keeps to itself, in [`Table::Meta`].
    pub fn private(device: DeviceId) -> Self {
        Self::of_device(b"private ", device)
    }

    /// The PIN of one device, in [`Table::Meta`].
    pub fn pin(device: DeviceId) -> Self {
        Self::of_device(b"pin ", device)
    }

    /// The wrap that a passkey opens, of one device, in [`Table::Meta`].
    pub fn passkey(device: DeviceId) -> Self {
        Self::of_device(PASSKEYS, device)
    }

    fn of_device(name: &[u8], device: DeviceId) -> Self {
        Self([name, device.as_bytes()].concat())
    }

    /// A keyring.
    pub fn keyring(device: DeviceId) -> Self {
        Self(device.as_bytes().to_vec())
    }

    /// A membership record.
    pub fn chain(index: u32) -> Self {
        Self(index.to_be_bytes().to_vec())
    }

    /// A channel's row.
    pub fn channel(channel: Channel) -> Self {
        Self(channel.to_bytes().to_vec())
    }

    /// An envelope's place in the log.
    pub fn log(
        channel: Channel,
        document: DocumentId,
        author: DeviceId,
        stream: StreamId,
        n: u64,
    ) -> Self {
        let mut key = log_prefix(channel, document);
        key.extend_from_slice(author.as_bytes());
        key.extend_from_slice(stream.as_bytes());
        key.extend_from_slice(&n.to_be_bytes());
        Self(key)
    }

    /// A stream's tip.
    pub fn tip(channel: Channel, author: DeviceId, stream: StreamId) -> Self {
        let mut key = channel.to_bytes().to_vec();
        key.extend_from_slice(author.as_bytes());
        key.extend_from_slice(stream.as_bytes());
        Self(key)
    }

    /// The stream that a device writes to in a channel.
    pub fn stream(device: DeviceId, channel: Channel) -> Self {
        let mut key = device.as_bytes().to_vec();
        key.extend_from_slice(&channel.to_bytes());
        Self(key)
    }

    /// What a device attested in a channel.
    pub fn attested(channel: Channel, device: DeviceId) -> Self {
        let mut key = channel.to_bytes().to_vec();
        key.extend_from_slice(device.as_bytes());
        Self(key)
    }

    /// An outbox row; `order` grows.
    pub fn outbox(order: u64) -> Self {
        Self(order.to_be_bytes().to_vec())
    }

    /// A change not yet in an envelope; `order` grows.
    pub fn pending(device: DeviceId, document: DocumentId, order: u64) -> Self {
        let mut key = index_key(device, document);
        key.extend_from_slice(&order.to_be_bytes());
        Self(key)
    }

    /// A document's index row for one device.
    pub fn index(device: DeviceId, document: DocumentId) -> Self {
        Self(index_key(device, document))
    }

    /// An envelope set aside.
    pub fn quarantine(id: EnvelopeId) -> Self {
        Self(id.as_bytes().to_vec())
    }

    /// The bytes after `skip`, as an array, if there are enough of them.
    pub fn part<const N: usize>(&self, skip: usize) -> Option<[u8; N]> {
        self.0.get(skip..skip.checked_add(N)?)?.try_into().ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Which keys of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// Every row.
    All,
    /// One row.
    One(Key),
    /// Every row whose key begins with these bytes.
    Prefix(Vec<u8>),
}

impl Range {
    /// Every row of a channel.
    pub fn channel(channel: Channel) -> Self {
        Self::Prefix(channel.to_bytes().to_vec())
    }

    /// Every envelope of a document.
    pub fn document(channel: Channel, document: DocumentId) -> Self {
        Self::Prefix(log_prefix(channel, document))
    }

    /// Every wrap that a passkey opens.
    pub fn passkeys() -> Self {
        Self::Prefix(PASSKEYS.to_vec())
    }

    /// Every row of a device.
    pub fn device(device: DeviceId) -> Self {
        Self::Prefix(device.as_bytes().to_vec())
    }

    /// True for a key of this range.
    pub fn holds(&self, key: &Key) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => one == key,
            Self::Prefix(prefix) => key.0.starts_with(prefix),
        }
    }

    /// The smallest key that is greater than every key of a prefix; `None` where there is none.
    pub fn end_of_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
        let last = prefix.iter().rposition(|byte| *byte != 0xFF)?;
        let mut end = prefix.get(..=last)?.to_vec();
        if let Some(byte) = end.last_mut() {
            *byte += 1;
        }
        Some(end)
    }
}

/// How the keys of such rows begin.
const PASSKEYS: &[u8] = b"passkey ";

fn log_prefix(channel: Channel, document: DocumentId) -> Vec<u8> {
    let mut prefix = channel.to_bytes().to_vec();
    prefix.extend_from_slice(document.as_bytes());
    prefix
}

fn index_key(device: DeviceId, document: DocumentId) -> Vec<u8> {
    let mut key = device.as_bytes().to_vec();
    key.extend_from_slice(document.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn the_end_of_a_prefix_is_after_all_of_it() {
        assert_eq!(Range::end_of_prefix(&[1, 2]), Some(vec![1, 3]));
        assert_eq!(Range::end_of_prefix(&[1, 0xFF]), Some(vec![2]));
        assert_eq!(Range::end_of_prefix(&[0xFF, 0xFF]), None);
    }
}
