//! What befalls a centre beside bad networks, crashes and full disks: one thing a run, chosen by the seed.

use std::collections::BTreeSet;

use neutral_ground::engine::{
    effect::Part,
    event::Event,
    storage::{
        key::{Range, Table},
        memory::MemoryStore,
    },
    view::Door,
    wire::Id,
};
use sync_protocol::envelope::id_of;

use crate::{
    simulator::{
        device::Device,
        due::Due,
        fate::Fate,
        forger,
        ledger::Written,
        liar,
        network::Signal,
        newcomer,
        person::Part as Place,
        plan::moment,
        revocation::{self, Gone},
        setting_up::place_of,
        tally::Count,
        world::World,
    },
    tablet::Dice,
};

/// One misfortune.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfortune {
    /// A member who is enrolled has an app of their own making, and lies with it.
    Liar,
    /// A member lies about what was written down whole, and uses records and invites again.
    Forger,
    /// A device is revoked, with new epochs of everything it could read.
    Revocation,
    /// A browser throws a whole store away; its person joins again.
    Eviction,
    /// A tablet's store is put back from an old copy.
    OldProfile,
    /// The relay's store is put back from an old copy.
    OldRelay,
    /// The relay's store is gone; an empty one takes its place.
    EmptiedRelay,
    /// Tabs are frozen for minutes, some of them for good, and another tab takes over.
    FrozenTabs,
}

impl Misfortune {
    /// The misfortune of a seed; some have none, and some a dishonest relay (see `Trick::of_seed`).
    pub(crate) fn of_seed(seed: u64) -> Option<Self> {
        match seed / 2 % 7 {
            0 => Some(Self::Liar),
            1 => Some(Self::Revocation),
            2 => Some(Self::Eviction),
            3 => Some(Self::OldProfile),
            4 => Some(Self::FrozenTabs),
            5 => Some(Self::OldRelay),
            _ => match seed % 4 {
                0 | 2 => Some(Self::EmptiedRelay),
                1 => Some(Self::Forger),
                _ => None,
            },
        }
    }
}

/// How far it went.
pub(crate) struct Course {
    /// Whom it befalls: neither the first tablet nor the newcomer.
    pub(crate) victim: usize,
    /// Chance.
    pub(crate) fate: Fate,
    /// Random bytes for keys and salts.
    pub(crate) dice: Dice,
    /// What the relay took of a member who lies.
    pub(crate) lies: liar::Lies,
    /// Who has to join again.
    pub(crate) returning: Option<Id>,
    /// Who is not a member any more.
    pub(crate) gone: Option<Gone>,
    /// What the victim's tablet has acknowledged since it last had nothing to send.
    pub(crate) only_here: Vec<Written>,
    old_copy: Option<MemoryStore>,
    is_over: bool,
}

impl Course {
    /// Nothing happened yet.
    pub(crate) fn new(seed: u64, devices: usize, newcomer: usize) -> Self {
        let mut fate = Fate::new(seed, "misfortune");
        let others: Vec<usize> = (1..devices)
            .filter(|device| *device != newcomer && place_of(*device) == Place::Hall)
            .collect();
        Self {
            victim: *fate.pick(&others),
            dice: Dice::new(&format!("{seed} misfortune")),
            fate,
            lies: liar::Lies::default(),
            returning: None,
            gone: None,
            only_here: Vec::new(),
            old_copy: None,
            is_over: false,
        }
    }
}

/// Before a day begins, while all is calm.
pub(crate) fn prepare(world: &mut World, day: u32) {
    let Some(misfortune) = world.plan.misfortune else {
        return;
    };
    let is_last = day + 1 == world.plan.days;
    match misfortune {
        Misfortune::Revocation if is_last => revocation::revoke(world),
        Misfortune::Eviction if day == 0 => let_the_newcomer_in(world),
        Misfortune::OldProfile if !world.course.is_over => {
            let rows = world.devices[world.course.victim].disk.rows.clone();
            world.course.old_copy = Some(rows);
        }
        Misfortune::OldRelay if !world.course.is_over => world.relay.back_up(),
        Misfortune::Liar
        | Misfortune::Forger
        | Misfortune::Revocation
        | Misfortune::Eviction
        | Misfortune::OldProfile
        | Misfortune::OldRelay
        | Misfortune::EmptiedRelay
        | Misfortune::FrozenTabs => {}
    }
    // While people are at work: they come between nine and twenty to ten.
    let until = moment(day, "11:30") - world.agenda.now();
    let wait = world.course.fate.between(3_900_000, until);
    world.agenda.after(wait, Due::Misfortune);
}

/// True of somebody without whom this misfortune has nothing to spoil.
pub(crate) fn needs(world: &World, device: usize) -> bool {
    let loses = [Misfortune::Eviction, Misfortune::OldProfile];
    let is_such = world
        .plan
        .misfortune
        .is_some_and(|found| loses.contains(&found));
    is_such && device == world.course.victim
}

/// In the midst of a morning.
pub(crate) fn befall(world: &mut World) {
    if !world.is_rough || world.course.is_over {
        return;
    }
    let again = match world.plan.misfortune {
        Some(Misfortune::Liar) => {
            liar::lie(world);
            Some(world.course.fate.between(30_000, 1_200_000))
        }
        Some(Misfortune::Forger) => {
            forger::forge(world);
            Some(world.course.fate.between(30_000, 600_000))
        }
        Some(Misfortune::Eviction) => (!evict(world)).then_some(20_000),
        Some(Misfortune::OldProfile) => (!put_back(world)).then_some(20_000),
        Some(Misfortune::OldRelay | Misfortune::EmptiedRelay) => {
            (!lose_the_relay(world)).then_some(45_000)
        }
        Some(Misfortune::FrozenTabs) => {
            freeze(world);
            Some(world.course.fate.between(30_000, 900_000))
        }
        Some(Misfortune::Revocation) | None => None,
    };
    match again {
        Some(wait) => world.agenda.after(wait, Due::Misfortune),
        None => world.course.is_over = true,
    }
}

