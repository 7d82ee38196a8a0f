//! The next sensible step of a visit: the one big button on Today.

use super::{
    EventKind, Fact,
    day::VisitDay,
    door::{Admission, Release, may_leave, may_sign_in},
};
use crate::domain::{contact::ContactKind, side::Side, time::Moment, visit::Visit};

/// How far a visit has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VisitStage {
    /// Nobody has come.
    Expected,
    /// One side is here.
    Waiting {
        /// That side.
        here: Side,
    },
    /// Both sides are here, and contact has not begun.
    BothHere,
    /// The children are with the visiting adult.
    InContact,
    /// They are out of the building together.
    Out,
    /// The children are back with the resident side, and somebody is still here.
    Ended,
    /// Contact took place and everybody has gone.
    Finished,
    /// Contact did not take place.
    CalledOff {
        /// The side that did not come, was turned away, or went home.
        by: Side,
    },
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NextStep {
    /// Let a side in; the resident side brings the children.
    Arrival {
        /// Which side.
        side: Side,
        /// When it is due.
        due: Moment,
        /// Whether it may come in now.
        admission: Admission,
    },
    /// Take the children to the visiting adult.
    StartContact,
    /// Let them out of the building together.
    GoOut,
    /// Let them in again.
    ComeBack {
        /// When they are due.
        due: Moment,
    },
    /// Take the children back to the resident side.
    EndContact {
        /// When it ends, however late it began (ARR-8).
        due: Moment,
    },
    /// Let a side go home.
    Departure {
        /// Which side.
        side: Side,
        /// Whether it may go now (ARR-3).
        release: Release,
    },
    /// Nothing is left to do.
    Finished,
}

impl NextStep {
    /// What a tap on the button records; none if there is nothing to record.
    pub const fn event(self) -> Option<EventKind> {
        Some(match self {
            Self::Arrival { side, .. } => EventKind::Arrived(side),
            Self::StartContact => EventKind::HandedToVisiting,
            Self::GoOut => EventKind::LeftPremisesWithVisiting,
            Self::ComeBack { .. } => EventKind::BackOnPremises,
            Self::EndContact { .. } => EventKind::HandedToResident,
            Self::Departure { side, .. } => EventKind::Left(side),
            Self::Finished => return None,
        })
    }
}

/// How far a visit has come.
pub fn stage(day: &VisitDay) -> VisitStage {
    let here = (day.is_here(Side::Resident), day.is_here(Side::Visiting));
    if day.at(Fact::HandedToResident).is_some() {
        return if here == (false, false) {
            VisitStage::Finished
        } else {
            VisitStage::Ended
        };
    }
    if day.at(Fact::HandedToVisiting).is_some() {
        return if day.is_out() {
            VisitStage::Out
        } else {
            VisitStage::InContact
        };
    }
    if let Some(by) = called_off(day) {
        return VisitStage::CalledOff { by };
    }
    match here {
        (false, false) => VisitStage::Expected,
        (true, false) => VisitStage::Waiting {
            here: Side::Resident,
        },
        (false, true) => VisitStage::Waiting {
            here: Side::Visiting,
        },
        (true, true) => VisitStage::BothHere,
    }
}

/// The next sensible step at this moment.
pub fn next_step(visit: &Visit, day: &VisitDay, now: Moment) -> NextStep {
    match stage(day) {
        VisitStage::Expected => arrival(visit, day, visit.stagger.first_in(), now),
        VisitStage::Waiting { here } => arrival(visit, day, here.other(), now),
        VisitStage::BothHere => NextStep::StartContact,
        VisitStage::InContact => in_contact(visit, day),
        VisitStage::Out => NextStep::ComeBack {
            due: visit.slot.end(),
        },
        VisitStage::Ended | VisitStage::CalledOff { .. } => departure(visit, day, now),
        VisitStage::Finished => NextStep::Finished,
    }
}

/// A handover goes out of the building once; other kinds stay in.
fn in_contact(visit: &Visit, day: &VisitDay) -> NextStep {
    let leaves = matches!(visit.kind, ContactKind::Handover | ContactKind::Escorted);
    if leaves && day.at(Fact::LeftPremisesWithVisiting).is_none() {
        return NextStep::GoOut;
    }
    NextStep::EndContact {
        due: visit.slot.end(),
    }
}

fn arrival(visit: &Visit, day: &VisitDay, side: Side, now: Moment) -> NextStep {
    NextStep::Arrival {
        side,
        due: visit.due(side),
        admission: may_sign_in(visit, day, side, now),
    }
}

fn departure(visit: &Visit, day: &VisitDay, now: Moment) -> NextStep {
    let first = visit.stagger.first_out();
    let leaving = [first, first.other()]
        .into_iter()
        .find(|side| day.is_here(*side));
    leaving.map_or(NextStep::Finished, |side| NextStep::Departure {
        side,
        release: may_leave(visit, day, side, now),
    })
}

/// The side because of which contact did not begin.
fn called_off(day: &VisitDay) -> Option<Side> {
    Side::ALL.iter().copied().find(|side| {
        let absent =
            day.at(Fact::NotComing(*side)).is_some() || day.at(Fact::TurnedAway(*side)).is_some();
        let went_home = day.at(Fact::Left(*side)).is_some();
        (absent && !day.came(*side)) || went_home
    })
}

#[cfg(test)]
mod tests;
