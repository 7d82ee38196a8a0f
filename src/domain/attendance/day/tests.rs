//! What several tablets recorded, put together in any order.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::domain::{
    attendance::AbsenceReason,
    ids::MemberId,
    sample::{at, event, line, member},
};

fn by(number: u8, tablet: &str, event: AttendanceEvent) -> AttendanceEvent {
    AttendanceEvent {
        recorded_by: member(number),
        tablet: line(tablet),
        ..event
    }
}

#[test]
fn off_2_one_arrival_recorded_on_two_tablets_is_one_fact_with_two_witnesses() {
    let arrived = EventKind::Arrived(Side::Visiting);
    let day = VisitDay::merge([
        by(4, "Amber", event(2, arrived.clone(), "09:46")),
        by(3, "Teal", event(1, arrived, "09:44")),
    ]);
    let fact = day.fact(Fact::Arrived(Side::Visiting)).unwrap();
    assert_eq!(fact.at, at("09:44"));
    assert!(!fact.disagrees);
    let witnesses: Vec<MemberId> = fact
        .witnesses
        .iter()
        .map(|witness| witness.recorded_by)
        .collect();
    assert_eq!(witnesses, [member(3), member(4)]);
    assert_eq!(day.history().len(), 2);
    assert!(day.needs_a_look().is_empty());
}

#[test]
fn off_2_witnesses_more_than_five_minutes_apart_disagree() {
    for (clock, disagrees) in [("09:49", false), ("09:50", true)] {
        let arrived = EventKind::Arrived(Side::Visiting);
        let day = VisitDay::merge([event(1, arrived.clone(), "09:44"), event(2, arrived, clock)]);
        let fact = Fact::Arrived(Side::Visiting);
        assert_eq!(day.fact(fact).unwrap().disagrees, disagrees, "{clock}");
        assert_eq!(day.needs_a_look().contains(&fact), disagrees);
    }
}

#[test]
fn an_undone_event_stops_counting_and_stays_in_the_history() {
    let arrived = event(1, EventKind::Arrived(Side::Resident), "10:00");
    let undone = event(2, EventKind::Undone(arrived.id), "10:01");
    let day = VisitDay::merge([undone, arrived]);
    assert!(!day.came(Side::Resident));
    assert_eq!(day.facts().count(), 0);
    assert_eq!(day.history().len(), 2);
}

#[test]
fn what_another_tablet_saw_remains_when_one_takes_its_own_back() {
    let arrived = EventKind::Arrived(Side::Resident);
    let day = VisitDay::merge([
        event(1, arrived.clone(), "10:00"),
        event(2, arrived, "10:02"),
        event(3, EventKind::Undone(EventId::from_bytes([1; 16])), "10:03"),
    ]);
    assert_eq!(day.at(Fact::Arrived(Side::Resident)), Some(at("10:02")));
}

#[test]
fn a_corrected_time_takes_the_place_of_the_first_until_it_is_taken_back() {
    let wrong = event(1, EventKind::HandedToVisiting, "10:30");
    let right = AttendanceEvent {
        correction_of: Some(wrong.id),
        ..event(2, EventKind::HandedToVisiting, "10:00")
    };
    let day = VisitDay::merge([wrong.clone(), right.clone()]);
    let fact = day.fact(Fact::HandedToVisiting).unwrap();
    assert_eq!(
        (fact.at, fact.witnesses.len(), fact.disagrees),
        (at("10:00"), 1, false)
    );
    let back = event(3, EventKind::Undone(right.id), "10:40");
    let day = VisitDay::merge([wrong, right, back]);
    assert_eq!(day.at(Fact::HandedToVisiting), Some(at("10:30")));
}

#[test]
fn off_3_two_reasons_for_one_absence_are_both_kept_and_shown() {
    let absent = |reason, words: Option<&str>| EventKind::NotComing {
        side: Side::Visiting,
        reason,
        words: words.map(line),
    };
    let day = VisitDay::merge([
        event(
            1,
            absent(AbsenceReason::CancelledLate, Some("rang hall, car broken")),
            "11:05",
        ),
        event(2, absent(AbsenceReason::NoMessage, None), "11:20"),
    ]);
    let fact = Fact::NotComing(Side::Visiting);
    assert!(day.fact(fact).unwrap().disagrees);
    assert_eq!(day.fact(fact).unwrap().witnesses.len(), 2);
    assert_eq!(day.needs_a_look(), [fact]);
}

#[test]
fn off_3_somebody_who_does_not_come_and_came_is_shown() {
    let day = VisitDay::merge([
        event(
            1,
            EventKind::NotComing {
                side: Side::Visiting,
                reason: AbsenceReason::NoMessage,
                words: None,
            },
            "10:15",
        ),
        event(2, EventKind::Arrived(Side::Visiting), "10:20"),
    ]);
    assert_eq!(day.needs_a_look(), [Fact::NotComing(Side::Visiting)]);
}

