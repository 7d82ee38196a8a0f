//! Where an adult, a child or a whole session stands, in one short sentence each.

use crate::{
    domain::{contact::ContactKind, side::Side},
    engine::{
        command::Happening,
        view::{FactView, HoldView, NextStep, NoteState, SideView, VisitRow},
    },
    ui::{
        i18n::{self, clock, sentence},
        pages::hall::wording::{
            hours::{minutes_between, span},
            people::{called, children, of_side},
            steps::reason,
        },
    },
};

/// After so many minutes without a message somebody should decide what to do (ARR-7).
const GRACE_MINUTES: i64 = 15;

/// Where one adult stands; the styles know these words as `data-standing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not due, or not long past due.
    Expected,
    /// Past the grace period without having come (ARR-7).
    Overdue,
    /// In the building.
    Here,
    /// Gone again.
    Left,
    /// Will not come.
    NotComing,
}

impl Standing {
    /// The word in the page's markup.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Overdue => "overdue",
            Self::Here => "here",
            Self::Left => "left",
            Self::NotComing => "not-coming",
        }
    }
}

/// Where this adult stands at this moment.
pub fn standing(adult: &SideView, now: i64) -> Standing {
    if adult.not_coming.is_some() {
        Standing::NotComing
    } else if adult.left.is_some() {
        Standing::Left
    } else if adult.arrived.is_some() {
        Standing::Here
    } else if minutes_between(adult.expected_in, now) >= GRACE_MINUTES {
        Standing::Overdue
    } else {
        Standing::Expected
    }
}

/// "Here since 09:44", "Expected 10:00", "Not coming: car broken".
pub fn standing_words(adult: &SideView, now: i64) -> String {
    match (&adult.not_coming, &adult.left, &adult.arrived) {
        (Some(absent), _, _) => format!("Not coming: {}", reason(absent.reason.0, &absent.words)),
        (None, Some(left), _) => format!("Left at {}", clock(left.at)),
        (None, None, Some(arrived)) => format!("Here since {}", clock(arrived.at)),
        (None, None, None) => {
            let late = minutes_between(adult.expected_in, now);
            if late >= GRACE_MINUTES {
                format!("Not here yet, expected {} ago", span(late))
            } else {
                "Not here yet".to_owned()
            }
        }
    }
}

/// The fact that stands for this adult now: that they left, or else that they came.
pub fn latest_fact(adult: &SideView) -> Option<&FactView> {
    adult.left.as_ref().or(adult.arrived.as_ref())
}

/// "Seen by two: Priya on Amber, Joan on Teal"; `None` while one person saw it.
pub fn witnesses(fact: &FactView) -> Option<String> {
    const NUMBERS: [&str; 4] = ["two", "three", "four", "five"];
    let count = fact.witnesses.len();
    if count < 2 {
        return None;
    }
    let word = NUMBERS
        .get(count - 2)
        .map_or_else(|| count.to_string(), |word| (*word).to_owned());
    Some(format!("Seen by {word}: {}", fact.witnesses.join(", ")))
}

/// Who recorded it, one person or more.
pub fn seen_by(fact: &FactView) -> String {
    witnesses(fact).unwrap_or_else(|| fact.witnesses.join(", "))
}

/// Where the child is and what is left of the contact; `None` before it began.
pub fn contact(row: &VisitRow, now: i64) -> Option<String> {
    let started = row.contact_started.as_ref()?;
    if let Some(ended) = &row.contact_ended {
        return Some(format!(
            "Together from {} to {}",
            clock(started.at),
            clock(ended.at)
        ));
    }
    let with = called(row, Side::Visiting);
    let left = minutes_between(now, row.ends);
    let rest = if left > 0 {
        format!("{} left", span(left))
    } else {
        format!("the end was {}", clock(row.ends))
    };
    Some(format!(
        "{} with {with} since {}, {rest}",
        sentence(&children(row)),
        clock(started.at)
    ))
}

