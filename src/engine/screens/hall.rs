//! From a visit and its events to what the hall sees.

use crate::{
    domain::{
        attendance::{
            AbsenceReason, AttendanceEvent, EventKind, Fact,
            day::{VisitDay, WitnessedFact},
            door::{Admission, Release},
            step::{self, VisitStage},
        },
        ids::MemberId,
        note::{Entry, EntryProgress, ObservationNote},
        side::Side,
        time::Moment,
        visit::Visit,
    },
    engine::{
        command::Happening,
        view::{
            AbsenceView, Badge, EntryView, FactView, HistoryLine, HoldView, NextStep, NoteState,
            NoteView, SideView, UndoView, VisitRow,
        },
        wire::{Id, Wire},
    },
};

/// Looks up what a visit only names.
pub(crate) trait Names {
    /// A member's name, or a word for somebody unknown.
    fn member(&self, member: MemberId) -> String;
    /// A room's name.
    fn room(&self, room: [u8; 16]) -> Option<String>;
}

/// A visit with everything that belongs to it.
pub(crate) struct VisitFacts<'a> {
    pub(crate) id: Id,
    pub(crate) visit: &'a Visit,
    pub(crate) day: &'a VisitDay,
    pub(crate) note: NoteState,
    pub(crate) badge: Badge,
    /// Who looks, and on which tablet: undo is offered for what was recorded here.
    pub(crate) me: MemberId,
    pub(crate) tablet: &'a str,
}

/// One row of Today.
pub(crate) fn visit_row(facts: &VisitFacts<'_>, names: &impl Names, now: Moment) -> VisitRow {
    let VisitFacts {
        id,
        visit,
        day,
        note,
        badge,
        ..
    } = facts;
    let next = step::next_step(visit, day, now);
    VisitRow {
        id: *id,
        family_code: visit.family.to_string(),
        children: visit
            .children
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        kind: Wire(visit.kind),
        room: visit.room.and_then(|room| names.room(*room.as_bytes())),
        supervisor: visit.supervisor.map(|member| names.member(member)),
        starts: visit.slot.start().ms(),
        ends: visit.slot.end().ms(),
        needs: visit
            .needs
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        keep_apart: visit.stagger.keep_apart(),
        resident: side_view(visit, day, Side::Resident, names),
        visiting: side_view(visit, day, Side::Visiting, names),
        collectors: visit
            .collectors
            .iter()
            .map(|collector| collector.name.as_str().to_owned())
            .collect(),
        next: next_step(day, &next),
        also: also(day, &next),
        hold: hold(visit, &next),
        contact_started: fact_view(day.fact(Fact::HandedToVisiting), names),
        contact_ended: fact_view(day.fact(Fact::HandedToResident), names),
        undo: undo(facts),
        note: *note,
        badge: *badge,
    }
}

/// Everything recorded about a visit, oldest first.
pub(crate) fn history(day: &VisitDay, names: &impl Names) -> Vec<HistoryLine> {
    let undone: Vec<_> = day.history().iter().filter_map(undoes).collect();
    let lines = day.history().iter().filter_map(|event| {
        Some(HistoryLine {
            event: Id(*event.id.as_bytes()),
            what: happening(&event.kind)?,
            occurred_at: event.occurred_at.ms(),
            recorded_at: event.recorded_at.ms(),
            by: witness(event, names),
            undone: undone.contains(&event.id),
        })
    });
    lines.collect()
}

/// The note as its reader sees it.
pub(crate) fn note_view(
    note: &ObservationNote,
    visit: &Visit,
    me: MemberId,
    badge: Badge,
    names: &impl Names,
) -> NoteView {
    let (finished, typing): (Vec<&Entry>, Vec<&Entry>) = note
        .entries()
        .iter()
        .partition(|entry| matches!(entry.progress, EntryProgress::Finished { .. }));
    let may_write = note.author() == me;
    NoteView {
        author: names.member(note.author()),
        may_write,
        entries: finished.into_iter().map(entry_view).collect(),
        draft: typing
            .into_iter()
            .rfind(|entry| may_write && !entry.text.is_blank())
            .map(entry_view),
        people: people(visit),
        badge,
    }
}

