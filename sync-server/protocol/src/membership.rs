//! The membership chain and the state it describes.
//!
//! The relay and every tablet run this same code, so equal chain heads mean equal states.
//! It must not know names of people, content keys or clocks: every time in here is a claim of a signer.

mod access;
mod commit;
mod encoding;
mod error;
mod record;
mod recovery;
mod rules;
mod signed;

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;

use crate::{
    channel::Scope,
    id::{CentreId, DeviceId, InviteId, MemberId, RecordHash},
    ring::RingSet,
};

pub use access::AccessError;
pub use error::MembershipError;
pub use record::{DeviceKeys, EpochRecord, LINK_LEN, Payload, Record, SEALED_KEY_LEN, SealedKey};
pub use recovery::{RecoveryKit, RecoveryUse};
pub use signed::{RecordError, SignedRecord};

/// A person of the centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// Rings from each index on, in order of index.
    history: Vec<(u32, RingSet)>,
}

impl Member {
    /// The rings now; none means inactive.
    pub fn rings(&self) -> RingSet {
        self.history
            .last()
            .map_or(RingSet::EMPTY, |(_, rings)| *rings)
    }

    /// The rings once the record at this index was applied.
    pub fn rings_at(&self, index: u32) -> RingSet {
        self.history
            .iter()
            .take_while(|(from, _)| *from <= index)
            .last()
            .map_or(RingSet::EMPTY, |(_, rings)| *rings)
    }

    /// Whether the member holds any ring.
    pub fn is_active(&self) -> bool {
        !self.rings().is_empty()
    }
}

/// A member on one tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// Whose.
    pub member: MemberId,
    /// Verifies what the device signs.
    pub sign: VerifyingKey,
    /// X25519: what is sealed to the device.
    pub seal: [u8; 32],
    /// Index of the record that added it.
    pub added_at: u32,
    /// Index of the record that revoked it.
    pub revoked_at: Option<u32>,
    /// The invite it came by.
    pub invite: Option<InviteId>,
}

impl Device {
    /// Whether the device was in force once the record at this index was applied.
    pub fn is_active_at(&self, index: u32) -> bool {
        self.added_at <= index && self.revoked_at.is_none_or(|revoked| index < revoked)
    }
}

/// A single-use invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Which.
    pub id: InviteId,
    /// For whom.
    pub member: MemberId,
    /// What the approver meant to give.
    pub rings: RingSet,
    /// BLAKE3 of the mailbox token.
    pub mailbox_hash: [u8; 32],
    /// When it ends, ms since 1970.
    pub expires_ms: i64,
    /// What became of it.
    pub state: InviteState,
}

/// What became of an invite, as far as the chain can tell; expiry is a matter of clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    /// Neither used nor cancelled.
    Open,
    /// Used by this device.
    Used {
        /// The device it brought.
        device: DeviceId,
    },
    /// Cancelled.
    Cancelled,
}

/// The state that a centre's membership chain describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    centre: CentreId,
    hashes: Vec<RecordHash>,
    /// When each record was signed, by its signer's clock.
    claimed: Vec<i64>,
    members: BTreeMap<MemberId, Member>,
    devices: BTreeMap<DeviceId, Device>,
    invites: BTreeMap<InviteId, Invite>,
    /// Epoch 1 first, each with the index of the record that began it.
    epochs: BTreeMap<Scope, Vec<(u32, EpochRecord)>>,
    sealed: BTreeMap<DeviceId, Vec<SealedKey>>,
    relay: Option<[u8; 32]>,
    kits: Vec<RecoveryKit>,
    recoveries: Vec<RecoveryUse>,
}

impl Membership {
    /// Opens a centre with its first record.
    pub fn genesis(signed: &SignedRecord) -> Result<Self, MembershipError> {
        let record = signed.record()?;
        let mut membership = Self {
            centre: CentreId::from_bytes(*signed.hash().as_bytes()),
            hashes: Vec::new(),
            claimed: Vec::new(),
            members: BTreeMap::new(),
            devices: BTreeMap::new(),
            invites: BTreeMap::new(),
            epochs: BTreeMap::new(),
            sealed: BTreeMap::new(),
            relay: None,
            kits: Vec::new(),
            recoveries: Vec::new(),
        };
        rules::check_genesis(signed, &record)?;
        membership.commit(signed.hash(), record);
        Ok(membership)
    }

