//! One row of a tablet's store is damaged: nothing wrong is shown, and what it held comes back from the relay.

use neutral_ground::{
    domain::{contact::ContactKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        effect::{Batch, Part, Write},
        storage::{
            key::{Key, Range, Table},
            memory::MemoryStore,
        },
        view::{Door, NoteView, ScreenView},
        wire::{Id, Wire},
    },
};

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
    two_tablets::write,
};

type Damage = fn(&mut Vec<u8>);

const CUT_SHORT: Damage = |row| row.truncate(10);
const MIDDLE_BYTE: Damage = |row| {
    let middle = row.len() / 2;
    row[middle] ^= 1;
};
const LAST_BYTE: Damage = |row| *row.last_mut().unwrap() ^= 1;
const FIRST_BYTE: Damage = |row| row[0] ^= 1;

/// Tables of which the tablet has another source, and what befalls each of their rows.
const CASES: [(Table, &[Damage]); 5] = [
    (Table::Log, &[CUT_SHORT, FIRST_BYTE, MIDDLE_BYTE, LAST_BYTE]),
    (Table::Index, &[CUT_SHORT, MIDDLE_BYTE]),
    (Table::Tips, &[CUT_SHORT]),
    (Table::Heads, &[CUT_SHORT]),
    (Table::Streams, &[CUT_SHORT]),
];

/// A desk that has read what a colleague recorded and has written a note of its own, all of it sent.
struct Centre {
    store: MemoryStore,
    phrase: String,
    screens: Vec<Screen>,
    visit: Id,
    later: i64,
}

fn centre(relay: &dyn Reach) -> Centre {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    let phrase = start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(relay));
    enrol(&mut desk, &mut teal, "Priya Nair", Role::Volunteer, "Teal");
    let (file, day) = (
        family(&mut desk, ContactKind::Supervised),
        session(&mut desk),
    );
    let me = me(&desk);
    let ScreenView::Session(view) = desk.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let visit = book(&mut desk, day, file, Some(view.rooms[0].0), Some(me));
    desk.ask(Command::SendNow).unwrap();
    teal.ask(Command::SendNow).unwrap();
    teal.look(Screen::Today);
    for side in [Side::Visiting, Side::Resident] {
        let what = Happening::Arrived(Wire(side));
        teal.ask(Command::Record { visit, what }).unwrap();
    }
    teal.ask(Command::SendNow).unwrap();
    desk.ask(Command::SendNow).unwrap();
    desk.look(Screen::Visit(visit));
    write(&mut desk, visit, Id([7; 16]), "Mia showed her dad the boat");
    desk.pass(10_000);
    desk.ask(Command::SendNow).unwrap();
    desk.look(Screen::Nothing);
    Centre {
        store: desk.store,
        phrase,
        screens: vec![
            Screen::Today,
            Screen::Visit(visit),
            Screen::Families,
            Screen::Family(file),
            Screen::Sessions,
            Screen::Session(day),
            Screen::People,
            Screen::Centre,
        ],
        visit,
        later: desk.now,
    }
}

fn me(desk: &Tablet<'_>) -> Id {
    let Door::Open(me) = &desk.door else {
        panic!("expected to be in");
    };
    me.member
}

impl Centre {
    fn unlocked<'r>(&self, name: &str, store: MemoryStore) -> Tablet<'r> {
        let mut tablet = Tablet::with_store(name, self.later, None, store);
        tablet.unlock(&self.phrase).unwrap();
        tablet
    }

    fn seen(&self, tablet: &mut Tablet<'_>) -> Vec<ScreenView> {
        let screens = self.screens.iter();
        screens.map(|screen| tablet.look(*screen).clone()).collect()
    }
}

fn is_told_of(tablet: &mut Tablet<'_>) -> bool {
    let ScreenView::Diagnostics(details) = tablet.look(Screen::Diagnostics) else {
        panic!("expected diagnostics");
    };
    !details.set_aside.is_empty()
}

