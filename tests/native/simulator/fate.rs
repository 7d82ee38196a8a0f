//! Chance, all of it from one seed. It knows nothing of what is decided by it.

use rand_core::TryRng as _;

use crate::tablet::Dice;

/// A run of decisions that is the same for the same seed.
pub(crate) struct Fate(Dice);

impl Fate {
    /// Decisions of one seed for one purpose, so that asking more of one leaves the others as they were.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        Self(Dice::new(&format!("{seed} {purpose}")))
    }

    /// A number below `end`, which is greater than 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let Ok(drawn) = self.0.try_next_u64();
        drawn % end
    }

    /// A number from `first` to before `end`.
    pub(crate) fn between(&mut self, first: u64, end: u64) -> u64 {
        first + self.below(end - first)
    }

    /// True so many times in a thousand. No chance is drawn for 0, so that what is switched off changes nothing.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        per_mille > 0 && self.below(1000) < per_mille
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let place = self.below(u64::try_from(all.len()).unwrap());
        &all[usize::try_from(place).unwrap()]
    }

    /// Random bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let Ok(()) = self.0.try_fill_bytes(&mut bytes);
        bytes
    }
}
