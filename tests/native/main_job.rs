//! The product's main job, engine to engine through the real relay.

use neutral_ground::{
    domain::{contact::ContactKind, note::EntryKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        effect::Part,
        storage::key::{Range, Table},
        view::{Badge, ScreenView, TodayView, Trouble},
        wire::{Id, Wire},
    },
};
use sync_protocol::{Channel, Ring, SealedEnvelope};

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::Tablet,
};

const WRONG_PHRASE: &str = "abandon ability able about";

/// A planned day on three tablets: the co-ordinator's, a volunteer's, a supervisor's.
struct Day<'relay> {
    relay: &'relay Relay,
    ruth: Tablet<'relay>,
    teal: Tablet<'relay>,
    amber: Tablet<'relay>,
    amber_phrase: String,
    otter: Id,
    wren: Id,
}

#[test]
fn a_referral_becomes_a_session_day_that_two_tablets_run_without_signal() {
    let relay = Relay::start("main-job", at("08:00"));
    let mut day = plan(&relay);
    day.is_heard_by_all();
    day.loses_its_signal_while_an_adult_arrives();
    let text = day.has_a_note_typed();
    day.survives_a_cold_start(&text);
    day.has_signal_again();
    day.is_the_same_on_all_tablets();
    day.shows_the_note_to_those_who_may_read_it(&text);
    nothing_readable_anywhere(&relay, [&day.teal, &day.amber, &day.ruth]);
    no_office_envelope(&day.teal);
}

/// From the first referral to a session with two visits.
fn plan(relay: &Relay) -> Day<'_> {
    let mut ruth = Tablet::new("ruth", at("08:00"), Some(relay));
    start_centre(&mut ruth);
    let supported = family(&mut ruth, ContactKind::Supported);
    let supervised = family(&mut ruth, ContactKind::Supervised);
    let mut teal = Tablet::new("teal", at("08:00"), Some(relay));
    let mut amber = Tablet::new("amber", at("08:00"), Some(relay));
    enrol(&mut ruth, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let amber_phrase = enrol(
        &mut ruth,
        &mut amber,
        "Priya Nair",
        Role::Supervisor,
        "Amber",
    );

    let session = session(&mut ruth);
    let ScreenView::Session(view) = ruth.look(Screen::Session(session)).clone() else {
        panic!("expected the session");
    };
    let priya = view
        .supervisors
        .iter()
        .find(|(_, name)| name == "Priya Nair")
        .unwrap()
        .0;
    let otter = book(&mut ruth, session, supported, Some(view.rooms[0].0), None);
    let wren = book(
        &mut ruth,
        session,
        supervised,
        Some(view.rooms[1].0),
        Some(priya),
    );
    Day {
        relay,
        ruth,
        teal,
        amber,
        amber_phrase,
        otter,
        wren,
    }
}

