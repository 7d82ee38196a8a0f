//! Moments, days and clock times.
//!
//! A moment is stored in UTC and shown in UK time (OFF-7).
//! Nothing here reads a clock: the present moment is always a parameter.

/// A time of day.
pub mod clock_time;
/// A calendar day.
pub mod day;
mod summer;

pub use clock_time::ClockTime;
pub use day::Day;

use crate::domain::error::{Expected, Found, ParseError};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const EARLIEST: i64 = -2_208_988_800_000;
const LATEST: i64 = 7_258_118_399_999;

/// A point in time: milliseconds since the beginning of 1970, UTC.
///
/// Kept between the years 1900 and 2199, so that every moment has a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment(i64);

impl Moment {
    /// From milliseconds since the beginning of 1970, UTC; beyond the range the nearest moment.
    pub const fn from_ms(ms: i64) -> Self {
        if ms < EARLIEST {
            Self(EARLIEST)
        } else if ms > LATEST {
            Self(LATEST)
        } else {
            Self(ms)
        }
    }

    /// Milliseconds since the beginning of 1970, UTC.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since the beginning of 1970, UTC.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment at which a UK clock shows this time on this day.
    ///
    /// In the hour that spring skips, the clock's later reading; in the hour that autumn repeats,
    /// its first occurrence.
    pub const fn from_uk(day: Day, clock: ClockTime) -> Self {
        let local = day.days_since_1970() * DAY + clock.minutes() * MINUTE;
        let as_summer = local - HOUR;
        if summer::is_summer(as_summer) {
            Self::from_ms(as_summer)
        } else {
            Self::from_ms(local)
        }
    }

    /// The day on a UK calendar.
    pub const fn uk_day(self) -> Day {
        Day::from_days_since_1970(self.uk_ms().div_euclid(DAY))
    }

    /// What a UK clock shows, to the minute.
    pub const fn uk_clock(self) -> ClockTime {
        ClockTime::from_minutes(self.uk_ms().rem_euclid(DAY) / MINUTE)
    }

    /// This many minutes later, or earlier if negative.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self::from_ms(self.0.saturating_add(minutes.saturating_mul(MINUTE)))
    }

    /// Whole minutes from this moment to a later one; negative if it is earlier.
    pub const fn minutes_until(self, later: Self) -> i64 {
        (later.0 - self.0).div_euclid(MINUTE)
    }

    /// How far apart two moments are, in milliseconds.
    pub const fn distance_ms(self, other: Self) -> u64 {
        self.0.abs_diff(other.0)
    }

    const fn uk_ms(self) -> i64 {
        if summer::is_summer(self.0) {
            self.0 + HOUR
        } else {
            self.0
        }
    }
}

/// A stretch of time with a beginning before its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    start: Moment,
    end: Moment,
}

impl Slot {
    /// Accepts a start that lies before its end.
    pub const fn parse(start: Moment, end: Moment) -> Result<Self, ParseError> {
        if start.0 < end.0 {
            return Ok(Self { start, end });
        }
        Err(ParseError::new(Expected::Slot, Found::NoSuch))
    }

    /// When it begins.
    pub const fn start(self) -> Moment {
        self.start
    }

    /// When it ends.
    pub const fn end(self) -> Moment {
        self.end
    }

    /// Whole minutes from start to end.
    pub const fn minutes(self) -> i64 {
        self.start.minutes_until(self.end)
    }

    /// Whether both share an instant; one that begins as the other ends does not.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start.0 < other.end.0 && other.start.0 < self.end.0
    }

    /// Whether the moment lies inside; the end itself does not.
    pub const fn holds(self, moment: Moment) -> bool {
        self.start.0 <= moment.0 && moment.0 < self.end.0
    }
}

#[cfg(test)]
mod tests;
