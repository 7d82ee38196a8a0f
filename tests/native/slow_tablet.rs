//! A tablet that takes its time over a guess: its phrase costs what it can bear, never less than the floor.

use std::cell::Cell;

use neutral_ground::engine::{
    command::Command,
    crypto::passphrase::{self, KdfParams, Phrase},
    effect::Part,
    storage::key::{Range, Table},
    view::Door,
};

use crate::{
    centre::{at, start_centre},
    simulator::keys::keyring_in,
    tablet::Tablet,
};

/// What the phrase of a first co-ordinator costs to guess, on a tablet that takes so long over a guess.
fn cost(guess_ms: i64) -> (u32, u32) {
    let mut tablet = Tablet::new("slow", at("08:00"), None);
    tablet.guess_ms = guess_ms;
    let words = start_centre(&mut tablet);
    let row = tablet
        .store
        .read(&[(Table::Keyrings, Range::All, Part::Rows)])
        .remove(0)
        .remove(0);
    let found = Cell::new(None);
    keyring_in(&row.1, |wrap| {
        found.set(Some(wrap.params()));
        let phrase = Phrase::parse(&words).unwrap();
        passphrase::derive(&phrase, wrap.unlock_salt(), KdfParams::FLOOR).unwrap()
    });
    tablet.ask(Command::Lock).unwrap();
    tablet.unlock(&words).unwrap();
    assert!(matches!(tablet.door, Door::Open(_)));
    let params = found.get().unwrap();
    (params.memory_kib() / 1024, params.passes())
}

#[test]
fn a_phrase_costs_what_the_tablet_can_bear_and_never_less_than_the_floor() {
    let table = [
        (0, (64, 3)),
        (300, (64, 3)),
        (1_000, (64, 3)),
        (1_400, (64, 2)),
        (1_900, (32, 3)),
        (2_900, (32, 2)),
        (4_000, (19, 2)),
        (60_000, (19, 2)),
    ];
    for (guess_ms, expected) in table {
        assert_eq!(cost(guess_ms), expected, "{guess_ms} ms");
    }
}
