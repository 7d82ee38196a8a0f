//! A tablet is lost: it is shut out from the desk, erases itself, and learns nothing that comes after.

use std::cell::Cell;

use neutral_ground::{
    domain::{contact::ContactKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        effect::Part,
        event::Event,
        form::PersonForm,
        storage::key::{Range, Table},
        view::{Done, Door, PersonView, RelayTrouble, ScreenView, TabletStanding, Trouble},
        wire::{Id, Wire},
    },
};
use sync_protocol::{ErrorCode, frame::failure::Failure};

use crate::{
    centre::{at, book, compare, enrol, family, phrase, referral, session, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
};

/// Whose keys a tablet is open with.
fn keys(tablet: &Tablet<'_>) -> (Id, Id) {
    let Door::Open(me) = &tablet.door else {
        panic!("expected to be in, found {:?}", tablet.door);
    };
    (me.member, me.device)
}

fn person(desk: &mut Tablet<'_>, member: Id) -> PersonView {
    let found = desk.look(Screen::Person(member));
    let ScreenView::Person(person) = found else {
        panic!("expected a person, found {found:?}");
    };
    person.clone()
}

/// What each tablet of a person is called, and whether it is in.
fn tablets(person: &PersonView) -> Vec<(&str, TabletStanding)> {
    let tablets = person.tablets.iter();
    let named = tablets.map(|tablet| {
        (
            tablet.known_as.as_ref().unwrap().0.as_str(),
            tablet.standing,
        )
    });
    named.collect()
}

/// What a tablet shows on which these keys were ended.
fn out(initials: &str) -> Door {
    Door::ShutOut(initials.to_owned())
}

fn rows(tablet: &Tablet<'_>) -> usize {
    let kept = Table::ALL.into_iter().filter(|table| *table != Table::Meta);
    let ranges: Vec<_> = kept.map(|table| (table, Range::All, Part::Keys)).collect();
    tablet.store.read(&ranges).iter().map(Vec::len).sum()
}

#[test]
fn it_erases_itself_at_the_next_contact_and_the_others_go_on_with_new_keys() {
    let relay = Relay::start("lost", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let joans_phrase = enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let mut amber = Tablet::new("amber", at("08:00"), Some(&relay));
    enrol(
        &mut desk,
        &mut amber,
        "Priya Nair",
        Role::Volunteer,
        "Amber",
    );
    let (joan, device) = keys(&teal);
    assert_eq!(
        tablets(&person(&mut desk, joan)),
        [("Teal", TabletStanding::In)]
    );
    let stolen = teal.store.clone();

    desk.ask(Command::ShutOut { device }).unwrap();
    assert_eq!(
        tablets(&person(&mut desk, joan)),
        [("Teal", TabletStanding::Out)]
    );
    session(&mut desk);
    desk.ask(Command::SendNow).unwrap();
    amber.ask(Command::SendNow).unwrap();
    assert!(amber.today().session.is_some(), "who stays reads on");

    teal.feed(Event::LiveClosed { refused: true });
    assert_eq!(teal.door, out("JT"));
    assert_eq!(rows(&teal), 0, "nothing of the centre is left");
    teal.switch_on(false);
    assert_eq!(teal.door, out("JT"), "it is said until it was read");
    teal.ask(Command::Lock).unwrap();
    assert_eq!(teal.door, Door::Empty);

    // A copy of its store, made before, is no better.
    let mut copy = Tablet::with_store("copy", at("09:00"), None, stolen);
    copy.unlock(&joans_phrase).unwrap();
    assert!(copy.today().session.is_none());
    copy.signal(Some(&relay));
    assert_eq!(copy.door, out("JT"));

    let mut plum = Tablet::new("plum", at("08:00"), Some(&relay));
    enrol(&mut desk, &mut plum, "Ines Moreau", Role::Volunteer, "Plum");
    plum.ask(Command::SendNow).unwrap();
    assert!(plum.today().session.is_some());
}

/// A way to a relay that says of everybody that they were shut out.
struct Slander<'r> {
    relay: &'r Relay,
    slanders: Cell<bool>,
}

impl Reach for Slander<'_> {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        if self.slanders.get() && path.ends_with("/pull") {
            let word = Failure {
                code: ErrorCode::Revoked,
                message: String::new(),
                challenge: None,
            };
            return (403, true, word.encode());
        }
        self.relay.post(path, authorization, body)
    }
}

