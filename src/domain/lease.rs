//! How long a tablet may be used without its centre having heard of it.
//!
//! A tablet that is shut out erases itself when it next meets the relay. One that never does would keep what it holds
//! open for ever: the lease bounds that.

/// Keys stay awake so long after the last meeting with the relay, ms: 30 days.
pub const LEASE_MS: i64 = 30 * DAY;
/// A ring's key is replaced when it is so old, ms: 90 days.
pub const KEY_AGE_MS: i64 = 90 * DAY;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Whether a tablet that last met the relay then is out of touch: it opens again when it has met it.
///
/// A centre that never had a relay has nobody who could have shut a tablet out. A clock that was set back makes the
/// meeting lie ahead, which is no reason to close.
pub const fn has_lapsed(last_met: Option<i64>, now: i64) -> bool {
    match last_met {
        Some(met) => now - met > LEASE_MS,
        None => false,
    }
}

/// Whether a key that began then is to be replaced.
pub const fn is_old(begun: i64, now: i64) -> bool {
    now - begun >= KEY_AGE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const MET: i64 = 1_773_000_000_000;

    #[test]
    fn a_lease_lapses_after_thirty_days_and_not_before() {
        for (later, lapsed) in [
            (0, false),
            (29 * DAY, false),
            (30 * DAY, false),
            (30 * DAY + 1, true),
            (400 * DAY, true),
            (-400 * DAY, false),
        ] {
            assert_eq!(has_lapsed(Some(MET), MET + later), lapsed, "{later} ms");
        }
        assert!(!has_lapsed(None, MET));
    }

    #[test]
    fn a_key_is_old_at_ninety_days() {
        assert!(!is_old(MET, MET + 90 * DAY - 1));
        assert!(is_old(MET, MET + 90 * DAY));
        assert!(!is_old(MET, MET - DAY));
    }
}
