//! Who may read and write what, now and at an earlier point of the chain.

use core::fmt;

use crate::{
    channel::{Channel, Scope},
    id::{DeviceId, MemberId, RecordHash},
    membership::{Device, Membership},
    ring::{Ring, RingSet},
};

/// Why a device may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessError {
    /// Not a device of this centre.
    UnknownDevice,
    /// Revoked, or not yet added at the point in question.
    NotInForce {
        /// Whether it was revoked, rather than not yet added.
        revoked: bool,
    },
    /// The chain has no such record at this place.
    UnknownMembership {
        /// The place.
        index: u32,
    },
    /// The channel is not open to this member.
    Forbidden,
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownDevice => {
                f.write_str("expected a device of this centre, found an unknown one")
            }
            Self::NotInForce { revoked: true } => {
                f.write_str("expected a device in force, found a revoked one")
            }
            Self::NotInForce { revoked: false } => {
                f.write_str("expected a device in force, found one added later")
            }
            Self::UnknownMembership { index } => {
                write!(
                    f,
                    "expected a known membership record at {index}, found another or none"
                )
            }
            Self::Forbidden => f.write_str("expected a channel open to this member, found another"),
        }
    }
}

impl core::error::Error for AccessError {}

/// A change that has not been made yet, to ask who would read what after it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Supposing {
    pub(super) revoked: Option<DeviceId>,
    pub(super) rings: Option<(MemberId, RingSet)>,
}

impl Membership {
    /// The devices in force that read a scope, in order of their names.
    pub fn readers(&self, scope: Scope) -> Vec<DeviceId> {
        self.readers_supposing(scope, Supposing::default())
    }

    /// The scopes a member reads and that have an epoch.
    pub fn scopes_of(&self, member: &MemberId) -> Vec<Scope> {
        let rings = self.rings_of(*member, Supposing::default());
        self.scopes_with(*member, rings)
    }

    /// The channels a member may read, in order.
    pub fn channels_readable_by(&self, member: &MemberId) -> Vec<Channel> {
        let scopes = self.scopes_of(member);
        if scopes.is_empty() {
            return Vec::new();
        }
        let boxes = scopes.iter().filter_map(|scope| match scope {
            Scope::Ring(ring) => Some(Channel::RingBox(*ring)),
            Scope::Desk(_) => None,
        });
        // In order, because scopes are and boxes come after what they belong to.
        scopes
            .iter()
            .map(|scope| scope.channel())
            .chain(boxes)
            .chain([Channel::MemberBox(*member)])
            .collect()
    }

    /// Whether a device may read a channel now.
    pub fn may_read(&self, device: &DeviceId, channel: Channel) -> Result<(), AccessError> {
        let device = self.in_force(device, self.last_index())?;
        let rings = self.rings_of(device.member, Supposing::default());
        let open = match channel {
            Channel::Ring(ring) | Channel::RingBox(ring) => rings.contains(ring),
            Channel::Desk(_) => channel
                .scope()
                .is_some_and(|scope| reads(device.member, rings, scope)),
            Channel::MemberBox(owner) => owner == device.member && !rings.is_empty(),
        };
        if open {
            Ok(())
        } else {
            Err(AccessError::Forbidden)
        }
    }

    /// Whether a device might write to a channel once the record at `index` was applied.
    ///
    /// Whether it may still do so now is for the relay: see [`Membership::device`].
    pub fn may_write(
        &self,
        device: &DeviceId,
        channel: Channel,
        index: u32,
    ) -> Result<(), AccessError> {
        let device = self.in_force(device, index)?;
        let rings = self.rings_at(device.member, index);
        let open = match channel {
            Channel::Ring(ring) => rings.contains(ring),
            Channel::Desk(owner) => {
                self.is_member_at(owner, index) && reads(device.member, rings, Scope::Desk(owner))
            }
            Channel::RingBox(_) => !rings.is_empty(),
            Channel::MemberBox(owner) => self.is_member_at(owner, index) && !rings.is_empty(),
        };
        if open {
            Ok(())
        } else {
            Err(AccessError::Forbidden)
        }
    }