/// "Hold DP at the door until 10:00: TP is still in reception." Explains itself (ARR-3, ARR-5, ARR-6).
pub fn hold(row: &VisitRow, hold: &HoldView) -> String {
    let (who, other) = (&hold.who, &hold.other);
    let (waiting, first) = (of_side(row, hold.side.0), of_side(row, hold.side.0.other()));
    let Some(until) = hold.until.map(clock) else {
        return format!("Bring {who} in by another door: {other} is already inside.");
    };
    if waiting.arrived.is_some() {
        format!("Hold {who} in the room until {until}: {other} has only just left.")
    } else if first.arrived.is_some() {
        format!("Hold {who} at the door until {until}: {other} is still in reception.")
    } else {
        format!("Hold {who} at the door until {until}: {other} has not come in yet.")
    }
}

/// True while a hold is on: its time has not come, or it has none.
pub fn holds(hold: &HoldView, now: i64) -> bool {
    hold.until.is_none_or(|until| now < until)
}

/// True for an arrival that should still wait at the door (ARR-6).
pub fn is_early(row: &VisitRow, what: &Happening, now: i64) -> bool {
    let held = row
        .hold
        .as_ref()
        .filter(|hold| hold.until.is_some() && holds(hold, now));
    held.is_some_and(|hold| *what == Happening::Arrived(hold.side))
}

/// What the big button says while somebody has to wait (ARR-3): "Dad waits until 12:15".
pub fn waiting(row: &VisitRow, then: &Happening, until: i64) -> String {
    let who = match then {
        Happening::Arrived(side) | Happening::Left(side) | Happening::NotComing { side, .. } => {
            called(row, side.0)
        }
        Happening::HandedToVisiting
        | Happening::WentOut
        | Happening::CameBack
        | Happening::HandedToResident => children(row),
    };
    format!("{} waits until {}", sentence(&who), clock(until))
}

/// The end of a row with nothing left to do.
pub fn finished(row: &VisitRow) -> &'static str {
    let absent = row.resident.not_coming.is_some() || row.visiting.not_coming.is_some();
    if absent && row.contact_started.is_none() {
        "No visit today"
    } else {
        "Everyone has left"
    }
}

/// "5 visits: 1 finished, 2 under way, 2 to come".
pub fn day_so_far(visits: &[VisitRow]) -> String {
    let finished = visits
        .iter()
        .filter(|row| row.next == NextStep::Finished)
        .count();
    let begun = visits
        .iter()
        .filter(|row| row.next != NextStep::Finished)
        .filter(|row| row.resident.arrived.is_some() || row.visiting.arrived.is_some())
        .count();
    let to_come = visits.len() - finished - begun;
    let parts: Vec<String> = [
        (finished, "finished"),
        (begun, "under way"),
        (to_come, "to come"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let visits = i18n::count(
        i64::try_from(visits.len()).unwrap_or(i64::MAX),
        "visit",
        "visits",
    );
    if parts.is_empty() {
        "No visits are planned".to_owned()
    } else {
        format!("{visits}: {}", parts.join(", "))
    }
}

/// Why there is nowhere to write, or whose note it is; `None` where this person writes.
pub fn note_line(row: &VisitRow) -> Option<String> {
    match row.note {
        NoteState::NoPlaceForNotes => Some(match row.kind.0 {
            ContactKind::Handover => {
                "Handover: times only. A worry goes to the safeguarding lead.".to_owned()
            }
            ContactKind::Supported => {
                "Supported contact: attendance only. A worry goes to the safeguarding lead."
                    .to_owned()
            }
            ContactKind::Assisted
            | ContactKind::Supervised
            | ContactKind::Escorted
            | ContactKind::Video
            | ContactKind::Indirect
            | ContactKind::Identity
            | ContactKind::Assessment => {
                "This contact has no notes. A worry goes to the safeguarding lead.".to_owned()
            }
        }),
        NoteState::SomebodyElses => Some(match &row.supervisor {
            Some(name) => format!("{name} writes the note of this visit."),
            None => "Nobody has been named to write the note of this visit.".to_owned(),
        }),
        NoteState::Readable { .. } => Some(match &row.supervisor {
            Some(name) => format!("{name} writes this note. You can read it."),
            None => "You can read this note.".to_owned(),
        }),
        NoteState::Mine { .. } => None,
    }
}
