#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
use super::*;
use crate::{
    domain::side::Side,
    engine::{
        form::{
            AdultForm, ArrangementForm, CentreForm, ChildForm, FieldError, InviteForm, Problem, ReferralForm,
            RiskForm, SessionForm, VisitForm,
        },
        wire::{Id, Wire},
    },
};

const ALL_BUT_SUPPORTED: [ContactKind; 2] = [ContactKind::Supervised, ContactKind::Assisted];

fn today() -> Day {
    Day::parse("2026-03-14").unwrap()
}

fn adult(first: &str, relationship: &str) -> AdultForm {
    AdultForm {
        first_name: first.to_owned(),
        last_name: "Price".to_owned(),
        relationship: relationship.to_owned(),
        phone: "01632 960 001".to_owned(),
        ..AdultForm::default()
    }
}

fn referral() -> ReferralForm {
    ReferralForm {
        source: Some(Wire(ReferralSource::Court)),
        referrer_name: "Morwenna Pryce".to_owned(),
        kind: Some(Wire(ContactKind::Supported)),
        children: vec![ChildForm {
            first_name: "Mia".to_owned(),
            last_name: "Price".to_owned(),
            born: "2/5/2019".to_owned(),
        }],
        resident: adult("Dana", "mum"),
        visiting: adult("Tom", "dad"),
        reason: "Order of 2 May".to_owned(),
        allergies: "none known".to_owned(),
        other_needs: "ramp\n\n Welsh at home ".to_owned(),
        ..ReferralForm::blank()
    }
}

fn errors<T>(parsed: Result<T, Vec<FieldError>>) -> Vec<(String, Problem)> {
    let Err(errors) = parsed else { panic!("expected the form to be refused, found a draft") };
    errors.into_iter().map(|error| (error.field, error.problem)).collect()
}

fn named(expected: &[(&str, Problem)]) -> Vec<(String, Problem)> {
    expected.iter().map(|(field, problem)| ((*field).to_owned(), problem.clone())).collect()
}

#[test]
fn a_complete_referral_becomes_a_draft() {
    let draft = referral().parse(today()).unwrap();
    assert_eq!(draft.children.first().born, Day::parse("2019-05-02").ok());
    assert_eq!(draft.adults.of(Side::Visiting).relationship.as_str(), "dad");
    assert_eq!(draft.adults.of(Side::Visiting).side, Side::Visiting);
    assert_eq!(draft.details.of(Side::Resident).phone.as_ref().unwrap().as_str(), "01632 960 001");
    let needs: Vec<_> = draft.needs.iter().map(ShortLine::as_str).collect();
    assert_eq!(needs, ["Allergies: none known", "ramp", "Welsh at home"]);
}

#[test]
fn an_empty_referral_names_every_gap_in_the_order_of_the_page() {
    assert_eq!(
        errors(ReferralForm::blank().parse(today())),
        named(&[
            ("source", Problem::Missing),
            ("referrer-name", Problem::Missing),
            ("child-0-first", Problem::Missing),
            ("child-0-last", Problem::Missing),
            ("resident-first", Problem::Missing),
            ("resident-last", Problem::Missing),
            ("resident-relationship", Problem::Missing),
            ("resident-phone", Problem::NoContactDetails),
            ("visiting-first", Problem::Missing),
            ("visiting-last", Problem::Missing),
            ("visiting-relationship", Problem::Missing),
            ("visiting-phone", Problem::NoContactDetails),
            ("kind", Problem::Missing),
            ("reason", Problem::Missing),
            ("allergies", Problem::Missing),
        ]),
    );
}

#[test]
fn each_gap_in_a_referral_is_said_beside_its_field() {
    let cases: [(&str, fn(&mut ReferralForm), Problem); 12] = [
        ("referrer-phone", |form| form.referrer_phone = "ring me".into(), Problem::NotAPhone),
        ("referrer-organisation", |form| form.referrer_organisation = "x".repeat(121), Problem::TooLong { max: 120 }),
        ("child-0-first", |form| form.children.clear(), Problem::ChooseOne),
        ("child-1-last", |form| form.children.push(ChildForm { first_name: "Leo".into(), ..ChildForm::default() }), Problem::Missing),
        ("child-0-born", |form| form.children[0].born = "31/02/2019".into(), Problem::NotADay),
        ("child-0-born", |form| form.children[0].born = "15/03/2026".into(), Problem::NotADay),
        ("resident-phone", |form| form.resident.phone = "12".into(), Problem::NotAPhone),
        ("visiting-email", |form| form.visiting.email = "tom".into(), Problem::NotAnEmail),
        ("visiting-address", |form| form.visiting.address = "x".repeat(301), Problem::TooLong { max: 300 }),
        ("reason", |form| form.reason = "a\u{7}".into(), Problem::Unreadable),
        ("allergies", |form| form.allergies = "x".repeat(110), Problem::TooLong { max: 109 }),
        ("other-needs", |form| form.other_needs = format!("ramp\n{}", "x".repeat(121)), Problem::TooLong { max: 120 }),
    ];
    for (field, spoil, problem) in cases {
        let mut form = referral();
        spoil(&mut form);
        assert_eq!(errors(form.parse(today())), named(&[(field, problem)]));
    }
}

