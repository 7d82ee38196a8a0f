//! A tablet without room, within reach of the relay.

use std::cell::Cell;

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        view::{Door, ScreenView, StorageTrouble},
        wire::Id,
    },
};

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
    two_tablets::write,
};

/// A way to the relay that counts what is asked.
struct Counting<'r> {
    relay: &'r Relay,
    pulls: Cell<u32>,
}

impl Reach for Counting<'_> {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        self.pulls
            .set(self.pulls.get() + u32::from(path.ends_with("/pull")));
        self.relay.post(path, authorization, body)
    }
}

#[test]
fn it_says_so_asks_now_and_then_and_goes_on_once_there_is_room() {
    let relay = Relay::start("full-tablet", at("08:00"));
    let way = Counting {
        relay: &relay,
        pulls: Cell::new(0),
    };
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&way));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    family(&mut desk, ContactKind::Supported);
    session(&mut desk);
    desk.ask(Command::SendNow).unwrap();

    teal.full = true;
    way.pulls.set(0);
    teal.pass(10 * 60_000);
    let pulls = way.pulls.get();
    assert!((1..=30).contains(&pulls), "found {pulls} in ten minutes");
    assert_eq!(teal.sync.storage, Some(StorageTrouble::Full));

    teal.full = false;
    teal.pass(2 * 60_000);
    assert_eq!(teal.sync.storage, None);
    assert!(
        teal.today().session.is_some(),
        "what it could not keep has come"
    );
}

#[test]
fn what_was_typed_before_it_was_full_waits_and_is_sealed_once_there_is_room() {
    let relay = Relay::start("full-typing", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let file = family(&mut desk, ContactKind::Supervised);
    let day = session(&mut desk);
    let Door::Open(me) = desk.door.clone() else {
        panic!("expected to be in");
    };
    let ScreenView::Session(view) = desk.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let room = Some(view.rooms[0].0);
    let visit = book(&mut desk, day, file, room, Some(me.member));
    desk.ask(Command::SendNow).unwrap();
    desk.look(Screen::Visit(visit));
    let entry = Id([7; 16]);
    write(&mut desk, visit, entry, "Mia ran to the door.");

    desk.full = true;
    // It would stand still here for ever if it tried again without a pause.
    desk.pass(10 * 60_000);
    assert_eq!(desk.sync.storage, Some(StorageTrouble::Full));
    assert!(desk.sync.unsent > 0, "it is not called sent");

    desk.full = false;
    desk.pass(5 * 60_000);
    desk.ask(Command::SendNow).unwrap();
    assert_eq!((desk.sync.storage, desk.sync.unsent), (None, 0));
    let draft = desk.visit(visit).note.and_then(|note| note.draft);
    assert_eq!(draft.unwrap().text, "Mia ran to the door.");
}
