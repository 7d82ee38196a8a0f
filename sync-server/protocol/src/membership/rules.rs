//! The rules that a record must keep, kind by kind. Nothing in here changes the state.

use std::collections::BTreeSet;

use crate::{
    channel::Scope,
    id::{DeviceId, InviteId, MemberId, RecordHash},
    limits::MAX_INVITE_MS,
    membership::{
        InviteState, Membership, MembershipError,
        access::Supposing,
        record::{DeviceKeys, EpochRecord, Payload, Record, SealedKey},
        recovery,
        signed::SignedRecord,
    },
    ring::{Ring, RingSet},
};

/// Rings that a centre cannot be without.
const FIRST_RINGS: [Ring; 4] = [Ring::Admin, Ring::Office, Ring::Safeguarding, Ring::Team];

/// Whether this record may open a chain.
pub(super) fn check_genesis(signed: &SignedRecord, record: &Record) -> Result<(), MembershipError> {
    let Payload::Genesis {
        member,
        rings,
        keys,
        epochs,
        ..
    } = &record.payload
    else {
        return Err(MembershipError::GenesisPlace);
    };
    check_place(record, 0, RecordHash::NONE)?;
    if record.signer != keys.device() {
        return Err(MembershipError::GenesisSigner);
    }
    signed
        .verify(&keys.sign)
        .map_err(|_| MembershipError::Signature)?;
    if !FIRST_RINGS.into_iter().all(|ring| rings.contains(ring)) {
        return Err(MembershipError::GenesisRings);
    }
    let scopes: Vec<Scope> = rings
        .iter()
        .map(Scope::Ring)
        .chain([Scope::Desk(*member)])
        .collect();
    check_scopes(epochs, &scopes)?;
    let reader = [keys.device()];
    epochs
        .iter()
        .try_for_each(|epoch| check_epoch(epoch, 1, &reader))
}

/// Whether this record may follow.
pub(super) fn check(
    state: &Membership,
    signed: &SignedRecord,
    record: &Record,
) -> Result<(), MembershipError> {
    check_place(record, state.length(), state.head())?;
    check_signer(state, signed, record)?;
    match &record.payload {
        Payload::Genesis { .. } => Err(MembershipError::GenesisPlace),
        Payload::MemberAdd {
            member,
            rings,
            desk,
        } => check_member_add(state, *member, *rings, desk),
        Payload::DeviceAdd {
            member,
            keys,
            invite,
            sealed,
        } => {
            check_invite_used(state, *invite, *member, record.claimed_ms)?;
            check_device_add(state, *member, keys, sealed)
        }
        Payload::DeviceRevoke { device, epochs } => check_device_revoke(state, *device, epochs),
        Payload::RoleChange {
            member,
            rings,
            epochs,
            sealed,
        } => check_role_change(state, *member, *rings, epochs, sealed),
        Payload::RingEpoch { epochs } => check_ring_epoch(state, epochs),
        Payload::Invite {
            invite,
            rings,
            expires_ms,
            ..
        } => check_invite(state, *invite, *rings, record.claimed_ms, *expires_ms),
        Payload::InviteCancel { invite } => check_open(state, *invite).map(|_| ()),
        // Which relay it is, is for an admin to know; the chain only remembers what they said. And who may say that a
        // kit is used, was checked with the signer.
        Payload::RelayChange { .. } | Payload::RecoveryUsed => Ok(()),
    }
}

fn check_place(record: &Record, index: u32, prev: RecordHash) -> Result<(), MembershipError> {
    if record.index != index {
        return Err(MembershipError::Index {
            expected: index,
            found: record.index,
        });
    }
    if record.prev != prev {
        return Err(MembershipError::Prev {
            expected: prev,
            found: record.prev,
        });
    }
    Ok(())
}

fn check_signer(
    state: &Membership,
    signed: &SignedRecord,
    record: &Record,
) -> Result<(), MembershipError> {
    let author = state
        .device(&record.signer)
        .ok_or(MembershipError::UnknownSigner)?;
    if author.revoked_at.is_some() {
        return Err(MembershipError::RevokedSigner);
    }
    let rings = state.rings_of(author.member, Supposing::default());
    if !rings.contains(Ring::Admin) {
        return Err(MembershipError::NotAdmin);
    }
    recovery::check(state, author, &record.payload)?;
    signed
        .verify(&author.sign)
        .map_err(|_| MembershipError::Signature)
}

