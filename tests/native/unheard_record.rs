//! The relay took a record of the membership chain and its answer was lost: nobody may sign another in its place.

use std::cell::Cell;

use neutral_ground::{
    domain::worker::Role,
    engine::{
        command::{Command, Screen},
        form::PersonForm,
        view::{Done, ScreenView, StorageTrouble, Trouble},
        wire::Wire,
    },
};

use crate::{
    centre::{at, enrol, start_centre},
    relay_process::Relay,
    restored_relay::Address,
    tablet::{Reach, Tablet},
};

/// A way to the relay on which its answers to appends may be lost.
struct Deaf<'r> {
    relay: &'r Address,
    loses: Cell<bool>,
}

impl Reach for Deaf<'_> {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        let answer = self.relay.post(path, authorization, body);
        if self.loses.get() && path.ends_with("/membership") {
            return (502, false, Vec::new());
        }
        answer
    }
}

fn invite_of(name: &str) -> Command {
    Command::Invite(PersonForm {
        name: name.to_owned(),
        roles: vec![Wire(Role::Volunteer)],
        member: None,
    })
}

fn invite(desk: &mut Tablet<'_>, name: &str) -> Result<Done, Trouble> {
    desk.ask(invite_of(name))
}

/// Names and links of the invites that nobody has used.
fn waiting(desk: &mut Tablet<'_>) -> Vec<(String, bool)> {
    let ScreenView::People(people) = desk.look(Screen::People) else {
        panic!("expected the people");
    };
    let rows = people.invites.iter();
    rows.map(|row| (row.name.clone(), row.fragment.is_some()))
        .collect()
}

#[test]
fn one_that_others_heard_of_is_sent_again_to_a_relay_that_was_put_back() {
    let address = Address::of(Relay::start("unheard", at("08:00")));
    let way = Deaf {
        relay: &address,
        loses: Cell::new(false),
    };
    let mut desk = Tablet::new("desk", at("08:00"), Some(&way));
    let phrase = start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&way));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let copy = address.back_up("unheard-copy");

    way.loses.set(true);
    assert!(matches!(
        invite(&mut desk, "Sam Okoro"),
        Err(Trouble::NoRelay(_))
    ));
    teal.ask(Command::SendNow).unwrap();
    let heard = teal.store.clone();
    assert_ne!(heard, desk.store);
    address.replace(Relay::restored(copy, at("08:00")));
    way.loses.set(false);

    // The desk is started again and has nothing but its store.
    let mut desk = Tablet::with_store("desk again", at("08:05"), Some(&way), desk.store);
    desk.unlock(&phrase).unwrap();
    let _while_the_first_is_on_its_way = invite(&mut desk, "Priya Nair");
    for _round in 0..3 {
        desk.ask(Command::SendNow).unwrap();
        teal.ask(Command::SendNow).unwrap();
    }
    invite(&mut desk, "Alma Reyes").unwrap();
    desk.ask(Command::SendNow).unwrap();
    teal.ask(Command::SendNow).unwrap();
    assert_eq!((teal.sync.trouble, teal.sync.set_aside), (None, 0));
    let chain = |tablet: &mut Tablet<'_>| {
        let ScreenView::Diagnostics(details) = tablet.look(Screen::Diagnostics) else {
            panic!("expected diagnostics");
        };
        details.membership.clone()
    };
    assert_eq!(chain(&mut teal), chain(&mut desk), "one list of people");
}

#[test]
fn who_asks_for_the_same_once_more_gets_the_first_link() {
    let address = Address::of(Relay::start("asked-again", at("08:00")));
    let way = Deaf {
        relay: &address,
        loses: Cell::new(true),
    };
    let mut desk = Tablet::new("desk", at("08:00"), Some(&way));
    way.loses.set(false);
    start_centre(&mut desk);
    way.loses.set(true);
    invite(&mut desk, "Sam Okoro").unwrap_err();
    way.loses.set(false);
    let Ok(Done::Invited { .. }) = invite(&mut desk, "Sam Okoro") else {
        panic!("expected the link");
    };
    assert_eq!(waiting(&mut desk), [("Sam Okoro".to_owned(), true)]);

    // Whoever looks instead of asking again finds it in the list.
    way.loses.set(true);
    invite(&mut desk, "Priya Nair").unwrap_err();
    way.loses.set(false);
    desk.ask(Command::SendNow).unwrap();
    let mut all = waiting(&mut desk);
    all.sort();
    let expected = ["Priya Nair", "Sam Okoro"].map(|name| (name.to_owned(), true));
    assert_eq!(all, expected);
}

#[test]
fn one_that_cannot_be_kept_is_not_sent() {
    let address = Address::of(Relay::start("not-kept", at("08:00")));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&address));
    start_centre(&mut desk);
    desk.ask(Command::SendNow).unwrap();
    desk.signal(None);
    desk.full = true;
    let no_room = Err(Trouble::Storage(StorageTrouble::Full));
    assert_eq!(invite(&mut desk, "Sam Okoro"), no_room);
    desk.full = false;
    desk.signal(Some(&address));
    desk.ask(Command::SendNow).unwrap();
    assert_eq!(waiting(&mut desk), []);
    invite(&mut desk, "Sam Okoro").unwrap();
    assert_eq!(waiting(&mut desk), [("Sam Okoro".to_owned(), true)]);
}

#[test]
fn a_late_answer_is_about_the_records_that_were_sent() {
    let address = Address::of(Relay::start("late-answer", at("08:00")));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&address));
    start_centre(&mut desk);
    desk.holds = Some("/membership");
    let first = desk.tell(invite_of("Sam Okoro"));
    // The record itself comes before the answer to sending it.
    desk.ask(Command::SendNow).unwrap();
    let second = invite(&mut desk, "Priya Nair");
    assert_eq!(second, Err(Trouble::TryAgain));
    assert_eq!(desk.answer(first), None);

    desk.let_go();
    let answered = desk.answer(first);
    assert!(
        matches!(answered, Some(Ok(Done::Invited { .. }))),
        "found {answered:?}"
    );
    invite(&mut desk, "Priya Nair").unwrap();
    let mut all = waiting(&mut desk);
    all.sort();
    let expected = ["Priya Nair", "Sam Okoro"].map(|name| (name.to_owned(), true));
    assert_eq!(all, expected);
}
