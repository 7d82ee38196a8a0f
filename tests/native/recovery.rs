//! Every tablet is lost: two of three sheets let somebody in again, everybody sees it, and old sheets open nothing.

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        effect::Part,
        form::{FieldError, Problem, RebuildForm, SheetsForm},
        storage::key::{Range, Table},
        view::{Done, Door, PeopleView, RelayTrouble, ScreenView, TabletStanding, Trouble},
        wire::Id,
    },
};

use crate::{
    centre::{at, enrol, family, phrase, start_centre},
    relay_process::Relay,
    tablet::Tablet,
};

fn make_sheets(desk: &mut Tablet<'_>) -> [String; 3] {
    match desk.ask(Command::MakeSheets) {
        Ok(Done::Sheets(sheets)) => sheets,
        other => panic!("expected sheets, found {other:?}"),
    }
}

fn two(sheets: &[String; 3], one: usize, other: usize) -> SheetsForm {
    SheetsForm {
        one: sheets[one].clone(),
        other: sheets[other].clone(),
    }
}

fn rebuild(tablet: &mut Tablet<'_>, sheets: SheetsForm) -> Result<Done, Trouble> {
    let phrase = phrase(tablet);
    let form = RebuildForm {
        sheets,
        name: "Ann Marlowe".to_owned(),
        tablet: "New laptop".to_owned(),
    };
    tablet.ask(Command::Rebuild { form, phrase })
}

fn people(desk: &mut Tablet<'_>) -> PeopleView {
    let ScreenView::People(people) = desk.look(Screen::People) else {
        panic!("expected the people");
    };
    people.clone()
}

fn tablet_of(desk: &mut Tablet<'_>, member: Id) -> (Id, TabletStanding) {
    let ScreenView::Person(person) = desk.look(Screen::Person(member)) else {
        panic!("expected a person");
    };
    (person.tablets[0].device, person.tablets[0].standing)
}

fn families(desk: &mut Tablet<'_>) -> usize {
    let ScreenView::Families(families) = desk.look(Screen::Families) else {
        panic!("expected the families");
    };
    families.len()
}

fn fetch(tablet: &mut Tablet<'_>) {
    for _round in 0..3 {
        let _ = tablet.ask(Command::SendNow);
        tablet.pass(3_000);
    }
}

/// A centre with a family, a volunteer and sheets; every tablet of it is lost.
fn lost_centre(relay: &Relay) -> [String; 3] {
    let mut desk = Tablet::new("desk", at("08:00"), Some(relay));
    start_centre(&mut desk);
    family(&mut desk, ContactKind::Supervised);
    let mut teal = Tablet::new("teal", at("08:00"), Some(relay));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let sheets = make_sheets(&mut desk);
    // What comes after the sheets is theirs too.
    family(&mut desk, ContactKind::Supported);
    fetch(&mut desk);
    assert_eq!(desk.sync.unsent, 0);
    sheets
}

#[test]
fn any_two_sheets_open_the_centre_whose_tablets_are_all_lost() {
    for (one, other) in [(0, 1), (2, 0), (1, 2)] {
        let relay = Relay::start(&format!("lost-{one}{other}"), at("08:00"));
        let sheets = lost_centre(&relay);
        let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
        rebuild(&mut laptop, two(&sheets, one, other)).unwrap();
        fetch(&mut laptop);
        assert_eq!(families(&mut laptop), 2, "sheets {one} and {other}");
        let people = people(&mut laptop);
        let names: Vec<&str> = people.people.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Ann Marlowe", "Joan Tibbs", "Ruth Calder"]);
        assert!(people.sheets.used.is_some());
    }
}

