//! One tablet of a simulation: the real engine, a virtual disk, a page that shows what it is told.

use std::collections::BTreeMap;

use neutral_ground::engine::{
    command::Command,
    effect::{Effects, Part},
    event::Event,
    replica::Replica,
    storage::key::{Range, Table},
    view::{Door, ScreenView, SyncView},
};
use sync_protocol::DeviceId;
use zeroize::Zeroizing;

use crate::{
    simulator::{
        disk::Disk, fate::Fate, ledger::Intent, network::Signal, outbox::Drain, person::Person,
    },
    tablet::Dice,
};

/// One tablet.
// Each flag is a fact of its own: power, page, connection, push.
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Device {
    /// Whose it is.
    pub(crate) person: Person,
    /// Its disk.
    pub(crate) disk: Disk,
    /// Its surroundings.
    pub(crate) signal: Signal,
    /// Counts engines, so that what was meant for one does not reach the next.
    pub(crate) life: u32,
    /// What a frozen tab will hear when it goes on.
    pub(crate) frozen: Option<Vec<Event>>,
    /// An engine is running.
    pub(crate) is_on: bool,
    /// How wrong its clock is, ms.
    pub(crate) skew: i64,
    /// Its page is on the screen.
    pub(crate) is_seen: bool,
    /// When somebody made room on its disk.
    pub(crate) room_since: u64,
    /// The door shown.
    pub(crate) door: Door,
    /// The sync words shown.
    pub(crate) sync: SyncView,
    /// The screen shown.
    pub(crate) screen: ScreenView,
    /// When it is to be woken, by its own clock.
    pub(crate) wake: Option<i64>,
    /// The live connection is open.
    pub(crate) is_listening: bool,
    /// A push of the outbox, under its number.
    pub(crate) drain: Option<(u64, Drain)>,
    /// Another push follows.
    pub(crate) drains_again: bool,
    /// This start has heard that the relay is not what it was.
    pub(crate) knows_of_loss: bool,
    /// Commands under way.
    pub(crate) asked: BTreeMap<u32, Intent>,
    replica: Replica,
    dice: Dice,
    next_command: u32,
}

impl Device {
    /// A tablet that is switched off.
    pub(crate) fn new(number: usize, person: Person, disk: Disk, seed: u64) -> Self {
        let skew = Fate::new(seed, &format!("clock of {number}")).below(180_000);
        Self {
            person,
            disk,
            signal: Signal::There,
            life: 0,
            frozen: None,
            is_on: false,
            skew: i64::try_from(skew).unwrap() - 90_000,
            is_seen: true,
            room_since: 0,
            door: Door::Opening,
            sync: SyncView::default(),
            screen: ScreenView::Nothing,
            wake: None,
            is_listening: false,
            drain: None,
            drains_again: false,
            knows_of_loss: false,
            asked: BTreeMap::new(),
            replica: Replica::default(),
            dice: Dice::new(&format!("{seed} engine of {number}")),
            next_command: 1,
        }
    }

    /// The time by this tablet's clock.
    pub(crate) fn clock(&self, now: u64) -> i64 {
        i64::try_from(now).unwrap() + self.skew
    }

    /// What is in memory is gone; commands under way will never be answered.
    pub(crate) fn drop_engine(&mut self) -> u64 {
        self.life += 1;
        self.is_on = false;
        self.frozen = None;
        self.is_seen = true;
        self.replica = Replica::default();
        self.door = Door::Opening;
        self.sync = SyncView::default();
        self.screen = ScreenView::Nothing;
        self.wake = None;
        self.is_listening = false;
        self.knows_of_loss = false;
        let unanswered = core::mem::take(&mut self.asked);
        u64::try_from(unanswered.len()).unwrap()
    }

    /// One step of the engine.
    pub(crate) fn handle(&mut self, event: Event, now: u64) -> Effects {
        let clock = self.clock(now);
        self.replica.handle(event, clock, &mut self.dice)
    }

    /// The event that a page sends for a command, and the command's number.
    pub(crate) fn command(&mut self, command: Command, intent: Intent) -> (u32, Event) {
        let number = self.next_command;
        self.next_command += 1;
        self.asked.insert(number, intent);
        (number, Event::Command(number, command))
    }

    /// The unlock key of a phrase. Not Argon2id: a run proves what happens with a key, not how long a guess takes,
    /// and the engine cannot tell, since deriving is its platform's work.
    pub(crate) fn derive(phrase: &str, salt: [u8; 16]) -> Zeroizing<[u8; 32]> {
        let mut hash = blake3::Hasher::new_derive_key("simulated unlock key");
        hash.update(&salt).update(phrase.as_bytes());
        Zeroizing::new(*hash.finalize().as_bytes())
    }

    /// The device whose keyring lies on this tablet.
    pub(crate) fn id(&self) -> DeviceId {
        let keyrings = self
            .disk
            .rows
            .read(&[(Table::Keyrings, Range::All, Part::Keys)])
            .remove(0);
        DeviceId::from_bytes(keyrings[0].0.part(0).unwrap())
    }
}
