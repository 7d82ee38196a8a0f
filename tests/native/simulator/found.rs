//! What the simulator found once, each as the shortest story that shows it.

use std::cell::Cell;

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::Command,
        effect::Effect,
        event::{Drained, Event},
        view::{Door, RelayTrouble, Trouble},
    },
};

use crate::{
    centre::{apply, at, referral, start_centre},
    relay_process::Relay,
    tablet::{Dice, Reach, Tablet},
};

/// Seed 41: the tablet said that all was at the relay while a row still waited on its disk.
#[test]
fn what_is_written_while_the_outbox_is_read_is_not_taken_for_sent() {
    let mut desk = Tablet::new("desk", at("08:00"), None);
    start_centre(&mut desk);
    let before = desk.sync.unsent;
    let dice = &mut Dice::new("found");
    let drained = Event::OutboxDrained(Drained::default());
    let effects = desk.replica.handle(drained, desk.now, dice);
    let read = effects.0.into_iter().find_map(|effect| match effect {
        Effect::Read { id, ranges } => Some((id, desk.store.read(&ranges))),
        _ => None,
    });
    let (id, rows) = read.expect("it looks what is left in the outbox");
    desk.make(Command::TakeReferral(referral(ContactKind::Supported)));
    let written = desk.sync.unsent;
    assert!(written > before, "the referral waits");
    desk.feed(Event::RowsRead(id, rows));
    assert_eq!(desk.sync.unsent, written, "and goes on waiting");
}

/// A way to the relay on which answers can be lost: what was asked for is done all the same.
struct Deaf<'r> {
    relay: &'r Relay,
    is_deaf: Cell<bool>,
}

impl Reach for Deaf<'_> {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        let answer = self.relay.post(path, authorization, body);
        if self.is_deaf.get() {
            (504, false, Vec::new())
        } else {
            answer
        }
    }
}

/// Seed 1: the relay let the newcomer in, the co-ordinator never heard of it, and nobody ever wrote down who it was.
#[test]
fn a_newcomer_whose_approval_was_done_but_not_heard_is_known_all_the_same() {
    let relay = Relay::start("not-heard", at("08:00"));
    let deaf = Deaf {
        relay: &relay,
        is_deaf: Cell::new(false),
    };
    let mut desk = Tablet::new("desk", at("08:00"), Some(&deaf));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let (_, invite) = apply(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    deaf.is_deaf.set(true);
    assert_eq!(
        desk.ask(Command::ApproveDevice { invite }),
        Err(Trouble::NoRelay(RelayTrouble::ServerError))
    );
    deaf.is_deaf.set(false);
    desk.pass(70_000);
    desk.ask(Command::SendNow).unwrap();
    teal.pass(8_000);
    teal.ask(Command::SendNow).unwrap();
    let Door::Open(me) = &teal.door else {
        panic!("expected to be in, found {:?}", teal.door);
    };
    assert_eq!((me.name.as_str(), me.ready), ("Joan Tibbs", true));
}