#[test]
fn whoever_comes_in_lets_people_in_and_shuts_the_lost_tablets_out() {
    let relay = Relay::start("again", at("08:00"));
    let sheets = lost_centre(&relay);
    let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
    rebuild(&mut laptop, two(&sheets, 0, 2)).unwrap();
    fetch(&mut laptop);
    let ruth = people(&mut laptop)
        .people
        .into_iter()
        .find(|row| row.name == "Ruth Calder")
        .unwrap();
    let (device, standing) = tablet_of(&mut laptop, ruth.member);
    assert_eq!(standing, TabletStanding::In);
    laptop.ask(Command::ShutOut { device }).unwrap();
    assert_eq!(
        tablet_of(&mut laptop, ruth.member),
        (device, TabletStanding::Out)
    );
    let mut teal = Tablet::new("teal-2", at("09:00"), Some(&relay));
    enrol(
        &mut laptop,
        &mut teal,
        "Sam Okoro",
        Role::Volunteer,
        "Amber",
    );
}

#[test]
fn new_sheets_end_the_old_ones_and_one_of_each_opens_nothing() {
    let relay = Relay::start("replaced", at("08:00"));
    let old = lost_centre(&relay);
    let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
    rebuild(&mut laptop, two(&old, 0, 1)).unwrap();
    fetch(&mut laptop);
    let new = make_sheets(&mut laptop);
    assert!(
        people(&mut laptop).sheets.used.is_some(),
        "the old ones still open"
    );
    let tried = Command::TrySheets(two(&new, 0, 1));
    assert_eq!(laptop.ask(tried), Ok(Done::Saved));
    assert_eq!(people(&mut laptop).sheets.used, None);
    family(&mut laptop, ContactKind::Supervised);
    fetch(&mut laptop);

    let mut thief = Tablet::new("thief", at("10:00"), Some(&relay));
    for (sheets, whose) in [
        (two(&old, 0, 1), "the old ones"),
        (
            two(&[old[0].clone(), new[1].clone(), String::new()], 0, 1),
            "one of each",
        ),
    ] {
        let refused = rebuild(&mut thief, sheets);
        assert!(
            matches!(&refused, Err(Trouble::NotNow(why)) if why.contains("newer sheets")),
            "{whose}: {refused:?}"
        );
        assert_eq!(thief.door, Door::Empty);
    }
    rebuild(&mut thief, two(&new, 1, 2)).unwrap();
    fetch(&mut thief);
    assert_eq!(families(&mut thief), 3);
}

