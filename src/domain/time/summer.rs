//! The United Kingdom's summer time, as the rule stands since 1996: from the last Sunday of March
//! to the last Sunday of October, each at 01:00 UTC.
//!
//! A rule of two lines replaces a table of time zones, which would cost the browser more than the
//! rest of this layer. Earlier years follow the same rule, which is true enough for a record that
//! nobody timed.

use super::{DAY, HOUR};

/// Whether UK clocks are an hour ahead of UTC at this moment in milliseconds since 1970.
pub(super) const fn is_summer(utc_ms: i64) -> bool {
    let (year, _, _) = civil(utc_ms.div_euclid(DAY));
    last_sunday_at_one(year, 3) <= utc_ms && utc_ms < last_sunday_at_one(year, 10)
}

/// Both March and October have 31 days.
const fn last_sunday_at_one(year: i64, month: i64) -> i64 {
    let last = days(year, month, 31);
    // 1970 began on a Thursday, four days after a Sunday.
    let after_sunday = (last + 4).rem_euclid(7);
    (last - after_sunday) * DAY + HOUR
}

/// Days since 1970 of a date of the Gregorian calendar.
///
/// Counts in years that begin in March, so that the leap day is the last day of its year.
pub(super) const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1970.
pub(super) const fn civil(days: i64) -> (i64, i64, i64) {
    let from_march = days + 719_468;
    let era = from_march.div_euclid(146_097);
    let day_of_era = from_march.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}