#[test]
fn a_damaged_row_hides_nothing_in_silence_and_is_mended_with_the_next_signal() {
    let relay = Relay::start("damaged", at("08:00"));
    let centre = centre(&relay);
    let whole = centre.seen(&mut centre.unlocked("whole", centre.store.clone()));
    for (table, damages) in CASES {
        let rows = centre.store.read(&[(table, Range::All, Part::Rows)]);
        assert!(!rows[0].is_empty(), "{table:?} has rows");
        for (key, row) in &rows[0] {
            for (number, damage) in damages.iter().enumerate() {
                let says = format!("{table:?} {key:?}, damage {number}");
                let mut store = centre.store.clone();
                let mut row = row.clone();
                damage(&mut row);
                put(&mut store, table, key, row);
                let mut tablet = centre.unlocked(&says, store);
                let shown = centre.seen(&mut tablet);
                assert!(
                    shown == whole || is_told_of(&mut tablet),
                    "{says}: offline something is missing, and nothing says so"
                );
                if let (ScreenView::Visit(found), ScreenView::Visit(whole)) =
                    (tablet.look(Screen::Visit(centre.visit)), &whole[1])
                {
                    assert_eq!(found.history, whole.history, "{says}: a part of the day");
                    let draft =
                        |note: &NoteView| note.draft.as_ref().map(|draft| draft.text.clone());
                    let (found, whole) = (found.note.as_ref(), whole.note.as_ref());
                    let (found, whole) = (found.and_then(draft), whole.and_then(draft));
                    assert!(
                        found.is_none() || found == whole,
                        "{says}: a part of the note"
                    );
                }

                tablet.signal(Some(&relay));
                tablet.pass(10_000);
                tablet.ask(Command::SendNow).unwrap();
                assert_eq!(tablet.sync.unsent, 0, "{says}");
                assert_eq!(centre.seen(&mut tablet), whole, "{says}: with signal");
                assert!(!is_told_of(&mut tablet), "{says}");
                let mut tablet = centre.unlocked(&says, tablet.store);
                assert_eq!(centre.seen(&mut tablet), whole, "{says}: started again");
            }
        }
    }
}

#[test]
fn what_a_damaged_row_of_the_outbox_held_is_sent_all_the_same() {
    let relay = Relay::start("damaged-outbox", at("08:00"));
    let centre = centre(&relay);
    let mut desk = centre.unlocked("desk again", centre.store.clone());
    let what = Happening::HandedToVisiting;
    let visit = centre.visit;
    desk.look(Screen::Visit(visit));
    desk.ask(Command::Record { visit, what }).unwrap();
    desk.pass(10_000);
    let rows = desk.store.read(&[(Table::Outbox, Range::All, Part::Rows)]);
    let (key, row) = rows[0][0].clone();
    put(&mut desk.store, Table::Outbox, &key, row[..10].to_vec());
    let expected = desk.look(Screen::Visit(visit)).clone();

    let mut desk = centre.unlocked("damaged outbox", desk.store);
    assert!(desk.sync.unsent > 0, "it does not claim that all is sent");
    desk.signal(Some(&relay));
    desk.pass(30_000);
    desk.ask(Command::SendNow).unwrap();
    assert_eq!(desk.sync.unsent, 0);
    let mut other = centre.unlocked("other", centre.store.clone());
    other.signal(Some(&relay));
    other.ask(Command::SendNow).unwrap();
    let (ScreenView::Visit(expected), ScreenView::Visit(found)) =
        (&expected, other.look(Screen::Visit(visit)))
    else {
        panic!("expected two visits");
    };
    assert_eq!(found.history, expected.history);
}

fn put(store: &mut MemoryStore, table: Table, key: &Key, row: Vec<u8>) {
    store.commit(&Batch {
        id: 0,
        generation: 0,
        writes: vec![Write::Put(table, key.clone(), row)],
    });
}
