//! What was agreed for one family: the kind of contact, its length, its stagger.

use crate::domain::{
    contact::{ContactKind, Reporting},
    error::{Expected, Found, ParseError},
    ids::{FamilyId, RoomId},
    stagger::Stagger,
    text::ShortLine,
    time::Day,
};

/// The longest visit unless the arrangement says more, in minutes (CAP-7).
pub const USUAL_LONGEST: i64 = 120;
const SHORTEST: i64 = 10;
const LONGEST: i64 = 480;

/// How long one visit lasts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Length(i64);

impl Length {
    /// Two hours.
    pub const USUAL: Self = Self(USUAL_LONGEST);

    /// Accepts up to 120 minutes (CAP-7).
    pub const fn parse(minutes: i64) -> Result<Self, ParseError> {
        within(minutes, USUAL_LONGEST)
    }

    /// Accepts up to eight hours, for an arrangement that says more on purpose (CAP-7).
    pub const fn parse_agreed_longer(minutes: i64) -> Result<Self, ParseError> {
        within(minutes, LONGEST)
    }

    /// How many minutes.
    pub const fn minutes(self) -> i64 {
        self.0
    }
}

const fn within(value: i64, most: i64) -> Result<Length, ParseError> {
    if SHORTEST <= value && value <= most {
        return Ok(Length(value));
    }
    Err(ParseError::new(
        Expected::Length,
        Found::OutOfRange {
            value,
            least: SHORTEST,
            most,
        },
    ))
}

vocabulary! {
    /// How often the family comes.
    Frequency, "how often" {
        /// Every week.
        Weekly = "weekly",
        /// Every other week.
        Fortnightly = "fortnightly",
        /// Once a month.
        Monthly = "monthly",
        /// By single agreement.
        Single = "single",
    }
}

vocabulary! {
    /// How far an arrangement has come.
    ArrangementState, "the state of an arrangement" {
        /// Being written.
        Draft = "draft",
        /// Both sides have agreed.
        Agreed = "agreed",
        /// Visits follow it.
        InForce = "in-force",
        /// A later one has taken its place.
        Superseded = "superseded",
        /// Over.
        Ended = "ended",
    }
}

/// The plan agreed for one family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrangement {
    /// Whose plan it is.
    pub family: FamilyId,
    /// Counted from one; a change makes the next.
    pub version: u32,
    /// The kind every visit copies.
    pub kind: ContactKind,
    /// Whether a report follows each visit.
    pub reporting: Reporting,
    /// How often.
    pub frequency: Frequency,
    /// The first day it applies.
    pub starts_on: Day,
    /// How long one visit lasts.
    pub length: Length,
    /// Who comes first, the gaps, and whether the sides may meet.
    pub stagger: Stagger,
    /// The room the family knows, if there is one.
    pub room: Option<RoomId>,
    /// Conditions in plain words.
    pub conditions: Vec<ShortLine>,
    /// How far it has come.
    pub state: ArrangementState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_7_a_visit_lasts_at_most_120_minutes_unless_agreed() {
        for (minutes, usual, agreed) in [
            (9, false, false),
            (10, true, true),
            (120, true, true),
            (121, false, true),
            (481, false, false),
        ] {
            assert_eq!(Length::parse(minutes).is_ok(), usual, "{minutes}");
            assert_eq!(
                Length::parse_agreed_longer(minutes).is_ok(),
                agreed,
                "{minutes}"
            );
        }
    }
}
