//! The first morning of a seed: neighbouring seeds go on from one centre that was set up for all of them.
//!
//! Which centre that is depends on the seed alone, so that each seed repeats alone. From here on every seed has its own
//! chances: engines start anew on copies of the disks, with random bytes of their own, and the relay on a copy of its store.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock},
};

use neutral_ground::engine::{event::Event, storage::memory::MemoryStore};

use crate::simulator::{
    disk::Disk,
    healing,
    ledger::Ledger,
    newcomer,
    plan::{Plan, moment},
    relay::{RelayCopy, SimulatedRelay},
    setting_up::{come_and_go, send_everything, set_up, tablets},
    world::World,
};

/// Neighbouring seeds with one set-up.
const NEIGHBOURS: u64 = 16;

/// Set-ups kept for the seeds that are still to come.
const KEPT: usize = 8;

/// A centre that was set up, everything switched off.
struct Evening {
    /// What each tablet's disk holds, and how its person unlocks it.
    tablets: Vec<(MemoryStore, String)>,
    relay: RelayCopy,
    ledger: Ledger,
}

type Evenings = BTreeMap<(u64, usize), Arc<OnceLock<Evening>>>;

static EVENINGS: Mutex<Evenings> = Mutex::new(Evenings::new());

/// A world on its first morning, in order.
pub(crate) fn begin(plan: Plan) -> World {
    let number = plan.seed / NEIGHBOURS;
    let newcomer = newcomer::number(number, plan.devices);
    // What a broken relay was told is not all in its store.
    let mut world = if plan.relay_fault.is_some() {
        set_up(plan, newcomer)
    } else {
        let evening = evening(number, plan.devices);
        evening
            .get_or_init(|| spend(&plan, number, newcomer))
            .wake(plan, newcomer)
    };
    if world.plan.long_records {
        come_and_go(&mut world);
        send_everything(&mut world);
    }
    // Nobody looks until they come: a page that is seen asks the relay every minute.
    for device in 0..world.devices.len() {
        world.feed(device, Event::Visible(false));
    }
    world
}

fn evening(number: u64, devices: usize) -> Arc<OnceLock<Evening>> {
    let mut evenings = EVENINGS.lock().unwrap();
    let evening = Arc::clone(evenings.entry((number, devices)).or_default());
    while evenings.len() > KEPT {
        evenings.pop_first();
    }
    evening
}

fn spend(plan: &Plan, number: u64, newcomer: usize) -> Evening {
    // No seed's own number, so that no two engines draw the same bytes.
    let shared = Plan {
        devices: plan.devices,
        ..Plan::of_seed(u64::MAX - number)
    };
    let world = set_up(shared, newcomer);
    let relay = world.relay.copy();
    let tablets = world.devices.into_iter();
    Evening {
        tablets: tablets
            .map(|tablet| (tablet.disk.rows, tablet.person.phrase))
            .collect(),
        relay,
        ledger: world.ledger,
    }
}

impl Evening {
    fn wake(&self, plan: Plan, newcomer: usize) -> World {
        let mut devices = tablets(&plan, |number| {
            Disk::holding(self.tablets[number].0.clone())
        });
        for (device, (_, phrase)) in devices.iter_mut().zip(&self.tablets) {
            device.person.phrase.clone_from(phrase);
        }
        let relay = SimulatedRelay::of_copy(&self.relay);
        let mut world = World::new(plan, devices, relay, newcomer, moment(0, "07:45"));
        world.ledger = self.ledger.clone();
        for device in 0..world.devices.len() {
            world.switch_on(device);
        }
        world.pass(1_000);
        for device in 0..world.devices.len() {
            healing::unlock(&mut world, device).unwrap();
        }
        world
    }
}

#[test]
fn a_centre_that_is_set_up_twice_is_the_same() {
    let plan = Plan::of_seed(99);
    let (one, other) = (set_up(plan.clone(), 1), set_up(plan, 1));
    assert_eq!(one.trace(), other.trace());
    let rows = |world: World| world.devices.into_iter().map(|tablet| tablet.disk.rows);
    assert!(rows(one).eq(rows(other)));
}
