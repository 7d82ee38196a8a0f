//! Phrases as people type them, and what they derive to.

#![allow(clippy::unwrap_used)]

use core::convert::Infallible;
use std::collections::{BTreeMap, BTreeSet};

use rand_core::{TryCryptoRng, TryRng};

use super::*;
use crate::engine::crypto::vectors::FixedRng;

fn parsed(text: &str) -> String {
    Phrase::parse(text).unwrap().0.to_string()
}

#[test]
fn the_list_has_2048_sorted_words_told_apart_by_four_letters() {
    let words: Vec<&str> = words::WORDS.lines().collect();
    assert_eq!(words.len(), 2048);
    assert!(words.is_sorted());
    assert!(words.iter().all(|word| (3..=8).contains(&word.len())));
    assert!(
        words
            .iter()
            .all(|word| word.chars().all(|char| char.is_ascii_lowercase()))
    );
    let heads: BTreeSet<String> = words
        .iter()
        .map(|word| word.chars().take(words::PREFIX).collect())
        .collect();
    assert_eq!(heads.len(), 2048);
}

/// Gives every number of 16 bits in turn, so that a favoured word would show.
struct Counting(u16);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from(self.next()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.next()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for pair in bytes.chunks_mut(2) {
            pair.copy_from_slice(&self.next().to_be_bytes());
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

impl Counting {
    fn next(&mut self) -> u16 {
        self.0 = self.0.wrapping_add(1);
        self.0
    }
}

#[test]
fn a_generated_phrase_is_four_listed_words_and_no_word_is_favoured() {
    let mut rng = Counting(63_000);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..4096 / GENERATED_WORDS {
        let phrase = Phrase::generate(&mut rng);
        assert_eq!(phrase.words().count(), GENERATED_WORDS);
        for word in phrase.words() {
            *seen.entry(word.to_owned()).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), 2048);
    assert!(
        seen.iter()
            .all(|(word, times)| words::place(word).is_some() && *times == 2)
    );
}

#[test]
fn a_generated_phrase_typed_any_usual_way_is_the_same_phrase() {
    for typed in [
        "abandon kitchen zoo ripple",
        "  Abandon   Kitchen\tZOO\nripple. ",
        "abandon-kitchen-zoo-ripple",
        "abandon – kitchen — zoo ‑ ripple",
        "abandon,kitchen/zoo_ripple",
        "ABAN KITC zoo ripp",
        "aband\u{200b}on kitchen zoo ripple\u{feff}",
        "“abandon kitchen zoo ripple”",
    ] {
        assert_eq!(parsed(typed), "abandon kitchen zoo ripple", "{typed:?}");
    }
}

#[test]
fn the_first_four_letters_of_every_listed_word_stand_for_it() {
    for word in words::WORDS.lines() {
        let head: String = word.chars().take(words::PREFIX).collect();
        assert_eq!(parsed(&head), word);
        assert_eq!(parsed(word), word);
    }
}

#[test]
fn three_letters_stand_for_nothing_but_themselves() {
    assert_eq!(parsed("aba ket"), "aba ket");
}

#[test]
fn words_that_are_not_listed_are_named_by_place() {
    assert_eq!(
        Phrase::parse("abandon kitchin zoo riple")
            .unwrap()
            .stray_words(),
        [2, 4]
    );
}

#[test]
fn an_own_phrase_counts_without_apostrophes_and_marks() {
    assert_eq!(
        parsed("Don’t forget: the RED bus!"),
        parsed("dont forget the red bus")
    );
    assert_eq!(parsed("Café Ünter 42"), "café ünter 42");
}

#[test]
fn text_without_words_or_without_end_is_refused() {
    assert_eq!(Phrase::parse(""), Err(PhraseError::Empty));
    assert_eq!(Phrase::parse(" -–— ’ "), Err(PhraseError::Empty));
    let endless = "x".repeat(MAX_TYPED + 1);
    assert_eq!(
        Phrase::parse(&endless),
        Err(PhraseError::TooLong {
            found: MAX_TYPED + 1
        })
    );
}

#[test]
fn own_phrases_of_five_unusual_words_pass_and_weaker_ones_say_why() {
    let weak = |text: &str| {
        Phrase::parse(text)
            .unwrap()
            .check_strength()
            .unwrap_err()
            .why
    };
    for strong in [
        "purple heron under grandads ladder",
        "seven soggy biscuits on marthas 83 ladder",
    ] {
        assert_eq!(
            Phrase::parse(strong).unwrap().check_strength(),
            Ok(()),
            "{strong}"
        );
    }
    assert_eq!(weak("kettle"), Weakness::FewWords { found: 1 });
    assert_eq!(
        weak("heron heron heron heron heron heron"),
        Weakness::FewWords { found: 1 }
    );
    assert_eq!(weak("welcome contact centre children"), Weakness::Common);
    assert_eq!(weak("heron 1234 2019 qwerty ladder"), Weakness::Common);
    assert_eq!(weak("aaaa bbbb cccc dddd eeee ffff"), Weakness::Common);
    assert_eq!(weak("a b d f h k m o q s"), Weakness::ShortWords);
}

#[test]
fn weak_parameters_and_absurd_ones_are_refused() {
    assert_eq!(KdfParams::new(64 * 1024, 3, 1), Ok(KdfParams::default()));
    assert_eq!(KdfParams::new(19 * 1024, 2, 1), Ok(KdfParams::FLOOR));
    for (memory_kib, passes, lanes) in [
        (19 * 1024 - 1, 2, 1),
        (19 * 1024, 1, 1),
        (19 * 1024, 2, 0),
        (u32::MAX, 3, 1),
        (65536, 1000, 1),
        (65536, 3, 5),
    ] {
        let refused = Err(KdfError::Params {
            memory_kib,
            passes,
            lanes,
        });
        assert_eq!(KdfParams::new(memory_kib, passes, lanes), refused);
    }
}

#[test]
fn the_key_depends_on_phrase_salt_and_parameters() {
    let mut rng = FixedRng::new("unlock");
    let (phrase, salt) = (Phrase::generate(&mut rng), UnlockSalt::random(&mut rng));
    let key = derive(&phrase, salt, KdfParams::FLOOR).unwrap();
    assert_eq!(derive(&phrase, salt, KdfParams::FLOOR).unwrap(), key);
    let other_phrase = Phrase::generate(&mut rng);
    assert_ne!(derive(&other_phrase, salt, KdfParams::FLOOR).unwrap(), key);
    let other_salt = UnlockSalt::random(&mut rng);
    assert_ne!(derive(&phrase, other_salt, KdfParams::FLOOR).unwrap(), key);
    let dearer = KdfParams::new(19 * 1024, 3, 1).unwrap();
    assert_ne!(derive(&phrase, salt, dearer).unwrap(), key);
}

#[test]
fn debug_of_a_phrase_shows_no_word() {
    let phrase = Phrase::parse("purple heron").unwrap();
    assert_eq!(format!("{phrase:?}"), "Phrase(secret)");
}

#[cfg(not(target_arch = "wasm32"))]
mod any_text {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_normal_form_of_a_phrase_is_its_own_normal_form(text in "\\PC{0,80}") {
            if let Ok(phrase) = Phrase::parse(&text) {
                prop_assert_eq!(parsed(phrase.expose()), phrase.expose());
            }
        }
    }
}
