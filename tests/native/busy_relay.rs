//! A tablet that asks more often than the relay likes.

use neutral_ground::engine::{
    command::Command,
    view::{RelayTrouble, Trouble},
};

use crate::{
    centre::{at, start_centre},
    relay_process::Relay,
    tablet::Tablet,
};

/// More than the relay lets one device ask for at once, and some for the time that it takes.
const PRESSES: usize = 3_000;

#[test]
fn a_relay_that_asks_for_patience_is_not_said_to_refuse_the_tablet() {
    let relay = Relay::start("busy-relay", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut presses = (0..PRESSES).map(|_| desk.ask(Command::SendNow));
    let answer = presses.find_map(Result::err);
    let busy = Trouble::NoRelay(RelayTrouble::ServerError);
    assert_eq!(answer, Some(busy));
}
