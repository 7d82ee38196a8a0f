//! When a tablet that nobody touches locks itself (CON-6).
//!
//! It knows times and which sort of screen is looked at. It must not know how a touch is noticed or what locking does.

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Watch {
    /// The session day: a tablet on a table or in an apron, glanced at and tapped with a free thumb for hours.
    Session,
    /// Everything else.
    Elsewhere,
}

/// Without a touch elsewhere, ms (CON-6).
pub const IDLE_MS: i64 = 2 * MINUTE;
/// Without a touch on a session screen, ms.
pub const IDLE_IN_SESSION_MS: i64 = 15 * MINUTE;
/// Behind the neutral page, ms: long enough to take a slip of the thumb back.
pub const HIDDEN_MS: i64 = 10_000;
/// How long before locking it is said, ms. WCAG 2.2.1 asks for 20 seconds at least.
pub const WARNING_MS: i64 = 30_000;

const MINUTE: i64 = 60_000;

/// When a tablet locks that was last touched, and perhaps hidden, at these times; all in ms since 1970.
pub const fn locks_at(touched_at: i64, hidden_at: Option<i64>, watch: Watch) -> i64 {
    let idle = match watch {
        Watch::Session => touched_at + IDLE_IN_SESSION_MS,
        Watch::Elsewhere => touched_at + IDLE_MS,
    };
    match hidden_at {
        Some(hidden_at) if hidden_at + HIDDEN_MS < idle => hidden_at + HIDDEN_MS,
        Some(_) | None => idle,
    }
}

/// How it stands at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Idle {
    /// Touched not long ago.
    Awake,
    /// It locks at this time unless it is touched.
    LocksAt(i64),
    /// It locks now: also if it slept past the time.
    Locks,
}

/// How a tablet that locks at `locks_at` stands at `now`. What is hidden already needs no warning.
pub const fn stands(now: i64, locks_at: i64, hidden: bool) -> Idle {
    if now >= locks_at {
        Idle::Locks
    } else if !hidden && now >= locks_at - WARNING_MS {
        Idle::LocksAt(locks_at)
    } else {
        Idle::Awake
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_772_000_000_000;

    #[test]
    fn con_6_a_tablet_locks_after_two_minutes_without_a_touch_and_after_fifteen_in_a_session() {
        let table = [
            (Watch::Elsewhere, None, 120_000),
            (Watch::Session, None, 900_000),
            (Watch::Session, Some(NOON), 10_000),
            (Watch::Elsewhere, Some(NOON + 5_000), 15_000),
            // Hidden late, it does not stay open for longer.
            (Watch::Elsewhere, Some(NOON + 115_000), 120_000),
        ];
        for (watch, hidden, after) in table {
            let found = locks_at(NOON, hidden, watch) - NOON;
            assert_eq!(found, after, "{watch:?}, hidden {hidden:?}");
        }
    }

    #[test]
    fn con_6_it_says_so_half_a_minute_before_and_keeps_its_word_after_a_sleep() {
        let locks = NOON + 120_000;
        let table = [
            (0, false, Idle::Awake),
            (89_999, false, Idle::Awake),
            (90_000, false, Idle::LocksAt(locks)),
            (119_999, false, Idle::LocksAt(locks)),
            (120_000, false, Idle::Locks),
            (8 * 3_600_000, false, Idle::Locks),
            (95_000, true, Idle::Awake),
            (120_000, true, Idle::Locks),
        ];
        for (later, hidden, expected) in table {
            assert_eq!(
                stands(NOON + later, locks, hidden),
                expected,
                "after {later} ms"
            );
        }
    }
}