    /// Whether a device might make snapshots for a channel, vouch for them and prune once the record at `index` was
    /// applied: a writer of it who belongs to `office` or `admin`.
    pub fn may_compact(
        &self,
        device: &DeviceId,
        channel: Channel,
        index: u32,
    ) -> Result<(), AccessError> {
        self.may_write(device, channel, index)?;
        let device = self.in_force(device, index)?;
        let rings = self.rings_at(device.member, index);
        // Paper vouches for nothing, and must not be waited for.
        if device.is_kit() {
            return Err(AccessError::Forbidden);
        }
        if rings.contains(Ring::Office) || rings.contains(Ring::Admin) {
            Ok(())
        } else {
            Err(AccessError::Forbidden)
        }
    }

    /// Whether a device was the only one that might.
    pub fn compacts_alone(&self, device: &DeviceId, channel: Channel, index: u32) -> bool {
        let mut able = self.devices().filter(|other| {
            let may = self.may_compact(&other.id, channel, index);
            may.is_ok()
        });
        able.next().is_some_and(|first| first.id == *device) && able.next().is_none()
    }

    /// Whether the record that an author says it has seen is the one at that place of this chain.
    pub fn check_seen(&self, index: u32, hash: RecordHash) -> Result<(), AccessError> {
        if self.hash_at(index) == Some(hash) {
            Ok(())
        } else {
            Err(AccessError::UnknownMembership { index })
        }
    }

    /// A device that was in force once the record at `index` was applied.
    fn in_force(&self, device: &DeviceId, index: u32) -> Result<&Device, AccessError> {
        let device = self.device(device).ok_or(AccessError::UnknownDevice)?;
        if self.hash_at(index).is_none() {
            return Err(AccessError::UnknownMembership { index });
        }
        if !device.is_active_at(index) {
            let revoked = device.added_at <= index;
            return Err(AccessError::NotInForce { revoked });
        }
        Ok(device)
    }

    /// Devices that would read a scope after a change.
    pub(super) fn readers_supposing(&self, scope: Scope, change: Supposing) -> Vec<DeviceId> {
        self.devices()
            .filter(|device| device.revoked_at.is_none() && Some(device.id) != change.revoked)
            .filter(|device| reads(device.member, self.rings_of(device.member, change), scope))
            .map(|device| device.id)
            .collect()
    }

    /// Scopes with an epoch that a member with these rings would read.
    pub fn scopes_with(&self, member: MemberId, rings: RingSet) -> Vec<Scope> {
        self.scopes()
            .filter(|scope| reads(member, rings, *scope))
            .collect()
    }

    /// A member's rings after a change.
    pub(super) fn rings_of(&self, member: MemberId, change: Supposing) -> RingSet {
        match change.rings {
            Some((changed, rings)) if changed == member => rings,
            _ => self
                .member(&member)
                .map_or(RingSet::EMPTY, super::Member::rings),
        }
    }

    /// Whether anyone who may approve would be left after a change; what lies in a drawer is nobody.
    pub(super) fn has_admin_supposing(&self, change: Supposing) -> bool {
        self.readers_supposing(Scope::Ring(Ring::Admin), change)
            .iter()
            .filter_map(|device| self.device(device))
            .any(|device| !device.is_kit())
    }

    fn rings_at(&self, member: MemberId, index: u32) -> RingSet {
        self.member(&member)
            .map_or(RingSet::EMPTY, |member| member.rings_at(index))
    }

    fn is_member_at(&self, member: MemberId, index: u32) -> bool {
        self.member(&member).is_some_and(|member| {
            member
                .history
                .first()
                .is_some_and(|(from, _)| *from <= index)
        })
    }
}

/// The rule itself: rings for their members, a desk for its member and `office`.
fn reads(member: MemberId, rings: RingSet, scope: Scope) -> bool {
    match scope {
        Scope::Ring(ring) => rings.contains(ring),
        Scope::Desk(owner) => {
            !rings.is_empty() && (owner == member || rings.contains(Ring::Office))
        }
    }
}
