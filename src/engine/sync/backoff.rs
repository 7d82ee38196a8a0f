//! How long to wait before the next attempt, so that a hall full of tablets does not knock all at once.

/// Attempts that failed in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
}

const FIRST_MS: u64 = 2_000;
const LONGEST_MS: u64 = 60_000;

impl Backoff {
    /// Another attempt failed; how long to wait, ms. `dice` spreads the attempts of many tablets.
    pub(crate) fn failed(&mut self, dice: u8) -> i64 {
        let whole = FIRST_MS
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        let spread = whole / 2 * u64::from(dice) / 255;
        i64::try_from(whole / 2 + spread).unwrap_or(0)
    }

    /// An attempt succeeded.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn the_wait_grows_to_a_minute_and_starts_again_after_success() {
        let mut backoff = Backoff::default();
        let waits: Vec<i64> = (0..8).map(|_| backoff.failed(255)).collect();
        assert_eq!(
            waits,
            [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]
        );
        backoff.succeeded();
        assert_eq!(backoff.failed(0), 1_000);
    }
}
