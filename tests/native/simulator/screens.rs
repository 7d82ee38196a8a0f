//! I1 and I2 as people see them: what was acknowledged is on the screens, and the screens are equal.

use std::{collections::BTreeMap, fmt::Debug};

use neutral_ground::engine::{
    command::Screen,
    view::{Door, EntryView, HistoryLine, NoteState, ScreenView, VisitRow},
    wire::Id,
};

use crate::simulator::{
    invariants::Findings,
    ledger::Entry,
    setting_up::{PEOPLE, look},
    world::World,
};

/// The entries that each tablet shows of each visit.
type Notes = BTreeMap<(usize, Id), Vec<EntryView>>;

/// Checks every screen of every tablet.
pub(crate) fn check(world: &mut World, findings: &mut Findings) {
    let everybody = world.present();
    let at_the_desk =
        |device: &usize| matches!(&world.devices[*device].door, Door::Open(me) if me.desk);
    let desks: Vec<usize> = everybody.iter().copied().filter(at_the_desk).collect();
    everybody_is_known(world, findings);
    let mut notes = visits_are_equal_and_whole(world, &everybody, findings);
    notes_are_whole(world, &mut notes, findings);
    equal(world, &everybody, Screen::Today, findings);
    for screen in [
        Screen::People,
        Screen::Families,
        Screen::Referrals,
        Screen::Sessions,
        Screen::Centre,
    ] {
        equal(world, &desks, screen, findings);
    }
    files_are_there(world, &desks, findings);
}

/// Whoever was let in has their name and their roles.
fn everybody_is_known(world: &World, findings: &mut Findings) {
    for number in world.present() {
        let tablet = &world.devices[number];
        let is_known =
            matches!(&tablet.door, Door::Open(me) if me.ready && me.name == PEOPLE[number].0);
        findings.expect("I1", is_known, || {
            format!(
                "tablet {number} does not know its person: {:?}",
                tablet.door
            )
        });
    }
}

fn equal(world: &mut World, devices: &[usize], screen: Screen, findings: &mut Findings) {
    let mut first: Option<ScreenView> = None;
    for device in devices {
        let seen = comparable(look(world, *device, screen));
        let first = first.get_or_insert_with(|| seen.clone());
        findings.expect("I2", *first == seen, || {
            differ(&format!("{screen:?}"), *device, first, &seen)
        });
    }
}

/// What two people see differently by right is left out.
fn comparable(seen: ScreenView) -> ScreenView {
    match seen {
        ScreenView::Today(mut today) => {
            today.visits.iter_mut().for_each(impersonal);
            ScreenView::Today(today)
        }
        ScreenView::People(mut people) => {
            for person in &mut people.people {
                person.last_seen = None;
            }
            // An invite's secret, and who waits with it, are on the tablet that made it.
            people.invites.clear();
            ScreenView::People(people)
        }
        other => other,
    }
}

/// Undo, the badge and the note are each reader's own; the next step depends on the moment of looking.
fn impersonal(row: &mut VisitRow) {
    row.undo = None;
    row.note = NoteState::NoPlaceForNotes;
    row.badge = neutral_ground::engine::view::Badge::Elsewhere;
    row.next = neutral_ground::engine::view::NextStep::Finished;
    row.also.clear();
    row.hold = None;
}

fn visits_are_equal_and_whole(
    world: &mut World,
    devices: &[usize],
    findings: &mut Findings,
) -> Notes {
    let mut notes = Notes::new();
    let visits: Vec<Id> = world.ledger.visits.values().copied().collect();
    for visit in visits {
        let mut first: Option<Vec<HistoryLine>> = None;
        for device in devices {
            let ScreenView::Visit(view) = look(world, *device, Screen::Visit(visit)) else {
                findings.expect("I1", false, || {
                    format!("tablet {device} does not have visit {visit:?}")
                });
                continue;
            };
            let first = first.get_or_insert_with(|| view.history.clone());
            findings.expect("I2", *first == view.history, || {
                differ(
                    &format!("history of {visit:?}"),
                    *device,
                    first,
                    &view.history,
                )
            });
            nothing_recorded_is_gone(world, *device, visit, &view.history, findings);
            let entries = view.note.map(|note| note.entries).unwrap_or_default();
            notes.insert((*device, visit), entries);
        }
    }
    notes
}

