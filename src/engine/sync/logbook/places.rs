//! Where an envelope stands, to and from the bytes of a key.

use sync_protocol::{Channel, DeviceId, Header, StreamId};

use crate::engine::storage::key::Key;

/// One author's unbroken run in one channel.
pub(crate) type Run = (Channel, DeviceId, StreamId);

/// The run of a header.
pub(crate) const fn run(header: &Header) -> Run {
    (header.channel, header.author, header.stream)
}

/// An envelope's key in the log.
pub(crate) fn log_key(header: &Header) -> Key {
    Key::log(
        header.channel,
        header.document,
        header.author,
        header.stream,
        header.n,
    )
}

/// Run and number of the envelope with this key in the log.
pub(crate) fn logged_place(key: &Key) -> Option<(Run, u64)> {
    Some((run_of(key, 33)?, u64::from_be_bytes(key.part(57)?)))
}

/// The channel that a key begins with.
pub(super) fn channel_of(key: &Key) -> Option<Channel> {
    Channel::parse(&key.part::<17>(0)?).ok()
}

/// The run of a key whose author and stream begin after so many bytes.
pub(super) fn run_of(key: &Key, skip: usize) -> Option<Run> {
    let author = DeviceId::from_bytes(key.part(skip)?);
    let stream = StreamId::from_bytes(key.part(skip + 16)?);
    Some((channel_of(key)?, author, stream))
}
