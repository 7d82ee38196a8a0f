//! What planning refuses, rule by rule.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::{
    ids::RoomId,
    sample::{at, member, slot, visit},
};

fn hours() -> Slot {
    slot("10:00", "12:30")
}

fn family(number: u8, kind: ContactKind, start: &str, end: &str) -> Visit {
    let family = FamilyCode::parse(&format!("Wren {number}")).unwrap();
    Visit {
        family,
        slot: slot(start, end),
        ..visit(kind)
    }
}

fn supervised(number: u8, supervisor: u8, room: u8, start: &str, end: &str) -> Visit {
    Visit {
        supervisor: Some(member(supervisor)),
        room: Some(RoomId::from_bytes([room; 16])),
        ..family(number, ContactKind::Supervised, start, end)
    }
}

fn refusals(visit: &Visit, others: &[Visit]) -> Vec<PlanRefusal> {
    let others: Vec<&Visit> = others.iter().collect();
    check(visit, &others, hours(), Length::USUAL).map_or_else(NonEmpty::into_vec, |()| Vec::new())
}

#[test]
fn cap_1_the_fifth_family_at_one_time_is_refused() {
    let supported = |number, start, end| family(number, ContactKind::Supported, start, end);
    let mut others: Vec<Visit> = (1..=3).map(|n| supported(n, "10:00", "12:00")).collect();
    let candidate = supported(9, "10:00", "12:00");
    assert_eq!(refusals(&candidate, &others), []);
    others.push(supported(4, "11:00", "12:00"));
    let full = PlanRefusal::SupportedFull { at: at("11:00") };
    assert_eq!(refusals(&candidate, &others), [full]);
    // It leaves as the fourth one comes.
    assert_eq!(refusals(&supported(9, "10:00", "11:00"), &others), []);
}

#[test]
fn cap_1_families_that_follow_each_other_do_not_add_up() {
    let supported = |number, start, end| family(number, ContactKind::Supported, start, end);
    let others: Vec<Visit> = (1..=4)
        .flat_map(|n| {
            [
                supported(n, "10:00", "11:00"),
                supported(n + 4, "11:00", "11:30"),
            ]
        })
        .collect();
    let refused = refusals(&supported(20, "10:30", "12:00"), &others);
    assert_eq!(refused, [PlanRefusal::SupportedFull { at: at("10:30") }]);
    assert_eq!(refusals(&supported(20, "11:30", "12:00"), &others), []);
}

#[test]
fn cap_1_other_kinds_take_no_supported_place() {
    let others: Vec<Visit> = (1..=6)
        .map(|n| family(n, ContactKind::Handover, "10:00", "12:00"))
        .collect();
    assert_eq!(
        refusals(
            &family(9, ContactKind::Supported, "10:00", "12:00"),
            &others
        ),
        []
    );
}

#[test]
fn cap_2_the_third_assisted_family_at_one_time_is_refused() {
    let assisted = |number| family(number, ContactKind::Assisted, "10:00", "12:00");
    assert_eq!(refusals(&assisted(9), &[assisted(1)]), []);
    assert_eq!(
        refusals(&assisted(9), &[assisted(1), assisted(2)]),
        [PlanRefusal::AssistedFull { at: at("10:00") }],
    );
}

#[test]
fn cap_3_a_supervisor_has_one_visit_at_a_time() {
    let candidate = supervised(9, 1, 1, "10:00", "11:00");
    let busy = PlanRefusal::SupervisorBusy {
        with: FamilyCode::parse("Wren 1").unwrap(),
    };
    assert_eq!(
        refusals(&candidate, &[supervised(1, 1, 2, "10:30", "11:30")]),
        [busy]
    );
    assert_eq!(
        refusals(&candidate, &[supervised(1, 2, 2, "10:30", "11:30")]),
        []
    );
    assert_eq!(
        refusals(&candidate, &[supervised(1, 1, 1, "11:00", "12:00")]),
        []
    );
    let assisting = Visit {
        supervisor: Some(member(1)),
        ..family(1, ContactKind::Assisted, "10:00", "12:00")
    };
    assert_eq!(refusals(&candidate, &[assisting]), [busy]);
}

#[test]
fn cap_3_and_4_a_supervised_visit_names_a_supervisor_and_a_room() {
    assert_eq!(
        refusals(&family(9, ContactKind::Supervised, "10:00", "11:00"), &[]),
        [PlanRefusal::SupervisorMissing, PlanRefusal::RoomMissing],
    );
}

#[test]
fn cap_4_a_room_with_a_supervised_visit_takes_no_other() {
    let room = Some(RoomId::from_bytes([1; 16]));
    let shared = Visit {
        room,
        ..family(1, ContactKind::Supported, "10:00", "12:00")
    };
    let taken = PlanRefusal::RoomTaken {
        by: FamilyCode::parse("Wren 1").unwrap(),
    };
    assert_eq!(
        refusals(
            &supervised(9, 1, 1, "10:00", "11:00"),
            std::slice::from_ref(&shared)
        ),
        [taken]
    );
    let taken = PlanRefusal::RoomTaken {
        by: FamilyCode::parse("Wren 9").unwrap(),
    };
    assert_eq!(
        refusals(&shared, &[supervised(9, 1, 1, "10:00", "11:00")]),
        [taken]
    );
    let other = Visit {
        room,
        ..family(2, ContactKind::Supported, "10:00", "12:00")
    };
    assert_eq!(refusals(&shared, &[other]), []);
}

#[test]
fn cap_7_a_visit_is_as_long_as_the_arrangement_allows() {
    let long = family(9, ContactKind::Supported, "10:00", "12:01");
    assert_eq!(
        refusals(&long, &[]),
        [PlanRefusal::TooLong {
            minutes: 121,
            most: 120
        }]
    );
    let agreed = Length::parse_agreed_longer(150).unwrap();
    assert!(check(&long, &[], hours(), agreed).is_ok());
}

#[test]
fn a_visit_lies_within_the_session_and_a_family_comes_once_at_a_time() {
    for (start, end) in [("09:59", "11:00"), ("11:00", "12:31")] {
        assert_eq!(
            refusals(&family(9, ContactKind::Supported, start, end), &[]),
            [PlanRefusal::OutsideSession],
        );
    }
    let twice = family(9, ContactKind::Supported, "10:00", "11:00");
    assert_eq!(
        refusals(&twice, std::slice::from_ref(&twice)),
        [PlanRefusal::FamilyBusy]
    );
}

#[test]
fn letters_are_not_a_visit() {
    for kind in [ContactKind::Indirect, ContactKind::Assessment] {
        assert_eq!(
            refusals(&family(9, kind, "10:00", "11:00"), &[]),
            [PlanRefusal::NotAVisit(kind)],
        );
    }
}
