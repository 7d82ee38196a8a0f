//! A calendar day between the years 1900 and 2199.

use std::fmt;

use super::summer;
use crate::domain::error::{Expected, Found, ParseError};

const FIRST: i64 = summer::days(1900, 1, 1);
const LAST: i64 = summer::days(2199, 12, 31);

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A day, with no time and no place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// A day by its numbers, if the calendar has it.
    pub fn from_numbers(year: i64, month: i64, day: i64) -> Result<Self, ParseError> {
        let counted = summer::days(year, month, day);
        let exists = (1..=12).contains(&month)
            && (FIRST..=LAST).contains(&counted)
            && summer::civil(counted) == (year, month, day);
        if exists {
            Ok(Self(counted))
        } else {
            Err(ParseError::new(Expected::Day, Found::NoSuch))
        }
    }

    /// Reads `2026-03-14`, `14/03/2026`, `14.3.2026`, `14 March 2026` or `14 Mar 2026`.
    ///
    /// ```
    /// use neutral_ground::domain::time::Day;
    /// assert_eq!(Day::parse("14 March 2026"), Day::parse("2026-03-14"));
    /// assert!(Day::parse("31/02/2026").is_err());
    /// ```
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(ParseError::new(Expected::Day, Found::Nothing));
        }
        let mut parts = typed
            .split(['-', '/', '.', ' '])
            .filter(|part| !part.is_empty());
        let shape = (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some(first), Some(month), Some(last), None) = shape else {
            return Err(ParseError::new(Expected::Day, Found::OtherShape));
        };
        let (year, day) = if first.len() == 4 {
            (first, last)
        } else {
            (last, first)
        };
        match (number(year, 4), month_number(month), number(day, 2)) {
            (Some(year), Some(month), Some(day)) if year > 999 => {
                Self::from_numbers(year, month, day)
            }
            _ => Err(ParseError::new(Expected::Day, Found::OtherShape)),
        }
    }

    /// From days since 1970; beyond the range the nearest day.
    pub const fn from_days_since_1970(days: i64) -> Self {
        if days < FIRST {
            Self(FIRST)
        } else if days > LAST {
            Self(LAST)
        } else {
            Self(days)
        }
    }

    /// Days since the first of January 1970.
    pub const fn days_since_1970(self) -> i64 {
        self.0
    }

    /// This many days later, or earlier if negative.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self::from_days_since_1970(self.0.saturating_add(days))
    }

    /// Year, month from one, day from one.
    pub const fn numbers(self) -> (i64, i64, i64) {
        summer::civil(self.0)
    }

    /// Monday is nought, Sunday is six.
    pub const fn weekday(self) -> usize {
        // 1970 began on a Thursday.
        match (self.0 + 3).rem_euclid(7) {
            0 => 0,
            1 => 1,
            2 => 2,
            3 => 3,
            4 => 4,
            5 => 5,
            _ => 6,
        }
    }

    /// `2026-03-14`, which sorts and is what documents keep.
    pub fn iso(self) -> String {
        let (year, month, day) = self.numbers();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `Sat 14 March`, in English.
    pub fn spoken(self) -> String {
        let (_, month, day) = self.numbers();
        let weekday = WEEKDAYS.get(self.weekday()).copied().unwrap_or_default();
        format!("{weekday} {day} {}", month_name(month))
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

fn month_name(month: i64) -> &'static str {
    let place = usize::try_from(month - 1).unwrap_or_default();
    MONTHS.get(place).copied().unwrap_or_default()
}

fn number(text: &str, longest: usize) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && text.len() <= longest {
        text.parse().ok()
    } else {
        None
    }
}

/// A month by number, by name or by the first three letters of its name.
fn month_number(text: &str) -> Option<i64> {
    if let Some(month) = number(text, 2) {
        return Some(month);
    }
    (1..=12).find(|month| {
        let name = month_name(*month);
        name.eq_ignore_ascii_case(text)
            || name
                .get(..3)
                .is_some_and(|short| short.eq_ignore_ascii_case(text))
    })
}
