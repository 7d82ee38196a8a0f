//! What all events of a visit together say, whatever order they came in.
//!
//! The same fact recorded on two tablets is one fact with two witnesses (OFF-2). An event that was
//! undone or put right stops counting and stays in the history.

use std::collections::BTreeSet;

use super::{AttendanceEvent, EventKind, Fact};
use crate::domain::few::Few;
use crate::domain::gather::{Gather, put_in_order};
use crate::domain::{
    ids::EventId,
    side::{PerSide, Side},
    time::Moment,
};

/// Witnesses further apart than this disagree, in minutes (OFF-2).
pub const DISAGREE_AFTER_MINUTES: u64 = 5;

/// One fact and everybody who recorded it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WitnessedFact {
    /// The earliest time anybody gave.
    pub at: Moment,
    /// The events that say so, earliest first; never empty.
    pub witnesses: Vec<AttendanceEvent>,
    /// Whether a person should look: times over five minutes apart, or different reasons.
    pub disagrees: bool,
}

/// Whether somebody is in the building.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inside {
    /// As far as this tablet knows.
    Yes,
    /// They may wait somewhere or have gone for a walk; the fire roll asks.
    Perhaps,
    /// As far as this tablet knows.
    No,
}

/// Who is in the building for one visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Presence {
    /// The children.
    pub children: Inside,
    /// The adults.
    pub adults: PerSide<Inside>,
}

/// What is known about one visit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VisitDay {
    facts: Few<Fact, WitnessedFact>,
    history: Vec<AttendanceEvent>,
}

impl VisitDay {
    /// Works out what the events say; any order and any repetition give the same.
    pub fn merge(events: impl IntoIterator<Item = AttendanceEvent>) -> Self {
        let by_id: Few<EventId, AttendanceEvent> =
            events.into_iter().map(|event| (event.id, event)).gather();
        let dropped = dropped(&by_id);
        let mut history: Vec<AttendanceEvent> = by_id.into_values().collect();
        put_in_order(&mut history, |a, b| {
            (a.occurred_at, a.recorded_at, a.id).cmp(&(b.occurred_at, b.recorded_at, b.id))
        });
        let mut grouped: Few<Fact, Vec<AttendanceEvent>> = Few::default();
        for event in history.iter().filter(|event| !dropped.contains(&event.id)) {
            if let Some(fact) = event.kind.fact() {
                grouped.or_default(fact).push(event.clone());
            }
        }
        let facts = grouped
            .into_iter()
            .filter_map(|(fact, witnesses)| Some((fact, witnessed(fact, witnesses)?)))
            .gather();
        Self { facts, history }
    }

    /// One fact, if anybody recorded it and nobody undid it.
    pub fn fact(&self, fact: Fact) -> Option<&WitnessedFact> {
        self.facts.get(&fact)
    }

    /// When a fact happened.
    pub fn at(&self, fact: Fact) -> Option<Moment> {
        self.facts.get(&fact).map(|witnessed| witnessed.at)
    }

    /// Everything that counts.
    pub fn facts(&self) -> impl Iterator<Item = (Fact, &WitnessedFact)> {
        self.facts
            .iter()
            .map(|(fact, witnessed)| (*fact, witnessed))
    }

    /// Every event ever recorded, in the order in which things happened.
    pub fn history(&self) -> &[AttendanceEvent] {
        &self.history
    }

    /// The fact recorded last, which is what *Undo* takes back.
    pub fn latest(&self) -> Option<(Fact, &WitnessedFact)> {
        self.facts().max_by_key(|(fact, witnessed)| {
            let recorded = witnessed
                .witnesses
                .iter()
                .map(|event| event.recorded_at)
                .max();
            (recorded, *fact)
        })
    }

    /// Whether a side came, recorded at the door or only seen (OFF-9).
    pub fn came(&self, side: Side) -> bool {
        self.arrived_at(side).is_some()
    }

    /// When a side came; when it was first seen, if nobody recorded the arrival.
    pub fn arrived_at(&self, side: Side) -> Option<Moment> {
        self.at(Fact::Arrived(side))
            .or_else(|| self.at(Fact::SeenHere(side)))
    }

