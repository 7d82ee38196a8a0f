//! A time of day to the minute.

use std::fmt;

use crate::domain::error::{Expected, Found, ParseError};

const A_DAY: i64 = 24 * 60;

/// Minutes since midnight, below 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(i64);

impl ClockTime {
    /// Reads `10:00`, `9:44` or `10.00`.
    ///
    /// ```
    /// use neutral_ground::domain::time::ClockTime;
    /// assert_eq!(ClockTime::parse("9.44").map(|time| time.minutes()), Ok(584));
    /// assert!(ClockTime::parse("24:00").is_err());
    /// ```
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(ParseError::new(Expected::ClockTime, Found::Nothing));
        }
        let refused = ParseError::new(Expected::ClockTime, Found::OtherShape);
        let (hours, minutes) = typed.split_once([':', '.']).ok_or(refused)?;
        let shaped = (1..=2).contains(&hours.len())
            && minutes.len() == 2
            && hours
                .bytes()
                .chain(minutes.bytes())
                .all(|byte| byte.is_ascii_digit());
        let (true, Ok(hours), Ok(minutes)) = (shaped, hours.parse::<i64>(), minutes.parse::<i64>())
        else {
            return Err(refused);
        };
        if (0..24).contains(&hours) && (0..60).contains(&minutes) {
            return Ok(Self(hours * 60 + minutes));
        }
        Err(ParseError::new(Expected::ClockTime, Found::NoSuch))
    }

    /// From minutes since midnight; a day's worth is left out.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes.rem_euclid(A_DAY))
    }

    /// Minutes since midnight.
    pub const fn minutes(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
