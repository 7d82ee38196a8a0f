//! The words of what can be recorded at the door, before and after it was.

use crate::{
    domain::{attendance::AbsenceReason, side::Side},
    engine::{
        command::Happening,
        view::{HistoryLine, VisitRow},
    },
    ui::{
        i18n::sentence,
        pages::hall::wording::people::{
            called, children, several, told_apart, whose, with_children,
        },
    },
};

/// The most characters of a reason, the picked word included (REC-2).
pub const REASON_LIMIT: usize = 120;

/// What the button says: "Mia's dad is here", "Hand Mia to dad".
pub fn action(row: &VisitRow, what: &Happening) -> String {
    let kids = children(row);
    match what {
        Happening::Arrived(side) => match side.0 {
            Side::Visiting => format!("{} is here", sentence(&whose(row, Side::Visiting))),
            Side::Resident => {
                let are = if several(row) { "are" } else { "is" };
                format!(
                    "{} {are} here with {}",
                    sentence(&kids),
                    called(row, Side::Resident)
                )
            }
        },
        Happening::HandedToVisiting => format!("Hand {kids} to {}", called(row, Side::Visiting)),
        Happening::WentOut => sentence(&format!("{} go out", with_children(row, Side::Visiting))),
        Happening::CameBack => {
            sentence(&format!("{} are back", with_children(row, Side::Visiting)))
        }
        Happening::HandedToResident => {
            format!(
                "{} back with {}",
                sentence(&kids),
                called(row, Side::Resident)
            )
        }
        Happening::Left(side) => {
            let have = if side.0 == child_is_with(row) {
                "have"
            } else {
                "has"
            };
            sentence(&format!(
                "{} {have} left",
                leaving(row, side.0, child_is_with(row))
            ))
        }
        Happening::NotComing { side, .. } => {
            format!("{} not coming", sentence(&called(row, side.0)))
        }
    }
}

/// What follows the button's words when it is read alone: "record for Tom, Otter 14".
pub fn action_context(row: &VisitRow, what: &Happening) -> String {
    match side_of(what) {
        Some(side) => format!("record for {}, {}", told_apart(row, side), row.family_code),
        None => format!("record for {}", row.family_code),
    }
}

/// What is said after it was saved: "Recorded: dad arrived, 09:44, Otter 14".
pub fn recorded(row: &VisitRow, what: &Happening, clock: &str) -> String {
    format!(
        "Recorded: {}, {clock}, {}",
        past(row, what, child_is_with(row)),
        row.family_code
    )
}

/// What is said after it was taken back.
pub fn taken_back(row: &VisitRow, what: &Happening) -> String {
    format!(
        "Taken back: {}, {}",
        past(row, what, child_is_with(row)),
        row.family_code
    )
}

/// What the undo button says when it is read alone: "Undo: dad arrived, Otter 14".
pub fn undo(row: &VisitRow, what: &Happening) -> String {
    format!(
        "Undo: {}, {}",
        past(row, what, child_is_with(row)),
        row.family_code
    )
}

/// The facts of a history in its own order: who had the child when somebody left is read from what came before.
pub fn told(row: &VisitRow, history: &[HistoryLine]) -> Vec<String> {
    let mut with = Side::Resident;
    history
        .iter()
        .map(|line| {
            let words = sentence(&past(row, &line.what, with));
            if !line.undone {
                with = moved(&line.what, with);
            }
            words
        })
        .collect()
}

fn past(row: &VisitRow, what: &Happening, child_with: Side) -> String {
    let kids = children(row);
    match what {
        Happening::Arrived(side) => match side.0 {
            Side::Visiting => format!("{} arrived", called(row, Side::Visiting)),
            Side::Resident => format!("{} arrived", with_children(row, Side::Resident)),
        },
        Happening::HandedToVisiting => format!("{kids} handed to {}", called(row, Side::Visiting)),
        Happening::WentOut => format!("{} went out", with_children(row, Side::Visiting)),
        Happening::CameBack => format!("{} came back", with_children(row, Side::Visiting)),
        Happening::HandedToResident => format!("{kids} back with {}", called(row, Side::Resident)),
        Happening::Left(side) => format!("{} left", leaving(row, side.0, child_with)),
        Happening::NotComing {
            side,
            reason: picked,
            words,
        } => {
            format!(
                "{} not coming: {}",
                called(row, side.0),
                reason(picked.0, words)
            )
        }
    }
}

/// The adult, together with the children where they go with this side.
fn leaving(row: &VisitRow, side: Side, child_with: Side) -> String {
    if side == child_with {
        with_children(row, side)
    } else {
        called(row, side)
    }
}

/// With whom the child is once this row's facts are true.
fn child_is_with(row: &VisitRow) -> Side {
    if row.contact_started.is_some() && row.contact_ended.is_none() {
        Side::Visiting
    } else {
        Side::Resident
    }
}

fn moved(what: &Happening, with: Side) -> Side {
    match what {
        Happening::HandedToVisiting => Side::Visiting,
        Happening::HandedToResident => Side::Resident,
        Happening::Arrived(_)
        | Happening::WentOut
        | Happening::CameBack
        | Happening::Left(_)
        | Happening::NotComing { .. } => with,
    }
}

/// Whose column a happening belongs to; a handover belongs to both.
pub fn side_of(what: &Happening) -> Option<Side> {
    match what {
        Happening::Arrived(side) | Happening::Left(side) | Happening::NotComing { side, .. } => {
            Some(side.0)
        }
        Happening::HandedToVisiting
        | Happening::WentOut
        | Happening::CameBack
        | Happening::HandedToResident => None,
    }
}

/// A reason that can be picked with one tap (REC-2); neutral, and true of either side.
pub const fn absence(reason: AbsenceReason) -> &'static str {
    match reason {
        AbsenceReason::NoMessage => "No message",
        AbsenceReason::CancelledInTime => "Cancelled in good time",
        AbsenceReason::CancelledLate => "Cancelled late",
        AbsenceReason::Ill => "Ill",
        AbsenceReason::ChildDeclined => "Child did not want to come",
        AbsenceReason::Centre => "Called off by the centre",
        AbsenceReason::Other => "Another reason",
    }
}

/// The picked reason and what was said, within the limit: "Cancelled late: rang hall, car broken".
pub fn reason(picked: AbsenceReason, said: &str) -> String {
    let (picked, said) = (absence(picked), said.trim());
    let whole = if said.is_empty() {
        picked.to_owned()
    } else {
        format!("{picked}: {said}")
    };
    whole.chars().take(REASON_LIMIT).collect()
}

/// What follows "Not coming" when the button is read alone: "dad, Otter 14".
pub fn absence_context(row: &VisitRow, side: Side) -> String {
    format!("{}, {}", called(row, side), row.family_code)
}