fn check_member_add(
    state: &Membership,
    member: MemberId,
    rings: RingSet,
    desk: &EpochRecord,
) -> Result<(), MembershipError> {
    if state.member(&member).is_some() {
        return Err(MembershipError::KnownMember);
    }
    if rings.is_empty() {
        return Err(MembershipError::NoRings);
    }
    let scope = Scope::Desk(member);
    check_scopes(core::slice::from_ref(desk), &[scope])?;
    check_epoch(desk, 1, &state.readers(scope))
}

fn check_device_add(
    state: &Membership,
    member: MemberId,
    keys: &DeviceKeys,
    sealed: &[SealedKey],
) -> Result<(), MembershipError> {
    let rings = state.rings_of(member, Supposing::default());
    if rings.is_empty() {
        return Err(MembershipError::InactiveMember);
    }
    let known = |device: &super::Device| device.id == keys.device() || device.seal == keys.seal;
    if state.devices().any(known) {
        return Err(MembershipError::KnownDevice);
    }
    let scopes = state.scopes_with(member, rings);
    check_grants(state, sealed, &scopes, &[keys.device()])
}

fn check_device_revoke(
    state: &Membership,
    device: DeviceId,
    epochs: &[EpochRecord],
) -> Result<(), MembershipError> {
    let member = state
        .device(&device)
        .filter(|device| device.revoked_at.is_none())
        .map(|device| device.member)
        .ok_or(MembershipError::InactiveDevice)?;
    let change = Supposing {
        revoked: Some(device),
        rings: None,
    };
    if !state.has_admin_supposing(change) {
        return Err(MembershipError::LastAdmin);
    }
    check_scopes(epochs, &state.scopes_of(&member))?;
    check_advance(state, epochs, change)
}

fn check_role_change(
    state: &Membership,
    member: MemberId,
    rings: RingSet,
    epochs: &[EpochRecord],
    sealed: &[SealedKey],
) -> Result<(), MembershipError> {
    let before = state
        .member(&member)
        .ok_or(MembershipError::InactiveMember)?
        .rings();
    if before == rings {
        return Err(MembershipError::NoChange);
    }
    let change = Supposing {
        revoked: None,
        rings: Some((member, rings)),
    };
    if !state.has_admin_supposing(change) {
        return Err(MembershipError::LastAdmin);
    }
    let had = state.scopes_with(member, before);
    let has = state.scopes_with(member, rings);
    check_scopes(epochs, &those_not_in(&had, &has))?;
    check_advance(state, epochs, change)?;
    let gained = those_not_in(&has, &had);
    let devices: Vec<DeviceId> = state.devices_of(&member).map(|device| device.id).collect();
    check_grants(state, sealed, &gained, &devices)
}

fn those_not_in(scopes: &[Scope], others: &[Scope]) -> Vec<Scope> {
    let mut rest = scopes.to_vec();
    rest.retain(|scope| !others.contains(scope));
    rest
}

/// A ring may begin here; a desk begins with its member.
fn check_ring_epoch(state: &Membership, epochs: &[EpochRecord]) -> Result<(), MembershipError> {
    if epochs.is_empty() {
        return Err(MembershipError::NoEpochs);
    }
    let known: Vec<Scope> = epochs
        .iter()
        .map(|epoch| epoch.scope)
        .filter(|scope| match scope {
            Scope::Ring(_) => true,
            Scope::Desk(_) => state.epoch(*scope).is_some(),
        })
        .collect();
    check_scopes(epochs, &known)?;
    check_advance(state, epochs, Supposing::default())
}

fn check_invite(
    state: &Membership,
    invite: InviteId,
    rings: RingSet,
    claimed_ms: i64,
    expires_ms: i64,
) -> Result<(), MembershipError> {
    if state.invite(&invite).is_some() {
        return Err(MembershipError::KnownInvite);
    }
    if rings.is_empty() {
        return Err(MembershipError::NoRings);
    }
    if expires_ms <= claimed_ms || expires_ms > claimed_ms.saturating_add(MAX_INVITE_MS) {
        return Err(MembershipError::InviteExpiry);
    }
    Ok(())
}

