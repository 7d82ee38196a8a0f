//! The calendar and the summer rule against a table of time zones that only tests carry.
#![allow(clippy::unwrap_used)]

use chrono::{Datelike, NaiveDate, Offset, TimeZone, Timelike};
use chrono_tz::Europe::London;

use super::*;

#[test]
fn off_7_uk_clocks_agree_with_the_time_zone_table() {
    let first = NaiveDate::from_ymd_opt(1996, 1, 1).unwrap();
    let days = NaiveDate::from_ymd_opt(2081, 1, 1)
        .unwrap()
        .signed_duration_since(first)
        .num_days();
    for offset in 0..days * 24 {
        let ms = summer::days(1996, 1, 1) * DAY + offset * HOUR + 17 * MINUTE;
        let expected = London.timestamp_millis_opt(ms).unwrap();
        let moment = Moment::from_ms(ms);
        let clock = i64::from(expected.hour()) * 60 + i64::from(expected.minute());
        assert_eq!(moment.uk_clock().minutes(), clock, "{expected}");
        let (year, month, day) = moment.uk_day().numbers();
        let date = expected.date_naive();
        assert_eq!(
            (year, month, day),
            (
                i64::from(date.year()),
                i64::from(date.month()),
                i64::from(date.day())
            ),
        );
        assert_eq!(
            summer::is_summer(ms),
            expected.offset().fix().local_minus_utc() == 3600,
        );
    }
}

#[test]
fn off_7_a_uk_time_becomes_one_moment_and_comes_back() {
    let table = [
        ("2026-03-14", "09:44", "2026-03-14", "09:44"),
        ("2026-07-01", "10:00", "2026-07-01", "10:00"),
        // The hour that spring skips is read as its later reading.
        ("2026-03-29", "01:30", "2026-03-29", "02:30"),
        ("2026-03-29", "00:59", "2026-03-29", "00:59"),
        ("2026-10-25", "01:30", "2026-10-25", "01:30"),
        ("2026-10-25", "02:00", "2026-10-25", "02:00"),
    ];
    for (day, clock, day_back, clock_back) in table {
        let moment = Moment::from_uk(Day::parse(day).unwrap(), ClockTime::parse(clock).unwrap());
        assert_eq!(moment.uk_day(), Day::parse(day_back).unwrap());
        assert_eq!(moment.uk_clock(), ClockTime::parse(clock_back).unwrap());
    }
    let repeated = Moment::from_uk(
        Day::parse("2026-10-25").unwrap(),
        ClockTime::parse("01:30").unwrap(),
    );
    assert_eq!(
        repeated.ms(),
        summer::days(2026, 10, 25) * DAY + 30 * MINUTE
    );
}

#[test]
fn days_are_read_in_the_forms_people_write() {
    let day = Day::from_numbers(2026, 3, 14).unwrap();
    for typed in [
        "2026-03-14",
        "14/03/2026",
        "14/3/2026",
        "14.3.2026",
        " 14 March 2026 ",
        "14 mar 2026",
    ] {
        assert_eq!(Day::parse(typed), Ok(day), "{typed}");
    }
    assert_eq!(day.iso(), "2026-03-14");
    assert_eq!(day.spoken(), "Sat 14 March");
    assert_eq!(day.weekday(), 5);
}

#[test]
fn other_days_are_refused_with_the_reason() {
    let table = [
        ("", Found::Nothing),
        ("tomorrow", Found::OtherShape),
        ("14/03/26", Found::OtherShape),
        ("14/03", Found::OtherShape),
        ("31/02/2026", Found::NoSuch),
        ("29/02/2100", Found::NoSuch),
        ("01/13/2026", Found::NoSuch),
        ("00/01/2026", Found::NoSuch),
        ("01/01/1899", Found::NoSuch),
        ("2200-01-01", Found::NoSuch),
    ];
    for (typed, found) in table {
        assert_eq!(
            Day::parse(typed),
            Err(ParseError::new(Expected::Day, found)),
            "{typed}"
        );
    }
}

#[test]
fn clock_times_have_two_digits_of_minutes() {
    for (typed, accepted) in [
        ("09:44", true),
        ("9:44", true),
        ("23:59", true),
        ("24:00", false),
        ("10:60", false),
        ("10:5", false),
        ("+1:05", false),
        ("noon", false),
        ("", false),
    ] {
        assert_eq!(ClockTime::parse(typed).is_ok(), accepted, "{typed}");
    }
    assert_eq!(ClockTime::from_minutes(584).to_string(), "09:44");
}

#[test]
fn extremes_stay_inside_the_calendar() {
    assert_eq!(Moment::from_ms(i64::MAX).uk_day().iso(), "2199-12-31");
    assert_eq!(Moment::from_ms(i64::MIN).uk_day().iso(), "1900-01-01");
    assert_eq!(
        Moment::from_ms(0).plus_minutes(i64::MAX).uk_day().iso(),
        "2199-12-31"
    );
}

#[test]
fn a_slot_ends_after_it_begins() {
    let ten = Moment::from_ms(0);
    let noon = ten.plus_minutes(120);
    assert!(Slot::parse(ten, ten).is_err());
    let morning = Slot::parse(ten, noon).unwrap();
    assert_eq!(morning.minutes(), 120);
    assert!(!morning.overlaps(Slot::parse(noon, noon.plus_minutes(1)).unwrap()));
    assert!(morning.overlaps(Slot::parse(ten.plus_minutes(119), noon).unwrap()));
    assert!(morning.holds(ten) && !morning.holds(noon));
}
