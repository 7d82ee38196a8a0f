//! Who may come in or go at this moment, so that two sides never meet in a doorway.

use super::{Fact, day::VisitDay};
use crate::domain::{side::Side, stagger::LEAST_GAP, time::Moment, visit::Visit};

/// After this many minutes without a message the leader is asked what to do (ARR-7).
pub const GRACE_MINUTES: i64 = 15;

/// Whether a side may be let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Sign in.
    Now,
    /// Sign in, but by a door away from where the other side waits (ARR-5).
    ByOtherEntrance,
    /// Hold at the side door or in the waiting room; do not sign in (ARR-6).
    Hold {
        /// Until then.
        until: Moment,
        /// What would go wrong.
        reason: HoldReason,
    },
}

/// Why a side waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HoldReason {
    /// The first side is expected and could be met on the way in.
    FirstSideStillToCome,
    /// The first side came in too short a time ago.
    FirstSideJustCame,
}

/// Whether a side may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Release {
    /// Say goodbye.
    Now,
    /// The other side is still in the building.
    AfterOtherSide,
    /// The other side has only just gone (ARR-3).
    Wait {
        /// Until then.
        until: Moment,
    },
}

/// Two sides that came or went too close together (ARR-5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NearMiss {
    /// The second side came too soon after the first.
    Arriving {
        /// When the second side came.
        at: Moment,
    },
    /// The second side left too soon after the first.
    Leaving {
        /// When the second side left.
        at: Moment,
    },
}

/// Whether a side may be signed in now (ARR-5, ARR-6).
pub fn may_sign_in(visit: &Visit, day: &VisitDay, side: Side, now: Moment) -> Admission {
    if !visit.stagger.keep_apart() {
        return Admission::Now;
    }
    let first = visit.stagger.first_in();
    if side == first {
        // The first side comes late: the other already waits inside.
        let other = side.other();
        return if day.is_here(other) {
            Admission::ByOtherEntrance
        } else {
            Admission::Now
        };
    }
    let (until, reason) = match day.at(Fact::Arrived(first)) {
        Some(came) => {
            let apart = came.plus_minutes(visit.stagger.arrival_gap().minutes());
            (apart.min(visit.due(side)), HoldReason::FirstSideJustCame)
        }
        None if day.came(first) || day.at(Fact::NotComing(first)).is_some() => {
            return Admission::Now;
        }
        None => (visit.due(side), HoldReason::FirstSideStillToCome),
    };
    if now < until {
        Admission::Hold { until, reason }
    } else {
        Admission::Now
    }
}

/// Whether a side may go now (ARR-3).
pub fn may_leave(visit: &Visit, day: &VisitDay, side: Side, now: Moment) -> Release {
    let first = visit.stagger.first_out();
    if !visit.stagger.keep_apart() || side == first || !day.came(first) {
        return Release::Now;
    }
    match day.at(Fact::Left(first)) {
        None => Release::AfterOtherSide,
        Some(left) => {
            let until = left.plus_minutes(visit.stagger.departure_gap().minutes());
            if now < until {
                Release::Wait { until }
            } else {
                Release::Now
            }
        }
    }
}

/// Sides that are later than the grace period and have sent no message (ARR-7).
pub fn overdue(visit: &Visit, day: &VisitDay, now: Moment) -> Vec<Side> {
    Side::ALL
        .iter()
        .copied()
        .filter(|side| {
            let excused = day.at(Fact::NotComing(*side)).is_some()
                || day.at(Fact::NotComing(side.other())).is_some()
                || day.at(Fact::TurnedAway(*side)).is_some();
            let late = visit.due(*side).plus_minutes(GRACE_MINUTES) <= now;
            late && !excused && !day.came(*side)
        })
        .collect()
}

/// Where the record shows that two sides that must not meet could have met (ARR-5).
///
/// Found on any tablet that holds both events, also when they came from two.
pub fn near_misses(visit: &Visit, day: &VisitDay) -> Vec<NearMiss> {
    if !visit.stagger.keep_apart() {
        return Vec::new();
    }
    let stagger = visit.stagger;
    let arriving = too_close(
        day.at(Fact::Arrived(stagger.first_in())),
        day.at(Fact::Arrived(stagger.first_in().other())),
    );
    let leaving = too_close(
        day.at(Fact::Left(stagger.first_out())),
        day.at(Fact::Left(stagger.first_out().other())),
    );
    let arriving = arriving.map(|at| NearMiss::Arriving { at });
    arriving
        .into_iter()
        .chain(leaving.map(|at| NearMiss::Leaving { at }))
        .collect()
}

/// The second moment, if it follows the first by less than the smallest gap.
///
/// A first side that came after the second was let in by another door, which is not a near miss.
fn too_close(first: Option<Moment>, second: Option<Moment>) -> Option<Moment> {
    let (first, second) = (first?, second?);
    (first <= second && second < first.plus_minutes(LEAST_GAP)).then_some(second)
}

#[cfg(test)]
mod tests;
