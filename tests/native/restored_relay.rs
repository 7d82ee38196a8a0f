//! A relay that was restored from an old copy, or replaced by an empty one: the tablets bring the log back.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use neutral_ground::{
    domain::{contact::ContactKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        effect::Part,
        storage::key::{Range, Table},
        view::{Badge, RelayTrouble, ScreenView, StorageTrouble, Trouble},
        wire::{Id, Wire},
    },
};

use sync_server::store::audit::Audit;

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
};

/// Where the tablets look for their relay, whichever is there.
pub(crate) struct Address {
    relay: RefCell<Relay>,
    pushes: Cell<Pushes>,
}

/// What becomes of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pushes {
    /// The relay takes it.
    Taken,
    /// The relay has no time for it.
    Refused,
    /// The relay says that it took everything, and keeps nothing.
    ThrownAway,
}

impl Address {
    pub(crate) fn of(relay: Relay) -> Self {
        Self {
            relay: RefCell::new(relay),
            pushes: Cell::new(Pushes::Taken),
        }
    }

    /// The relay burns down and another stands in its place.
    pub(crate) fn replace(&self, relay: Relay) {
        drop(self.relay.replace(relay));
    }

    pub(crate) fn back_up(&self, name: &str) -> std::path::PathBuf {
        self.relay.borrow().back_up(name)
    }

    pub(crate) fn audit(&self) -> Audit {
        self.relay.borrow().audit()
    }
}

impl Reach for Address {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        match self.pushes.get() {
            Pushes::Refused if path.ends_with("/push") => (503, false, Vec::new()),
            Pushes::ThrownAway if path.ends_with("/push") => (200, true, bogus_receipt(body)),
            Pushes::Taken | Pushes::Refused | Pushes::ThrownAway => {
                self.relay.borrow().post(path, authorization, body)
            }
        }
    }
}

/// "Taken" for each envelope of a push, signed by nobody.
fn bogus_receipt(push: &[u8]) -> Vec<u8> {
    let mut count = 0_u16;
    let mut rest = &push[4..];
    while let Some((length, after)) = rest.split_first_chunk() {
        count += 1;
        rest = &after[u32::from_be_bytes(*length) as usize..];
    }
    let mut answer = b"NGR1".to_vec();
    answer.extend(count.to_be_bytes());
    answer.resize(6 + 9 * usize::from(count) + 64 + 16, 0);
    answer
}

/// A co-ordinator's desk and two volunteers' tablets, with a visit today.
struct Centre<'r> {
    ruth: Tablet<'r>,
    teal: Tablet<'r>,
    amber: Tablet<'r>,
    visit: Id,
    phrase: String,
}

