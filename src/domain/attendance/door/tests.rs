//! Who may come in or go, minute by minute.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::{
    attendance::{AbsenceReason, EventKind, Fact},
    contact::ContactKind,
    sample::{at, event, visit},
    stagger::{Meeting, Stagger, StaggerParts},
};

fn otter() -> Visit {
    visit(ContactKind::Supported)
}

fn day(events: &[(EventKind, &str)]) -> VisitDay {
    let numbered = (1..).zip(events);
    VisitDay::merge(numbered.map(|(id, (kind, clock))| event(id, kind.clone(), clock)))
}

fn with(parts: StaggerParts) -> Visit {
    Visit {
        stagger: Stagger::parse(parts).unwrap(),
        ..otter()
    }
}

fn may_meet() -> Visit {
    with(StaggerParts {
        meeting: Meeting::MayMeet,
        ..Stagger::USUAL.parts()
    })
}

#[test]
fn arr_6_the_second_side_is_held_until_the_gap_has_passed() {
    let came = |clock| day(&[(EventKind::Arrived(Side::Visiting), clock)]);
    let just_came = |clock| Admission::Hold {
        until: at(clock),
        reason: HoldReason::FirstSideJustCame,
    };
    for (first_came, now, expected) in [
        // The father is a minute early, the mother ten: she waits until fifteen minutes passed.
        ("09:44", "09:50", just_came("09:59")),
        ("09:44", "09:58", just_came("09:59")),
        ("09:44", "09:59", Admission::Now),
        // He was very early, so the gap is kept before she is due.
        ("09:30", "09:45", Admission::Now),
        // He was late; she does not wait beyond the time she was given.
        ("09:58", "10:00", Admission::Now),
    ] {
        assert_eq!(
            may_sign_in(&otter(), &came(first_came), Side::Resident, at(now)),
            expected,
            "{first_came} {now}",
        );
    }
}

#[test]
fn arr_6_the_second_side_is_held_while_the_first_is_still_to_come() {
    let hold = Admission::Hold {
        until: at("10:00"),
        reason: HoldReason::FirstSideStillToCome,
    };
    let nobody = day(&[]);
    assert_eq!(
        may_sign_in(&otter(), &nobody, Side::Resident, at("09:40")),
        hold
    );
    assert_eq!(
        may_sign_in(&otter(), &nobody, Side::Resident, at("10:00")),
        Admission::Now
    );
    assert_eq!(
        may_sign_in(&otter(), &nobody, Side::Visiting, at("09:30")),
        Admission::Now
    );
}

#[test]
fn arr_6_nobody_is_held_for_a_side_that_does_not_come_or_was_only_seen() {
    let absent = EventKind::NotComing {
        side: Side::Visiting,
        reason: AbsenceReason::Ill,
        words: None,
    };
    for kind in [absent, EventKind::SeenHere(Side::Visiting)] {
        let day = day(&[(kind, "09:30")]);
        assert_eq!(
            may_sign_in(&otter(), &day, Side::Resident, at("09:40")),
            Admission::Now
        );
    }
}

#[test]
fn arr_5_a_late_first_side_comes_in_away_from_the_one_that_waits() {
    let waiting = day(&[(EventKind::Arrived(Side::Resident), "10:00")]);
    assert_eq!(
        may_sign_in(&otter(), &waiting, Side::Visiting, at("10:08")),
        Admission::ByOtherEntrance,
    );
    assert_eq!(
        may_sign_in(&may_meet(), &waiting, Side::Visiting, at("10:08")),
        Admission::Now
    );
}

#[test]
fn arr_2_the_order_is_the_familys_own() {
    let turned = with(StaggerParts {
        first_in: Side::Resident,
        ..Stagger::USUAL.parts()
    });
    let brought = day(&[(EventKind::Arrived(Side::Resident), "09:45")]);
    assert!(matches!(
        may_sign_in(&turned, &brought, Side::Visiting, at("09:50")),
        Admission::Hold { .. },
    ));
    assert_eq!(
        may_sign_in(&turned, &brought, Side::Visiting, at("10:00")),
        Admission::Now
    );
}