#[test]
fn off_9_somebody_only_seen_is_here_and_the_real_arrival_joins_later() {
    let seen = event(1, EventKind::SeenHere(Side::Visiting), "11:02");
    let day = VisitDay::merge([seen.clone()]);
    assert!(day.is_here(Side::Visiting));
    assert_eq!(day.at(Fact::Arrived(Side::Visiting)), None);
    let day = VisitDay::merge([event(2, EventKind::Arrived(Side::Visiting), "09:44"), seen]);
    assert_eq!(day.arrived_at(Side::Visiting), Some(at("09:44")));
    assert!(day.needs_a_look().is_empty());
}

#[test]
fn arr_13_the_fire_roll_says_who_is_in_the_building() {
    use Inside::{No, Perhaps, Yes};
    // After each event: the children, the resident adult, the visiting adult.
    let steps = [
        (EventKind::Arrived(Side::Visiting), [No, No, Yes]),
        (EventKind::Arrived(Side::Resident), [Yes, Yes, Yes]),
        (EventKind::HandedToVisiting, [Yes, Perhaps, Yes]),
        (EventKind::LeftPremisesWithVisiting, [No, Perhaps, No]),
        (EventKind::BackOnPremises, [Yes, Perhaps, Yes]),
        (EventKind::HandedToResident, [Yes, Yes, Yes]),
        (EventKind::Left(Side::Resident), [No, No, Yes]),
        (EventKind::Left(Side::Visiting), [No, No, No]),
    ];
    let mut events = Vec::new();
    for (number, (kind, expected)) in (1..).zip(steps) {
        events.push(event(number, kind.clone(), "10:00"));
        let Presence { children, adults } = VisitDay::merge(events.clone()).presence();
        let found = [children, adults.resident, adults.visiting];
        assert_eq!(found, expected, "{kind:?}");
    }
}

#[test]
fn the_latest_fact_is_the_one_recorded_last_whenever_it_happened() {
    let late = AttendanceEvent {
        recorded_at: at("11:00"),
        ..event(2, EventKind::Arrived(Side::Resident), "09:50")
    };
    let day = VisitDay::merge([event(1, EventKind::Arrived(Side::Visiting), "10:00"), late]);
    assert_eq!(day.latest().unwrap().0, Fact::Arrived(Side::Resident));
}

fn any_kind() -> impl Strategy<Value = EventKind> {
    let side = || prop_oneof![Just(Side::Resident), Just(Side::Visiting)];
    prop_oneof![
        side().prop_map(EventKind::Arrived),
        side().prop_map(EventKind::SeenHere),
        Just(EventKind::HandedToVisiting),
        Just(EventKind::LeftPremisesWithVisiting),
        Just(EventKind::BackOnPremises),
        Just(EventKind::HandedToResident),
        side().prop_map(EventKind::Left),
        side().prop_map(|side| EventKind::NotComing {
            side,
            reason: AbsenceReason::Ill,
            words: None,
        }),
        (0_u8..12).prop_map(|id| EventKind::Undone(EventId::from_bytes([id; 16]))),
    ]
}

fn any_event(id: u8) -> impl Strategy<Value = AttendanceEvent> {
    (
        any_kind(),
        0_i64..180,
        1_u8..4,
        proptest::option::of(0_u8..12),
    )
        .prop_map(
            move |(kind, minutes, recorder, corrected)| AttendanceEvent {
                id: EventId::from_bytes([id; 16]),
                occurred_at: at("09:30").plus_minutes(minutes),
                recorded_at: at("09:30").plus_minutes(minutes),
                recorded_by: member(recorder),
                correction_of: corrected.map(|id| EventId::from_bytes([id; 16])),
                ..event(id, kind, "10:00")
            },
        )
}

fn shuffled_twice() -> impl Strategy<Value = (Vec<AttendanceEvent>, Vec<AttendanceEvent>)> {
    let events = (0_u8..12).map(any_event).collect::<Vec<_>>();
    (events, 0_usize..=12).prop_flat_map(|(mut events, count)| {
        events.truncate(count);
        // The second list repeats some events, as two syncs do.
        let repeated: Vec<_> = events
            .iter()
            .chain(events.iter().take(3))
            .cloned()
            .collect();
        (Just(events).prop_shuffle(), Just(repeated).prop_shuffle())
    })
}

proptest! {
    #[test]
    fn off_2_order_and_repetition_change_nothing((one, other) in shuffled_twice()) {
        prop_assert_eq!(VisitDay::merge(one), VisitDay::merge(other));
    }

    #[test]
    fn no_event_is_ever_lost((events, _) in shuffled_twice()) {
        let day = VisitDay::merge(events.clone());
        prop_assert_eq!(day.history().len(), events.len());
        let witnesses: usize = day.facts().map(|(_, fact)| fact.witnesses.len()).sum();
        prop_assert!(witnesses <= events.len());
        prop_assert!(day.facts().all(|(_, fact)| !fact.witnesses.is_empty()));
    }
}