#[test]
fn the_relays_word_alone_erases_nothing() {
    let relay = Relay::start("slander", at("08:00"));
    let way = Slander {
        relay: &relay,
        slanders: Cell::new(false),
    };
    let mut desk = Tablet::new("desk", at("08:00"), Some(&way));
    start_centre(&mut desk);
    desk.make(Command::TakeReferral(referral(ContactKind::Supported)));
    let held = rows(&desk);

    way.slanders.set(true);
    desk.ask(Command::SendNow).unwrap_err();
    assert_eq!(desk.sync.trouble, Some(RelayTrouble::Refused));
    assert!(matches!(desk.door, Door::Open(_)));
    assert!(rows(&desk) >= held);

    way.slanders.set(false);
    desk.ask(Command::SendNow).unwrap();
    assert_eq!((desk.sync.trouble, desk.sync.unsent), (None, 0));
}

#[test]
fn only_a_co_ordinator_shuts_out_and_never_the_tablet_in_their_hands() {
    let relay = Relay::start("who-may", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let (ruth, office) = keys(&desk);
    let (joan, device) = keys(&teal);

    let asked = teal.ask(Command::ShutOut { device: office });
    assert_eq!(asked, Err(Trouble::NotAllowed));
    assert_eq!(
        teal.look(Screen::Person(joan)),
        &ScreenView::NotFound,
        "nor does a volunteer see the list"
    );
    assert!(matches!(
        desk.ask(Command::ShutOut { device: office }),
        Err(Trouble::NotNow(_))
    ));
    assert_eq!(
        person(&mut desk, ruth).tablets[0].standing,
        TabletStanding::InHand
    );
    desk.ask(Command::ShutOut { device }).unwrap();
    assert!(matches!(
        desk.ask(Command::ShutOut { device }),
        Err(Trouble::NotNow(_))
    ));
}

#[test]
fn a_second_tablet_is_written_down_and_shut_out_alone() {
    let relay = Relay::start("second-tablet", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let (joan, lost) = keys(&teal);
    let form = PersonForm {
        member: Some(joan),
        ..PersonForm::default()
    };
    let Ok(Done::Invited { fragment, .. }) = desk.ask(Command::Invite(form)) else {
        panic!("expected an invite");
    };
    let mut phone = Tablet::new("phone", at("08:00"), Some(&relay));
    let asked = Command::Join {
        link: format!("https://centre.invalid/join#{fragment}"),
        phrase: phrase(&mut phone),
        tablet: "Joan's phone".to_owned(),
    };
    phone.ask(asked).unwrap();
    let invite = compare(&mut desk, &mut phone, "Joan Tibbs");
    let ScreenView::People(people) = desk.look(Screen::People).clone() else {
        panic!("expected the people");
    };
    assert_eq!(people.invites[0].tablet.as_deref(), Some("Joan's phone"));
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    phone.pass(8_000);
    assert_eq!(
        tablets(&person(&mut desk, joan)),
        [
            ("Teal", TabletStanding::In),
            ("Joan's phone", TabletStanding::In)
        ]
    );

    desk.ask(Command::ShutOut { device: lost }).unwrap();
    assert_eq!(
        tablets(&person(&mut desk, joan)),
        [
            ("Joan's phone", TabletStanding::In),
            ("Teal", TabletStanding::Out)
        ]
    );
    session(&mut desk);
    desk.ask(Command::SendNow).unwrap();
    phone.ask(Command::SendNow).unwrap();
    assert!(phone.today().session.is_some());
}

/// Amber, on which Joan and Priya have keys: the phrases and devices of both. Priya is in.
struct Shared<'r> {
    desk: Tablet<'r>,
    amber: Tablet<'r>,
    joan: (Id, Id),
    joans: String,
    priya: Id,
    priyas: String,
}

fn shared(relay: &Relay) -> Shared<'_> {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    start_centre(&mut desk);
    let mut amber = Tablet::new("amber", at("08:00"), Some(relay));
    let volunteer = Role::Volunteer;
    let joans = enrol(&mut desk, &mut amber, "Joan Tibbs", volunteer, "Amber");
    let joan = keys(&amber);
    amber.ask(Command::Lock).unwrap();
    desk.pass(30_000);
    let priyas = enrol(&mut desk, &mut amber, "Priya Nair", volunteer, "Amber");
    let (_, priya) = keys(&amber);
    Shared {
        desk,
        amber,
        joan,
        joans,
        priya,
        priyas,
    }
}

