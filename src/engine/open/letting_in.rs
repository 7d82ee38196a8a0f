//! The records that let a device in: its person, if new, then the device with the keys that it may hold.
//!
//! It knows the chain and the keys of whoever signs; whose wish it is, and whether they may, is the caller's.

use rand_core::CryptoRng;
use sync_protocol::{
    InviteId, MemberId, Membership, Record, RingSet, Scope, SignedRecord,
    membership::{DeviceKeys, Payload, SealedKey},
};

use crate::engine::{
    crypto::{key::EpochKey, keyring::Keyring, sealed_key},
    open::epochs,
    turn::Turn,
};

/// Who comes, and with which device.
pub(crate) struct Newcomer {
    /// The person; with the rings below if they are new.
    pub(crate) member: MemberId,
    /// What a new person holds.
    pub(crate) rings: RingSet,
    /// The device.
    pub(crate) keys: DeviceKeys,
    /// The invite that brought it.
    pub(crate) invite: Option<InviteId>,
}

/// Records that cannot be made: the signer lacks a key, or the chain would not take them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotMade;

/// Signs the record that follows the last one of a chain.
pub(crate) fn sign(
    chain: &Membership,
    held: &Keyring,
    payload: Payload,
    now: i64,
) -> Result<SignedRecord, NotMade> {
    let record = Record {
        index: chain.length(),
        prev: chain.head(),
        signer: held.device.device_id(),
        claimed_ms: now,
        payload,
    };
    SignedRecord::sign(&record, held.device.signing_key()).map_err(|_| NotMade)
}

/// Signs what lets a newcomer in, and puts it at the end of the chain.
pub(crate) fn let_in(
    newcomer: Newcomer,
    ahead: &mut Membership,
    held: &Keyring,
    turn: &mut Turn<'_>,
) -> Result<Vec<SignedRecord>, NotMade> {
    let Newcomer {
        member,
        rings,
        keys,
        invite,
    } = newcomer;
    let now = turn.now;
    let mut records = Vec::new();
    let mut take = |payload: Payload, ahead: &mut Membership| {
        let record = sign(ahead, held, payload, now)?;
        ahead.apply(&record).map_err(|_| NotMade)?;
        records.push(record);
        Ok(())
    };
    let mut new_desk = None;
    if ahead.member(&member).is_none() {
        let scope = Scope::Desk(member);
        let readers = epochs::readers(ahead, scope);
        let (desk, key) = epochs::first(scope, &readers, turn.rng).map_err(|_| NotMade)?;
        let payload = Payload::MemberAdd {
            member,
            rings,
            desk,
        };
        take(payload, ahead)?;
        new_desk = Some((scope, key));
    }
    let new_desk = new_desk.as_ref().map(|(scope, key)| (*scope, key));
    let reader = (keys.device(), keys.seal);
    let scopes = ahead.scopes_of(&member);
    let sealed = seal_for(&scopes, reader, ahead, (held, new_desk), turn.rng)?;
    let payload = Payload::DeviceAdd {
        member,
        keys,
        invite,
        sealed,
    };
    take(payload, ahead)?;
    Ok(records)
}

/// The current keys of these scopes, sealed to a device; a desk that begins now has the key that is given.
pub(crate) fn seal_for(
    scopes: &[Scope],
    (device, public): epochs::Reader,
    membership: &Membership,
    (held, new_desk): (&Keyring, Option<(Scope, &EpochKey)>),
    rng: &mut dyn CryptoRng,
) -> Result<Vec<SealedKey>, NotMade> {
    let mut sealed = Vec::new();
    for scope in scopes.iter().copied() {
        let Some(epoch) = membership.epoch(scope).map(|record| record.epoch) else {
            continue;
        };
        let begins = new_desk.filter(|(desk, _)| *desk == scope);
        let key = begins
            .map(|(_, key)| key)
            .or_else(|| held.epoch(scope, epoch))
            .ok_or(NotMade)?;
        let output = sealed_key::seal_epoch_key(key, scope, epoch, device, &public, rng)
            .map_err(|_| NotMade)?;
        sealed.push(SealedKey {
            device,
            scope,
            epoch,
            output,
        });
    }
    Ok(sealed)
}
