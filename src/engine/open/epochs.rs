//! Epoch keys between the membership chain and this device's keyring.

use rand_core::CryptoRng;
use sync_protocol::{
    DeviceId, Membership, Scope,
    membership::{EpochRecord, SealedKey},
};

use crate::engine::{
    crypto::{
        key::EpochKey,
        keyring::Standing,
        sealed_key::{self, SealedKeyError},
    },
    doors::OpenedKeyring,
};

/// The first epoch of a scope, its key sealed to each reader: a device and its public sealing key.
pub(crate) fn first(
    scope: Scope,
    readers: &[(DeviceId, [u8; 32])],
    rng: &mut dyn CryptoRng,
) -> Result<(EpochRecord, EpochKey), SealedKeyError> {
    const FIRST: u32 = 1;
    let key = EpochKey::random(rng);
    let mut sealed = Vec::with_capacity(readers.len());
    for (device, public) in readers {
        sealed.push(SealedKey {
            device: *device,
            scope,
            epoch: FIRST,
            output: sealed_key::seal_epoch_key(&key, scope, FIRST, *device, public, rng)?,
        });
    }
    let record = EpochRecord {
        scope,
        epoch: FIRST,
        box_public: key.box_keypair(scope, FIRST).public,
        sealed,
        link: None,
    };
    Ok((record, key))
}

/// Keys of earlier epochs, for a newcomer who was handed the latest: they hang from it, link by link.
fn follow_links(opened: &mut OpenedKeyring, membership: &Membership) -> bool {
    let mut any = false;
    let scopes: Vec<Scope> = membership.scopes().collect();
    for scope in scopes {
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

/// Keys of new epochs that the chain holds for this device; true if there were any.
pub(crate) fn take(opened: &mut OpenedKeyring, membership: &Membership) -> bool {
    let device = opened.keyring.device.device_id();
    let mut any = false;
    let sealed: Vec<_> = membership
        .sealed_keys_for(&device)
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
    any |= follow_links(opened, membership);
    if let Some(device) = membership.device(&device)
        && opened.keyring.member().is_none()
    {
        opened.keyring.standing = Standing::Member(device.member);
        any = true;
    }
    any
}