impl<'r> Centre<'r> {
    fn open(relay: &'r Address) -> Self {
        let mut ruth = Tablet::new("ruth", at("08:00"), Some(relay));
        let phrase = start_centre(&mut ruth);
        let file = family(&mut ruth, ContactKind::Supported);
        let mut teal = Tablet::new("teal", at("08:00"), Some(relay));
        let mut amber = Tablet::new("amber", at("08:00"), Some(relay));
        enrol(&mut ruth, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
        enrol(&mut ruth, &mut amber, "Sam Okoro", Role::Volunteer, "Amber");
        let day = session(&mut ruth);
        let ScreenView::Session(view) = ruth.look(Screen::Session(day)).clone() else {
            panic!("expected the session");
        };
        let visit = book(&mut ruth, day, file, Some(view.rooms[0].0), None);
        let mut centre = Self {
            ruth,
            teal,
            amber,
            visit,
            phrase,
        };
        centre.all_send();
        centre
    }

    fn all_send(&mut self) {
        for _round in 0..3 {
            for tablet in self.tablets() {
                tablet.ask(Command::SendNow).unwrap();
            }
        }
    }

    fn tablets(&mut self) -> [&mut Tablet<'r>; 3] {
        [&mut self.ruth, &mut self.teal, &mut self.amber]
    }

    fn find_the_relay(&mut self, relay: &'r Address) {
        for tablet in self.tablets() {
            tablet.signal(None);
        }
        for tablet in self.tablets() {
            tablet.signal(Some(relay));
        }
    }

    /// Everybody holds the same of what they all may read, and nothing waits anywhere.
    fn agrees(&mut self) {
        let visit = self.visit;
        let rows: Vec<_> = self
            .tablets()
            .into_iter()
            .map(|tablet| {
                assert_eq!((tablet.sync.unsent, tablet.sync.again), (0, 0));
                assert_eq!(tablet.sync.trouble, None);
                let row = tablet.visit(visit).row;
                (row.resident.arrived, row.visiting.arrived)
            })
            .collect();
        assert_eq!(rows[0], rows[1]);
        assert_eq!(rows[0], rows[2]);
    }
}

fn arrives(tablet: &mut Tablet<'_>, visit: Id, side: Side) {
    let what = Happening::Arrived(Wire(side));
    tablet.ask(Command::Record { visit, what }).unwrap();
}

/// Every envelope of a store, by its key.
fn log_of(tablet: &Tablet<'_>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let rows = tablet
        .store
        .read(&[(Table::Log, Range::All, Part::Rows)])
        .remove(0);
    rows.into_iter().map(|(key, row)| (key.0, row)).collect()
}

#[test]
fn what_an_old_copy_lacks_is_sent_again_and_nothing_acknowledged_is_lost() {
    let relay = Address::of(Relay::start("restored-first", at("08:00")));
    let mut centre = Centre::open(&relay);
    let backup = relay.back_up("restored-copy");
    let visit = centre.visit;
    arrives(&mut centre.teal, visit, Side::Resident);
    enrol(
        &mut centre.ruth,
        &mut Tablet::new("late", at("08:00"), Some(&relay)),
        "Ola Berg",
        Role::Volunteer,
        "Late",
    );
    centre.all_send();
    assert_ne!(centre.teal.visit(visit).row.badge, Badge::Here);
    let held = log_of(&centre.teal);

    relay.replace(Relay::restored(backup, at("08:00")));
    centre.teal.signal(None);
    centre.teal.signal(Some(&relay));
    let last = &centre.teal.sync;
    assert_eq!((last.again, last.unsent, last.trouble), (0, 0, None));
    centre.find_the_relay(&relay);
    centre.all_send();
    centre.agrees();
    let still: BTreeMap<_, _> = log_of(&centre.teal);
    assert!(held.iter().all(|(key, row)| still.get(key) == Some(row)));

    let mut newcomer = Tablet::new("newcomer", at("08:00"), Some(&relay));
    enrol(
        &mut centre.ruth,
        &mut newcomer,
        "Ines Moreau",
        Role::Volunteer,
        "Plum",
    );
    newcomer.ask(Command::SendNow).unwrap();
    let row = newcomer.visit(visit).row;
    assert!(row.resident.arrived.is_some(), "the relay has it again");
}

#[test]
fn badges_fall_back_to_this_tablet_until_an_old_copy_has_everything_again() {
    let relay = Address::of(Relay::start("badges-first", at("08:00")));
    let mut centre = Centre::open(&relay);
    let backup = relay.back_up("badges-copy");
    let visit = centre.visit;
    arrives(&mut centre.teal, visit, Side::Resident);
    centre.teal.ask(Command::SendNow).unwrap();
    assert_eq!(centre.teal.visit(visit).row.badge, Badge::AtRelay);

    relay.replace(Relay::restored(backup, at("08:00")));
    relay.pushes.set(Pushes::Refused);
    centre.teal.signal(None);
    centre.teal.signal(Some(&relay));
    assert!(centre.teal.sync.again > 0, "it says how many");
    assert_eq!(centre.teal.sync.unsent, centre.teal.sync.again);
    assert_eq!(centre.teal.visit(visit).row.badge, Badge::Here);
}

#[test]
fn an_empty_relay_is_filled_by_the_desk_once_a_co_ordinator_says_that_it_is_theirs() {
    let relay = Address::of(Relay::start("wiped-first", at("08:00")));
    let mut centre = Centre::open(&relay);
    let visit = centre.visit;
    arrives(&mut centre.teal, visit, Side::Resident);
    centre.all_send();
    centre.amber.signal(None);
    arrives(&mut centre.amber, visit, Side::Visiting);
    let badge = centre.teal.visit(visit).row.badge;
    assert_ne!(badge, Badge::Here);

    relay.replace(Relay::start("wiped-second", at("08:00")));
    centre.find_the_relay(&relay);
    for tablet in centre.tablets() {
        assert_eq!(tablet.sync.trouble, Some(RelayTrouble::WrongRelay));
        assert_eq!(tablet.sync.refused, 0, "no person has to see to anything");
        assert!(tablet.sync.unsent > 0, "nothing is called sent");
    }
    let refused = centre.teal.ask(Command::UseThisRelay);
    assert_eq!(
        refused,
        Err(Trouble::NotAllowed),
        "not for a volunteer to say"
    );
    centre.ruth.ask(Command::UseThisRelay).unwrap();
    assert_eq!((centre.ruth.sync.unsent, centre.ruth.sync.again), (0, 0));
    centre.find_the_relay(&relay);
    centre.all_send();
    centre.agrees();
    let row = centre.ruth.visit(visit).row;
    assert!(row.resident.arrived.is_some() && row.visiting.arrived.is_some());
}

#[test]
fn a_start_in_the_middle_of_it_begins_again_and_ends_whole() {
    let relay = Address::of(Relay::start("middle-first", at("08:00")));
    let mut centre = Centre::open(&relay);
    let backup = relay.back_up("middle-copy");
    let visit = centre.visit;
    arrives(&mut centre.ruth, visit, Side::Resident);
    centre.ruth.ask(Command::SendNow).unwrap();

    relay.replace(Relay::restored(backup, at("08:00")));
    relay.pushes.set(Pushes::Refused);
    centre.ruth.signal(Some(&relay));
    assert!(centre.ruth.sync.again > 0);
    centre.ruth.switch_on(false);
    centre.ruth.unlock(&centre.phrase).unwrap();
    assert!(centre.ruth.sync.again > 0, "a new start still knows");
    relay.pushes.set(Pushes::Taken);
    centre.find_the_relay(&relay);
    centre.all_send();
    centre.agrees();
}

#[test]
fn a_tablet_that_had_no_room_a_moment_ago_remembers_what_an_old_copy_lacks() {
    let relay = Address::of(Relay::start("no-room-first", at("08:00")));
    let mut centre = Centre::open(&relay);
    let backup = relay.back_up("no-room-copy");
    let visit = centre.visit;
    arrives(&mut centre.ruth, visit, Side::Resident);
    centre.ruth.ask(Command::SendNow).unwrap();
    centre.ruth.signal(None);

    relay.replace(Relay::restored(backup, at("08:00")));
    relay.pushes.set(Pushes::Refused);
    centre.ruth.full = true;
    let what = Happening::Arrived(Wire(Side::Visiting));
    let refused = centre.ruth.ask(Command::Record { visit, what });
    assert_eq!(refused, Err(Trouble::Storage(StorageTrouble::Full)));
    // There is room again, but nothing was written since, so that the tablet does not know it yet.
    centre.ruth.full = false;
    centre.ruth.signal(Some(&relay));
    centre.ruth.ask(Command::SendNow).unwrap_err();
    assert!(centre.ruth.sync.again > 0);
    centre.ruth.switch_on(false);
    centre.ruth.unlock(&centre.phrase).unwrap();
    assert!(centre.ruth.sync.again > 0, "a new start still knows");
    relay.pushes.set(Pushes::Taken);
    centre.find_the_relay(&relay);
    centre.all_send();
    centre.agrees();
}

#[test]
fn what_a_relay_says_it_took_and_does_not_hand_back_is_sent_again() {
    let relay = Address::of(Relay::start("thrown-away", at("08:00")));
    let mut centre = Centre::open(&relay);
    let visit = centre.visit;
    relay.pushes.set(Pushes::ThrownAway);
    arrives(&mut centre.teal, visit, Side::Resident);
    centre.teal.pass(5_000);
    assert_eq!(centre.teal.sync.unsent, 0, "the push was believed");
    let held = log_of(&centre.teal);
    let kept = relay.audit().envelopes;

    relay.pushes.set(Pushes::Taken);
    centre.all_send();
    assert!(relay.audit().envelopes > kept);
    assert_eq!(
        log_of(&centre.ruth).len(),
        log_of(&centre.ruth).len().max(held.len())
    );
    centre.agrees();
}