impl Day<'_> {
    fn is_heard_by_all(&mut self) {
        self.ruth.ask(Command::SendNow).unwrap();
        assert_eq!(self.ruth.sync.unsent, 0);
        self.teal.ask(Command::SendNow).unwrap();
        self.amber.ask(Command::SendNow).unwrap();
        assert_eq!(self.teal.today().visits.len(), 2);
    }

    fn loses_its_signal_while_an_adult_arrives(&mut self) {
        self.teal.signal(None);
        self.amber.signal(None);
        self.teal.now = at("09:44");
        self.amber.now = at("09:46");
        self.teal
            .ask(Command::Record {
                visit: self.otter,
                what: Happening::Arrived(Wire(Side::Visiting)),
            })
            .unwrap();
        self.amber
            .ask(Command::Record {
                visit: self.otter,
                what: Happening::Arrived(Wire(Side::Visiting)),
            })
            .unwrap();
        assert!(self.teal.sync.unsent > 0, "it says what exists only here");
    }

    fn has_a_note_typed(&mut self) -> String {
        let refused = self.amber.ask(Command::TypeEntry {
            visit: self.otter,
            entry: Id([7; 16]),
            kind: Wire(EntryKind::Observed),
            occurred_at: at("09:50"),
            speaker: String::new(),
            text: "dad seemed cross".to_owned(),
        });
        assert!(
            matches!(refused, Err(Trouble::Rule { ref rule, .. }) if rule == "REC-1"),
            "{refused:?}"
        );
        let mut text = String::new();
        for key in "canary: Mia ran to her dad".chars() {
            text.push(key);
            self.amber.now += 100;
            self.amber
                .ask(Command::TypeEntry {
                    visit: self.wren,
                    entry: Id([9; 16]),
                    kind: Wire(EntryKind::Observed),
                    occurred_at: at("09:50"),
                    speaker: String::new(),
                    text: text.clone(),
                })
                .unwrap();
        }
        text
    }

    fn survives_a_cold_start(&mut self, text: &str) {
        let phrase = self.amber_phrase.clone();
        self.amber.switch_on(false);
        assert_eq!(self.amber.unlock(WRONG_PHRASE), Err(Trouble::WrongPhrase));
        self.amber.unlock(&phrase).unwrap();
        let note = self
            .amber
            .visit(self.wren)
            .note
            .expect("the supervisor has a note");
        assert_eq!(note.draft.expect("typing survives a cold start").text, text);
        self.amber
            .ask(Command::FinishEntry {
                visit: self.wren,
                entry: Id([9; 16]),
            })
            .unwrap();
        assert!(
            !holds(&self.amber.store.bytes(), "ran to her dad"),
            "nothing readable lies in the tablet's store"
        );
    }

    fn has_signal_again(&mut self) {
        self.teal.signal(Some(self.relay));
        self.amber.signal(Some(self.relay));
        for _twice in 0..2 {
            for tablet in [&mut self.teal, &mut self.amber, &mut self.ruth] {
                tablet.ask(Command::SendNow).unwrap();
            }
        }
    }

    fn is_the_same_on_all_tablets(&mut self) {
        let (a, b, c) = (self.teal.today(), self.amber.today(), self.ruth.today());
        for (one, other) in [(&a, &b), (&a, &c)] {
            let facts = |today: &TodayView| {
                today
                    .visits
                    .iter()
                    .map(|row| row.visiting.clone())
                    .collect::<Vec<_>>()
            };
            assert_eq!(facts(one), facts(other), "all three show the same day");
        }
        let arrived = a
            .visits
            .iter()
            .find(|row| row.id == self.otter)
            .unwrap()
            .visiting
            .arrived
            .clone()
            .unwrap();
        assert_eq!(arrived.at, at("09:44"));
        assert_eq!(
            arrived.witnesses,
            ["Joan Tibbs on Teal", "Priya Nair on Amber"],
            "one arrival, two witnesses (OFF-2)"
        );
        assert!(!arrived.disagree);
    }

    fn shows_the_note_to_those_who_may_read_it(&mut self, text: &str) {
        let seen = self
            .ruth
            .visit(self.wren)
            .note
            .expect("the co-ordinator reads the note");
        assert_eq!(seen.entries[0].text, text);
        assert!(
            self.teal.visit(self.wren).note.is_none(),
            "another volunteer does not"
        );
        assert_eq!(
            self.amber.visit(self.wren).note.unwrap().badge,
            Badge::Elsewhere,
            "it is known to be on another device"
        );
        assert_eq!(self.teal.look(Screen::Families), &ScreenView::NotFound);
        assert_eq!(
            (
                self.teal.sync.set_aside,
                self.amber.sync.set_aside,
                self.ruth.sync.set_aside
            ),
            (0, 0, 0)
        );
        assert_eq!(
            (
                self.teal.sync.unsent,
                self.amber.sync.unsent,
                self.ruth.sync.unsent
            ),
            (0, 0, 0)
        );
    }
}

/// Names, addresses and notes seeded above are in no row and in no byte of the relay.
fn nothing_readable_anywhere(relay: &Relay, tablets: [&Tablet<'_>; 3]) {
    let canaries = [
        "canary lane",
        "Canaryworth",
        "canary reason",
        "Penhale",
        "Saltmere",
        "Joan Tibbs",
        "ran to her dad",
        "Garden room",
    ];
    let relay = relay.bytes();
    assert!(holds(&relay, "NGEV"), "the relay's bytes were looked at");
    for canary in canaries {
        assert!(!holds(&relay, canary), "the relay holds {canary:?}");
        for tablet in tablets {
            assert!(
                !holds(&tablet.store.bytes(), canary),
                "a tablet's store holds {canary:?}"
            );
        }
    }
}

/// A volunteer's tablet holds neither keys nor ciphertext of the office.
fn no_office_envelope(tablet: &Tablet<'_>) {
    let rows = tablet.store.read(&[
        (Table::Log, Range::All, Part::Rows),
        (Table::Early, Range::All, Part::Rows),
    ]);
    let mut seen = 0;
    for (_, row) in rows.into_iter().flatten() {
        let channel = SealedEnvelope::parse(row).unwrap().header().channel;
        assert!(
            !matches!(
                channel,
                Channel::Ring(Ring::Office | Ring::Safeguarding | Ring::Admin)
            ),
            "{channel:?}"
        );
        seen += 1;
    }
    assert!(seen > 10, "it holds the day pack: {seen}");
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
