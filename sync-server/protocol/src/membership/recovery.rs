//! Recovery kits: members without a tablet, whose keys lie in parts on printed sheets.
//!
//! A kit is an ordinary member with one device and the rights of an admin. What makes it one is its name: the hash of
//! its own signing key, so that nobody has to be told, and nobody can pass a person off as a kit or a kit as a person.
//! It must not know how the sheets are made.

use super::{Device, Membership, MembershipError, Payload};
use crate::{
    id::{DeviceId, MemberId},
    ring::Ring,
};

/// A kit that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryKit {
    /// Its one device.
    pub device: DeviceId,
    /// Who made it.
    pub made_by: DeviceId,
    /// When, by its maker's clock, ms since 1970.
    pub made_ms: i64,
}

/// A kit that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryUse {
    /// The kit's device.
    pub kit: DeviceId,
    /// The place of the record that says so.
    pub index: u32,
    /// When, by the clock of the tablet that used it, ms since 1970.
    pub used_ms: i64,
}

impl Device {
    /// Whether this is a recovery kit and no tablet.
    pub fn is_kit(&self) -> bool {
        self.member == MemberId::of_kit(&self.sign)
    }
}

impl Membership {
    /// The kits that would open the centre today, the latest first.
    pub fn kits(&self) -> impl Iterator<Item = &RecoveryKit> {
        let in_force = |kit: &&RecoveryKit| {
            self.device(&kit.device)
                .is_some_and(|device| device.revoked_at.is_none())
        };
        self.kits.iter().rev().filter(in_force)
    }

    /// Every use of a kit, in the order of the chain.
    pub fn recoveries(&self) -> impl Iterator<Item = &RecoveryUse> {
        self.recoveries.iter()
    }

    /// How many people with a tablet may approve others.
    pub fn approvers(&self) -> usize {
        let may_approve = |member: &&super::Member| {
            let mut tablets = self.devices_of(&member.id);
            member.rings().contains(Ring::Admin) && tablets.any(|device| !device.is_kit())
        };
        self.members().filter(may_approve).count()
    }
}

/// A recovery kit signs nothing in silence, and nobody else says that one is used.
pub(super) fn check(
    state: &Membership,
    author: &Device,
    payload: &Payload,
) -> Result<(), MembershipError> {
    let announces = *payload == Payload::RecoveryUsed;
    if announces && !author.is_kit() {
        return Err(MembershipError::NotAKit);
    }
    let by_author = |used: &RecoveryUse| used.kit == author.id;
    if author.is_kit() && !announces && !state.recoveries().any(by_author) {
        return Err(MembershipError::UnannouncedKit);
    }
    Ok(())
}
