//! One tablet, several people: each behind their own keys, all over one log.

use neutral_ground::{
    domain::{contact::ContactKind, note::EntryKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        effect::Part,
        form::Problem,
        storage::key::{Range, Table},
        view::{Done, Door, ScreenView, StorageTrouble, Trouble},
        wire::{Id, Wire},
    },
};

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::Tablet,
    two_tablets::write,
};

const JOANS_PIN: &str = "402918";
const PRIYAS_PIN: &str = "775031";
const HOUR: i64 = 60 * 60 * 1000;

/// Amber, with a volunteer and a supervisor on it and a day planned for both.
struct Shared<'relay> {
    amber: Tablet<'relay>,
    joan: Id,
    priya: Id,
    joans_phrase: String,
    visit: Id,
}

fn device(tablet: &Tablet<'_>) -> Id {
    let Door::Open(me) = &tablet.door else {
        panic!("expected to be in, found {:?}", tablet.door);
    };
    me.device
}

fn resting(tablet: &Tablet<'_>) -> Vec<Id> {
    let Door::Locked { resting, .. } = &tablet.door else {
        panic!("expected to be locked, found {:?}", tablet.door);
    };
    resting.clone()
}

fn choose(tablet: &mut Tablet<'_>, pin: &str) -> Result<Done, Trouble> {
    let pin = pin.to_owned();
    tablet.ask(Command::ChoosePin { pin })
}

fn come_back(tablet: &mut Tablet<'_>, device: Id, pin: &str) -> Result<Done, Trouble> {
    let pin = pin.to_owned();
    tablet.ask(Command::UnlockWithPin { device, pin })
}

/// Both are in, have chosen a PIN, and the tablet is locked and has no signal.
fn shared(relay: &Relay) -> Shared<'_> {
    let mut ruth = Tablet::new("ruth", at("08:00"), Some(relay));
    start_centre(&mut ruth);
    let file = family(&mut ruth, ContactKind::Supervised);
    let day = session(&mut ruth);
    let mut amber = Tablet::new("amber", at("08:00"), Some(relay));
    let joans_phrase = enrol(
        &mut ruth,
        &mut amber,
        "Joan Tibbs",
        Role::Volunteer,
        "Amber",
    );
    let joan = device(&amber);
    choose(&mut amber, JOANS_PIN).unwrap();
    amber.ask(Command::Lock).unwrap();
    ruth.pass(30_000);
    enrol(
        &mut ruth,
        &mut amber,
        "Priya Nair",
        Role::Supervisor,
        "Amber",
    );
    let priya = device(&amber);
    choose(&mut amber, PRIYAS_PIN).unwrap();
    let ScreenView::Session(view) = ruth.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let mut supervisors = view.supervisors.iter();
    let named = supervisors.find(|(_, name)| name == "Priya Nair");
    let supervisor = named.map(|(id, _)| *id);
    let visit = book(&mut ruth, day, file, Some(view.rooms[0].0), supervisor);
    ruth.ask(Command::SendNow).unwrap();
    amber.now = at("09:30");
    amber.ask(Command::SendNow).unwrap();
    amber.ask(Command::Lock).unwrap();
    amber.signal(None);
    Shared {
        amber,
        joan,
        priya,
        joans_phrase,
        visit,
    }
}

#[test]
fn what_one_wrote_the_next_one_sees_without_signal() {
    let relay = Relay::start("shared-tablet", at("08:00"));
    let Shared {
        mut amber,
        joan,
        priya,
        visit,
        ..
    } = shared(&relay);
    assert_eq!(resting(&amber).len(), 2, "two people left their keys here");

    come_back(&mut amber, joan, JOANS_PIN).unwrap();
    assert_eq!(device(&amber), joan);
    let what = Happening::Arrived(Wire(Side::Visiting));
    amber.ask(Command::Record { visit, what }).unwrap();
    amber.ask(Command::Lock).unwrap();

    come_back(&mut amber, priya, PRIYAS_PIN).unwrap();
    let view = amber.visit(visit);
    assert_eq!(view.history.len(), 1, "she sees who has arrived");
    assert_eq!(view.history[0].by, "Joan Tibbs on Amber");
    assert_eq!(amber.sync.unsent, 1, "and that it waits to be sent");
}

#[test]
fn a_lock_in_mid_word_keeps_every_letter_for_whoever_wrote_it_and_for_nobody_else() {
    let relay = Relay::start("mid-word", at("08:00"));
    let Shared {
        mut amber,
        joan,
        priya,
        visit,
        ..
    } = shared(&relay);
    come_back(&mut amber, priya, PRIYAS_PIN).unwrap();
    let entry = Id([7; 16]);
    write(&mut amber, visit, entry, "Mia ran to the do");
    amber.ask(Command::Lock).unwrap();

    come_back(&mut amber, joan, JOANS_PIN).unwrap();
    assert_eq!(amber.visit(visit).note, None, "a volunteer reads no note");
    amber.ask(Command::Lock).unwrap();

    come_back(&mut amber, priya, PRIYAS_PIN).unwrap();
    let note = amber.visit(visit).note.expect("her note");
    let draft = note.draft.expect("what she was writing");
    assert_eq!(
        (draft.id, draft.text.as_str(), draft.kind),
        (entry, "Mia ran to the do", Wire(EntryKind::Observed))
    );
}

