//! What somebody does is changed at the desk: keys and records follow, on every tablet, and nobody is left without.

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        effect::Part,
        form::PersonForm,
        storage::key::{Range, Table},
        view::{Done, Door, MeView, ScreenView, TabletStanding, Trouble},
        wire::{Id, Wire},
    },
};
use sync_protocol::{Channel, Ring};

use crate::{
    centre::{at, compare, enrol, family, link, phrase, referral, session, start_centre},
    relay_process::Relay,
    tablet::Tablet,
};

fn me<'t>(tablet: &'t Tablet<'_>) -> &'t MeView {
    let Door::Open(me) = &tablet.door else {
        panic!("expected to be in, found {:?}", tablet.door);
    };
    me
}

fn give(desk: &mut Tablet<'_>, member: Id, name: &str, roles: &[Role]) -> Result<Done, Trouble> {
    desk.look(Screen::Person(member));
    desk.ask(Command::ChangePerson(PersonForm {
        member: Some(member),
        name: name.to_owned(),
        roles: roles.iter().copied().map(Wire).collect(),
    }))
}

fn fetch(tablet: &mut Tablet<'_>) {
    for _round in 0..3 {
        let _ = tablet.ask(Command::SendNow);
        tablet.pass(3_000);
    }
}

fn families(tablet: &mut Tablet<'_>) -> Option<usize> {
    if let ScreenView::Families(families) = tablet.look(Screen::Families) {
        Some(families.len())
    } else {
        None
    }
}

/// Rows of the log in the office's channel.
fn office_rows(tablet: &Tablet<'_>) -> usize {
    let office = Range::channel(Channel::Ring(Ring::Office));
    tablet.store.read(&[(Table::Log, office, Part::Keys)])[0].len()
}

/// Ruth's desk with a family, and Joan, a volunteer, on Teal.
fn centre(relay: &Relay) -> (Tablet<'_>, Tablet<'_>, Id) {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    start_centre(&mut desk);
    family(&mut desk, ContactKind::Supervised);
    let mut teal = Tablet::new("teal", at("08:00"), Some(relay));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let joan = me(&teal).member;
    (desk, teal, joan)
}

const BOTH: [Role; 2] = [Role::Coordinator, Role::Volunteer];

#[test]
fn who_becomes_a_co_ordinator_reads_the_families_and_who_is_none_any_more_holds_nothing_of_them() {
    let relay = Relay::start("roles", at("08:00"));
    let (mut desk, mut teal, joan) = centre(&relay);
    assert_eq!((families(&mut teal), office_rows(&teal)), (None, 0));

    give(&mut desk, joan, "Joan Tibbs", &BOTH).unwrap();
    fetch(&mut teal);
    assert!(me(&teal).desk);
    assert_eq!(families(&mut teal), Some(1));
    teal.ask(Command::TakeReferral(referral(ContactKind::Supported)))
        .unwrap();

    give(&mut desk, joan, "Joan Tibbs-Penhale", &[Role::Volunteer]).unwrap();
    fetch(&mut teal);
    assert_eq!(me(&teal).name, "Joan Tibbs-Penhale");
    assert!(!me(&teal).desk);
    assert_eq!((families(&mut teal), office_rows(&teal)), (None, 0));
    session(&mut desk);
    family(&mut desk, ContactKind::Supported);
    desk.ask(Command::SendNow).unwrap();
    fetch(&mut teal);
    assert!(teal.today().session.is_some(), "the day is still theirs");
    assert_eq!(office_rows(&teal), 0);

    give(&mut desk, joan, "Joan Tibbs", &BOTH).unwrap();
    fetch(&mut teal);
    assert_eq!(families(&mut teal), Some(2), "also what came between");
}

#[test]
fn what_was_written_without_signal_before_the_change_was_heard_of_is_not_lost() {
    let relay = Relay::start("late", at("08:00"));
    let (mut desk, mut teal, joan) = centre(&relay);
    give(&mut desk, joan, "Joan Tibbs", &BOTH).unwrap();
    fetch(&mut teal);
    teal.signal(None);
    teal.ask(Command::TakeReferral(referral(ContactKind::Supported)))
        .unwrap();

    give(&mut desk, joan, "Joan Tibbs", &[Role::Volunteer]).unwrap();
    teal.signal(Some(&relay));
    fetch(&mut teal);
    assert_eq!(teal.sync.unsent, 0);
    assert_eq!(office_rows(&teal), 0);
    fetch(&mut desk);
    let ScreenView::Referrals(referrals) = desk.look(Screen::Referrals) else {
        panic!("expected the referrals");
    };
    assert_eq!(referrals.len(), 2);
}

