//! What an own phrase is worth at least, judged against a generated one.
//!
//! A person picks words that come to mind, so each counts for less than a word drawn at random.

use core::fmt;
use std::collections::BTreeSet;

use super::WANTED_BITS;
use crate::domain::gather::Gather;

/// An own phrase that is easier to guess than a generated one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeakPhrase {
    /// Bits it was judged to be worth.
    pub found_bits: u32,
    /// Bits wanted.
    pub wanted_bits: u32,
    /// What would help most.
    pub why: Weakness,
}

/// What makes a phrase weak, for the words on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Not enough different words.
    FewWords {
        /// Different words found.
        found: usize,
    },
    /// Words that everybody tries first, runs of keys, or years.
    Common,
    /// The words are very short.
    ShortWords,
}

impl fmt::Display for WeakPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            found_bits,
            wanted_bits,
            why,
        } = self;
        write!(
            f,
            "expected a phrase worth {wanted_bits} bits, found {found_bits}: "
        )?;
        match why {
            Weakness::FewWords { found } => write!(f, "{found} different words"),
            Weakness::Common => f.write_str("words or runs that are tried first"),
            Weakness::ShortWords => f.write_str("very short words"),
        }
    }
}

impl core::error::Error for WeakPhrase {}

/// Judges words with one space between them.
pub(super) fn check(phrase: &str) -> Result<(), WeakPhrase> {
    let words: BTreeSet<&str> = phrase.split(' ').gather();
    let found_bits = words.iter().map(|word| worth(word)).sum();
    if found_bits >= WANTED_BITS {
        return Ok(());
    }
    let why = if words.iter().any(|word| is_guessed_first(word)) {
        Weakness::Common
    } else if words.len() < ENOUGH_WORDS {
        Weakness::FewWords { found: words.len() }
    } else {
        Weakness::ShortWords
    };
    Err(WeakPhrase {
        found_bits,
        wanted_bits: WANTED_BITS,
        why,
    })
}

/// Five different words of four letters or more are worth 45 bits here.
const ENOUGH_WORDS: usize = 5;

/// Tried first by anyone who guesses, or said in every contact centre.
const GUESSED_FIRST: [&str; 28] = [
    "password",
    "passphrase",
    "passcode",
    "letmein",
    "welcome",
    "hello",
    "qwerty",
    "qwertyuiop",
    "asdf",
    "asdfgh",
    "zxcvbn",
    "admin",
    "secret",
    "login",
    "abcd",
    "abcdef",
    "iloveyou",
    "monday",
    "friday",
    "summer",
    "winter",
    "london",
    "england",
    "contact",
    "centre",
    "center",
    "children",
    "families",
];

/// Bits of one word: a person's choice of word is worth some 500 choices, fewer when it is short.
fn worth(word: &str) -> u32 {
    if is_guessed_first(word) {
        return 1;
    }
    let letters = word.chars().filter(|char| char.is_alphabetic()).count();
    let digits = word.chars().count() - letters;
    let of_letters: u32 = match letters {
        0 => 0,
        1 => 2,
        2 => 3,
        3 => 6,
        _ => 9,
    };
    let of_digits = u32::try_from(digits.min(3)).unwrap_or(0) * 3;
    (of_letters + of_digits).min(12)
}

fn is_guessed_first(word: &str) -> bool {
    GUESSED_FIRST.contains(&word) || is_year(word) || is_run(word)
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word
            .parse::<u16>()
            .is_ok_and(|year| (1900..2100).contains(&year))
}

/// One character over and over, or characters that follow each other: `aaaa`, `1234`, `dcba`.
fn is_run(word: &str) -> bool {
    let codes: Vec<i64> = word
        .chars()
        .map(|char| i64::from(u32::from(char)))
        .collect();
    let mut steps = codes
        .iter()
        .zip(codes.iter().skip(1))
        .map(|(left, right)| right - left);
    let first = steps.next();
    codes.len() >= 3
        && first.is_some_and(|first| (-1..=1).contains(&first) && steps.all(|step| step == first))
}
