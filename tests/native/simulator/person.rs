//! What people do with their tablets, by chance but sensibly: the same commands that the page sends, in bursts.
//!
//! A person sees screens and nothing else; what a tablet does not show is not acted upon.

use neutral_ground::domain::note::EntryKind;
use neutral_ground::engine::{
    command::{Command, Happening, Screen},
    event::Event,
    view::{Door, NextStep, NoteState, ScreenView, VisitRow},
    wire::{Id, Wire},
};

use crate::simulator::{
    due::Due, fate::Fate, ledger::Intent, newcomer, office, tally::Count, truthful, world::World,
};

/// What somebody comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Referrals, planning, people.
    Desk,
    /// The door.
    Hall,
}

/// A person with a tablet.
pub(crate) struct Person {
    /// What they come for.
    pub(crate) part: Part,
    /// How they unlock.
    pub(crate) phrase: String,
    /// Acts left for today.
    pub(crate) acts: u32,
    /// Chance.
    pub(crate) fate: Fate,
    /// How often to look again before giving up for today.
    patience: u32,
    spell: u32,
    is_away: bool,
    typing: Option<Typing>,
}

/// An entry in the making.
struct Typing {
    visit: Id,
    entry: Id,
    text: String,
    left: usize,
}

/// Looked for at the relay in the end, where no byte of it may be.
const SEEN: &str = "canary: Mia ran to her dad and showed him the drawing of the boat";

impl Person {
    /// Somebody who has not come yet.
    pub(crate) fn new(part: Part, fate: Fate) -> Self {
        Self {
            part,
            phrase: String::new(),
            acts: 0,
            fate,
            patience: 0,
            spell: 0,
            is_away: false,
            typing: None,
        }
    }

    /// Another day begins.
    pub(crate) fn begin_day(&mut self, acts: u32) {
        self.acts = acts;
        self.patience = 400;
        self.spell = 6;
        self.is_away = true;
    }
}

/// One thing that a person does, and when they will do the next.
pub(crate) fn turn(world: &mut World, device: usize) {
    if !world.is_rough {
        return;
    }
    let person = &mut world.devices[device].person;
    if person.acts == 0 || person.patience == 0 {
        world.feed(device, Event::Visible(false));
        return;
    }
    if world.devices[device].frozen.is_some() {
        // Nothing that is pressed on a frozen page is heard, nor is it counted as done.
        world.agenda.after(5_000, Due::Person(device));
        return;
    }
    truthful::check_log(world, device);
    let wait = if world.devices[device].is_on {
        step(world, device)
    } else {
        world.devices[device].person.patience -= 1;
        1_500
    };
    world.agenda.after(wait, Due::Person(device));
}

fn step(world: &mut World, device: usize) -> u64 {
    let tablet = &mut world.devices[device];
    if core::mem::take(&mut tablet.person.is_away) {
        world.feed(device, Event::Visible(true));
        return 300;
    }
    match &tablet.door {
        Door::Open(_) => {}
        Door::Locked {
            people,
            checking: false,
            ..
        } if tablet.asked.is_empty() => {
            let (device_id, phrase) = (people[0].device, tablet.person.phrase.clone());
            let command = Command::Unlock {
                device: device_id,
                phrase,
            };
            world.tell(device, command, Intent::Other);
            return 1_500;
        }
        Door::NoStorage(_) => {
            world.crash(device);
            return 1_500;
        }
        Door::Opening
        | Door::OtherTab
        | Door::Empty
        | Door::ShutOut(_)
        | Door::OutOfTouch(_)
        | Door::Joining(_)
        | Door::Locked { .. } => {
            tablet.person.patience -= 1;
            let is_new = device == world.newcomer;
            if is_new && !newcomer::knock(world) && world.devices[0].person.acts == 0 {
                // Whoever could let them in has gone home.
                world.devices[device].person.patience = 0;
            }
            return 4_000;
        }
    }
    if tablet.person.typing.is_some() {
        return press_a_key(world, device);
    }
    tablet.person.acts -= 1;
    let is_waited_for = device == 0 && newcomer::waits(world);
    let tablet = &mut world.devices[device];
    if tablet.person.spell == 0 && !is_waited_for {
        return go_away(world, device);
    }
    tablet.person.spell = tablet.person.spell.saturating_sub(1);
    let (desk, fate) = (tablet.person.part == Part::Desk, &mut tablet.person.fate);
    let (welcomes, at_the_desk) = (
        fate.chance(if is_waited_for { 900 } else { 500 }),
        desk && fate.chance(400),
    );
    if device == 0 && welcomes && newcomer::welcome(world) {
        return world.devices[device].person.fate.between(2_000, 15_000);
    }
    if at_the_desk {
        office::act(world, device);
    } else {
        act_in_the_hall(world, device);
    }
    world.devices[device].person.fate.between(150, 15_000)
}

