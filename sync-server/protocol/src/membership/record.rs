//! What membership records say.
//!
//! It must not know how they are written (`encoding`), signed (`signed`) or judged (the parent module).

use ed25519_dalek::VerifyingKey;

use crate::{
    channel::Scope,
    id::{DeviceId, InviteId, MemberId, RecordHash},
    ring::RingSet,
};

/// Bytes of a sealed epoch key: 32 encapsulated and 48 sealed.
pub const SEALED_KEY_LEN: usize = 80;
/// Bytes of a link to the epoch before: a sealed key of 32 bytes.
pub const LINK_LEN: usize = 48;

/// The public keys of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceKeys {
    /// Verifies what the device signs.
    pub sign: VerifyingKey,
    /// X25519: what is sealed to the device.
    pub seal: [u8; 32],
}

impl DeviceKeys {
    /// The device that holds these keys.
    pub fn device(&self) -> DeviceId {
        DeviceId::of(&self.sign)
    }
}

/// An epoch key sealed to one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// To whom.
    pub device: DeviceId,
    /// Whose key.
    pub scope: Scope,
    /// Which epoch.
    pub epoch: u32,
    /// The HPKE output.
    pub output: [u8; SEALED_KEY_LEN],
}

/// A new epoch of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRecord {
    /// Whose epoch.
    pub scope: Scope,
    /// Its number, from 1.
    pub epoch: u32,
    /// X25519: what is sealed to the scope's drop box.
    pub box_public: [u8; 32],
    /// The epoch's key, sealed to each reader.
    pub sealed: Vec<SealedKey>,
    /// The key of the epoch before, sealed under this one, where history is granted.
    pub link: Option<[u8; LINK_LEN]>,
}

/// What a record changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Opens a centre.
    Genesis {
        /// Makes the centre's name unique.
        nonce: [u8; 32],
        /// The first member.
        member: MemberId,
        /// Their rings.
        rings: RingSet,
        /// Their first device.
        keys: DeviceKeys,
        /// Epoch 1 of each ring and of the member's desk.
        epochs: Vec<EpochRecord>,
    },
    /// Adds a person.
    MemberAdd {
        /// Who.
        member: MemberId,
        /// Their rings.
        rings: RingSet,
        /// Epoch 1 of their desk.
        desk: EpochRecord,
    },
    /// Adds a device of a member.
    DeviceAdd {
        /// Whose.
        member: MemberId,
        /// The device.
        keys: DeviceKeys,
        /// The invite that this uses up.
        invite: Option<InviteId>,
        /// The current key of every scope the member reads.
        sealed: Vec<SealedKey>,
    },
    /// Ends a device's rights.
    DeviceRevoke {
        /// Which.
        device: DeviceId,
        /// New epochs of every scope it could read.
        epochs: Vec<EpochRecord>,
    },
    /// Changes a member's rings; none at all makes them inactive.
    RoleChange {
        /// Whose.
        member: MemberId,
        /// The rings from now on.
        rings: RingSet,
        /// New epochs of every scope lost.
        epochs: Vec<EpochRecord>,
        /// The current key of every scope gained, for each device of the member.
        sealed: Vec<SealedKey>,
    },
    /// New epochs without another reason; also the first epoch of a ring that had none.
    RingEpoch {
        /// The epochs.
        epochs: Vec<EpochRecord>,
    },
    /// Announces a single-use invite.
    Invite {
        /// Which.
        invite: InviteId,
        /// For whom; need not be a member yet.
        member: MemberId,
        /// What the approver means to give; binds nobody.
        rings: RingSet,
        /// BLAKE3 of the mailbox token.
        mailbox_hash: [u8; 32],
        /// When it ends, ms since 1970.
        expires_ms: i64,
    },
    /// Ends an invite that nobody used.
    InviteCancel {
        /// Which.
        invite: InviteId,
    },
    /// A recovery kit is used: what it signs from here on counts, and every device sees that it was used.
    RecoveryUsed,
    /// The centre's log is at another relay from now on: the one before is lost or was left.
    RelayChange {
        /// The relay's Ed25519 key, as its answers state it.
        relay: [u8; 32],
    },
}

/// The body of a membership record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Place in the chain, from 0.
    pub index: u32,
    /// Hash of the record before, or [`RecordHash::NONE`].
    pub prev: RecordHash,
    /// The device that signs.
    pub signer: DeviceId,
    /// The signer's clock, ms since 1970; a claim.
    pub claimed_ms: i64,
    /// What it changes.
    pub payload: Payload,
}
