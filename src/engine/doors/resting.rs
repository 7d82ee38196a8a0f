//! People whose keys stay in memory while their tablet is locked, so that six digits bring them back.
//!
//! A cold start knows none of them. Five wrong PINs, or twelve hours since the phrase, and the keys are forgotten: the
//! phrase opens what it always opened. Nothing is ever wiped by a wrong try.

use sync_protocol::DeviceId;

use crate::domain::few::Few;
use crate::engine::{crypto::pin::Pin, doors::OpenedKeyring, wire::Id};

/// Tries before the phrase is asked for.
pub(crate) const TRIES: u8 = 5;

/// How long after the phrase a PIN is enough, ms.
const PHRASE_LASTS_MS: i64 = 12 * 60 * 60 * 1000;

/// Everybody who rests on this tablet.
#[derive(Default)]
pub(crate) struct Resting {
    people: Few<DeviceId, Person>,
}

/// An open keyring and what brings it back.
pub(crate) struct Person {
    pub(crate) keyring: OpenedKeyring,
    pub(crate) pin: Pin,
    /// When the phrase was typed, ms by this tablet's clock.
    pub(crate) phrase_at: i64,
    pub(crate) tries: u8,
}

impl Person {
    /// A clock that was set back does not make a phrase younger.
    fn may_come_back(&self, now: i64) -> bool {
        (0..PHRASE_LASTS_MS).contains(&(now - self.phrase_at))
    }
}

impl Resting {
    /// Keeps somebody's keys until they come back.
    pub(crate) fn rest(&mut self, keyring: OpenedKeyring, pin: Pin, phrase_at: i64) {
        let device = keyring.keyring.device.device_id();
        let person = Person {
            keyring,
            pin,
            phrase_at,
            tries: 0,
        };
        self.people.insert(device, person);
    }

    /// Who comes back with their PIN.
    pub(crate) fn devices(&self) -> Vec<Id> {
        let devices = self.people.keys();
        devices.map(|device| Id(*device.as_bytes())).collect()
    }

    /// Gives back the keys of whoever's PIN this is, or how many tries are left.
    pub(crate) fn wake(&mut self, device: DeviceId, typed: &str) -> Result<Person, u8> {
        let person = self.people.get_mut(&device).ok_or(0)?;
        if Pin::parse(typed).is_some_and(|typed| typed.is(&person.pin)) {
            return self.people.remove(&device).ok_or(0);
        }
        person.tries += 1;
        let left = TRIES - person.tries;
        if left == 0 {
            self.people.remove(&device);
        }
        Err(left)
    }

    /// Forgets somebody's keys: their phrase was typed.
    pub(crate) fn forget(&mut self, device: DeviceId) {
        self.people.remove(&device);
    }

    /// Forgets the keys of all who have no rights here any more.
    pub(crate) fn keep_only(&mut self, has_rights: impl Fn(&DeviceId) -> bool) {
        self.people.retain(|device, _| has_rights(device));
    }

    /// Forgets the keys of all whose time is over.
    pub(crate) fn look_at_the_clock(&mut self, now: i64) {
        self.people.retain(|_, person| person.may_come_back(now));
    }
}
