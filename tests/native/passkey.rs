//! A second way to unlock beside the four words: what this device's lock gives opens the same keyring.

use neutral_ground::{
    domain::worker::Role,
    engine::{
        command::{Command, Screen},
        crypto::{key::PasskeySecret, keyring::Passkey},
        effect::{Batch, Part, Write},
        event::Event,
        storage::key::{Key, Range, Table},
        view::{Done, Door, StorageTrouble, Trouble},
        wire::Id,
    },
};

use crate::{
    centre::{at, enrol, start_centre},
    relay_process::Relay,
    tablet::Tablet,
};

const PIN: &str = "402918";

fn passkey(name: u8) -> Passkey {
    Passkey {
        credential: vec![name; 20],
        salt: vec![name; 32],
    }
}

fn secret(number: u8) -> PasskeySecret {
    PasskeySecret::from_bytes([number; 32])
}

fn add(tablet: &mut Tablet<'_>, number: u8) -> Result<Done, Trouble> {
    tablet.ask(Command::AddPasskey {
        passkey: passkey(number),
        secret: secret(number),
    })
}

fn unlock(tablet: &mut Tablet<'_>, device: Id, number: u8) -> Result<Done, Trouble> {
    let secret = secret(number);
    tablet.ask(Command::UnlockWithPasskey { device, secret })
}

/// Who is in, and with which passkey they could have come.
fn inside(tablet: &Tablet<'_>) -> (Id, Option<Passkey>) {
    let Door::Open(me) = &tablet.door else {
        panic!("expected to be in, found {:?}", tablet.door);
    };
    (me.device, me.passkey.clone())
}

/// The passkeys on the tiles.
fn tiles(tablet: &Tablet<'_>) -> Vec<Option<Passkey>> {
    let Door::Locked { people, .. } = &tablet.door else {
        panic!("expected to be locked, found {:?}", tablet.door);
    };
    people.iter().map(|tile| tile.passkey.clone()).collect()
}

/// The rows that a passkey opens.
fn wraps(tablet: &Tablet<'_>) -> Vec<(Key, Vec<u8>)> {
    let ranges = [(Table::Meta, Range::passkeys(), Part::Rows)];
    tablet.store.read(&ranges).remove(0)
}

/// A desk with this device's lock added, switched off and on again without signal.
fn started_again() -> (Tablet<'static>, Id, String) {
    let mut desk = Tablet::new("desk", at("08:00"), None);
    let phrase = start_centre(&mut desk);
    assert_eq!(inside(&desk).1, None, "nobody has one who did not ask");
    add(&mut desk, 1).unwrap();
    let (device, added) = inside(&desk);
    assert_eq!(added, Some(passkey(1)));
    desk.switch_on(false);
    assert_eq!(tiles(&desk), [Some(passkey(1))]);
    (desk, device, phrase)
}

#[test]
fn it_opens_a_tablet_from_cold_without_signal_and_the_words_go_on_to() {
    let (mut desk, device, phrase) = started_again();
    unlock(&mut desk, device, 1).unwrap();
    assert_eq!(inside(&desk), (device, Some(passkey(1))));
    desk.look(Screen::Work);
    desk.switch_on(false);
    desk.unlock(&phrase).unwrap();
    assert_eq!(inside(&desk), (device, Some(passkey(1))));
}

#[test]
fn another_secret_opens_nothing_however_often_and_wipes_nothing() {
    let (mut desk, device, phrase) = started_again();
    for _ in 0..20 {
        assert_eq!(unlock(&mut desk, device, 2), Err(Trouble::WrongPasskey));
    }
    let nobody = Id([9; 16]);
    assert_eq!(unlock(&mut desk, nobody, 1), Err(Trouble::WrongPasskey));
    assert_eq!(tiles(&desk), [Some(passkey(1))]);
    unlock(&mut desk, device, 1).unwrap();
    desk.switch_on(false);
    desk.unlock(&phrase).unwrap();
}

#[test]
fn it_counts_like_the_phrase_for_the_pin_that_follows() {
    let (mut desk, device, _) = started_again();
    unlock(&mut desk, device, 1).unwrap();
    let pin = PIN.to_owned();
    desk.ask(Command::ChoosePin { pin }).unwrap();
    desk.ask(Command::Lock).unwrap();
    let pin = PIN.to_owned();
    desk.ask(Command::UnlockWithPin { device, pin }).unwrap();
    desk.ask(Command::Lock).unwrap();
    // Whoever rests may as well touch the device's lock.
    unlock(&mut desk, device, 1).unwrap();
    assert_eq!(inside(&desk).0, device);
}

#[test]
fn a_command_sent_before_the_store_is_read_waits_for_it() {
    let (desk, device, _) = started_again();
    let mut early = Tablet::with_store("early", desk.now, None, desk.store);
    early.replica = neutral_ground::engine::replica::Replica::default();
    let secret = secret(1);
    let id = early.tell(Command::UnlockWithPasskey { device, secret });
    assert_eq!(early.answer(id), None);
    early.feed(Event::Opened { made_up: false });
    assert_eq!(early.answer(id), Some(Ok(Done::Saved)));
    assert_eq!(inside(&early).0, device);
}

