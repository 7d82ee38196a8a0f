//! What the simulator found once, each as the shortest story that shows it.

use std::cell::Cell;

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        effect::Effect,
        event::{Drained, Event},
        view::{Door, RelayTrouble, ScreenView, Trouble},
    },
};

use crate::{
    centre::{apply, at, referral, start_centre},
    relay_process::Relay,
    simulator::{
        liar::Lie,
        misfortune::Misfortune,
        plan::{Plan, run},
    },
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

/// Seed 174: what was written on a profile put back from an old copy never left it, and what the relay held in its
/// place was never read again.
#[test]
fn what_is_written_on_a_profile_put_back_is_sealed_again_and_nothing_is_lost() {
    let relay = Relay::start("put-back", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    let phrase = start_centre(&mut desk);
    desk.ask(Command::SendNow).unwrap();
    let old = desk.store.clone();
    let lost = desk.make(Command::TakeReferral(referral(ContactKind::Supported)));
    desk.ask(Command::SendNow).unwrap();
    let mut again = Tablet::with_store("again", at("09:00"), None, old);
    again.unlock(&phrase).unwrap();
    let new = again.make(Command::TakeReferral(referral(ContactKind::Supervised)));
    again.signal(Some(&relay));
    for _ in 0..4 {
        again.ask(Command::SendNow).unwrap();
        again.pass(5_000);
    }
    assert_eq!(again.sync.unsent, 0, "{:?}", again.sync.items);
    assert_eq!(again.sync.set_aside, 0);
    for id in [lost, new] {
        let seen = again.look(Screen::Referral(id));
        assert!(matches!(seen, ScreenView::Referral(_)), "{seen:?}");
    }
}

/// A small centre with one misfortune.
fn suffers(plan: &Plan) {
    let outcome = run(&Plan {
        devices: 3,
        days: 2,
        acts: 6,
        trick: None,
        ..plan.clone()
    });
    assert_eq!(outcome.violations, []);
}

/// A team member's second key, of a kind that everybody writes, closed a session to all; a record under the name of
/// a family's file, in the team's channel, took its place on every desk; two changes under one number closed a visit.
#[test]
fn no_lie_of_a_member_wedges_a_colleague() {
    for lie in Lie::ALL {
        println!("{lie:?}");
        suffers(&Plan {
            misfortune: Some(Misfortune::Liar),
            lie: Some(lie),
            ..Plan::of_seed(15)
        });
    }
}

/// Seed 3: somebody who joined after a revocation could read nothing that was written before it.
#[test]
fn a_newcomer_after_a_revocation_reads_what_was_before() {
    suffers(&Plan {
        misfortune: Some(Misfortune::Revocation),
        ..Plan::of_seed(3)
    });
}