/// A note that has not been begun.
pub(crate) fn blank_note(
    author: MemberId,
    visit: &Visit,
    me: MemberId,
    names: &impl Names,
) -> NoteView {
    NoteView {
        author: names.member(author),
        may_write: author == me,
        entries: Vec::new(),
        draft: None,
        people: people(visit),
        badge: Badge::Elsewhere,
    }
}

fn people(visit: &Visit) -> Vec<String> {
    let children = visit.children.iter().map(|name| name.as_str().to_owned());
    let adults = [&visit.adults.visiting, &visit.adults.resident];
    children
        .chain(adults.map(|adult| adult.first_name.as_str().to_owned()))
        .collect()
}

fn entry_view(entry: &Entry) -> EntryView {
    EntryView {
        id: Id(*entry.id.as_bytes()),
        kind: Wire(entry.kind),
        occurred_at: entry.occurred_at.ms(),
        written_at: entry.written_at.ms(),
        late: entry.is_late(),
        speaker: entry
            .speaker
            .as_ref()
            .map_or_else(String::new, |line| line.as_str().to_owned()),
        text: entry.text.as_str().to_owned(),
    }
}

fn side_view(visit: &Visit, day: &VisitDay, side: Side, names: &impl Names) -> SideView {
    let adult = visit.adults.of(side);
    let arrived = day
        .fact(Fact::Arrived(side))
        .or_else(|| day.fact(Fact::SeenHere(side)));
    SideView {
        name: adult.first_name.as_str().to_owned(),
        initials: adult.initials.as_str().to_owned(),
        relationship: adult.relationship.as_str().to_owned(),
        expected_in: visit.arrivals().of(side).ms(),
        expected_out: visit.departures().of(side).ms(),
        arrived: fact_view(arrived, names),
        left: fact_view(day.fact(Fact::Left(side)), names),
        not_coming: day
            .fact(Fact::NotComing(side))
            .and_then(|fact| fact.witnesses.first())
            .and_then(absence),
    }
}

fn absence(event: &AttendanceEvent) -> Option<AbsenceView> {
    if let EventKind::NotComing { reason, words, .. } = &event.kind {
        let words = words
            .as_ref()
            .map_or_else(String::new, |words| words.as_str().to_owned());
        return Some(AbsenceView {
            reason: Wire(*reason),
            words,
        });
    }
    None
}

fn fact_view(fact: Option<&WitnessedFact>, names: &impl Names) -> Option<FactView> {
    fact.map(|fact| {
        let mut witnesses: Vec<String> = fact
            .witnesses
            .iter()
            .map(|event| witness(event, names))
            .collect();
        witnesses.dedup();
        FactView {
            at: fact.at.ms(),
            witnesses,
            disagree: fact.disagrees,
        }
    })
}

fn witness(event: &AttendanceEvent, names: &impl Names) -> String {
    format!(
        "{} on {}",
        names.member(event.recorded_by),
        event.tablet.as_str()
    )
}

fn next_step(day: &VisitDay, next: &step::NextStep) -> NextStep {
    let Some(then) = next.event().as_ref().and_then(happening) else {
        return NextStep::Finished;
    };
    match next {
        step::NextStep::Departure {
            release: Release::Wait { until },
            ..
        } => NextStep::WaitUntil {
            at: until.ms(),
            then,
        },
        // The other side goes first; until then there is nothing to record for this one.
        step::NextStep::Departure {
            side,
            release: Release::AfterOtherSide,
        } if day.is_here(side.other()) => NextStep::Do(Happening::Left(Wire(side.other()))),
        step::NextStep::Arrival { .. }
        | step::NextStep::StartContact
        | step::NextStep::GoOut
        | step::NextStep::ComeBack { .. }
        | step::NextStep::EndContact { .. }
        | step::NextStep::Departure { .. }
        | step::NextStep::Finished => NextStep::Do(then),
    }
}

