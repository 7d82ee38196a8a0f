//! Joining a centre while things go wrong.

use neutral_ground::{
    domain::worker::Role,
    engine::{
        command::Command,
        view::{Door, StorageTrouble, Trouble},
    },
};

use crate::{
    centre::{at, compare, link, phrase, start_centre},
    relay_process::Relay,
    tablet::Tablet,
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
