//! Words for spans and waits; single moments are worded by `ui/i18n.rs`. Knows no clock of its own.

use crate::{domain::time::Moment, ui::i18n};

const MINUTE: i64 = 60_000;

/// "09:44" on the day of `other`, and "Sat 14 March, 09:44" on any other day.
pub fn clock_beside(ms: i64, other: i64) -> String {
    if Moment::from_ms(ms).uk_day() == Moment::from_ms(other).uk_day() {
        i18n::clock(ms)
    } else {
        format!("{}, {}", i18n::day(ms), i18n::clock(ms))
    }
}

/// Whole minutes from one moment to a later one; none before it.
pub fn minutes_between(from: i64, to: i64) -> i64 {
    (to - from).div_euclid(MINUTE).max(0)
}

/// A number of minutes as a person says it: "1 minute", "34 minutes", "1 hour 5 minutes".
pub fn span(minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let (in_hours, in_minutes) = (
        i18n::count(hours, "hour", "hours"),
        i18n::count(rest, "minute", "minutes"),
    );
    match (hours, rest) {
        (0, _) => in_minutes,
        (_, 0) => in_hours,
        _ => format!("{in_hours} {in_minutes}"),
    }
}

/// What is left of a wait, "14:05"; nought once it is over.
pub fn countdown(until: i64, now: i64) -> String {
    let seconds = (until - now).max(0).div_euclid(1000);
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}
