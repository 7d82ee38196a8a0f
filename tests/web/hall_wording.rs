//! What the hall's buttons and rows say, and how that changes with the family.

use neutral_ground::{
    domain::{attendance::AbsenceReason, contact::ContactKind, side::Side},
    engine::{
        command::Happening,
        view::{Badge, FactView, HistoryLine, HoldView, NextStep, NoteState, SideView, VisitRow},
        wire::{Id, Wire},
    },
    ui::pages::hall::wording::{hours, people, state, steps},
};
use wasm_bindgen_test::wasm_bindgen_test;

const MINUTE: i64 = 60_000;
/// 14 March 2026, 10:00; winter, so UK time is UTC.
const TEN: i64 = 1_773_482_400_000;

fn adult(name: &str, initials: &str, relationship: &str) -> SideView {
    SideView {
        name: name.into(),
        initials: initials.into(),
        relationship: relationship.into(),
        expected_in: TEN,
        expected_out: TEN + 120 * MINUTE,
        arrived: None,
        left: None,
        not_coming: None,
    }
}

fn family(children: &[&str], resident: &str, visiting: &str) -> VisitRow {
    VisitRow {
        id: Id([1; 16]),
        family_code: "Otter 14".into(),
        children: children.iter().map(|name| (*name).to_owned()).collect(),
        kind: Wire(ContactKind::Supported),
        room: None,
        supervisor: None,
        starts: TEN,
        ends: TEN + 120 * MINUTE,
        needs: Vec::new(),
        keep_apart: true,
        resident: adult("Dana", "DP", resident),
        visiting: adult("Tom", "TP", visiting),
        collectors: Vec::new(),
        next: NextStep::Do(arrived(Side::Visiting)),
        also: Vec::new(),
        hold: None,
        contact_started: None,
        contact_ended: None,
        undo: None,
        note: NoteState::NoPlaceForNotes,
        badge: Badge::Here,
    }
}

fn arrived(side: Side) -> Happening {
    Happening::Arrived(Wire(side))
}

fn left(side: Side) -> Happening {
    Happening::Left(Wire(side))
}

fn fact(minutes: i64, witnesses: &[&str]) -> FactView {
    let witnesses = witnesses.iter().map(|name| (*name).to_owned()).collect();
    FactView {
        at: TEN + minutes * MINUTE,
        witnesses,
        disagree: false,
    }
}

#[wasm_bindgen_test]
fn a_button_is_worded_with_the_familys_own_people() {
    let mut row = family(&["Mia"], "mum", "dad");
    assert_eq!(
        steps::action(&row, &arrived(Side::Visiting)),
        "Mia's dad is here"
    );
    assert_eq!(
        steps::action(&row, &arrived(Side::Resident)),
        "Mia is here with mum"
    );
    assert_eq!(
        steps::action(&row, &Happening::HandedToVisiting),
        "Hand Mia to dad"
    );
    assert_eq!(
        steps::action(&row, &left(Side::Resident)),
        "Mum and Mia have left"
    );
    assert_eq!(steps::action(&row, &left(Side::Visiting)), "Dad has left");
    row.contact_started = Some(fact(0, &[]));
    assert_eq!(
        steps::action(&row, &Happening::HandedToResident),
        "Mia back with mum"
    );
    assert_eq!(steps::action(&row, &left(Side::Resident)), "Mum has left");
    assert_eq!(
        steps::action(&row, &Happening::WentOut),
        "Dad and Mia go out"
    );
}

#[wasm_bindgen_test]
fn several_children_are_named_and_many_are_the_children() {
    let two = family(&["Mia", "Leo"], "gran", "dad");
    assert_eq!(
        steps::action(&two, &arrived(Side::Resident)),
        "Mia and Leo are here with gran"
    );
    assert_eq!(
        steps::action(&two, &left(Side::Resident)),
        "Gran, Mia and Leo have left"
    );
    let four = family(&["Mia", "Leo", "Ada", "Sam"], "mum", "dad");
    assert_eq!(
        steps::action(&four, &arrived(Side::Visiting)),
        "The children's dad is here"
    );
    assert_eq!(people::all_children(&four), "Mia, Leo, Ada and Sam");
}

#[wasm_bindgen_test]
fn adults_with_the_same_or_an_uncommon_word_are_told_apart_by_name() {
    let dads = family(&["Mia"], "dad", "Dad");
    assert_eq!(
        steps::action(&dads, &Happening::HandedToVisiting),
        "Hand Mia to Tom"
    );
    assert_eq!(
        steps::action(&dads, &arrived(Side::Visiting)),
        "Mia's dad Tom is here"
    );
    let carer = family(&["Mia"], "foster carer", "");
    assert_eq!(
        steps::action(&carer, &arrived(Side::Resident)),
        "Mia is here with Dana"
    );
    assert_eq!(
        steps::action(&carer, &arrived(Side::Visiting)),
        "Tom is here"
    );
}

