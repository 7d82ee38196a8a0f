//! The list of words that secrets are written in, and what is forgiven in typing them.
//!
//! The list in `words.txt` is the public English word list of BIP-39 (Bitcoin Improvement Proposal 39, MIT licence):
//! 2048 common words, no two with the same first four letters.

use zeroize::Zeroizing;

/// Bits that a word of the list stands for.
pub(super) const BITS: usize = 11;

/// One a line.
pub(super) const WORDS: &str = include_str!("words.txt");
/// Letters by which a word is known.
pub(super) const PREFIX: usize = 4;

/// The word at a place of the list; what is beyond it counts from the beginning again.
pub(super) fn at(place: u16) -> &'static str {
    let place = usize::from(place) % (1 << BITS);
    WORDS.lines().nth(place).unwrap_or_default()
}

/// Where a word stands in the list.
pub(super) fn place(word: &str) -> Option<u16> {
    (0..)
        .zip(WORDS.lines())
        .find_map(|(place, listed)| (listed == word).then_some(place))
}

/// Calls `each` with the words as they were meant: case, spacing, hyphens, dashes and other marks do not count, and
/// the first four letters of a listed word stand for the word.
pub(super) fn meant(text: &str, room: usize, each: &mut dyn FnMut(&str)) {
    // Room for the longest text that is accepted, so that no half of a secret is left behind by growing.
    let mut plain = Zeroizing::new(String::with_capacity(room));
    plain.extend(
        text.chars()
            .filter(|char| !is_apostrophe(*char) && !is_invisible(*char))
            .flat_map(char::to_lowercase),
    );
    let words = plain.split(|char: char| !char.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(expanded)
        .for_each(each);
}

/// The listed word that begins with these letters, if there are enough of them; else the word as it is.
fn expanded(word: &str) -> &str {
    if word.len() < PREFIX {
        return word;
    }
    let mut listed = WORDS.lines();
    listed
        .find(|listed| listed.starts_with(word))
        .unwrap_or(word)
}

/// Keyboards write these on their own: `dont`, `don't` and `don’t` are one word.
fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | '‘' | '`' | '´' | 'ʼ')
}

/// Soft hyphens and zero-width marks, which come along when text is copied.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}