/// What may be recorded besides the big button: the other side's arrival, an absence, an early departure.
fn also(day: &VisitDay, next: &step::NextStep) -> Vec<Happening> {
    let coming = |side: Side| !day.came(side) && day.at(Fact::NotComing(side)).is_none();
    let absent = |side: Side| Happening::NotComing {
        side: Wire(side),
        reason: Wire(AbsenceReason::NoMessage),
        words: String::new(),
    };
    match step::stage(day) {
        VisitStage::Expected | VisitStage::Waiting { .. } | VisitStage::BothHere => {
            let arriving = match next {
                step::NextStep::Arrival { side, .. } => Some(side.other()),
                step::NextStep::StartContact
                | step::NextStep::GoOut
                | step::NextStep::ComeBack { .. }
                | step::NextStep::EndContact { .. }
                | step::NextStep::Departure { .. }
                | step::NextStep::Finished => None,
            };
            let arrivals = arriving
                .into_iter()
                .filter(|side| coming(*side))
                .map(|side| Happening::Arrived(Wire(side)));
            let absences = Side::ALL
                .iter()
                .copied()
                .filter(|side| coming(*side))
                .map(absent);
            arrivals.chain(absences).collect()
        }
        VisitStage::Ended | VisitStage::CalledOff { .. } => {
            let first = match next {
                step::NextStep::Departure { side, .. } => Some(*side),
                step::NextStep::Arrival { .. }
                | step::NextStep::StartContact
                | step::NextStep::GoOut
                | step::NextStep::ComeBack { .. }
                | step::NextStep::EndContact { .. }
                | step::NextStep::Finished => None,
            };
            let here = Side::ALL
                .iter()
                .copied()
                .filter(|side| day.is_here(*side) && Some(*side) != first);
            here.map(|side| Happening::Left(Wire(side))).collect()
        }
        VisitStage::InContact | VisitStage::Out | VisitStage::Finished => Vec::new(),
    }
}

fn hold(visit: &Visit, next: &step::NextStep) -> Option<HoldView> {
    let (side, until) = match next {
        step::NextStep::Arrival {
            side,
            admission: Admission::Hold { until, .. },
            ..
        }
        | step::NextStep::Departure {
            side,
            release: Release::Wait { until },
            ..
        } => (*side, Some(*until)),
        step::NextStep::Arrival {
            side,
            admission: Admission::ByOtherEntrance,
            ..
        } => (*side, None),
        step::NextStep::Arrival { .. }
        | step::NextStep::StartContact
        | step::NextStep::GoOut
        | step::NextStep::ComeBack { .. }
        | step::NextStep::EndContact { .. }
        | step::NextStep::Departure { .. }
        | step::NextStep::Finished => return None,
    };
    Some(HoldView {
        side: Wire(side),
        who: visit.adults.of(side).initials.as_str().to_owned(),
        other: visit.adults.of(side.other()).initials.as_str().to_owned(),
        until: until.map(Moment::ms),
    })
}

fn undo(facts: &VisitFacts<'_>) -> Option<UndoView> {
    let undone: Vec<_> = facts.day.history().iter().filter_map(undoes).collect();
    let mine = facts.day.history().iter().filter(|event| {
        event.recorded_by == facts.me
            && event.tablet.as_str() == facts.tablet
            && !undone.contains(&event.id)
    });
    let last = mine
        .filter(|event| event.kind.fact().is_some())
        .max_by_key(|event| (event.recorded_at, event.id))?;
    Some(UndoView {
        event: Id(*last.id.as_bytes()),
        what: happening(&last.kind)?,
        recorded_at: last.recorded_at.ms(),
    })
}

fn undoes(event: &AttendanceEvent) -> Option<crate::domain::ids::EventId> {
    if let EventKind::Undone(target) = &event.kind {
        Some(*target)
    } else {
        None
    }
}

/// The page's word for an event; `None` for one that only takes another back.
pub(crate) fn happening(kind: &EventKind) -> Option<Happening> {
    Some(match kind {
        EventKind::Arrived(side) | EventKind::SeenHere(side) => Happening::Arrived(Wire(*side)),
        EventKind::HandedToVisiting => Happening::HandedToVisiting,
        EventKind::LeftPremisesWithVisiting => Happening::WentOut,
        EventKind::BackOnPremises => Happening::CameBack,
        EventKind::HandedToResident => Happening::HandedToResident,
        EventKind::Left(side) => Happening::Left(Wire(*side)),
        EventKind::TurnedAway { side, reason } => Happening::NotComing {
            side: Wire(*side),
            reason: Wire(AbsenceReason::Other),
            words: format!("turned away: {}", reason.word().replace('-', " ")),
        },
        EventKind::NotComing {
            side,
            reason,
            words,
        } => Happening::NotComing {
            side: Wire(*side),
            reason: Wire(*reason),
            words: words
                .as_ref()
                .map_or_else(String::new, |words| words.as_str().to_owned()),
        },
        EventKind::Undone(_) => return None,
    })
}