#[test]
fn taken_away_it_is_gone_from_the_store_and_another_takes_its_place() {
    let (mut desk, device, phrase) = started_again();
    unlock(&mut desk, device, 1).unwrap();
    add(&mut desk, 2).unwrap();
    assert_eq!(wraps(&desk).len(), 1, "one a person and tablet");
    desk.switch_on(false);
    assert_eq!(unlock(&mut desk, device, 1), Err(Trouble::WrongPasskey));
    unlock(&mut desk, device, 2).unwrap();
    desk.ask(Command::RemovePasskey).unwrap();
    assert_eq!(inside(&desk).1, None);
    assert_eq!(wraps(&desk), []);
    desk.switch_on(false);
    assert_eq!(tiles(&desk), [None]);
    assert_eq!(unlock(&mut desk, device, 2), Err(Trouble::WrongPasskey));
    desk.unlock(&phrase).unwrap();
}

#[test]
fn a_full_tablet_says_so_and_neither_adds_nor_forgets() {
    let mut desk = Tablet::new("desk", at("08:00"), None);
    let phrase = start_centre(&mut desk);
    let full = Err(Trouble::Storage(StorageTrouble::Full));
    desk.full = true;
    assert_eq!(add(&mut desk, 1), full);
    assert_eq!(inside(&desk).1, None, "memory does not run ahead of it");
    desk.full = false;
    add(&mut desk, 2).unwrap();
    let before = wraps(&desk);
    desk.full = true;
    assert_eq!(add(&mut desk, 3), full);
    assert_eq!(desk.ask(Command::RemovePasskey), full);
    assert_eq!(inside(&desk).1, Some(passkey(2)));
    assert_eq!(wraps(&desk), before);
    desk.full = false;
    desk.switch_on(false);
    desk.unlock(&phrase).unwrap();
}

#[test]
fn a_damaged_row_leaves_the_words() {
    let (desk, device, phrase) = started_again();
    let (key, row) = wraps(&desk).remove(0);
    for at in 0..row.len() {
        let mut damaged = row.clone();
        damaged[at] ^= 1;
        let mut store = desk.store.clone();
        store.commit(&Batch {
            id: 0,
            generation: 0,
            writes: vec![Write::Put(Table::Meta, key.clone(), damaged)],
        });
        let mut tablet = Tablet::with_store("damaged", desk.now, None, store);
        assert_eq!(unlock(&mut tablet, device, 1), Err(Trouble::WrongPasskey));
        if at % 40 == 0 {
            tablet.unlock(&phrase).unwrap();
        }
    }
}

/// Amber, with Joan and Priya on it, each with a passkey of their own; and the desk that let them in.
fn shared(relay: &Relay) -> (Tablet<'_>, Tablet<'_>, [Id; 2]) {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    start_centre(&mut desk);
    let mut amber = Tablet::new("amber", at("08:00"), Some(relay));
    let people = [("Joan Tibbs", 1), ("Priya Nair", 2)].map(|(name, number)| {
        enrol(&mut desk, &mut amber, name, Role::Volunteer, "Amber");
        add(&mut amber, number).unwrap();
        let (device, _) = inside(&amber);
        amber.ask(Command::Lock).unwrap();
        desk.pass(30_000);
        device
    });
    (desk, amber, people)
}

#[test]
fn on_a_shared_tablet_each_opens_their_own_and_the_shut_out_lose_theirs() {
    let relay = Relay::start("passkeys", at("08:00"));
    let (mut desk, mut amber, [joan, priya]) = shared(&relay);
    assert_eq!(unlock(&mut amber, joan, 2), Err(Trouble::WrongPasskey));
    assert_eq!(unlock(&mut amber, priya, 1), Err(Trouble::WrongPasskey));
    for (device, number) in [(joan, 1), (priya, 2)] {
        unlock(&mut amber, device, number).unwrap();
        assert_eq!(inside(&amber), (device, Some(passkey(number))));
        amber.ask(Command::Lock).unwrap();
    }

    // A colleague hears it.
    desk.ask(Command::ShutOut { device: joan }).unwrap();
    unlock(&mut amber, priya, 2).unwrap();
    amber.ask(Command::SendNow).unwrap();
    let keys: Vec<_> = wraps(&amber).into_iter().map(|(key, _)| key).collect();
    let hers = sync_protocol::DeviceId::from_bytes(priya.0);
    assert_eq!(keys, [Key::passkey(hers)], "hers stays, Joan's is erased");

    // Whoever is shut out hears it.
    desk.ask(Command::ShutOut { device: priya }).unwrap();
    amber.feed(Event::LiveClosed { refused: true });
    assert_eq!(wraps(&amber), []);
    amber.ask(Command::Lock).unwrap();
    assert_eq!(amber.door, Door::Empty);
}

#[test]
fn a_wrap_put_in_a_colleagues_place_opens_nothing() {
    let relay = Relay::start("swapped-passkeys", at("08:00"));
    let (_, amber, [joan, priya]) = shared(&relay);
    let rows = wraps(&amber);
    let mut store = amber.store.clone();
    let swapped = rows.iter().zip(rows.iter().rev());
    let writes =
        swapped.map(|((key, _), (_, row))| Write::Put(Table::Meta, key.clone(), row.clone()));
    store.commit(&Batch {
        id: 0,
        generation: 0,
        writes: writes.collect(),
    });
    let mut copy = Tablet::with_store("copy", amber.now, None, store);
    for device in [joan, priya] {
        for number in [1, 2] {
            let refused = Err(Trouble::WrongPasskey);
            assert_eq!(unlock(&mut copy, device, number), refused);
        }
    }
}
