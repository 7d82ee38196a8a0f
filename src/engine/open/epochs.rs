//! Epoch keys between the membership chain and this device's keyring.

use rand_core::CryptoRng;
use sync_protocol::{
    DeviceId, Membership, Scope,
    membership::{EpochRecord, SealedKey},
};

use crate::engine::{
    crypto::{
        key::EpochKey,
        keyring::{Keyring, Standing},
        sealed_key::{self, SealedKeyError},
    },
    doors::OpenedKeyring,
};

/// A device that is to read a scope, and its public sealing key.
pub(crate) type Reader = (DeviceId, [u8; 32]);

/// The first epoch of a scope, its key sealed to each reader.
pub(crate) fn first(
    scope: Scope,
    readers: &[Reader],
    rng: &mut dyn CryptoRng,
) -> Result<(EpochRecord, EpochKey), SealedKeyError> {
    number(1, scope, readers, rng)
}

/// The epoch after the current one of a scope, for its readers without these devices.
///
/// Where `held` knows the current key it goes along, sealed under the new one, so that whoever comes later reads what
/// was written before.
pub(crate) fn without(
    gone: &[DeviceId],
    scope: Scope,
    membership: &Membership,
    held: &Keyring,
    rng: &mut dyn CryptoRng,
) -> Result<EpochRecord, SealedKeyError> {
    let current = membership.epoch(scope).map_or(0, |record| record.epoch);
    let mut staying = readers(membership, scope);
    staying.retain(|(device, _)| !gone.contains(device));
    let (mut record, key) = number(current.saturating_add(1), scope, &staying, rng)?;
    let before = held.epoch(scope, current);
    record.link = before.map(|before| key.seal_link(scope, record.epoch, before));
    Ok(record)
}

/// The devices in force that read a scope.
pub(crate) fn readers(membership: &Membership, scope: Scope) -> Vec<Reader> {
    let devices = membership.readers(scope).into_iter();
    let devices = devices.filter_map(|device| membership.device(&device));
    devices.map(|device| (device.id, device.seal)).collect()
}

fn number(
    epoch: u32,
    scope: Scope,
    readers: &[Reader],
    rng: &mut dyn CryptoRng,
) -> Result<(EpochRecord, EpochKey), SealedKeyError> {
    let key = EpochKey::random(rng);
    let mut sealed = Vec::with_capacity(readers.len());
    for (device, public) in readers {
        sealed.push(SealedKey {
            device: *device,
            scope,
            epoch,
            output: sealed_key::seal_epoch_key(&key, scope, epoch, *device, public, rng)?,
        });
    }
    let record = EpochRecord {
        scope,
        epoch,
        box_public: key.box_keypair(scope, epoch).public,
        sealed,
        link: None,
    };
    Ok((record, key))
}

/// Keys of earlier epochs, for a newcomer who was handed the latest: they hang from it, link by link.
fn follow_links(opened: &mut OpenedKeyring, membership: &Membership, scopes: &[Scope]) -> bool {
    let mut any = false;
    for scope in scopes.iter().copied() {
        let links: Vec<_> = membership.links(scope).collect();
        for (epoch, link) in links.into_iter().rev() {
            let before = epoch.saturating_sub(1);
            let keyring = &opened.keyring;
            if keyring.epoch(scope, before).is_none()
                && let Some(key) = keyring.epoch(scope, epoch)
                && let Ok(key) = key.open_link(scope, epoch, link)
            {
                opened.keyring.keep_epoch(scope, before, key);
                any = true;
            }
        }
    }
    any
}

/// The keys that the chain holds for what this device reads now, and no others; true if that changed anything.
///
/// What a device was once handed stays sealed to it in the chain. To keep no key of what was taken from its member is
/// what an honest one does; that nothing comes any more is for the relay and the epochs that followed.
pub(crate) fn take(opened: &mut OpenedKeyring, membership: &Membership) -> bool {
    let device = opened.keyring.device.device_id();
    let Some(known) = membership.device(&device) else {
        return false;
    };
    let readable = membership.scopes_of(&known.member);
    let mut any = opened.keyring.keep_only(&readable);
    let sealed: Vec<_> = membership
        .sealed_keys_for(&device)
        .filter(|(scope, _, _)| readable.contains(scope))
        .map(|(scope, epoch, key)| (scope, epoch, *key))
        .collect();
    for (scope, epoch, sealed) in sealed {
        if opened.keyring.epoch(scope, epoch).is_none()
            && let Ok(key) =
                sealed_key::open_epoch_key(&sealed, scope, epoch, &opened.keyring.device)
        {
            opened.keyring.keep_epoch(scope, epoch, key);
            any = true;
        }
    }
    any |= follow_links(opened, membership, &readable);
    if opened.keyring.member().is_none() {
        opened.keyring.standing = Standing::Member(known.member);
        any = true;
    }
    any
}
