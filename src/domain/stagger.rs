//! Who arrives and leaves first, and by how many minutes.
//!
//! The gap is what keeps two people from meeting in a doorway, so a stagger that is too small to
//! do that cannot be made.

use crate::domain::{
    error::{Expected, Found, ParseError},
    side::{PerSide, Side},
    time::{Moment, Slot},
};

/// The smallest gap that keeps two sides apart, in minutes (ARR-1, ARR-3).
pub const LEAST_GAP: i64 = 10;
/// The largest gap a child should wait through, in minutes (ARR-1).
pub const MOST_GAP: i64 = 30;
/// The gap that applies unless the family needs another, in minutes (ARR-1, ARR-3).
pub const USUAL_GAP: i64 = 15;

/// Minutes between the two sides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Gap(i64);

impl Gap {
    /// Fifteen minutes.
    pub const USUAL: Self = Self(USUAL_GAP);
    /// Both at once; only where the sides may meet.
    pub const NONE: Self = Self(0);

    /// Accepts 10 to 30 minutes (ARR-1).
    pub const fn parse(minutes: i64) -> Result<Self, ParseError> {
        if LEAST_GAP <= minutes && minutes <= MOST_GAP {
            return Ok(Self(minutes));
        }
        Err(out_of_range(minutes))
    }

    /// Accepts nought to 30 minutes, for sides that may meet (ARR-4).
    pub const fn parse_where_sides_may_meet(minutes: i64) -> Result<Self, ParseError> {
        if 0 <= minutes && minutes <= MOST_GAP {
            return Ok(Self(minutes));
        }
        Err(out_of_range(minutes))
    }

    /// How many minutes.
    pub const fn minutes(self) -> i64 {
        self.0
    }
}

const fn out_of_range(value: i64) -> ParseError {
    ParseError::new(
        Expected::Gap,
        Found::OutOfRange {
            value,
            least: LEAST_GAP,
            most: MOST_GAP,
        },
    )
}

vocabulary! {
    /// Whether the two sides may meet on the premises (ARR-4).
    Meeting, "whether the sides may meet" {
        /// They must never meet. True unless both sides asked otherwise in writing.
        KeptApart = "kept-apart",
        /// Both sides have asked, in writing, not to be kept apart.
        MayMeet = "may-meet",
    }
}

/// The order and the gaps of one family's arriving and leaving.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stagger {
    meeting: Meeting,
    first_in: Side,
    arrival_gap: Gap,
    first_out: Side,
    departure_gap: Gap,
}

/// The parts of a [`Stagger`], before they are checked against each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StaggerParts {
    /// Whether the sides may meet (ARR-4).
    pub meeting: Meeting,
    /// Who arrives first (ARR-2).
    pub first_in: Side,
    /// Minutes between the arrivals (ARR-1).
    pub arrival_gap: i64,
    /// Who leaves first (ARR-3).
    pub first_out: Side,
    /// Minutes between the departures (ARR-3).
    pub departure_gap: i64,
}

impl Stagger {
    /// Visiting adult in first, resident side out first, 15 minutes each, never meeting.
    pub const USUAL: Self = Self {
        meeting: Meeting::KeptApart,
        first_in: Side::Visiting,
        arrival_gap: Gap::USUAL,
        first_out: Side::Resident,
        departure_gap: Gap::USUAL,
    };

    /// Checks the gaps against the wish to be kept apart (ARR-1).
    pub fn parse(parts: StaggerParts) -> Result<Self, ParseError> {
        let StaggerParts {
            meeting,
            first_in,
            arrival_gap,
            first_out,
            departure_gap,
        } = parts;
        let gap = match meeting {
            Meeting::KeptApart => Gap::parse,
            Meeting::MayMeet => Gap::parse_where_sides_may_meet,
        };
        Ok(Self {
            meeting,
            first_in,
            arrival_gap: gap(arrival_gap)?,
            first_out,
            departure_gap: gap(departure_gap)?,
        })
    }

    /// The parts, for a form or a record.
    pub const fn parts(self) -> StaggerParts {
        StaggerParts {
            meeting: self.meeting,
            first_in: self.first_in,
            arrival_gap: self.arrival_gap.minutes(),
            first_out: self.first_out,
            departure_gap: self.departure_gap.minutes(),
        }
    }

