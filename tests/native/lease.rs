//! A tablet that its centre has not heard of for a month stays closed, and keys that have grown old begin anew.

use neutral_ground::{
    domain::{contact::ContactKind, lease, worker::Role},
    engine::{
        command::{Command, Screen},
        effect::Part,
        storage::key::{Range, Table},
        view::{Door, RelayTrouble, ScreenView, Trouble},
    },
};
use sync_protocol::{Membership, Ring, Scope, SignedRecord};

use crate::{
    centre::{at, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::Tablet,
};

fn unlock(tablet: &mut Tablet<'_>, phrase: &str) {
    let Door::Locked { people, .. } = &tablet.door else {
        panic!("expected tiles, found {:?}", tablet.door);
    };
    let device = people[0].device;
    let phrase = phrase.to_owned();
    tablet.ask(Command::Unlock { device, phrase }).unwrap();
}

fn chain(tablet: &Tablet<'_>) -> Membership {
    let rows = tablet.store.read(&[(Table::Chain, Range::All, Part::Rows)]);
    let records: Vec<_> = rows[0]
        .iter()
        .map(|(_, row)| SignedRecord::parse(row.clone()).unwrap())
        .collect();
    Membership::replay(records.iter()).unwrap()
}

fn team_epoch(tablet: &Tablet<'_>) -> u32 {
    chain(tablet).epoch(Scope::Ring(Ring::Team)).unwrap().epoch
}

#[test]
fn a_tablet_out_of_touch_for_a_month_opens_when_it_has_met_the_relay() {
    let relay = Relay::start("month", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let words = enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    session(&mut desk);
    desk.ask(Command::SendNow).unwrap();

    teal.signal(None);
    teal.ask(Command::Lock).unwrap();
    teal.now += lease::LEASE_MS - 3_600_000;
    unlock(&mut teal, &words);
    assert!(matches!(teal.door, Door::Open(_)), "a day before its end");
    teal.ask(Command::Lock).unwrap();
    teal.now += 2 * 3_600_000;
    unlock(&mut teal, &words);
    assert!(matches!(teal.door, Door::OutOfTouch(_)));
    assert!(!matches!(teal.look(Screen::Today), ScreenView::Today(_)));
    let refused = teal.ask(Command::ChoosePin {
        pin: "402918".to_owned(),
    });
    assert!(
        matches!(&refused, Err(Trouble::NotNow(why)) if why.contains("network")),
        "{refused:?}"
    );
    let unheard = teal.ask(Command::SendNow);
    assert_eq!(unheard, Err(Trouble::NoRelay(RelayTrouble::NoSignal)));

    teal.signal(Some(&relay));
    let _ = teal.ask(Command::SendNow);
    teal.pass(3_000);
    assert!(matches!(teal.door, Door::Open(_)), "{:?}", teal.door);
    assert!(matches!(teal.look(Screen::Today), ScreenView::Today(_)));
}

#[test]
fn what_was_shut_out_meanwhile_never_opens_again() {
    let relay = Relay::start("never", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let words = enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let Door::Open(joan) = &teal.door else {
        panic!("expected to be in");
    };
    let device = joan.device;
    teal.signal(None);
    teal.ask(Command::Lock).unwrap();
    desk.ask(Command::ShutOut { device }).unwrap();
    teal.now += lease::LEASE_MS + 3_600_000;
    unlock(&mut teal, &words);
    assert!(matches!(teal.door, Door::OutOfTouch(_)));
    teal.signal(Some(&relay));
    teal.pass(6_000);
    assert!(matches!(teal.door, Door::ShutOut(_)), "{:?}", teal.door);
}

#[test]
fn a_centre_without_a_relay_has_no_lease() {
    let mut desk = Tablet::new("desk", at("08:00"), None);
    let words = start_centre(&mut desk);
    desk.ask(Command::Lock).unwrap();
    desk.now += 12 * lease::LEASE_MS;
    unlock(&mut desk, &words);
    assert!(matches!(desk.door, Door::Open(_)));
}

#[test]
fn keys_begin_anew_after_ninety_days_and_nobody_loses_what_was_written_before() {
    let relay = Relay::start("old-keys", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    family(&mut desk, ContactKind::Supervised);
    session(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    desk.now += lease::KEY_AGE_MS - 3_600_000;
    desk.ask(Command::SendNow).unwrap();
    desk.pass(3_000);
    assert_eq!(team_epoch(&desk), 1, "an hour before");
    desk.now += 7_200_000;
    desk.ask(Command::SendNow).unwrap();
    desk.pass(3_000);
    assert_eq!(team_epoch(&desk), 2);
    desk.ask(Command::SendNow).unwrap();
    desk.pass(3_000);
    assert_eq!(team_epoch(&desk), 2, "and not again");

    teal.ask(Command::SendNow).unwrap();
    teal.pass(3_000);
    assert_eq!(team_epoch(&teal), 2);
    assert!(teal.today().session.is_some());
    let mut amber = Tablet::new("amber", at("08:00"), Some(&relay));
    enrol(&mut desk, &mut amber, "Sam Okoro", Role::Volunteer, "Amber");
    assert!(
        amber.today().session.is_some(),
        "also to whoever comes later"
    );
}