    /// Takes the next record of the chain, or refuses it and stays as it was.
    pub fn apply(&mut self, signed: &SignedRecord) -> Result<(), MembershipError> {
        let record = signed.record()?;
        rules::check(self, signed, &record)?;
        self.commit(signed.hash(), record);
        Ok(())
    }

    /// The state after a whole chain.
    pub fn replay<'a>(
        records: impl IntoIterator<Item = &'a SignedRecord>,
    ) -> Result<Self, MembershipError> {
        let mut records = records.into_iter();
        let mut membership = Self::genesis(records.next().ok_or(MembershipError::Empty)?)?;
        for record in records {
            membership.apply(record)?;
        }
        Ok(membership)
    }

    /// The centre's name.
    pub const fn centre(&self) -> CentreId {
        self.centre
    }

    /// Records in the chain.
    pub fn length(&self) -> u32 {
        u32::try_from(self.hashes.len()).unwrap_or(u32::MAX)
    }

    /// Index of the last record.
    pub fn last_index(&self) -> u32 {
        self.length().saturating_sub(1)
    }

    /// Hash of the last record.
    pub fn head(&self) -> RecordHash {
        self.hashes.last().copied().unwrap_or(RecordHash::NONE)
    }

    /// Hash of the record at this index.
    pub fn hash_at(&self, index: u32) -> Option<RecordHash> {
        self.hashes.get(usize::try_from(index).ok()?).copied()
    }

    /// When the record at this index was signed, by its signer's clock, ms since 1970.
    pub fn claimed_at(&self, index: u32) -> Option<i64> {
        self.claimed.get(usize::try_from(index).ok()?).copied()
    }

    /// The relay's key, if an admin ever named another relay than the one that devices met first.
    pub const fn relay(&self) -> Option<[u8; 32]> {
        self.relay
    }

    /// A device, revoked or not.
    pub fn device(&self, device: &DeviceId) -> Option<&Device> {
        self.devices.get(device)
    }

    /// Every device, revoked or not.
    pub fn devices(&self) -> impl Iterator<Item = &Device> {
        self.devices.values()
    }

    /// Whether the device was in force once the record at this index was applied.
    pub fn device_active_at(&self, device: &DeviceId, index: u32) -> bool {
        self.device(device)
            .is_some_and(|device| device.is_active_at(index))
    }

    /// A member's devices that are in force.
    pub fn devices_of(&self, member: &MemberId) -> impl Iterator<Item = &Device> {
        let member = *member;
        self.devices
            .values()
            .filter(move |device| device.member == member && device.revoked_at.is_none())
    }

    /// Every member, active or not.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// One member, active or not.
    pub fn member(&self, member: &MemberId) -> Option<&Member> {
        self.members.get(member)
    }

    /// One invite.
    pub fn invite(&self, invite: &InviteId) -> Option<&Invite> {
        self.invites.get(invite)
    }

    /// Every invite, whatever became of it.
    pub fn invites(&self) -> impl Iterator<Item = &Invite> {
        self.invites.values()
    }

    /// The scopes that have an epoch.
    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.epochs.keys().copied()
    }

    /// The current epoch of a scope.
    pub fn epoch(&self, scope: Scope) -> Option<&EpochRecord> {
        self.epochs.get(&scope)?.last().map(|(_, epoch)| epoch)
    }

    /// Every epoch of a scope from the first, with the index of the record that began it.
    pub fn epochs(&self, scope: Scope) -> impl Iterator<Item = (u32, &EpochRecord)> {
        self.epochs
            .get(&scope)
            .into_iter()
            .flatten()
            .map(|(index, epoch)| (*index, epoch))
    }

    /// Every epoch key ever sealed to a device: scope, epoch, HPKE output.
    pub fn sealed_keys_for(
        &self,
        device: &DeviceId,
    ) -> impl Iterator<Item = (Scope, u32, &[u8; SEALED_KEY_LEN])> {
        self.sealed
            .get(device)
            .into_iter()
            .flatten()
            .map(|key| (key.scope, key.epoch, &key.output))
    }

    /// Links of a scope: the later epoch's number, and the key before it sealed under that epoch's key.
    pub fn links(&self, scope: Scope) -> impl Iterator<Item = (u32, &[u8; LINK_LEN])> {
        self.epochs(scope)
            .filter_map(|(_, epoch)| Some((epoch.epoch, epoch.link.as_ref()?)))
    }
}