    /// Whether the sides must never meet (ARR-4).
    pub const fn keep_apart(self) -> bool {
        matches!(self.meeting, Meeting::KeptApart)
    }

    /// Who arrives first (ARR-2).
    pub const fn first_in(self) -> Side {
        self.first_in
    }

    /// Who leaves first (ARR-3).
    pub const fn first_out(self) -> Side {
        self.first_out
    }

    /// Between the arrivals.
    pub const fn arrival_gap(self) -> Gap {
        self.arrival_gap
    }

    /// Between the departures.
    pub const fn departure_gap(self) -> Gap {
        self.departure_gap
    }

    /// When each side is due: the first a gap before the start, the second at the start.
    pub const fn arrivals(self, slot: Slot) -> PerSide<Moment> {
        let early = slot.start().plus_minutes(-self.arrival_gap.minutes());
        by_side(self.first_in, early, slot.start())
    }

    /// When each side is due to go: the first at the end, the second a gap after it.
    pub const fn departures(self, slot: Slot) -> PerSide<Moment> {
        let late = slot.end().plus_minutes(self.departure_gap.minutes());
        by_side(self.first_out, slot.end(), late)
    }
}

const fn by_side(first: Side, first_at: Moment, second_at: Moment) -> PerSide<Moment> {
    match first {
        Side::Resident => PerSide {
            resident: first_at,
            visiting: second_at,
        },
        Side::Visiting => PerSide {
            resident: second_at,
            visiting: first_at,
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn arr_1_a_gap_that_keeps_sides_apart_is_10_to_30_minutes() {
        for (minutes, accepted) in [
            (-1, false),
            (0, false),
            (9, false),
            (10, true),
            (15, true),
            (30, true),
            (31, false),
        ] {
            let parts = StaggerParts {
                arrival_gap: minutes,
                ..Stagger::USUAL.parts()
            };
            assert_eq!(Stagger::parse(parts).is_ok(), accepted, "{minutes}");
            let parts = StaggerParts {
                departure_gap: minutes,
                ..Stagger::USUAL.parts()
            };
            assert_eq!(Stagger::parse(parts).is_ok(), accepted, "{minutes}");
        }
    }

    #[test]
    fn arr_1_a_smaller_gap_is_allowed_only_where_the_sides_may_meet() {
        let parts = StaggerParts {
            meeting: Meeting::MayMeet,
            arrival_gap: 0,
            ..Stagger::USUAL.parts()
        };
        assert!(Stagger::parse(parts).is_ok());
        let refused = Stagger::parse(StaggerParts {
            meeting: Meeting::KeptApart,
            ..parts
        });
        assert_eq!(
            refused.unwrap_err().found,
            Found::OutOfRange {
                value: 0,
                least: 10,
                most: 30
            }
        );
    }

    #[test]
    fn arr_2_3_4_defaults_are_visiting_in_first_resident_out_first_and_apart() {
        assert!(Stagger::USUAL.keep_apart());
        assert_eq!(Stagger::USUAL.first_in(), Side::Visiting);
        assert_eq!(Stagger::USUAL.first_out(), Side::Resident);
        assert_eq!(Stagger::USUAL.arrival_gap().minutes(), 15);
        assert_eq!(Stagger::USUAL.departure_gap().minutes(), 15);
    }

    #[test]
    fn arr_2_expected_times_follow_the_order_set_for_the_family() {
        let ten = Moment::from_ms(0);
        let slot = Slot::parse(ten, ten.plus_minutes(120)).unwrap();
        let usual = Stagger::USUAL;
        assert_eq!(usual.arrivals(slot).visiting, ten.plus_minutes(-15));
        assert_eq!(usual.arrivals(slot).resident, ten);
        assert_eq!(usual.departures(slot).resident, slot.end());
        assert_eq!(usual.departures(slot).visiting, slot.end().plus_minutes(15));
        let turned = Stagger::parse(StaggerParts {
            first_in: Side::Resident,
            first_out: Side::Visiting,
            ..usual.parts()
        })
        .unwrap();
        assert_eq!(turned.arrivals(slot).resident, ten.plus_minutes(-15));
        assert_eq!(
            turned.departures(slot).resident,
            slot.end().plus_minutes(15)
        );
    }
}
