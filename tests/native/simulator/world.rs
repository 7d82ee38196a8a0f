//! Tablets, people, networks and one relay on one virtual clock: one thing happens at a time, all of it by the seed.

use std::collections::BTreeMap;

use neutral_ground::engine::{
    command::Command,
    effect::{Effect, Part},
    event::Event,
    storage::key::{Key, Range, Table},
    view::{Done, Door, Trouble, ViewChange},
};
use sync_protocol::{CentreId, frame::ChannelPage};

use crate::simulator::{
    agenda::Agenda,
    device::Device,
    due::{Asker, Due},
    fate::Fate,
    invariants::Violation,
    ledger::{Intent, Ledger},
    misfortune::{self, Course},
    network::Signal,
    person,
    plan::Plan,
    relay::SimulatedRelay,
    tally::{Count, Tally},
    truthful,
};

/// Everything in one run.
pub(crate) struct World {
    /// What was asked for.
    pub(crate) plan: Plan,
    /// Time.
    pub(crate) agenda: Agenda<Due>,
    /// The tablets; the first is the co-ordinator's who started the centre.
    pub(crate) devices: Vec<Device>,
    /// The relay.
    pub(crate) relay: SimulatedRelay,
    /// What was acknowledged.
    pub(crate) ledger: Ledger,
    /// What happened.
    pub(crate) tally: Tally,
    /// What befalls this centre, and how far it went.
    pub(crate) course: Course,
    /// The tablet that joins while things go wrong.
    pub(crate) newcomer: usize,
    /// What tablets said that was not so.
    pub(crate) untruths: Vec<Violation>,
    /// Lids are shut: no timer runs until the morning.
    pub(crate) is_night: bool,
    /// Whether things go wrong.
    pub(crate) is_rough: bool,
    /// What a relay that is not honest keeps to hand it to others.
    pub(crate) kept_page: Option<ChannelPage>,
    /// Chance of networks.
    pub(crate) network: Fate,
    /// Chance of engines, disks and power.
    pub(crate) power: Fate,
    answers: BTreeMap<(usize, u32), Result<Done, Trouble>>,
    /// Requests posted so far.
    pub(crate) posted: u64,
    /// The latest of each tablet's requests that came to the relay.
    pub(crate) latest: BTreeMap<usize, u64>,
    trace: blake3::Hasher,
}

impl World {
    /// Tablets that are switched off, and whatever a relay holds.
    pub(crate) fn new(
        plan: Plan,
        devices: Vec<Device>,
        relay: SimulatedRelay,
        newcomer: usize,
        start: u64,
    ) -> Self {
        Self {
            agenda: Agenda::new(start),
            devices,
            relay,
            ledger: Ledger::default(),
            tally: Tally::default(),
            course: Course::new(plan.seed, plan.devices, newcomer),
            newcomer,
            untruths: Vec::new(),
            is_night: false,
            is_rough: false,
            kept_page: None,
            network: Fate::new(plan.seed, "network"),
            power: Fate::new(plan.seed, "power"),
            answers: BTreeMap::new(),
            posted: 0,
            latest: BTreeMap::new(),
            trace: blake3::Hasher::new(),
            plan,
        }
    }

    /// The centre, as the first tablet's disk names it.
    pub(crate) fn centre(&self) -> CentreId {
        let row = self.devices[0]
            .disk
            .rows
            .read(&[(Table::Meta, Range::One(Key::meta("relay")), Part::Rows)])
            .remove(0);
        let row = String::from_utf8(row[0].1.clone()).unwrap();
        let centre = row.split("\"centre\":\"").nth(1).unwrap();
        CentreId::parse_hex(centre.trim_end_matches("\"}")).unwrap()
    }

    /// True for the tablet whose device was revoked.
    pub(crate) fn is_gone(&self, device: usize) -> bool {
        let gone = self.course.gone.as_ref();
        gone.is_some_and(|gone| gone.tablet == device)
    }

    /// The tablets of those who are members.
    pub(crate) fn present(&self) -> Vec<usize> {
        let all = 0..self.devices.len();
        all.filter(|device| !self.is_gone(*device)).collect()
    }

    /// The same number for the same run.
    pub(crate) fn trace(&self) -> String {
        self.trace.finalize().to_hex().to_string()
    }

