//! Joining a centre while things go wrong.

use std::cell::Cell;

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        event::Event,
        view::{Door, ScreenView, StorageTrouble, Trouble},
    },
};

use crate::{
    centre::{apply, at, compare, link, phrase, referral, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
};

#[test]
fn a_full_tablet_says_so_and_the_same_link_works_once_there_is_room() {
    let relay = Relay::start("joining", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let join = Command::Join {
        link: link(&mut desk, "Priya Nair", Role::Volunteer),
        phrase: phrase(&mut teal),
        tablet: "Teal".to_owned(),
    };

    teal.full = true;
    let no_room = Err(Trouble::Storage(StorageTrouble::Full));
    assert_eq!(teal.ask(join.clone()), no_room);
    assert_eq!(teal.door, Door::Empty);

    teal.full = false;
    teal.ask(join).unwrap();
    let invite = compare(&mut desk, &mut teal, "Priya Nair");
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    desk.ask(Command::SendNow).unwrap();
    teal.pass(8_000);
    teal.ask(Command::SendNow).unwrap();
    assert!(matches!(teal.door, Door::Open(_)));
    assert_eq!(
        teal.sync.unsent, 0,
        "what it says of itself is at the relay"
    );
}

/// A way to the relay on which only so much more is fetched.
struct Halting<'r> {
    relay: &'r Relay,
    pulls_left: Cell<u32>,
}

impl Reach for Halting<'_> {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        if path.ends_with("/pull") {
            let Some(left) = self.pulls_left.get().checked_sub(1) else {
                return (503, false, Vec::new());
            };
            self.pulls_left.set(left);
        }
        self.relay.post(path, authorization, body)
    }
}

#[test]
fn what_a_newcomer_has_not_fetched_yet_is_on_its_way_and_not_missing() {
    let relay = Relay::start("newcomer", at("08:00"));
    let way = Halting {
        relay: &relay,
        pulls_left: Cell::new(u32::MAX),
    };
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let referral = desk.make(Command::TakeReferral(referral(ContactKind::Supported)));
    let mut amber = Tablet::new("amber", at("08:00"), Some(&way));
    let (_, invite) = apply(
        &mut desk,
        &mut amber,
        "Priya Nair",
        Role::Coordinator,
        "Amber",
    );
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    desk.ask(Command::SendNow).unwrap();

    // One at a time, so that none is left once the newcomer is in.
    for _ in 0..8 {
        if matches!(amber.door, Door::Joining(_)) {
            way.pulls_left.set(1);
            amber.pass(2_000);
        }
    }
    let Door::Open(me) = &amber.door else {
        panic!("expected to be in, found {:?}", amber.door);
    };
    assert!(me.desk, "the keys say that they are a co-ordinator");
    assert_eq!(amber.look(Screen::Referral(referral)), &ScreenView::Loading);

    way.pulls_left.set(u32::MAX);
    amber.ask(Command::SendNow).unwrap();
    let found = amber.look(Screen::Referral(referral));
    assert!(matches!(found, ScreenView::Referral(_)), "found {found:?}");
}

#[test]
fn a_newcomer_is_seen_by_whoever_was_away_to_send_the_link() {
    let relay = Relay::start("link-sent", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let link = link(&mut desk, "Priya Nair", Role::Volunteer);
    // Another app takes the screen for longer than the desk waits between two looks.
    desk.feed(Event::Visible(false));
    desk.pass(10_000);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let phrase = phrase(&mut teal);
    let tablet = "Teal".to_owned();
    teal.ask(Command::Join {
        link,
        phrase,
        tablet,
    })
    .unwrap();
    desk.feed(Event::Visible(true));
    compare(&mut desk, &mut teal, "Priya Nair");
}
