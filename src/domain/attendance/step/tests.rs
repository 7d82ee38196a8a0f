//! The one big button, from the first arrival to the last goodbye.

use super::*;
use crate::domain::{
    attendance::{AbsenceReason, AttendanceEvent, TurnedAwayReason},
    sample::{at, event, visit},
    stagger::{Stagger, StaggerParts},
};

/// Taps the button until nothing is left to do, an hour after the end so that nobody waits.
fn taps(visit: &Visit) -> Vec<EventKind> {
    let mut events: Vec<AttendanceEvent> = Vec::new();
    let mut taps = Vec::new();
    for number in 1..20 {
        let day = VisitDay::merge(events.clone());
        let Some(kind) = next_step(visit, &day, at("13:00")).event() else {
            assert_eq!(stage(&day), VisitStage::Finished);
            return taps;
        };
        events.push(event(number, kind.clone(), "10:00"));
        taps.push(kind);
    }
    taps
}

const USUAL: [EventKind; 6] = [
    EventKind::Arrived(Side::Visiting),
    EventKind::Arrived(Side::Resident),
    EventKind::HandedToVisiting,
    EventKind::HandedToResident,
    EventKind::Left(Side::Resident),
    EventKind::Left(Side::Visiting),
];

#[test]
fn a_visit_at_the_centre_takes_six_taps() {
    for kind in [
        ContactKind::Supported,
        ContactKind::Assisted,
        ContactKind::Supervised,
        ContactKind::Video,
        ContactKind::Identity,
    ] {
        assert_eq!(taps(&visit(kind)), USUAL, "{kind:?}");
    }
}

#[test]
fn a_handover_goes_out_of_the_building_and_comes_back() {
    for kind in [ContactKind::Handover, ContactKind::Escorted] {
        assert_eq!(
            taps(&visit(kind)),
            [
                EventKind::Arrived(Side::Visiting),
                EventKind::Arrived(Side::Resident),
                EventKind::HandedToVisiting,
                EventKind::LeftPremisesWithVisiting,
                EventKind::BackOnPremises,
                EventKind::HandedToResident,
                EventKind::Left(Side::Resident),
                EventKind::Left(Side::Visiting),
            ],
        );
    }
}

#[test]
fn arr_2_3_the_familys_own_order_is_kept() {
    let parts = StaggerParts {
        first_in: Side::Resident,
        first_out: Side::Visiting,
        ..Stagger::USUAL.parts()
    };
    let stagger = Stagger::parse(parts).unwrap_or(Stagger::USUAL);
    assert_eq!(
        taps(&Visit {
            stagger,
            ..visit(ContactKind::Supported)
        }),
        [
            EventKind::Arrived(Side::Resident),
            EventKind::Arrived(Side::Visiting),
            EventKind::HandedToVisiting,
            EventKind::HandedToResident,
            EventKind::Left(Side::Visiting),
            EventKind::Left(Side::Resident),
        ],
    );
}

fn day(events: &[(EventKind, &str)]) -> VisitDay {
    let numbered = (1..).zip(events);
    VisitDay::merge(numbered.map(|(id, (kind, clock))| event(id, kind.clone(), clock)))
}

#[test]
fn arr_6_the_button_carries_the_hold() {
    let came = day(&[(EventKind::Arrived(Side::Visiting), "09:44")]);
    let step = next_step(&visit(ContactKind::Supported), &came, at("09:50"));
    assert!(matches!(
        step,
        NextStep::Arrival {
            side: Side::Resident,
            admission: Admission::Hold { until, .. },
            due,
        } if until == at("09:59") && due == at("10:00"),
    ));
}

#[test]
fn arr_8_a_late_start_does_not_move_the_end() {
    let late = day(&[
        (EventKind::Arrived(Side::Resident), "10:00"),
        (EventKind::Arrived(Side::Visiting), "10:08"),
        (EventKind::HandedToVisiting, "10:10"),
    ]);
    assert_eq!(
        next_step(&visit(ContactKind::Supported), &late, at("10:11")),
        NextStep::EndContact { due: at("12:00") },
    );
}

#[test]
fn arr_3_the_button_carries_the_wait() {
    let mut events: Vec<(EventKind, &str)> =
        USUAL.iter().cloned().map(|kind| (kind, "12:00")).collect();
    events.truncate(5);
    assert_eq!(
        next_step(&visit(ContactKind::Supported), &day(&events), at("12:14")),
        NextStep::Departure {
            side: Side::Visiting,
            release: Release::Wait { until: at("12:15") },
        },
    );
}

#[test]
fn a_visit_that_does_not_happen_lets_whoever_came_go_home() {
    let absent = EventKind::NotComing {
        side: Side::Visiting,
        reason: AbsenceReason::NoMessage,
        words: None,
    };
    let turned_away = EventKind::TurnedAway {
        side: Side::Visiting,
        reason: TurnedAwayReason::NotListed,
    };
    for kind in [absent, turned_away] {
        let came = (EventKind::Arrived(Side::Resident), "10:00");
        let called_off = day(&[came.clone(), (kind.clone(), "10:20")]);
        assert_eq!(
            stage(&called_off),
            VisitStage::CalledOff { by: Side::Visiting }
        );
        let step = next_step(&visit(ContactKind::Supported), &called_off, at("10:20"));
        assert_eq!(
            step,
            NextStep::Departure {
                side: Side::Resident,
                release: Release::Now
            },
        );
        let gone = day(&[
            came,
            (kind, "10:20"),
            (EventKind::Left(Side::Resident), "10:25"),
        ]);
        assert_eq!(
            next_step(&visit(ContactKind::Supported), &gone, at("10:26")),
            NextStep::Finished,
        );
    }
}

#[test]
fn somebody_who_was_reported_absent_and_then_came_is_expected_to_meet_the_child() {
    let day = day(&[
        (
            EventKind::NotComing {
                side: Side::Visiting,
                reason: AbsenceReason::NoMessage,
                words: None,
            },
            "10:15",
        ),
        (EventKind::Arrived(Side::Resident), "10:00"),
        (EventKind::Arrived(Side::Visiting), "10:20"),
    ]);
    assert_eq!(stage(&day), VisitStage::BothHere);
}
