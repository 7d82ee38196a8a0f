//! Prune, re-seed and fork recovery: no acknowledged change disappears while a living device has it.
//!
//! Two devices write, a third joins late; one relay, which may be put back to an old copy or replaced by an empty
//! one, once; the first device may make a snapshot that does not hold what it claims, and it may be lost.

use crate::model::explore::{World, explore};

/// Events in one story; where a rule is missing, eight are enough to lose something.
const EVENTS: usize = 11;

/// A set of changes, one bit each.
type Changes = u8;

const DEVICES: usize = 3;
/// The one that joins late and only reads.
const NEWCOMER: usize = 2;

/// The rules under test; each can be left out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule by itself")]
struct Rules {
    /// A prune needs the word of a second device.
    prune_needs_attest: bool,
    /// That device compares what the snapshot holds with what it claims.
    attest_compares: bool,
    /// A device notices that the relay's log is not the one that it saw, by the chain and not by its length.
    chain_is_compared: bool,
    /// It then sends again whatever the relay lacks.
    sends_again: bool,
    /// Others' changes too, and not its own alone.
    sends_others: bool,
    /// A device that has heard everything looks whether its own acknowledged changes were among it.
    looks_for_its_own: bool,
}

const ALL: Rules = Rules {
    prune_needs_attest: true,
    attest_compares: true,
    chain_is_compared: true,
    sends_again: true,
    sends_others: true,
    looks_for_its_own: true,
};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Snapshot {
    claims: Changes,
    holds: Changes,
    author: usize,
    is_attested: bool,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Relay {
    /// New in an empty one; a copy that is put back has the life that it was copied in.
    life: u8,
    /// In order; a body that was pruned is gone, its name is not.
    log: Vec<(Changes, bool)>,
    snapshot: Option<Snapshot>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Device {
    is_there: bool,
    own: Changes,
    /// Changes it has as they were sealed.
    sealed: Changes,
    /// What it can read, snapshots included.
    reads: Changes,
    outbox: Changes,
    /// The log as it saw it, and in which life of the relay.
    seen: Vec<Changes>,
    life: u8,
    snapshot: Option<Snapshot>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Centre {
    rules: Rules,
    devices: [Device; DEVICES],
    relay: Relay,
    copy: Option<Relay>,
    acknowledged: Changes,
    written: u8,
    has_copied: bool,
    has_failed: bool,
    has_lost: bool,
}

impl Relay {
    fn names(&self) -> Vec<Changes> {
        self.log.iter().map(|(name, _)| *name).collect()
    }

    fn has(&self, change: Changes) -> bool {
        self.log.iter().any(|(name, _)| *name == change)
    }
}

fn each(changes: Changes) -> impl Iterator<Item = Changes> {
    (0..8)
        .map(|bit| 1 << bit)
        .filter(move |bit| changes & bit != 0)
}

impl Centre {
    fn new(rules: Rules) -> Self {
        let mut devices: [Device; DEVICES] = Default::default();
        for device in &mut devices[..NEWCOMER] {
            device.is_there = true;
        }
        Self {
            rules,
            devices,
            relay: Relay::default(),
            copy: None,
            acknowledged: 0,
            written: 0,
            has_copied: false,
            has_failed: false,
            has_lost: false,
        }
    }

    fn write(&mut self, who: usize) {
        let change = 1 << self.written;
        self.written += 1;
        let device = &mut self.devices[who];
        device.own |= change;
        device.sealed |= change;
        device.reads |= change;
        device.outbox |= change;
    }

    fn push(&mut self, who: usize) {
        let device = &mut self.devices[who];
        let again = device.snapshot.filter(|_| self.relay.snapshot.is_none());
        if let Some(snapshot) = again.filter(|_| self.rules.sends_again) {
            self.relay.snapshot = Some(snapshot);
            for change in each(snapshot.claims & !device.sealed) {
                if !self.relay.has(change) {
                    self.relay.log.push((change, false));
                }
            }
        }
        for change in each(device.outbox) {
            if !self.relay.has(change) {
                self.relay.log.push((change, true));
            }
        }
        self.acknowledged |= device.outbox;
        device.outbox = 0;
    }

    fn pull(&mut self, who: usize) {
        let device = &mut self.devices[who];
        let names = self.relay.names();
        let other_life = device.life != self.relay.life;
        device.life = self.relay.life;
        let is_the_same = self
            .rules
            .chain_is_compared
            .then(|| names.starts_with(&device.seen));
        let is_the_same = is_the_same.unwrap_or(names.len() >= device.seen.len()) && !other_life;
        let has = names.iter().fold(0, |all, name| all | name);
        if self.rules.looks_for_its_own {
            device.outbox |= device.own & !has;
        }
        if !is_the_same {
            device.seen.clear();
            if self.rules.sends_again {
                let again = if self.rules.sends_others {
                    device.sealed
                } else {
                    device.own
                };
                device.outbox |= again & !has;
            }
        }
        let snapshot = self.relay.snapshot;
        for (change, has_body) in self.relay.log.iter().skip(device.seen.len()) {
            if *has_body {
                device.sealed |= change;
                device.reads |= change;
            } else if let Some(snapshot) = snapshot {
                device.reads |= snapshot.holds & change;
            }
        }
        if let Some(snapshot) = snapshot.filter(|snapshot| snapshot.is_attested) {
            device.snapshot = Some(snapshot);
        }
        device.seen = names;
    }

    /// A snapshot of all that the relay has; a faulty device leaves the first change out of it.
    fn snapshot(&mut self, who: usize, is_faulty: bool) {
        let claims = self.relay.names().iter().fold(0, |all, name| all | name);
        let first = claims & claims.wrapping_neg();
        let holds = if is_faulty { claims & !first } else { claims };
        self.relay.snapshot = Some(Snapshot {
            claims,
            holds,
            author: who,
            is_attested: false,
        });
    }

    fn may_attest(&self, who: usize) -> bool {
        let compares = |snapshot: Snapshot| {
            !self.rules.attest_compares
                || (snapshot.holds == snapshot.claims
                    && self.devices[who].reads & snapshot.claims == snapshot.claims)
        };
        let snapshot = self.relay.snapshot;
        snapshot.is_some_and(|found| !found.is_attested && found.author != who && compares(found))
    }

    fn may_prune(&self) -> bool {
        self.relay.snapshot.is_some_and(|snapshot| {
            let has_bodies = self
                .relay
                .log
                .iter()
                .any(|(name, body)| *body && snapshot.claims & name != 0);
            has_bodies && (snapshot.is_attested || !self.rules.prune_needs_attest)
        })
    }

    fn prune(&mut self) {
        let claims = self.relay.snapshot.map_or(0, |snapshot| snapshot.claims);
        for (name, has_body) in &mut self.relay.log {
            *has_body &= claims & *name == 0;
        }
    }

    /// Nothing more goes wrong, and everybody who is left speaks to the relay as often as it takes.
    fn heal(&mut self) {
        for _ in 0..4 {
            for who in 0..DEVICES {
                if self.devices[who].is_there {
                    self.pull(who);
                    self.push(who);
                }
            }
        }
    }
}

impl World for Centre {
    fn next(&self) -> Vec<(String, Self)> {
        let mut ways = Vec::new();
        let mut way = |name: String, go: &dyn Fn(&mut Self)| {
            let mut next = self.clone();
            go(&mut next);
            ways.push((name, next));
        };
        for (who, device) in self.devices.iter().enumerate() {
            if !device.is_there {
                continue;
            }
            if who != NEWCOMER && self.written < 2 {
                way(format!("{who} writes"), &|world| world.write(who));
            }
            if device.outbox != 0 {
                way(format!("{who} pushes"), &|world| world.push(who));
            }
            way(format!("{who} pulls"), &|world| world.pull(who));
            let up_to_date = device.outbox == 0 && device.seen == self.relay.names();
            if who == 0 && up_to_date && !device.seen.is_empty() && self.relay.snapshot.is_none() {
                way(format!("{who} makes a snapshot"), &|world| {
                    world.snapshot(who, false);
                });
                way(format!("{who} makes a wrong snapshot"), &|world| {
                    world.snapshot(who, true);
                });
            }
            if self.may_attest(who) {
                way(format!("{who} attests"), &|world| {
                    if let Some(snapshot) = &mut world.relay.snapshot {
                        snapshot.is_attested = true;
                    }
                });
            }
            if who == 0 && !self.has_lost {
                way(format!("{who} is lost"), &|world| {
                    world.devices[who] = Device::default();
                    world.has_lost = true;
                });
            }
        }
        if !self.devices[NEWCOMER].is_there && !self.has_lost {
            way("the newcomer joins".to_owned(), &|world| {
                world.devices[NEWCOMER].is_there = true;
                world.devices[NEWCOMER].life = world.relay.life;
            });
        }
        if self.may_prune() {
            way("the relay prunes".to_owned(), &Self::prune);
        }
        if !self.has_copied {
            way("the relay is copied".to_owned(), &|world| {
                world.copy = Some(world.relay.clone());
                world.has_copied = true;
            });
        }
        if !self.has_failed {
            way("the relay is emptied".to_owned(), &|world| {
                world.relay = Relay {
                    life: 2,
                    ..Relay::default()
                };
                world.has_failed = true;
            });
            if let Some(copy) = &self.copy {
                way("the relay is put back".to_owned(), &|world| {
                    world.relay = copy.clone();
                    world.has_failed = true;
                });
            }
        }
        ways
    }

    fn broken(&self) -> Option<String> {
        let living = || self.devices.iter().filter(|device| device.is_there);
        let held = living().fold(0, |all, device| all | device.reads) & self.acknowledged;
        let mut healed = self.clone();
        healed.heal();
        let lacks = |device: &Device| device.is_there && device.reads & held != held;
        let who = healed.devices.iter().position(lacks)?;
        Some(format!(
            "{who} lacks an acknowledged change that a living device had"
        ))
    }
}

#[test]
fn no_acknowledged_change_disappears_while_a_living_device_has_it() {
    match explore(Centre::new(ALL), EVENTS) {
        Ok(states) => assert!(states > 50_000, "only {states} states were looked at"),
        Err(story) => panic!("{}", story.join("\n")),
    }
}

#[test]
fn without_any_one_of_its_rules_the_log_loses_something() {
    let mut without = [ALL; 6];
    without[0].prune_needs_attest = false;
    without[1].attest_compares = false;
    without[2].chain_is_compared = false;
    without[3].sends_again = false;
    without[4].sends_others = false;
    without[5].looks_for_its_own = false;
    for (number, rules) in without.into_iter().enumerate() {
        let story =
            explore(Centre::new(rules), EVENTS).expect_err("a rule that can be left out is none");
        println!("without rule {number}: {}", story.join(", "));
    }
}