fn check_invite_used(
    state: &Membership,
    invite: Option<InviteId>,
    member: MemberId,
    claimed_ms: i64,
) -> Result<(), MembershipError> {
    let Some(invite) = invite else {
        return Ok(());
    };
    let invite = check_open(state, invite)?;
    if invite.member != member {
        return Err(MembershipError::InviteMember);
    }
    if claimed_ms > invite.expires_ms {
        return Err(MembershipError::InviteExpiry);
    }
    Ok(())
}

fn check_open(state: &Membership, invite: InviteId) -> Result<&super::Invite, MembershipError> {
    state
        .invite(&invite)
        .filter(|invite| invite.state == InviteState::Open)
        .ok_or(MembershipError::ClosedInvite)
}

/// Each of these scopes once, and no other.
fn check_scopes(epochs: &[EpochRecord], expected: &[Scope]) -> Result<(), MembershipError> {
    let mut found = BTreeSet::new();
    for epoch in epochs {
        let scope = epoch.scope;
        if !expected.contains(&scope) || !found.insert(scope) {
            return Err(MembershipError::EpochScopes { scope });
        }
    }
    match expected.iter().find(|scope| !found.contains(scope)) {
        Some(scope) => Err(MembershipError::EpochScopes { scope: *scope }),
        None => Ok(()),
    }
}

/// Each epoch is the next of its scope and goes to those who read it after the change.
fn check_advance(
    state: &Membership,
    epochs: &[EpochRecord],
    change: Supposing,
) -> Result<(), MembershipError> {
    epochs.iter().try_for_each(|epoch| {
        let current = state.epoch(epoch.scope).map_or(0, |epoch| epoch.epoch);
        let readers = state.readers_supposing(epoch.scope, change);
        check_epoch(epoch, current.saturating_add(1), &readers)
    })
}

fn check_epoch(
    epoch: &EpochRecord,
    expected: u32,
    readers: &[DeviceId],
) -> Result<(), MembershipError> {
    let scope = epoch.scope;
    let found = epoch.epoch;
    if found != expected {
        return Err(MembershipError::EpochNumber {
            scope,
            expected,
            found,
        });
    }
    if expected == 1 && epoch.link.is_some() {
        return Err(MembershipError::EpochLink { scope });
    }
    let keys: Vec<&SealedKey> = epoch.sealed.iter().collect();
    check_sealed(scope, found, &keys, readers)
}

/// The current key of each of these scopes, for each of these devices, and nothing else.
fn check_grants(
    state: &Membership,
    sealed: &[SealedKey],
    scopes: &[Scope],
    devices: &[DeviceId],
) -> Result<(), MembershipError> {
    if let Some(key) = sealed.iter().find(|key| !scopes.contains(&key.scope)) {
        return Err(MembershipError::SealedScope {
            scope: key.scope,
            epoch: key.epoch,
        });
    }
    scopes.iter().try_for_each(|scope| {
        let current = state.epoch(*scope).map_or(0, |epoch| epoch.epoch);
        let keys: Vec<&SealedKey> = sealed.iter().filter(|key| key.scope == *scope).collect();
        check_sealed(*scope, current, &keys, devices)
    })
}

fn check_sealed(
    scope: Scope,
    epoch: u32,
    keys: &[&SealedKey],
    readers: &[DeviceId],
) -> Result<(), MembershipError> {
    let mut found = BTreeSet::new();
    for key in keys {
        if key.scope != scope || key.epoch != epoch {
            return Err(MembershipError::SealedScope {
                scope: key.scope,
                epoch: key.epoch,
            });
        }
        if !readers.contains(&key.device) || !found.insert(key.device) {
            return Err(MembershipError::SealedReaders {
                scope,
                device: key.device,
            });
        }
    }
    match readers.iter().find(|device| !found.contains(device)) {
        Some(device) => Err(MembershipError::SealedReaders {
            scope,
            device: *device,
        }),
        None => Ok(()),
    }
}
