//! Rows as any store keeps them, for proving and copying: exact bytes, numbers, and a key of the store's own.

use sync_protocol::CentreId;

pub(in crate::store) struct CentreRow {
    pub(in crate::store) key: i64,
    pub(in crate::store) centre: CentreId,
    pub(in crate::store) length: u32,
    pub(in crate::store) head: [u8; 32],
    pub(in crate::store) bytes: u64,
}

pub(in crate::store) struct ChannelRow {
    pub(in crate::store) key: i64,
    pub(in crate::store) channel: [u8; 17],
    pub(in crate::store) seq: u64,
    pub(in crate::store) chain: [u8; 32],
}

pub(in crate::store) struct EnvelopeRow {
    pub(in crate::store) seq: u64,
    pub(in crate::store) author: [u8; 16],
    pub(in crate::store) stream: [u8; 8],
    pub(in crate::store) n: u64,
    pub(in crate::store) id: [u8; 32],
    pub(in crate::store) chain: [u8; 32],
    pub(in crate::store) bytes: Vec<u8>,
    /// When it was received, if it is a snapshot.
    pub(in crate::store) received_ms: Option<i64>,
    /// The whole envelope and when it was pruned, while it is in the trash.
    pub(in crate::store) trash: Option<(Vec<u8>, i64)>,
}

pub(in crate::store) struct StreamRow {
    pub(in crate::store) author: [u8; 16],
    pub(in crate::store) stream: [u8; 8],
    pub(in crate::store) n: u64,
    pub(in crate::store) id: [u8; 32],
}

pub(in crate::store) struct InviteRow {
    pub(in crate::store) invite: [u8; 16],
    pub(in crate::store) centre: CentreId,
    pub(in crate::store) expires_ms: i64,
}

pub(in crate::store) struct MessageRow {
    pub(in crate::store) invite: [u8; 16],
    pub(in crate::store) no: u32,
    pub(in crate::store) message: Vec<u8>,
    pub(in crate::store) expires_ms: i64,
}
