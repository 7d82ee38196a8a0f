//! One person with two tablets: what they did on one is not hidden by what they did on the other.

use neutral_ground::{
    domain::{contact::ContactKind, note::EntryKind},
    engine::{
        command::{Command, Screen},
        form::PersonForm,
        view::{Badge, Done, Door, NoteState, ScreenView},
        wire::{Id, Wire},
    },
};

use crate::{
    centre::{at, book, family, phrase, session, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
};

/// A person's second tablet, let in by the first.
pub(crate) fn join<'r>(desk: &mut Tablet<'r>, relay: &'r dyn Reach, name: &str) -> Tablet<'r> {
    let Door::Open(me) = desk.door.clone() else {
        panic!("expected to be in");
    };
    let form = PersonForm {
        member: Some(me.member),
        ..PersonForm::default()
    };
    let Ok(Done::Invited { fragment, .. }) = desk.ask(Command::Invite(form)) else {
        panic!("expected an invite");
    };
    let mut second = Tablet::new(name, at("08:00"), Some(relay));
    let join = Command::Join {
        link: format!("https://centre.invalid/join#{fragment}"),
        phrase: phrase(&mut second),
        tablet: "Office".to_owned(),
    };
    second.ask(join).unwrap();
    desk.pass(4_000);
    second.pass(4_000);
    desk.pass(4_000);
    let ScreenView::People(people) = desk.look(Screen::People) else {
        panic!("expected the people");
    };
    let invite = people.invites[0].id;
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    desk.ask(Command::SendNow).unwrap();
    second.pass(8_000);
    second
}

pub(crate) fn write(tablet: &mut Tablet<'_>, visit: Id, entry: Id, text: &str) {
    let typed = Command::TypeEntry {
        visit,
        entry,
        kind: Wire(EntryKind::Observed),
        occurred_at: tablet.now,
        speaker: String::new(),
        text: text.to_owned(),
    };
    tablet.ask(typed).unwrap();
}

#[test]
fn a_note_begun_on_two_tablets_out_of_touch_shows_every_entry_on_both() {
    let relay = Relay::start("two-tablets", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut office = join(&mut desk, &relay, "second");
    let kind = ContactKind::Supervised;
    let (file, day) = (family(&mut desk, kind), session(&mut desk));
    let Door::Open(me) = desk.door.clone() else {
        panic!("expected to be in");
    };
    let ScreenView::Session(view) = desk.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let visit = book(&mut desk, day, file, Some(view.rooms[0].0), Some(me.member));
    desk.ask(Command::SendNow).unwrap();
    office.ask(Command::SendNow).unwrap();

    desk.signal(None);
    office.signal(None);
    let (first, second) = (Id([1; 16]), Id([2; 16]));
    write(&mut desk, visit, first, "on the desk");
    desk.ask(Command::FinishEntry {
        visit,
        entry: first,
    })
    .unwrap();
    office.pass(60_000);
    write(&mut office, visit, second, "in the off");
    desk.signal(Some(&relay));
    office.signal(Some(&relay));
    for _twice in 0..3 {
        desk.ask(Command::SendNow).unwrap();
        office.ask(Command::SendNow).unwrap();
    }

    write(&mut office, visit, second, "in the office");
    office
        .ask(Command::FinishEntry {
            visit,
            entry: second,
        })
        .unwrap();
    for _twice in 0..3 {
        desk.ask(Command::SendNow).unwrap();
        office.ask(Command::SendNow).unwrap();
    }
    for tablet in [&mut desk, &mut office] {
        let view = tablet.visit(visit);
        let note = view.note.expect("its author reads it");
        let texts: Vec<&str> = note
            .entries
            .iter()
            .map(|entry| entry.text.as_str())
            .collect();
        assert_eq!(texts, ["on the desk", "in the office"]);
        assert_eq!(view.row.note, NoteState::Mine { entries: 2 });
        assert_eq!(note.badge, Badge::Elsewhere);
    }
}