#[test]
fn who_has_left_is_out_on_every_tablet_and_may_come_back() {
    let relay = Relay::start("left", at("08:00"));
    let (mut desk, mut teal, joan) = centre(&relay);
    desk.look(Screen::Person(joan));
    desk.ask(Command::HasLeft { member: joan }).unwrap();
    let ScreenView::Person(person) = desk.look(Screen::Person(joan)).clone() else {
        panic!("expected Joan");
    };
    assert!(person.row.roles.is_empty());
    assert_eq!(person.tablets[0].standing, TabletStanding::Out);
    desk.ask(Command::HasLeft { member: joan }).unwrap();
    let _ = teal.ask(Command::SendNow);
    assert_eq!(teal.door, Door::ShutOut("JT".to_owned()));
    teal.ask(Command::Lock).unwrap();
    assert_eq!(teal.door, Door::Empty);

    give(&mut desk, joan, "Joan Tibbs", &[Role::Volunteer]).unwrap();
    let form = PersonForm {
        member: Some(joan),
        ..PersonForm::default()
    };
    let Ok(Done::Invited { fragment, .. }) = desk.ask(Command::Invite(form)) else {
        panic!("expected an invite");
    };
    let asked = Command::Join {
        link: format!("https://centre.invalid/join#{fragment}"),
        phrase: phrase(&mut teal),
        tablet: "Teal".to_owned(),
    };
    teal.ask(asked).unwrap();
    let invite = compare(&mut desk, &mut teal, "Joan Tibbs");
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    teal.pass(8_000);
    assert_eq!(me(&teal).member, joan, "the same person");
}

#[test]
fn nobody_changes_their_own_roles_nor_does_a_volunteer_change_anybodys() {
    let relay = Relay::start("own", at("08:00"));
    let (mut desk, mut teal, joan) = centre(&relay);
    let ruth = me(&desk).member;
    let name = me(&desk).name.clone();
    for asked in [
        give(&mut desk, ruth, &name, &[Role::Volunteer]),
        desk.ask(Command::HasLeft { member: ruth }),
    ] {
        assert!(matches!(asked, Err(Trouble::NotNow(_))), "{asked:?}");
    }
    give(&mut desk, ruth, "Ruth Penhale-Moor", &[Role::Coordinator]).unwrap();
    assert_eq!(me(&desk).name, "Ruth Penhale-Moor", "a name is one's own");
    for member in [ruth, joan] {
        let asked = give(&mut teal, member, "Joan Tibbs", &BOTH);
        assert_eq!(asked, Err(Trouble::NotAllowed));
        let asked = teal.ask(Command::HasLeft { member });
        assert_eq!(asked, Err(Trouble::NotAllowed));
    }
    let asked = give(&mut desk, joan, " ", &[]);
    let Err(Trouble::Form(errors)) = asked else {
        panic!("expected the form to be refused, found {asked:?}");
    };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["person-name", "person-roles"]);
}

#[test]
fn of_two_co_ordinators_who_take_each_others_roles_one_is_left() {
    let relay = Relay::start("both", at("08:00"));
    let (mut desk, mut teal, joan) = centre(&relay);
    let (ruth, name) = (me(&desk).member, me(&desk).name.clone());
    give(&mut desk, joan, "Joan Tibbs", &BOTH).unwrap();
    fetch(&mut teal);
    teal.ask(Command::SendNow).unwrap();

    give(&mut desk, joan, "Joan Tibbs", &[Role::Volunteer]).unwrap();
    let asked = give(&mut teal, ruth, &name, &[Role::Volunteer]);
    assert!(asked.is_err(), "{asked:?}");
    fetch(&mut teal);
    let asked = give(&mut teal, ruth, &name, &[Role::Volunteer]);
    assert_eq!(asked, Err(Trouble::NotAllowed));
    fetch(&mut desk);
    assert!(me(&desk).desk);
}

#[test]
fn a_shared_tablet_keeps_the_families_for_as_long_as_somebody_on_it_may_read_them() {
    let relay = Relay::start("shared-roles", at("08:00"));
    let (mut desk, mut amber, joan) = centre(&relay);
    give(&mut desk, joan, "Joan Tibbs", &BOTH).unwrap();
    fetch(&mut amber);
    assert!(office_rows(&amber) > 0);
    amber.ask(Command::Lock).unwrap();
    let words = phrase(&mut amber);
    let asked = Command::Join {
        link: link(&mut desk, "Priya Nair", Role::Volunteer),
        phrase: words.clone(),
        tablet: "Amber".to_owned(),
    };
    amber.ask(asked).unwrap();
    let invite = compare(&mut desk, &mut amber, "Priya Nair");
    desk.ask(Command::ApproveDevice { invite }).unwrap();
    amber.pass(8_000);
    assert_eq!(me(&amber).name, "Priya Nair");
    assert!(office_rows(&amber) > 0, "they are Joan's to read");

    give(&mut desk, joan, "Joan Tibbs", &[Role::Volunteer]).unwrap();
    fetch(&mut amber);
    assert_eq!(office_rows(&amber), 0, "nobody's any more");
}