    /// Whether a side came and has not gone home.
    pub fn is_here(&self, side: Side) -> bool {
        self.came(side) && self.at(Fact::Left(side)).is_none()
    }

    /// Whether the children and the visiting adult are out of the building together.
    pub fn is_out(&self) -> bool {
        self.at(Fact::LeftPremisesWithVisiting).is_some()
            && self.at(Fact::BackOnPremises).is_none()
            && self.at(Fact::HandedToResident).is_none()
    }

    /// Who is in the building, for the fire roll (ARR-13).
    pub fn presence(&self) -> Presence {
        let (out, resident) = (self.is_out(), self.is_here(Side::Resident));
        let in_contact =
            self.at(Fact::HandedToVisiting).is_some() && self.at(Fact::HandedToResident).is_none();
        let yes = |is| if is { Inside::Yes } else { Inside::No };
        let bringing = match (resident, in_contact) {
            (true, true) => Inside::Perhaps,
            (is, _) => yes(is),
        };
        Presence {
            children: yes(resident && !out),
            adults: PerSide {
                resident: bringing,
                visiting: yes(self.is_here(Side::Visiting) && !out),
            },
        }
    }

    /// Facts a person should look at: witnesses disagree, or a side came that does not come.
    pub fn needs_a_look(&self) -> Vec<Fact> {
        self.facts()
            .filter(|(fact, witnessed)| {
                let contradicted = match fact {
                    Fact::NotComing(side) => self.came(*side),
                    Fact::Arrived(_)
                    | Fact::SeenHere(_)
                    | Fact::HandedToVisiting
                    | Fact::LeftPremisesWithVisiting
                    | Fact::BackOnPremises
                    | Fact::HandedToResident
                    | Fact::Left(_)
                    | Fact::TurnedAway(_) => false,
                };
                witnessed.disagrees || contradicted
            })
            .map(|(fact, _)| fact)
            .collect()
    }
}

/// Events that no longer count: undone, or put right by an event that was not itself undone.
fn dropped(events: &Few<EventId, AttendanceEvent>) -> BTreeSet<EventId> {
    let undone: BTreeSet<EventId> = events
        .values()
        .filter_map(|event| match &event.kind {
            EventKind::Undone(target) => Some(*target),
            EventKind::Arrived(_)
            | EventKind::SeenHere(_)
            | EventKind::HandedToVisiting
            | EventKind::LeftPremisesWithVisiting
            | EventKind::BackOnPremises
            | EventKind::HandedToResident
            | EventKind::Left(_)
            | EventKind::TurnedAway { .. }
            | EventKind::NotComing { .. } => None,
        })
        .gather();
    let corrected = events
        .values()
        .filter(|event| !undone.contains(&event.id))
        .filter_map(|event| event.correction_of.filter(|target| *target != event.id));
    undone.iter().copied().chain(corrected).gather()
}

/// Witnesses come sorted by time; none gives no fact.
fn witnessed(fact: Fact, witnesses: Vec<AttendanceEvent>) -> Option<WitnessedFact> {
    let (first, last) = (witnesses.first()?, witnesses.last()?);
    let at = first.occurred_at;
    let disagrees = match fact {
        // The time at which somebody noted an absence says nothing; the reason does.
        Fact::NotComing(_) | Fact::TurnedAway(_) => {
            witnesses.iter().any(|event| event.kind != first.kind)
        }
        // Being seen at two times is no contradiction.
        Fact::SeenHere(_) => false,
        Fact::Arrived(_)
        | Fact::HandedToVisiting
        | Fact::LeftPremisesWithVisiting
        | Fact::BackOnPremises
        | Fact::HandedToResident
        | Fact::Left(_) => at.distance_ms(last.occurred_at) > DISAGREE_AFTER_MINUTES * 60_000,
    };
    Some(WitnessedFact {
        at,
        witnesses,
        disagrees,
    })
}

#[cfg(test)]
mod tests;
