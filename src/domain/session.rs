//! One opening of the centre at one venue on one day.

use std::collections::BTreeSet;

use crate::domain::{
    error::ParseError,
    ids::MemberId,
    text::ShortLine,
    time::{ClockTime, Day, Moment, Slot},
};

vocabulary! {
    /// How far a session has come.
    SessionState, "the state of a session" {
        /// On the calendar.
        Planned = "planned",
        /// People may come in.
        Open = "open",
        /// Only leaving is left.
        Closing = "closing",
        /// Over.
        Closed = "closed",
        /// Will not take place.
        Cancelled = "cancelled",
    }
}

/// One opening of the centre.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// On which day.
    pub day: Day,
    /// From when, on a UK clock.
    pub opens: ClockTime,
    /// Until when, on a UK clock.
    pub closes: ClockTime,
    /// Where.
    pub venue: ShortLine,
    /// In charge.
    pub leader: Option<MemberId>,
    /// On duty.
    pub workers: BTreeSet<MemberId>,
    /// How far it has come.
    pub state: SessionState,
}

impl Session {
    /// The stretch of time in which visits lie.
    pub const fn hours(&self) -> Result<Slot, ParseError> {
        Slot::parse(
            Moment::from_uk(self.day, self.opens),
            Moment::from_uk(self.day, self.closes),
        )
    }
}