#[test]
fn ref_4_one_way_to_reach_a_side_is_enough() {
    let mut form = referral();
    form.visiting.phone = " ".to_owned();
    assert_eq!(errors(form.parse(today())), named(&[("visiting-phone", Problem::NoContactDetails)]));
    form.visiting.address = "4 Quay Row\nSaltmere".to_owned();
    let details = form.parse(today()).unwrap().details.visiting;
    assert_eq!(details.address.unwrap().as_str(), "4 Quay Row\nSaltmere");
    assert_eq!(details.phone, None);
}

#[test]
fn a_parent_may_refer_without_a_name_and_nobody_else_may() {
    for source in ReferralSource::ALL {
        let form = ReferralForm { source: Some(Wire(*source)), referrer_name: String::new(), ..referral() };
        let parsed = form.parse(today());
        if *source == ReferralSource::SelfReferral {
            assert_eq!(parsed.unwrap().referrer.name, None);
        } else {
            assert_eq!(errors(parsed), named(&[("referrer-name", Problem::Missing)]));
        }
    }
}

#[test]
fn ref_6_high_risk_refuses_supported_and_unmanageable_refuses_every_kind() {
    let kinds = [Wire(ContactKind::Supported), Wire(ContactKind::Supervised)];
    let cases = [
        (RiskLevel::Low, &kinds[..], None),
        (RiskLevel::Medium, &kinds[..], None),
        (RiskLevel::High, &kinds[..], Some(Problem::KindNotAllowed)),
        (RiskLevel::High, &kinds[1..], None),
        (RiskLevel::High, &[], Some(Problem::ChooseOne)),
        (RiskLevel::Unmanageable, &kinds[1..], Some(Problem::KindNotAllowed)),
        (RiskLevel::Unmanageable, &[], None),
    ];
    for (level, suitable, expected) in cases {
        let form = RiskForm {
            level: Some(Wire(level)),
            suitable: suitable.to_vec(),
            controls: "two workers\nside door".to_owned(),
            reason: "police letter".to_owned(),
        };
        match expected {
            None => assert_eq!(form.parse().unwrap().controls.len(), 2),
            Some(problem) => assert_eq!(errors(form.parse()), named(&[("suitable", problem)])),
        }
    }
}

#[test]
fn an_empty_risk_decision_names_level_and_reason() {
    assert_eq!(
        errors(RiskForm::blank().parse()),
        named(&[("risk-level", Problem::Missing), ("risk-reason", Problem::Missing)]),
    );
}

#[test]
fn the_usual_arrangement_needs_only_a_kind() {
    let form = ArrangementForm::usual();
    assert_eq!(errors(form.parse(&ALL_BUT_SUPPORTED)), named(&[("arrangement-kind", Problem::Missing)]));
    let form = ArrangementForm {
        kind: Some(Wire(ContactKind::Supervised)),
        collectors: "Pat Price, gran\nSam Oak\n".to_owned(),
        ..form
    };
    let draft = form.parse(&ALL_BUT_SUPPORTED).unwrap();
    assert_eq!((draft.length, draft.stagger), (Length::USUAL, Stagger::USUAL));
    let collectors: Vec<_> = draft
        .collectors
        .iter()
        .map(|one| (one.name.as_str(), one.relationship.as_ref().map(ShortLine::as_str)))
        .collect();
    assert_eq!(collectors, [("Pat Price", Some("gran")), ("Sam Oak", None)]);
}

#[test]
fn ref_6_a_kind_that_may_not_be_offered_is_refused() {
    let form = ArrangementForm { kind: Some(Wire(ContactKind::Supported)), ..ArrangementForm::usual() };
    assert_eq!(
        errors(form.parse(&ALL_BUT_SUPPORTED)),
        named(&[("arrangement-kind", Problem::KindNotAllowed)]),
    );
}