fn unlock(tablet: &mut Tablet<'_>, device: Id, phrase: &str) -> Result<Done, Trouble> {
    let phrase = phrase.to_owned();
    tablet.ask(Command::Unlock { device, phrase })
}

fn tiles(tablet: &Tablet<'_>) -> Vec<Id> {
    let Door::Locked { people, .. } = &tablet.door else {
        panic!("expected the tiles, found {:?}", tablet.door);
    };
    people.iter().map(|tile| tile.device).collect()
}

#[test]
fn on_a_shared_tablet_keys_go_as_soon_as_a_colleague_hears_of_it_and_the_others_stay() {
    let relay = Relay::start("shared-lost", at("08:00"));
    let Shared {
        mut desk,
        mut amber,
        joan: (_, device),
        priya,
        priyas,
        ..
    } = shared(&relay);
    desk.ask(Command::ShutOut { device }).unwrap();
    amber.ask(Command::SendNow).unwrap();
    assert!(matches!(amber.door, Door::Open(_)), "Priya goes on");
    let keyrings = vec![(Table::Keyrings, Range::All, Part::Keys)];
    assert_eq!(amber.store.read(&keyrings)[0].len(), 1);
    amber.ask(Command::Lock).unwrap();
    assert_eq!(amber.door, out("JT"));
    amber.ask(Command::Lock).unwrap();
    assert_eq!(tiles(&amber), [priya]);
    amber.signal(None);
    unlock(&mut amber, priya, &priyas).unwrap();
    assert!(matches!(amber.door, Door::Open(_)));
}

#[test]
fn what_was_written_before_its_author_was_out_is_sent_by_a_colleague_and_the_author_comes_back() {
    let relay = Relay::start("forgotten", at("08:00"));
    let Shared {
        mut desk,
        mut amber,
        joan: (joan, device),
        joans,
        priya,
        priyas,
    } = shared(&relay);
    let file = family(&mut desk, ContactKind::Supported);
    let day = session(&mut desk);
    let ScreenView::Session(view) = desk.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let visit = book(&mut desk, day, file, Some(view.rooms[0].0), None);
    desk.ask(Command::SendNow).unwrap();
    amber.ask(Command::SendNow).unwrap();
    amber.ask(Command::Lock).unwrap();
    amber.signal(None);
    unlock(&mut amber, device, &joans).unwrap();
    let what = Happening::Arrived(Wire(Side::Resident));
    amber.ask(Command::Record { visit, what }).unwrap();
    amber.ask(Command::Lock).unwrap();

    // She has forgotten her phrase, and is shut out before the tablet had signal again.
    desk.ask(Command::ShutOut { device }).unwrap();
    amber.signal(Some(&relay));
    unlock(&mut amber, priya, &priyas).unwrap();
    for _round in 0..3 {
        amber.ask(Command::SendNow).unwrap();
        amber.pass(5_000);
    }
    assert_eq!((amber.sync.unsent, amber.sync.refused), (0, 0));
    desk.ask(Command::SendNow).unwrap();
    assert!(desk.visit(visit).row.resident.arrived.is_some());

    amber.ask(Command::Lock).unwrap();
    amber.ask(Command::Lock).unwrap();
    let form = PersonForm {
        member: Some(joan),
        ..PersonForm::default()
    };
    let Ok(Done::Invited { fragment, .. }) = desk.ask(Command::Invite(form)) else {
        panic!("expected an invite");
    };
    let asked = Command::Join {
        link: format!("https://centre.invalid/join#{fragment}"),
        phrase: phrase(&mut amber),
        tablet: "Amber".to_owned(),
    };
    amber.ask(asked).unwrap();
    let invite = compare(&mut desk, &mut amber, "Joan Tibbs");
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    amber.pass(8_000);
    assert_eq!(keys(&amber).0, joan, "the same person, with new keys");
    assert!(amber.visit(visit).row.resident.arrived.is_some());
    amber.ask(Command::Lock).unwrap();
    assert_eq!(tiles(&amber).len(), 2);
}