#[test]
fn arr_3_the_visiting_adult_waits_fifteen_minutes() {
    let both = [
        (EventKind::Arrived(Side::Visiting), "09:44"),
        (EventKind::Arrived(Side::Resident), "10:00"),
    ];
    let here = day(&both);
    assert_eq!(
        may_leave(&otter(), &here, Side::Resident, at("12:00")),
        Release::Now
    );
    assert_eq!(
        may_leave(&otter(), &here, Side::Visiting, at("12:00")),
        Release::AfterOtherSide
    );
    let left: Vec<_> = both
        .into_iter()
        .chain([(EventKind::Left(Side::Resident), "12:00")])
        .collect();
    let left = day(&left);
    let wait = Release::Wait { until: at("12:15") };
    assert_eq!(
        may_leave(&otter(), &left, Side::Visiting, at("12:14")),
        wait
    );
    assert_eq!(
        may_leave(&otter(), &left, Side::Visiting, at("12:15")),
        Release::Now
    );
    assert_eq!(
        may_leave(&may_meet(), &left, Side::Visiting, at("12:00")),
        Release::Now
    );
}

#[test]
fn arr_3_nobody_waits_for_a_side_that_never_came() {
    let alone = day(&[(EventKind::Arrived(Side::Visiting), "09:44")]);
    assert_eq!(
        may_leave(&otter(), &alone, Side::Visiting, at("10:20")),
        Release::Now
    );
}

#[test]
fn arr_7_the_leader_is_asked_after_the_grace_period() {
    let nobody = day(&[]);
    assert_eq!(overdue(&otter(), &nobody, at("09:59")), []);
    assert_eq!(overdue(&otter(), &nobody, at("10:00")), [Side::Visiting]);
    assert_eq!(
        overdue(&otter(), &nobody, at("10:15")),
        [Side::Resident, Side::Visiting]
    );
    let came = day(&[(EventKind::Arrived(Side::Visiting), "10:08")]);
    assert_eq!(overdue(&otter(), &came, at("10:14")), []);
    let called = day(&[(
        EventKind::NotComing {
            side: Side::Visiting,
            reason: AbsenceReason::CancelledLate,
            words: None,
        },
        "09:50",
    )]);
    assert_eq!(overdue(&otter(), &called, at("10:30")), []);
}

#[test]
fn arr_5_a_second_side_too_soon_after_the_first_is_a_near_miss() {
    let arriving = |first, second| {
        day(&[
            (EventKind::Arrived(Side::Visiting), first),
            (EventKind::Arrived(Side::Resident), second),
        ])
    };
    for (first, second, missed) in [
        ("09:44", "10:00", false),
        ("09:44", "09:54", false),
        ("09:44", "09:53", true),
        ("09:44", "09:44", true),
        // Late, by the other door.
        ("10:08", "10:00", false),
    ] {
        let expected: Vec<NearMiss> = missed
            .then(|| NearMiss::Arriving { at: at(second) })
            .into_iter()
            .collect();
        assert_eq!(
            near_misses(&otter(), &arriving(first, second)),
            expected,
            "{first} {second}"
        );
        assert_eq!(near_misses(&may_meet(), &arriving(first, second)), []);
    }
}

#[test]
fn arr_5_leaving_together_is_a_near_miss_too() {
    let leaving = |second| {
        day(&[
            (EventKind::Left(Side::Resident), "12:00"),
            (EventKind::Left(Side::Visiting), second),
        ])
    };
    assert_eq!(near_misses(&otter(), &leaving("12:15")), []);
    let missed = NearMiss::Leaving { at: at("12:03") };
    assert_eq!(near_misses(&otter(), &leaving("12:03")), [missed]);
    assert!(leaving("12:03").at(Fact::Left(Side::Visiting)).is_some());
}
