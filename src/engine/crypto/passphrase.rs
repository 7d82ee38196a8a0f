//! The words a person unlocks with, and the key that Argon2id makes of them.
//!
//! It knows the word list, what is forgiven in typing, and what guessing must cost.
//! It must not know what the key opens.

mod strength;

use core::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{key::UnlockKey, random, words};

pub use strength::{WeakPhrase, Weakness};

/// Words in a generated phrase: four of 2048 are 44 bits.
pub const GENERATED_WORDS: usize = 4;
/// Bits that any phrase must be worth.
pub const WANTED_BITS: u32 = 44;
/// Characters of a phrase as typed; more is a document, not a phrase.
pub const MAX_TYPED: usize = 512;

/// A phrase as it counts: lower-case words with one space between them.
#[derive(Clone, PartialEq, Eq)]
pub struct Phrase(Zeroizing<String>);

/// Why text is no phrase at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseError {
    /// No letter or digit in it.
    Empty,
    /// Longer than [`MAX_TYPED`].
    TooLong {
        /// Characters found.
        found: usize,
    },
}

impl fmt::Display for PhraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("expected words, found none"),
            Self::TooLong { found } => {
                write!(f, "expected at most {MAX_TYPED} characters, found {found}")
            }
        }
    }
}

impl core::error::Error for PhraseError {}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase(secret)")
    }
}

impl Phrase {
    /// Four words at random, each worth 11 bits; the same word may come twice.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let numbers = Zeroizing::new(random::bytes::<{ 2 * GENERATED_WORDS }>(rng));
        let (pairs, _) = numbers.as_chunks::<2>();
        // The list's 2048 words divide 65536, so that none is favoured.
        let words = pairs
            .iter()
            .map(|pair| words::at(u16::from_be_bytes(*pair)));
        Self(joined(words))
    }

    /// What the person meant: case, spacing, hyphens, dashes and other marks do not count, and the
    /// first four letters of a listed word stand for the word.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let found = text.chars().count();
        if found > MAX_TYPED {
            return Err(PhraseError::TooLong { found });
        }
        let mut phrase = empty();
        words::meant(text, 4 * MAX_TYPED, &mut |word| append(&mut phrase, word));
        let phrase = Self(phrase);
        if phrase.0.is_empty() {
            return Err(PhraseError::Empty);
        }
        Ok(phrase)
    }

    /// Refuses an own phrase that is easier to guess than a generated one, as far as can be told.
    ///
    /// A generated phrase needs no check: its strength comes from how it was made.
    pub fn check_strength(&self) -> Result<(), WeakPhrase> {
        strength::check(&self.0)
    }

    /// Places, from 1, of the words that are not in the list: a hint for who mistyped a generated phrase.
    pub fn stray_words(&self) -> Vec<usize> {
        self.words()
            .zip(1..)
            .filter_map(|(word, place)| words::place(word).is_none().then_some(place))
            .collect()
    }

    /// The normal form, which [`Phrase::parse`] leaves as it is; for carrying it to where [`derive()`] runs.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The words; for showing a new phrase to its owner, once.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ')
    }
}

/// Random bytes that make the same phrase another key on each tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnlockSalt([u8; 16]);

impl UnlockSalt {
    /// A new salt from the caller's random source.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(random::bytes(rng))
    }

    /// The salt with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The salt's bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// What one guess costs: stored beside the salt, so that it can be raised later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why Argon2id could not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KdfError {
    /// Cheaper than the floor, or dearer than any tablet would choose.
    Params {
        /// Memory, KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// The tablet has not got the memory.
    Memory {
        /// Memory wanted, KiB.
        wanted_kib: u32,
    },
}

impl fmt::Display for KdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Params {
                memory_kib,
                passes,
                lanes,
            } => write!(
                f,
                "expected {} to {} KiB, 2 to 16 passes and 1 to 4 lanes, found {memory_kib}, {passes} and {lanes}",
                KdfParams::FLOOR.memory_kib,
                KdfParams::MAX_MEMORY_KIB
            ),
            Self::Memory { wanted_kib } => {
                write!(f, "expected {wanted_kib} KiB of memory, found less")
            }
        }
    }
}

impl core::error::Error for KdfError {}

impl KdfParams {
    /// The least that is accepted: 19 MiB, two passes.
    pub const FLOOR: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };
    /// What a tablet uses unless it measured that it cannot: 64 MiB, three passes.
    pub const USUAL: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// From the dearest to the floor.
    const CHOICES: [Self; 5] = [
        Self::USUAL,
        Self::with(64, 2),
        Self::with(32, 3),
        Self::with(32, 2),
        Self::FLOOR,
    ];
    /// A person who unlocks should wait no longer.
    const PATIENCE_MS: i64 = 1_000;

    /// More than this in a stored row is damage or malice, not a choice.
    const MAX_MEMORY_KIB: u32 = 1024 * 1024;

    const fn with(memory_mib: u32, passes: u32) -> Self {
        Self {
            memory_kib: memory_mib * 1024,
            passes,
            lanes: 1,
        }
    }

    /// The dearest that a tablet does in about a second, on which a guess at the usual cost took so long; the floor
    /// where nothing does. Time goes with memory and passes.
    pub fn for_tablet(usual_took_ms: i64) -> Self {
        let work = |params: &Self| i64::from(params.memory_kib) * i64::from(params.passes);
        let takes = |params: &Self| usual_took_ms.saturating_mul(work(params)) / work(&Self::USUAL);
        let mut choices = Self::CHOICES.into_iter();
        choices
            .find(|params| takes(params) <= Self::PATIENCE_MS)
            .unwrap_or(Self::FLOOR)
    }

    /// Parameters that are neither too cheap nor absurd.
    pub const fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, KdfError> {
        let params = Self {
            memory_kib,
            passes,
            lanes,
        };
        let memory = memory_kib >= Self::FLOOR.memory_kib && memory_kib <= Self::MAX_MEMORY_KIB;
        let passes_fit = passes >= Self::FLOOR.passes && passes <= 16;
        if memory && passes_fit && lanes >= 1 && lanes <= 4 {
            return Ok(params);
        }
        Err(KdfError::Params {
            memory_kib,
            passes,
            lanes,
        })
    }

    /// Memory, in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes.
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    fn refused(self) -> KdfError {
        KdfError::Params {
            memory_kib: self.memory_kib,
            passes: self.passes,
            lanes: self.lanes,
        }
    }
}

impl Default for KdfParams {
    fn default() -> Self {
        Self::USUAL
    }
}

/// Argon2id over the phrase: slow and hungry on purpose; see [`KdfParams`].
///
/// In a browser the memory stays with the instance that ran it, so run it in one that is thrown away.
pub fn derive(phrase: &Phrase, salt: UnlockSalt, cost: KdfParams) -> Result<UnlockKey, KdfError> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .map_err(|_| cost.refused())?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(phrase.0.as_bytes(), &salt.0, key.as_mut_slice())
        .map_err(|_| KdfError::Memory {
            wanted_kib: cost.memory_kib,
        })?;
    Ok(UnlockKey::from_bytes(*key))
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> Zeroizing<String> {
    let mut text = empty();
    words.for_each(|word| append(&mut text, word));
    text
}

/// Room for the longest text that is accepted, so that no half of a phrase is left behind by growing.
fn empty() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(4 * MAX_TYPED))
}

fn append(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

#[cfg(test)]
mod tests;
