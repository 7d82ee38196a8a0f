//! What planning refuses, and why: capacity, rooms, supervisors, length.
//!
//! All refusals come at once, so that a person is not sent round one by one.

use super::Visit;
use crate::domain::gather::put_in_order;
use crate::domain::{
    arrangement::Length,
    contact::ContactKind,
    family::FamilyCode,
    non_empty::NonEmpty,
    time::{Moment, Slot},
};

/// Families at supported contact at one time (CAP-1).
pub const MOST_SUPPORTED: usize = 4;
/// Families at assisted contact at one time (CAP-2).
pub const MOST_ASSISTED: usize = 2;

/// Why a visit cannot be planned as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlanRefusal {
    /// Four families are already there at this time; offer the waiting list (CAP-1).
    SupportedFull {
        /// When it is full.
        at: Moment,
    },
    /// Two families are already there at this time (CAP-2).
    AssistedFull {
        /// When it is full.
        at: Moment,
    },
    /// Nobody is named to observe (CAP-3).
    SupervisorMissing,
    /// The supervisor has another visit then (CAP-3).
    SupervisorBusy {
        /// With this family.
        with: FamilyCode,
    },
    /// No room is named (CAP-4).
    RoomMissing,
    /// The room cannot be shared then (CAP-4).
    RoomTaken {
        /// By this family.
        by: FamilyCode,
    },
    /// Longer than the arrangement allows (CAP-7).
    TooLong {
        /// Minutes planned.
        minutes: i64,
        /// Minutes allowed.
        most: i64,
    },
    /// Not within the session's hours.
    OutsideSession,
    /// The family already has a visit then.
    FamilyBusy,
    /// This kind of contact does not happen in a session.
    NotAVisit(ContactKind),
}

/// Checks a visit against the session's hours and its other visits.
///
/// `others` must not hold the visit itself.
pub fn check(
    visit: &Visit,
    others: &[&Visit],
    hours: Slot,
    longest: Length,
) -> Result<(), NonEmpty<PlanRefusal>> {
    let mut refusals = Vec::new();
    own(visit, hours, longest, &mut refusals);
    let overlapping: Vec<&Visit> = others
        .iter()
        .copied()
        .filter(|other| other.slot.overlaps(visit.slot))
        .collect();
    for other in &overlapping {
        against(visit, other, &mut refusals);
    }
    if let Some(at) = full(visit, &overlapping, ContactKind::Supported, MOST_SUPPORTED) {
        refusals.push(PlanRefusal::SupportedFull { at });
    }
    if let Some(at) = full(visit, &overlapping, ContactKind::Assisted, MOST_ASSISTED) {
        refusals.push(PlanRefusal::AssistedFull { at });
    }
    NonEmpty::parse(refusals).map_or(Ok(()), Err)
}

fn own(visit: &Visit, hours: Slot, longest: Length, refusals: &mut Vec<PlanRefusal>) {
    if !visit.kind.happens_in_a_session() {
        refusals.push(PlanRefusal::NotAVisit(visit.kind));
    }
    if visit.kind.needs_supervisor() && visit.supervisor.is_none() {
        refusals.push(PlanRefusal::SupervisorMissing);
    }
    if visit.kind.needs_own_room() && visit.room.is_none() {
        refusals.push(PlanRefusal::RoomMissing);
    }
    let (minutes, most) = (visit.slot.minutes(), longest.minutes());
    if minutes > most {
        refusals.push(PlanRefusal::TooLong { minutes, most });
    }
    if visit.slot.start() < hours.start() || hours.end() < visit.slot.end() {
        refusals.push(PlanRefusal::OutsideSession);
    }
}

/// Refusals that come from one visit at the same time.
fn against(visit: &Visit, other: &Visit, refusals: &mut Vec<PlanRefusal>) {
    if other.family == visit.family {
        refusals.push(PlanRefusal::FamilyBusy);
    }
    let one_to_one = visit.kind.needs_supervisor() || other.kind.needs_supervisor();
    if one_to_one && visit.supervisor.is_some() && visit.supervisor == other.supervisor {
        refusals.push(PlanRefusal::SupervisorBusy { with: other.family });
    }
    let exclusive = visit.kind.needs_own_room() || other.kind.needs_own_room();
    if exclusive && visit.room.is_some() && visit.room == other.room {
        refusals.push(PlanRefusal::RoomTaken { by: other.family });
    }
}

/// The first instant at which one more visit of this kind is too many.
///
/// The number at one time can only rise where a visit begins, so only those instants are counted.
fn full(visit: &Visit, overlapping: &[&Visit], kind: ContactKind, most: usize) -> Option<Moment> {
    if visit.kind != kind {
        return None;
    }
    let same: Vec<&&Visit> = overlapping
        .iter()
        .filter(|other| other.kind == kind)
        .collect();
    let mut instants: Vec<Moment> = same
        .iter()
        .map(|other| other.slot.start())
        .filter(|start| visit.slot.holds(*start))
        .chain([visit.slot.start()])
        .collect();
    put_in_order(&mut instants, Ord::cmp);
    instants.into_iter().find(|instant| {
        same.iter()
            .filter(|other| other.slot.holds(*instant))
            .count()
            >= most
    })
}

#[cfg(test)]
mod tests;