#[test]
fn the_use_of_sheets_is_seen_by_whoever_is_not_lost_after_all() {
    let relay = Relay::start("seen", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let sheets = make_sheets(&mut desk);
    assert_eq!(people(&mut desk).sheets.used, None);
    let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
    rebuild(&mut laptop, two(&sheets, 0, 1)).unwrap();
    fetch(&mut laptop);
    fetch(&mut desk);
    let sheets = people(&mut desk).sheets;
    assert!(sheets.used.is_some_and(|used| used >= at("09:00")));
    let names: Vec<String> = people(&mut desk)
        .people
        .into_iter()
        .map(|row| row.name)
        .collect();
    assert_eq!(names, ["Ann Marlowe", "Ruth Calder"]);
}

#[test]
fn sheets_that_were_tried_end_the_ones_before_and_until_then_both_open() {
    let relay = Relay::start("tried", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let old = make_sheets(&mut desk);
    assert_eq!(
        desk.ask(Command::TrySheets(two(&old, 2, 1))),
        Ok(Done::Saved)
    );
    let untried = make_sheets(&mut desk);
    let new = make_sheets(&mut desk);
    assert!(people(&mut desk).sheets.before.is_some());
    let answers = [(&untried, "replaced"), (&old, "newer ones were made since")];
    for (sheets, words) in answers {
        let refused = desk.ask(Command::TrySheets(two(sheets, 2, 1)));
        assert!(
            matches!(&refused, Err(Trouble::NotNow(why)) if why.contains(words)),
            "{words}: {refused:?}"
        );
    }
    assert_eq!(
        desk.ask(Command::TrySheets(two(&new, 0, 1))),
        Ok(Done::Saved)
    );
    let shown = people(&mut desk).sheets;
    assert_eq!((shown.before, shown.used), (None, None));
    let refused = desk.ask(Command::TrySheets(two(&old, 2, 1)));
    assert!(
        matches!(&refused, Err(Trouble::NotNow(why)) if why.contains("replaced")),
        "{refused:?}"
    );
}

#[test]
fn sheets_that_nobody_saw_leave_the_ones_before_in_force() {
    let relay = Relay::start("unseen", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let old = make_sheets(&mut desk);
    desk.signal(None);
    let unseen = desk.ask(Command::MakeSheets);
    assert_eq!(unseen, Err(Trouble::NoRelay(RelayTrouble::NoSignal)));
    desk.signal(Some(&relay));
    fetch(&mut desk);
    assert!(people(&mut desk).sheets.before.is_some());
    let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
    rebuild(&mut laptop, two(&old, 0, 1)).unwrap();
}

#[test]
fn what_is_wrong_with_a_sheet_is_said_beside_it() {
    let relay = Relay::start("mistyped", at("08:00"));
    let sheets = lost_centre(&relay);
    let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
    let errors = |laptop: &mut Tablet<'_>, sheets| match rebuild(laptop, sheets) {
        Err(Trouble::Form(errors)) => errors,
        other => panic!("expected errors, found {other:?}"),
    };
    let error = |field: &str, problem| {
        vec![FieldError {
            field: field.to_owned(),
            problem,
        }]
    };
    let same = errors(&mut laptop, two(&sheets, 1, 1));
    assert_eq!(same, error("sheet-other", Problem::SameSheet));
    let mut short = two(&sheets, 0, 1);
    short.one = short.one.rsplit_once(' ').unwrap().0.to_owned();
    let found = errors(&mut laptop, short);
    assert_eq!(
        found,
        error("sheet-one", Problem::SheetLength { found: 27 })
    );
    let mut blank = two(&sheets, 0, 1);
    blank.other = String::new();
    assert_eq!(
        errors(&mut laptop, blank),
        error("sheet-other", Problem::Missing)
    );
}

#[test]
fn without_signal_or_on_a_tablet_in_use_nothing_is_begun() {
    let relay = Relay::start("begun", at("08:00"));
    let sheets = lost_centre(&relay);
    let mut laptop = Tablet::new("laptop", at("09:00"), None);
    let refused = rebuild(&mut laptop, two(&sheets, 0, 1));
    assert_eq!(refused, Err(Trouble::NoRelay(RelayTrouble::NoSignal)));
    assert_eq!(laptop.door, Door::Empty);
    laptop.signal(Some(&relay));
    rebuild(&mut laptop, two(&sheets, 0, 1)).unwrap();
    laptop.ask(Command::Lock).unwrap();
    let again = rebuild(&mut laptop, two(&sheets, 0, 1));
    assert!(
        matches!(&again, Err(Trouble::NotNow(why)) if why.contains("in use")),
        "{again:?}"
    );
}

#[test]
fn nobody_but_a_co_ordinator_makes_or_tries_sheets() {
    let relay = Relay::start("permit", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    enrol(&mut desk, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    assert_eq!(teal.ask(Command::MakeSheets), Err(Trouble::NotAllowed));
    let sheets = make_sheets(&mut desk);
    let tried = teal.ask(Command::TrySheets(two(&sheets, 0, 1)));
    assert_eq!(tried, Err(Trouble::NotAllowed));
}

#[test]
fn no_word_of_the_secret_is_kept_on_the_tablet_that_made_or_used_the_sheets() {
    let relay = Relay::start("kept", at("08:00"));
    let mut desk = Tablet::new("desk", at("08:00"), Some(&relay));
    start_centre(&mut desk);
    let sheets = make_sheets(&mut desk);
    let mut laptop = Tablet::new("laptop", at("09:00"), Some(&relay));
    rebuild(&mut laptop, two(&sheets, 0, 1)).unwrap();
    fetch(&mut laptop);
    for tablet in [&desk, &laptop] {
        for table in Table::ALL {
            let rows = &tablet.store.read(&[(table, Range::All, Part::Rows)])[0];
            for (_, row) in rows {
                let text = String::from_utf8_lossy(row);
                for sheet in &sheets {
                    let start: String = sheet.split(' ').take(2).collect::<Vec<_>>().join(" ");
                    assert!(!text.contains(&start), "{table:?}");
                }
            }
        }
    }
}