#[wasm_bindgen_test]
fn off_2_two_people_who_saw_the_same_are_both_named() {
    let mut row = family(&["Mia"], "mum", "dad");
    row.visiting.arrived = Some(fact(-16, &["Joan on Teal", "Priya on Amber"]));
    assert_eq!(
        state::standing_words(&row.visiting, TEN),
        "Here since 09:44"
    );
    let seen = row.visiting.arrived.as_ref().and_then(state::witnesses);
    assert_eq!(
        seen.as_deref(),
        Some("Seen by two: Joan on Teal, Priya on Amber")
    );
    assert_eq!(
        Some(fact(0, &["Joan on Teal"]))
            .as_ref()
            .and_then(state::witnesses),
        None
    );
}

#[wasm_bindgen_test]
fn arr_6_a_hold_names_both_by_initials_and_ends_by_itself() {
    let mut row = family(&["Mia"], "mum", "dad");
    row.visiting.arrived = Some(fact(-16, &[]));
    let hold = HoldView {
        side: Wire(Side::Resident),
        who: "DP".into(),
        other: "TP".into(),
        until: Some(TEN),
    };
    assert_eq!(
        state::hold(&row, &hold),
        "Hold DP at the door until 10:00: TP is still in reception."
    );
    row.hold = Some(hold);
    assert!(state::is_early(&row, &arrived(Side::Resident), TEN - 1));
    assert!(!state::is_early(&row, &arrived(Side::Resident), TEN));
    assert!(!state::is_early(&row, &arrived(Side::Visiting), TEN - 1));
}

#[wasm_bindgen_test]
fn arr_7_somebody_is_overdue_after_the_grace_period_and_not_before() {
    let row = family(&["Mia"], "mum", "dad");
    let standing = |minutes| state::standing(&row.visiting, TEN + minutes * MINUTE);
    assert_eq!(standing(14), state::Standing::Expected);
    assert_eq!(standing(15), state::Standing::Overdue);
    assert_eq!(
        state::standing_words(&row.visiting, TEN + 65 * MINUTE),
        "Not here yet, expected 1 hour 5 minutes ago"
    );
}

#[wasm_bindgen_test]
fn rec_1_a_supported_visit_says_why_there_is_nowhere_to_write() {
    let mut row = family(&["Mia"], "mum", "dad");
    let line = state::note_line(&row).unwrap();
    assert!(
        line.starts_with("Supported contact: attendance only."),
        "{line}"
    );
    row.note = NoteState::Mine { entries: 0 };
    assert_eq!(state::note_line(&row), None);
}

#[wasm_bindgen_test]
fn rec_2_a_reason_is_a_picked_word_and_one_short_line() {
    let late = AbsenceReason::CancelledLate;
    assert_eq!(
        steps::reason(late, " rang hall "),
        "Cancelled late: rang hall"
    );
    assert_eq!(steps::reason(late, "  "), "Cancelled late");
    assert_eq!(
        steps::reason(late, &"é".repeat(300)).chars().count(),
        steps::REASON_LIMIT
    );
}

#[wasm_bindgen_test]
fn the_history_tells_who_had_the_child_when_somebody_left() {
    let row = family(&["Mia"], "mum", "dad");
    let line = |what, undone| HistoryLine {
        event: Id([2; 16]),
        what,
        occurred_at: TEN,
        recorded_at: TEN,
        by: String::new(),
        undone,
    };
    let history = [
        line(Happening::HandedToVisiting, true),
        line(left(Side::Resident), false),
        line(Happening::HandedToVisiting, false),
        line(left(Side::Resident), false),
    ];
    let told = steps::told(&row, &history);
    assert_eq!(told[1], "Mum and Mia left");
    assert_eq!(told[3], "Mum left");
}

#[wasm_bindgen_test]
fn spans_and_waits_are_worded_in_whole_units() {
    for (minutes, words) in [
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (125, "2 hours 5 minutes"),
    ] {
        assert_eq!(hours::span(minutes), words);
    }
    assert_eq!(hours::countdown(TEN, TEN - 14 * MINUTE - 5_000), "14:05");
    assert_eq!(hours::countdown(TEN, TEN + 1), "00:00");
    assert_eq!(
        hours::clock_beside(TEN + 26 * 60 * MINUTE, TEN),
        "Sun 15 March, 12:00"
    );
}