#[test]
fn arr_1_the_gap_is_10_to_30_minutes_while_the_sides_are_kept_apart() {
    let (apart, meeting) = (true, false);
    let cases = [
        (apart, "10", None),
        (apart, "30", None),
        (apart, "9", Some(Problem::GapTooSmall)),
        (apart, "31", Some(Problem::OutOfRange { min: 10, max: 30 })),
        (apart, "soon", Some(Problem::OutOfRange { min: 10, max: 30 })),
        (apart, "", Some(Problem::Missing)),
        (meeting, "0", None),
        (meeting, "-1", Some(Problem::OutOfRange { min: 0, max: 30 })),
        (meeting, "31", Some(Problem::OutOfRange { min: 0, max: 30 })),
    ];
    for (keep_apart, gap, expected) in cases {
        let form = ArrangementForm {
            kind: Some(Wire(ContactKind::Supervised)),
            keep_apart,
            gap_minutes: gap.to_owned(),
            ..ArrangementForm::usual()
        };
        match expected {
            None => assert!(form.parse(&ALL_BUT_SUPPORTED).is_ok(), "{gap}"),
            Some(problem) => assert_eq!(errors(form.parse(&ALL_BUT_SUPPORTED)), named(&[("gap", problem)])),
        }
    }
}

#[test]
fn cap_7_a_visit_lasts_10_to_120_minutes() {
    for (length, accepted) in [("10", true), ("120", true), ("9", false), ("121", false), ("two", false)] {
        let form = ArrangementForm {
            kind: Some(Wire(ContactKind::Supervised)),
            length_minutes: length.to_owned(),
            ..ArrangementForm::usual()
        };
        let parsed = form.parse(&ALL_BUT_SUPPORTED);
        if accepted {
            assert_eq!(parsed.unwrap().length.minutes().to_string(), length);
        } else {
            let expected = [("length", Problem::OutOfRange { min: 10, max: 120 })];
            assert_eq!(errors(parsed), named(&expected));
        }
    }
}

#[test]
fn a_centre_leaves_blank_rooms_out_and_names_the_bad_one() {
    let form = CentreForm {
        name: "Saltmere".to_owned(),
        venue: "St Brannock's Hall".to_owned(),
        rooms: ["Blue room", " ", "Garden"].map(str::to_owned).to_vec(),
        ..CentreForm::default()
    };
    assert_eq!(form.parse().unwrap().rooms.len(), 2);
    assert_eq!(
        errors(form.parse_start()),
        named(&[("coordinator-name", Problem::Missing), ("tablet-name", Problem::Missing)]),
    );
    let started = CentreForm { coordinator: "Ruth Hale".into(), tablet: "Desk".into(), ..form.clone() };
    let started = started.parse_start().unwrap();
    assert_eq!(started.coordinator.as_str(), "Ruth Hale");
    assert_eq!(started.tablet.as_str(), "Desk");
    let bad = CentreForm { rooms: vec!["Blue".into(), "x".repeat(121)], ..form };
    assert_eq!(errors(bad.parse()), named(&[("room-1", Problem::TooLong { max: 120 })]));
    assert_eq!(
        errors(CentreForm::default().parse()),
        named(&[("centre-name", Problem::Missing), ("venue-name", Problem::Missing)]),
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
    let early = SessionForm { closes: "9:30".to_owned(), ..form.clone() };
    assert_eq!(errors(early.parse()), named(&[("session-closes", Problem::EndsBeforeStart)]));
    let spoiled = SessionForm { day: "Saturday".into(), opens: "25:00".into(), closes: String::new(), ..form };
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
    let spoiled = VisitForm { family: None, ends: "10:00".to_owned(), ..form };
    assert_eq!(
        errors(spoiled.parse(today())),
        named(&[("visit-family", Problem::Missing), ("visit-ends", Problem::EndsBeforeStart)]),
    );
}

#[test]
fn somebody_new_has_a_name_and_a_role_and_a_member_needs_neither() {
    assert_eq!(
        errors(InviteForm::default().parse()),
        named(&[("person-name", Problem::Missing), ("person-roles", Problem::ChooseOne)]),
    );
    let roles = vec![Wire(Role::Supervisor), Wire(Role::Volunteer), Wire(Role::Volunteer)];
    let form = InviteForm { name: "Priya".to_owned(), roles, member: None };
    let Invitee::New { name, roles } = form.parse().unwrap() else { panic!("expected somebody new") };
    assert_eq!((name.as_str(), roles.count()), ("Priya", 2));
    let known = InviteForm { member: Some(Id([9; 16])), ..InviteForm::default() };
    assert_eq!(known.parse().unwrap(), Invitee::Member(MemberId::from_bytes([9; 16])));
}
