//! The centre, sessions, visits, invites.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{errors, named, today};
use crate::{
    domain::{
        ids::{MemberId, RoomId},
        worker::Role,
    },
    engine::{
        form::{
            CentreForm, PersonForm, Problem, RoomForm, SessionForm, VisitForm,
            parse::{Invitee, PersonDraft},
        },
        wire::{Id, Wire},
    },
};

fn room(name: &str) -> RoomForm {
    RoomForm {
        id: None,
        name: name.to_owned(),
    }
}

#[test]
fn a_centre_leaves_blank_rooms_out_and_names_the_bad_one() {
    let form = CentreForm {
        name: "Saltmere".to_owned(),
        venue: "St Brannock's Hall".to_owned(),
        rooms: ["Blue room", " ", "Garden"].map(room).to_vec(),
        ..CentreForm::default()
    };
    assert_eq!(form.parse().unwrap().rooms.len(), 2);
    assert_eq!(
        errors(form.parse_start()),
        named(&[
            ("coordinator-name", Problem::Missing),
            ("tablet-name", Problem::Missing)
        ]),
    );
    let started = CentreForm {
        coordinator: "Ruth Hale".into(),
        tablet: "Desk".into(),
        ..form.clone()
    };
    let started = started.parse_start().unwrap();
    assert_eq!(started.coordinator.as_str(), "Ruth Hale");
    assert_eq!(started.tablet.as_str(), "Desk");
    let bad = CentreForm {
        rooms: vec![room("Blue"), room(&"x".repeat(121))],
        ..form
    };
    assert_eq!(
        errors(bad.parse()),
        named(&[("room-1", Problem::TooLong { max: 120 })])
    );
    assert_eq!(
        errors(CentreForm::default().parse()),
        named(&[
            ("centre-name", Problem::Missing),
            ("venue-name", Problem::Missing)
        ]),
    );
}

#[test]
fn a_session_closes_after_it_opens() {
    let form = SessionForm {
        day: "14 March 2026".to_owned(),
        opens: "9.30".to_owned(),
        closes: "12:30".to_owned(),
        leader: Some(Id([7; 16])),
        workers: vec![Id([7; 16]), Id([8; 16]), Id([8; 16])],
    };
    let draft = form.parse().unwrap();
    assert_eq!((draft.day, draft.workers.len()), (today(), 2));
    let early = SessionForm {
        closes: "9:30".to_owned(),
        ..form.clone()
    };
    assert_eq!(
        errors(early.parse()),
        named(&[("session-closes", Problem::EndsBeforeStart)])
    );
    let spoiled = SessionForm {
        day: "Saturday".into(),
        opens: "25:00".into(),
        closes: String::new(),
        ..form
    };
    assert_eq!(
        errors(spoiled.parse()),
        named(&[
            ("session-day", Problem::NotADay),
            ("session-opens", Problem::NotATime),
            ("session-closes", Problem::Missing),
        ]),
    );
}

#[test]
fn a_visit_needs_a_family_and_an_end_after_its_start() {
    let form = VisitForm {
        session: Id([1; 16]),
        family: Some(Id([2; 16])),
        starts: "10:00".to_owned(),
        ends: "12:00".to_owned(),
        room: Some(Id([3; 16])),
        supervisor: None,
    };
    let draft = form.parse(today()).unwrap();
    assert_eq!(draft.slot.minutes(), 120);
    assert_eq!(draft.room, Some(RoomId::from_bytes([3; 16])));
    let spoiled = VisitForm {
        family: None,
        ends: "10:00".to_owned(),
        ..form
    };
    assert_eq!(
        errors(spoiled.parse(today())),
        named(&[
            ("visit-family", Problem::Missing),
            ("visit-ends", Problem::EndsBeforeStart)
        ]),
    );
}

#[test]
fn somebody_new_has_a_name_and_a_role_and_a_member_needs_neither() {
    assert_eq!(
        errors(PersonForm::default().parse()),
        named(&[
            ("person-name", Problem::Missing),
            ("person-roles", Problem::ChooseOne)
        ]),
    );
    let roles = vec![
        Wire(Role::Supervisor),
        Wire(Role::Volunteer),
        Wire(Role::Volunteer),
    ];
    let form = PersonForm {
        name: "Priya".to_owned(),
        roles,
        member: None,
    };
    let Invitee::New(PersonDraft { name, roles }) = form.parse_invite().unwrap() else {
        panic!("expected somebody new")
    };
    assert_eq!((name.as_str(), roles.count()), ("Priya", 2));
    let known = PersonForm {
        member: Some(Id([9; 16])),
        ..PersonForm::default()
    };
    assert_eq!(
        known.parse_invite().unwrap(),
        Invitee::Member(MemberId::from_bytes([9; 16]))
    );
}
