//! Dates, times, ages and the names of closed vocabularies in UK English, in one place.
//!
//! Knows wording. Must not know a rule: which kinds are allowed is never decided here.

use crate::{
    domain::{
        contact::ContactKind,
        side::Side,
        time::{Day, Moment},
    },
    engine::view::SyncView,
};

mod letters;
mod vocabulary;

pub use letters::{sentence, small};
pub use vocabulary::{NONE_KNOWN, entry_kind_name, risk_name, role_hint, role_name, source_name};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// What a UK clock shows: `09:44`.
pub fn clock(ms: i64) -> String {
    Moment::from_ms(ms).uk_clock().to_string()
}

/// `10:00 to 12:00`.
pub fn clock_span(from: i64, to: i64) -> String {
    format!("{} to {}", clock(from), clock(to))
}

/// `Sat 14 March`.
pub fn day(ms: i64) -> String {
    Moment::from_ms(ms).uk_day().spoken()
}

/// `Saturday 14 March`, from `2026-03-14`; text that is no day stays as it is.
pub fn long_day(iso: &str) -> String {
    let Ok(day) = Day::parse(iso) else {
        return iso.to_owned();
    };
    let spoken = day.spoken();
    let rest = spoken.split_once(' ').map_or("", |(_, rest)| rest);
    let weekday = WEEKDAYS.get(day.weekday()).copied().unwrap_or_default();
    format!("{weekday} {rest}")
}

/// `14 March 2026`, from `2026-03-14`, for birthdays; text that is no day stays as it is.
pub fn date(iso: &str) -> String {
    let Ok(day) = Day::parse(iso) else {
        return iso.to_owned();
    };
    let spoken = day.spoken();
    let rest = spoken.split_once(' ').map_or("", |(_, rest)| rest);
    format!("{rest} {}", day.numbers().0)
}

/// The day that a UK calendar shows at this moment, as `2026-03-14`.
pub fn iso_day(ms: i64) -> String {
    Moment::from_ms(ms).uk_day().iso()
}

/// `at 09:44` on the same day, else `on Sat 14 March at 09:44`.
pub fn when(now: i64, ms: i64) -> String {
    if Moment::from_ms(now).uk_day() == Moment::from_ms(ms).uk_day() {
        format!("at {}", clock(ms))
    } else {
        format!("on {} at {}", day(ms), clock(ms))
    }
}

/// How long ago, roughly: `just now`, `3 minutes ago`, `2 hours ago`, `5 days ago`.
pub fn ago(now: i64, ms: i64) -> String {
    match length(now - ms) {
        Some(length) => format!("{length} ago"),
        None => "just now".to_owned(),
    }
}

/// A length of time, roughly; `None` under a minute.
pub fn length(ms: i64) -> Option<String> {
    let days = ms / (24 * HOUR);
    if days > 0 {
        Some(count(days, "day", "days"))
    } else if ms >= HOUR {
        Some(count(ms / HOUR, "hour", "hours"))
    } else if ms >= MINUTE {
        Some(count(ms / MINUTE, "minute", "minutes"))
    } else {
        None
    }
}

/// `1 child`, `2 children`.
pub fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `Mia`, `Mia and Leo`, `Mia, Leo and Ada`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name of a kind of contact.
pub fn kind_name(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Supported => "Supported",
        ContactKind::Assisted => "Assisted",
        ContactKind::Supervised => "Supervised",
        ContactKind::Handover => "Handover",
        ContactKind::Escorted => "Escorted",
        ContactKind::Video => "Video call",
        ContactKind::Indirect => "Letters and gifts",
        ContactKind::Identity => "Identity contact",
        ContactKind::Assessment => "Assessment",
    }
}

/// One line that says what a kind of contact is.
pub fn kind_hint(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Supported => {
            "Several families in one room. Times are recorded and nothing else."
        }
        ContactKind::Assisted => "Workers help where it is needed. Short notes are made.",
        ContactKind::Supervised => {
            "One family, one supervisor in sight and hearing. Notes are made."
        }
        ContactKind::Handover => {
            "The child passes from one adult to the other and leaves with them."
        }
        ContactKind::Escorted => "A supervisor goes out with the family. Notes are made.",
        ContactKind::Video => "A call with a supervisor present. Notes are made.",
        ContactKind::Indirect => "The centre passes on letters, cards and gifts.",
        ContactKind::Identity => "A rare meeting, so that a child knows where they come from.",
        ContactKind::Assessment => "A professional watches in order to advise.",
    }
}

/// The two adults, always in the same words.
pub fn side_name(side: Side) -> &'static str {
    match side {
        Side::Resident => "Bringing",
        Side::Visiting => "Visiting",
    }
}

/// The few words of the sync chip: what is not sent yet comes first.
pub fn sync_words(sync: &SyncView, now: i64) -> String {
    if sync.storage.is_some() {
        return "Not saved: look here".to_owned();
    }
    if sync.refused > 0 {
        return format!("{} not accepted", sync.refused);
    }
    if sync.unsent > 0 {
        return format!("Saved here · {} to send", sync.unsent);
    }
    match sync.last_contact {
        Some(at) => format!("All sent {}", short_when(now, at)),
        None => "Saved on this tablet".to_owned(),
    }
}

/// `14:05` on the same day, else `Sat 14 March`.
pub fn short_when(now: i64, ms: i64) -> String {
    if Moment::from_ms(now).uk_day() == Moment::from_ms(ms).uk_day() {
        clock(ms)
    } else {
        day(ms)
    }
}