/// The relay has said that it holds everything that was acknowledged on the victim's tablet.
pub(crate) fn note_sent(world: &mut World, device: usize) {
    if device == world.course.victim
        && !world.course.only_here.is_empty()
        && is_all_sent(&world.devices[device])
    {
        world.course.only_here.clear();
    }
}

fn is_all_sent(tablet: &Device) -> bool {
    let waiting = tablet.disk.rows.read(&[
        (Table::Outbox, Range::All, Part::Keys),
        (Table::Pending, Range::All, Part::Keys),
    ]);
    waiting.iter().all(Vec::is_empty)
}

/// The victim's store is gone, with what was saved nowhere else.
fn lose_the_store(world: &mut World, rows: MemoryStore) {
    let device = world.course.victim;
    if !is_all_sent(&world.devices[device]) {
        world.tally.add(Count::LostUnsent);
    }
    world.crash(device);
    let tablet = &mut world.devices[device];
    tablet.disk.rows = rows;
    tablet.drain = None;
    let only_here = core::mem::take(&mut world.course.only_here);
    for written in only_here.into_iter().rev() {
        world.ledger.forget(written);
    }
}

/// So that whoever has to join again is the only one who is on their way in.
fn let_the_newcomer_in(world: &mut World) {
    let both = [0, world.newcomer];
    for is_seen in [true, false] {
        for device in both {
            world.feed(device, Event::Visible(is_seen));
        }
        newcomer::bring_in(world).unwrap();
    }
}

/// Mostly while something in the store was not sent yet.
fn is_a_moment_to_lose_it(world: &mut World) -> bool {
    !world.course.only_here.is_empty() || world.course.fate.chance(30)
}

/// True if the store was thrown away.
fn evict(world: &mut World) -> bool {
    let device = world.course.victim;
    if !world.devices[0].asked.is_empty() || !is_a_moment_to_lose_it(world) {
        return false;
    }
    let me = world.devices[device].id();
    let membership = world.relay.membership(world.centre());
    let member = membership.device(&me).unwrap().member;
    world.course.returning = Some(Id(*member.as_bytes()));
    world.tally.add(Count::Evictions);
    lose_the_store(world, MemoryStore::default());
    // The browser never told anybody; the person finds the app empty, and asks for a link.
    world.newcomer = device;
    world.ledger.link = None;
    true
}

/// True if the store was put back.
fn put_back(world: &mut World) -> bool {
    let device = world.course.victim;
    if !is_a_moment_to_lose_it(world) {
        return false;
    }
    let Some(rows) = world.course.old_copy.take() else {
        return false;
    };
    world.tally.add(Count::OldProfiles);
    lose_the_store(world, rows);
    // Half of the time its person writes before the tablet hears what it had written already.
    if world.course.fate.chance(500) {
        world.set_signal(device, Signal::Gone);
    }
    true
}

/// True if the relay went back to what it was in the morning, or to nothing. Nobody may be on their way in: a mailbox is
/// not kept anywhere else, so whoever was joining would need another link.
fn lose_the_relay(world: &mut World) -> bool {
    let door = &world.devices[world.newcomer].door;
    let is_invited = world.ledger.link.is_some() && !newcomer::is_in(world);
    let is_joining = is_invited || matches!(door, Door::Joining(_));
    if is_joining || !world.devices[0].asked.is_empty() {
        return false;
    }
    let mut kept = BTreeSet::new();
    if world.plan.misfortune == Some(Misfortune::EmptiedRelay) {
        world.tally.add(Count::EmptiedRelays);
        world.relay.start_over(&mut world.course.fate);
    } else {
        world.tally.add(Count::OldRelays);
        world.relay.put_back(&mut world.course.fate);
        let pages = world.relay.channels(world.centre());
        let envelopes = pages.iter().flat_map(|page| &page.envelopes);
        kept.extend(envelopes.map(|(_, bytes)| id_of(bytes)));
    }
    world.ledger.lost = &world.ledger.receipts - &kept;
    true
}

fn freeze(world: &mut World) {
    let count = u64::try_from(world.devices.len()).unwrap();
    let device = usize::try_from(world.course.fate.below(count)).unwrap();
    let tablet = &mut world.devices[device];
    if !tablet.is_on || tablet.frozen.is_some() {
        return;
    }
    tablet.frozen = Some(Vec::new());
    world.tally.add(Count::FrozenTabs);
    let wait = world.course.fate.between(20_000, 900_000);
    let life = world.devices[device].life;
    world.agenda.after(wait, Due::Thaw(device, life));
}

/// A frozen tab goes on with everything that came meanwhile, or is closed so that the other tab takes over.
pub(crate) fn thaw(world: &mut World, device: usize, life: u32) {
    if world.devices[device].life != life {
        return;
    }
    if world.is_rough && world.course.fate.chance(400) {
        world.tally.add(Count::TabsTakenOver);
        world.crash(device);
        return;
    }
    // What it is told now may be old news, of a full disk too.
    world.devices[device].room_since = world.agenda.now();
    let kept: Vec<Event> = world.devices[device].frozen.take().unwrap_or_default();
    for event in kept {
        world.engine_hears(device, life, event);
    }
}