fn nothing_recorded_is_gone(
    world: &World,
    device: usize,
    visit: Id,
    history: &[HistoryLine],
    findings: &mut Findings,
) {
    let of_it = |found: &&Id| **found == visit;
    let line = |event: &Id| history.iter().find(|line| line.event == *event);
    for (event, _) in world.ledger.events.iter().filter(|(_, at)| of_it(at)) {
        findings.expect("I1", line(event).is_some(), || {
            format!("tablet {device} lacks the acknowledged event {event:?}")
        });
    }
    for (event, _) in world.ledger.undone.iter().filter(|(_, at)| of_it(at)) {
        findings.expect("I1", line(event).is_some_and(|line| line.undone), || {
            format!("tablet {device} does not show {event:?} as taken back")
        });
    }
}

fn notes_are_whole(world: &mut World, notes: &mut Notes, findings: &mut Findings) {
    let entries: Vec<(Id, Entry)> = world
        .ledger
        .entries
        .iter()
        .map(|(id, entry)| (*id, entry.clone()))
        .collect();
    for (id, entry) in entries {
        if world.is_gone(entry.device) {
            is_at_the_office(world, notes, id, &entry, findings);
            continue;
        }
        let written = entries_on(world, notes, entry.device, entry.visit);
        let text = written.iter().find(|found| found.id == id);
        let text = text.map_or("", |found| found.text.as_str());
        let whole = text.starts_with(&entry.acknowledged) && entry.typed.starts_with(text);
        findings.expect("I1", whole, || {
            format!(
                "entry {id:?} of tablet {}: acknowledged {:?}, typed {:?}, found {text:?}",
                entry.device, entry.acknowledged, entry.typed
            )
        });
        let office = entries_on(world, notes, 0, entry.visit);
        let mine: Vec<_> = office
            .iter()
            .filter(|found| written.iter().any(|entry| entry.id == found.id))
            .collect();
        findings.expect("I2", mine.len() == written.len(), || {
            format!(
                "the office reads {} of the {} entries of tablet {}",
                mine.len(),
                written.len(),
                entry.device
            )
        });
    }
}

/// What somebody finished before they left is read by the office.
fn is_at_the_office(
    world: &mut World,
    notes: &mut Notes,
    id: Id,
    entry: &Entry,
    findings: &mut Findings,
) {
    if !entry.is_finished {
        return;
    }
    let office = entries_on(world, notes, 0, entry.visit);
    let text = office.iter().find(|found| found.id == id);
    let text = text.map_or("", |found| found.text.as_str());
    findings.expect("I1", text.starts_with(&entry.acknowledged), || {
        format!("the office lacks entry {id:?} of somebody who left, found {text:?}")
    });
}

fn entries_on(world: &mut World, notes: &mut Notes, device: usize, visit: Id) -> Vec<EntryView> {
    let seen = notes.entry((device, visit));
    let seen = seen.or_insert_with(|| match look(world, device, Screen::Visit(visit)) {
        ScreenView::Visit(view) => view.note.map(|note| note.entries).unwrap_or_default(),
        _ => Vec::new(),
    });
    seen.clone()
}

/// Referrals, families and sessions that were acknowledged are at every desk.
fn files_are_there(world: &mut World, desks: &[usize], findings: &mut Findings) {
    let ledger = &world.ledger;
    let referrals = ledger.referrals.keys().map(|id| Screen::Referral(*id));
    let families = ledger.families.iter().map(|id| Screen::Family(*id));
    let sessions = ledger.sessions.values().map(|id| Screen::Session(*id));
    let screens: Vec<Screen> = referrals.chain(families).chain(sessions).collect();
    for screen in screens {
        for device in desks {
            let seen = look(world, *device, screen);
            let is_there = matches!(
                seen,
                ScreenView::Referral(_) | ScreenView::Family(_) | ScreenView::Session(_)
            );
            findings.expect("I1", is_there, || {
                format!("tablet {device} lacks the acknowledged {screen:?}: {seen:?}")
            });
        }
    }
}

fn differ<T: Debug>(what: &str, device: usize, first: &T, seen: &T) -> String {
    let (first, seen) = (format!("{first:?}"), format!("{seen:?}"));
    let same = first
        .bytes()
        .zip(seen.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let from = same.saturating_sub(60);
    let part = |text: &str| text.chars().skip(from).take(240).collect::<String>();
    format!(
        "{what} on tablet {device} differs: expected …{}…, found …{}…",
        part(&first),
        part(&seen)
    )
}