#[test]
fn five_wrong_pins_ask_for_the_phrase_and_lose_nothing() {
    let relay = Relay::start("wrong-pins", at("08:00"));
    let Shared {
        mut amber,
        joan,
        priya,
        joans_phrase,
        visit,
    } = shared(&relay);
    for left in (0..5).rev() {
        let wrong = Err(Trouble::WrongPin { left });
        assert_eq!(come_back(&mut amber, joan, PRIYAS_PIN), wrong);
    }
    assert_eq!(
        resting(&amber),
        [priya],
        "her colleague may still come back"
    );
    let too_late = Err(Trouble::WrongPin { left: 0 });
    assert_eq!(come_back(&mut amber, joan, JOANS_PIN), too_late);

    let unlock = Command::Unlock {
        device: joan,
        phrase: joans_phrase,
    };
    amber.ask(unlock).unwrap();
    assert_eq!(device(&amber), joan);
    assert_eq!(amber.today().visits[0].id, visit);
    amber.ask(Command::Lock).unwrap();
    come_back(&mut amber, joan, JOANS_PIN).unwrap();
}

#[test]
fn a_pin_is_enough_for_twelve_hours_after_the_phrase_and_never_after_a_cold_start() {
    let relay = Relay::start("old-phrase", at("08:00"));
    let Shared {
        mut amber,
        joan,
        joans_phrase,
        ..
    } = shared(&relay);
    let typed_at = at("08:00");
    amber.now = typed_at + 12 * HOUR - 1;
    come_back(&mut amber, joan, JOANS_PIN).unwrap();
    amber.ask(Command::Lock).unwrap();
    amber.now = typed_at + 13 * HOUR;
    let refused = Err(Trouble::WrongPin { left: 0 });
    assert_eq!(come_back(&mut amber, joan, JOANS_PIN), refused);

    let unlock = Command::Unlock {
        device: joan,
        phrase: joans_phrase,
    };
    amber.ask(unlock).unwrap();
    amber.ask(Command::Lock).unwrap();
    // A clock that goes back makes nothing younger.
    amber.now = typed_at;
    let refused = Err(Trouble::WrongPin { left: 0 });
    assert_eq!(come_back(&mut amber, joan, JOANS_PIN), refused);

    amber.switch_on(false);
    assert_eq!(resting(&amber), [], "a cold start knows phrases only");
}

#[test]
fn without_a_pin_nobody_rests() {
    let relay = Relay::start("no-pin", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let me = device(&desk);
    for (typed, problem) in [("40291", Problem::NotAPin), ("123456", Problem::EasyPin)] {
        let Err(Trouble::Form(errors)) = choose(&mut desk, typed) else {
            panic!("expected {typed} to be refused");
        };
        assert_eq!(errors[0].problem, problem);
    }
    desk.ask(Command::Lock).unwrap();
    assert_eq!(resting(&desk), []);
    let refused = Err(Trouble::WrongPin { left: 0 });
    assert_eq!(come_back(&mut desk, me, "123456"), refused);
}

#[test]
fn a_tablet_without_room_still_shows_what_a_colleague_left_on_it() {
    let relay = Relay::start("no-room", at("08:00"));
    let Shared {
        mut amber,
        joan,
        priya,
        visit,
        ..
    } = shared(&relay);
    come_back(&mut amber, joan, JOANS_PIN).unwrap();
    let what = Happening::Arrived(Wire(Side::Visiting));
    amber.ask(Command::Record { visit, what }).unwrap();
    amber.ask(Command::Lock).unwrap();

    amber.full = true;
    come_back(&mut amber, priya, PRIYAS_PIN).unwrap();
    assert_eq!(amber.visit(visit).history.len(), 1);
    assert_eq!(amber.sync.storage, Some(StorageTrouble::Full));
}

#[test]
fn a_pin_is_not_on_the_disk_in_the_clear() {
    let relay = Relay::start("pin-at-rest", at("08:00"));
    let Shared { amber, .. } = shared(&relay);
    let all = Table::ALL.map(|table| (table, Range::All, Part::Rows));
    for (key, row) in amber.store.read(&all).into_iter().flatten() {
        for pin in [JOANS_PIN, PRIYAS_PIN] {
            let found = row.windows(pin.len()).any(|bytes| bytes == pin.as_bytes());
            assert!(!found, "expected no PIN in {key:?}");
        }
    }
}