/// Puts the tablet down: hidden, locked, or with its battery empty.
fn go_away(world: &mut World, device: usize) -> u64 {
    let person = &mut world.devices[device].person;
    person.spell = u32::try_from(person.fate.between(4, 12)).unwrap();
    person.is_away = true;
    let (how, wait) = (
        person.fate.below(10),
        person.fate.between(120_000, 1_500_000),
    );
    match how {
        0..3 => {
            world.tell(device, Command::Lock, Intent::Other);
            world.feed(device, Event::Visible(false));
        }
        3 => world.crash(device),
        _ => world.feed(device, Event::Visible(false)),
    }
    wait
}

fn act_in_the_hall(world: &mut World, device: usize) {
    let person = &mut world.devices[device].person;
    let roll = person.fate.below(100);
    if roll < 10 {
        world.tell(device, Command::SendNow, Intent::Other);
        return;
    }
    let row = match &world.devices[device].screen {
        ScreenView::Today(today) if !today.visits.is_empty() => {
            let place = roll % u64::try_from(today.visits.len()).unwrap();
            Some(today.visits[usize::try_from(place).unwrap()].clone())
        }
        ScreenView::Visit(view) if roll < 80 => Some(view.row.clone()),
        _ => None,
    };
    match row {
        Some(row) => act_on(world, device, &row),
        None => {
            world.tell(device, Command::Look(Screen::Today), Intent::Other);
        }
    }
}

fn act_on(world: &mut World, device: usize, row: &VisitRow) {
    let fate = &mut world.devices[device].person.fate;
    let roll = fate.below(100);
    let mine = matches!(row.note, NoteState::Mine { .. });
    if mine && roll < 45 {
        begin_typing(world, device, row.id);
        return;
    }
    let what = match (&row.undo, &row.next) {
        (Some(undo), _) if roll < 12 => {
            let (visit, event) = (row.id, undo.event);
            let intent = Intent::Undo { visit, event };
            world.tell(device, Command::Undo { visit, event }, intent);
            return;
        }
        (_, NextStep::Do(what) | NextStep::WaitUntil { then: what, .. }) if roll < 75 => {
            Some(what.clone())
        }
        _ if !row.also.is_empty() && roll < 90 => Some(fate.pick(&row.also).clone()),
        _ => None,
    };
    match what {
        Some(what) => record(world, device, row.id, what),
        None => {
            world.tell(device, Command::Look(Screen::Visit(row.id)), Intent::Other);
        }
    }
}

fn record(world: &mut World, device: usize, visit: Id, what: Happening) {
    let command = Command::Record { visit, what };
    world.tell(device, command, Intent::Record(visit));
}

fn begin_typing(world: &mut World, device: usize, visit: Id) {
    let most = if world.plan.long_records { 64 } else { 24 };
    let person = &mut world.devices[device].person;
    let left = usize::try_from(person.fate.between(4, most)).unwrap();
    person.typing = Some(Typing {
        visit,
        entry: Id(person.fate.bytes()),
        text: String::new(),
        left,
    });
}

fn press_a_key(world: &mut World, device: usize) -> u64 {
    let clock = world.devices[device].clock(world.agenda.now());
    let slow = world.plan.long_records;
    let person = &mut world.devices[device].person;
    let Some(mut typing) = person.typing.take() else {
        return 100;
    };
    if typing.left == 0 {
        if person.fate.chance(600) {
            let (visit, entry) = (typing.visit, typing.entry);
            let command = Command::FinishEntry { visit, entry };
            world.tell(device, command, Intent::Finish(entry));
        }
        return 400;
    }
    typing.left -= 1;
    let letters = if slow { 1 } else { 3 };
    typing
        .text
        .extend(SEEN.chars().skip(typing.text.chars().count()).take(letters));
    let (visit, entry, text) = (typing.visit, typing.entry, typing.text.clone());
    person.typing = Some(typing);
    let pause = if person.fate.chance(80) || slow {
        3_000
    } else {
        110
    };
    world.tally.add(Count::KeyPresses);
    world.ledger.types(device, visit, entry, &text);
    let command = Command::TypeEntry {
        visit,
        entry,
        kind: Wire(EntryKind::Observed),
        occurred_at: clock,
        speaker: String::new(),
        text: text.clone(),
    };
    world.tell(device, command, Intent::Type { entry, text });
    pause
}