    /// Lets time pass until `end`, or until `done` says so; true if it said so.
    pub(crate) fn run(&mut self, end: u64, done: impl Fn(&Self) -> bool) -> bool {
        loop {
            if done(self) {
                return true;
            }
            let Some(due) = self.agenda.next(end) else {
                return false;
            };
            self.happen(due);
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.agenda.now() + ms;
        self.run(end, |_| false);
    }

    /// Gives a command; its number.
    pub(crate) fn tell(&mut self, device: usize, command: Command, intent: Intent) -> u32 {
        let (number, event) = self.devices[device].command(command, intent);
        self.feed(device, event);
        number
    }

    /// Gives a command and waits for its answer as long as a patient person would.
    pub(crate) fn ask(
        &mut self,
        device: usize,
        command: Command,
        intent: Intent,
    ) -> Option<Result<Done, Trouble>> {
        let number = self.tell(device, command, intent);
        let end = self.agenda.now() + 180_000;
        self.run(end, |world| world.answers.contains_key(&(device, number)));
        self.answers.remove(&(device, number))
    }

    /// The answer to a command, if it came.
    pub(crate) fn answer(&mut self, device: usize, number: u32) -> Option<Result<Done, Trouble>> {
        self.answers.remove(&(device, number))
    }

    /// Drops an engine where it stands; it is switched on again later.
    pub(crate) fn crash(&mut self, device: usize) {
        self.tally.add(Count::Crashes);
        let wait = self.power.between(200, 20_000);
        let push_lives_on = self.power.chance(500);
        let tablet = &mut self.devices[device];
        let unanswered = tablet.drop_engine();
        tablet.disk.lose_power(&mut self.tally);
        tablet.drains_again = false;
        if tablet.drain.is_some() && push_lives_on {
            self.tally.add(Count::OrphanedPushes);
        } else {
            tablet.drain = None;
        }
        self.tally.add_many(Count::Unanswered, unanswered);
        self.agenda.after(wait, Due::Restart(device));
    }

    /// Switches a tablet on: the page opens the store, pushes what waits, and starts an engine.
    pub(crate) fn switch_on(&mut self, device: usize) {
        let tablet = &mut self.devices[device];
        if tablet.is_on {
            return;
        }
        tablet.is_on = true;
        let online = tablet.signal != Signal::Gone;
        self.push(device);
        self.feed(device, Event::Opened { made_up: false });
        self.feed(device, Event::Online(online));
    }

    /// An engine handles one event; every effect is performed, unless the engine is dropped between two of them.
    pub(crate) fn feed(&mut self, device: usize, event: Event) {
        if !self.devices[device].is_on {
            return;
        }
        if let Event::Visible(seen) = event {
            self.devices[device].is_seen = seen;
        }
        self.tally.add(Count::Steps);
        let now = self.agenda.now();
        let effects = self.devices[device].handle(event, now);
        let life = self.devices[device].life;
        for effect in effects.0 {
            if self.is_rough && self.power.chance(self.plan.crashes) {
                self.crash(device);
                return;
            }
            self.perform(device, life, effect);
        }
        truthful::check_outbox(self, device);
        misfortune::note_sent(self, device);
    }

    fn perform(&mut self, device: usize, life: u32, effect: Effect) {
        match effect {
            Effect::Commit(batch) => {
                if self.devices[device].disk.commit(batch) {
                    self.disk_works(device, life);
                }
            }
            Effect::Read { id, ranges } => {
                if self.devices[device].disk.read(id, ranges) {
                    self.disk_works(device, life);
                }
            }
            Effect::Derive {
                id, phrase, salt, ..
            } => {
                let key = Device::derive(&phrase, salt);
                self.agenda
                    .after(700, Due::Engine(device, life, Event::Derived(id, key)));
            }
            Effect::Post {
                id,
                path,
                authorization,
                body,
            } => self.post(device, Asker::Engine(life, id), path, authorization, body),
            Effect::Listen { .. } => self.devices[device].is_listening = true,
            Effect::StopListening => self.devices[device].is_listening = false,
            Effect::PushOutbox => self.push(device),
            Effect::WakeAt(at) => self.wake(device, life, at),
            Effect::Show(change) => self.show(device, change),
        }
    }

    fn disk_works(&mut self, device: usize, life: u32) {
        let wait = self.power.between(1, 25);
        self.agenda.after(wait, Due::Disk(device, life));
    }

    fn wake(&mut self, device: usize, life: u32, at: i64) {
        let tablet = &mut self.devices[device];
        tablet.wake = Some(at);
        let wait = u64::try_from(at - tablet.clock(self.agenda.now())).unwrap_or(0);
        // Browsers let the timers of a page that nobody sees run once a minute.
        let wait = if tablet.is_seen {
            wait
        } else {
            wait.max(60_000)
        };
        self.agenda.after(wait, Due::Wake(device, life, at));
    }

    fn show(&mut self, device: usize, change: ViewChange) {
        let now = self.agenda.now();
        let tablet = &mut self.devices[device];
        match change {
            ViewChange::Door(door) => {
                tablet.knows_of_loss &= matches!(door, Door::Open(_));
                tablet.door = door;
            }
            ViewChange::Sync(sync) => {
                let (lies, aside) = (self.course.lies.taken.len(), sync.set_aside);
                truthful::check_aside(&mut self.untruths, &self.plan, lies, device, aside);
                tablet.sync = sync;
            }
            ViewChange::Screen(screen) => tablet.screen = screen,
            ViewChange::Reply(reply) => {
                let Some(intent) = tablet.asked.remove(&reply.command) else {
                    return;
                };
                let count = if reply.outcome.is_ok() {
                    Count::Acknowledged
                } else {
                    Count::TurnedDown
                };
                self.tally.add(count);
                truthful::check_room(&mut self.untruths, tablet, device, now, &reply.outcome);
                // What a tablet says to somebody who is no member any more binds nobody.
                if !self.is_gone(device) {
                    if device == self.course.victim {
                        let written = self.ledger.will_write(&intent, &reply.outcome);
                        self.course.only_here.extend(written);
                    }
                    self.ledger.hear(intent, &reply.outcome);
                }
                self.answers.insert((device, reply.command), reply.outcome);
            }
        }
    }

    fn happen(&mut self, due: Due) {
        let (kind, device) = due.named();
        self.trace.update(&self.agenda.now().to_be_bytes());
        self.trace.update(&[kind, u8::try_from(device).unwrap()]);
        match due {
            Due::Engine(device, life, event) => self.engine_hears(device, life, event),
            Due::Disk(device, life) => self.disk_is_due(device, life),
            Due::Wake(device, life, at) => {
                let tablet = &mut self.devices[device];
                if tablet.life == life && tablet.wake == Some(at) && !self.is_night {
                    tablet.wake = None;
                    self.engine_hears(device, life, Event::TimePassed);
                }
            }
            Due::Arrival(request, heard) => self.arrive(&request, heard),
            Due::Heard(device, asker, reply) => self.hear(device, asker, reply),
            Due::Person(device) => person::turn(self, device),
            Due::Weather(device) => self.weather(device),
            Due::Room(device) => {
                self.devices[device].disk.full = false;
                self.devices[device].room_since = self.agenda.now();
            }
            Due::Restart(device) => self.switch_on(device),
            Due::Misfortune => misfortune::befall(self),
            Due::Thaw(device, life) => misfortune::thaw(self, device, life),
        }
    }

    /// An engine hears something, if it is still the same engine and survives the moment before.
    pub(crate) fn engine_hears(&mut self, device: usize, life: u32, event: Event) {
        let is_same = self.devices[device].life == life;
        if is_same && let Some(kept) = &mut self.devices[device].frozen {
            kept.push(event);
            return;
        }
        if is_same && self.is_rough && self.power.chance(self.plan.crashes) {
            self.crash(device);
        }
        if self.devices[device].life == life {
            if matches!(event, Event::CommitFailed { .. }) {
                // What could not be written down is not known any more.
                self.devices[device].knows_of_loss = false;
            }
            self.feed(device, event);
        } else if matches!(event, Event::Committed(_)) {
            self.tally.add(Count::UnheardCommits);
        } else if let Event::OutboxDrained(_) = event {
            // Whoever pushed tells every page that is open now.
            self.feed(device, event);
        }
    }

    fn disk_is_due(&mut self, device: usize, life: u32) {
        if self.devices[device].life != life {
            return;
        }
        let events = self.devices[device].disk.work(&mut self.tally);
        for event in events {
            let wait = self.power.below(3);
            self.agenda.after(wait, Due::Engine(device, life, event));
        }
        if self.devices[device].disk.is_busy() {
            self.disk_works(device, life);
        }
    }
}
