//! Text a person typed: trimmed, bounded, free of invisible characters.
//!
//! A value of these types was checked once and is not checked again.
//! `Debug` never shows the content, so a log line cannot leak a name.

use std::fmt;

use crate::domain::error::{Expected, Found, ParseError};

macro_rules! text_types {
    ($( $(#[$meta:meta])* $name:ident ($expected:expr, $limit:literal, $check:expr) ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The most characters that fit.
            pub const LIMIT: usize = $limit;

            /// Trims and checks what was typed.
            pub fn parse(typed: &str) -> Result<Self, ParseError> {
                let check: fn(&str, Expected) -> Result<(), ParseError> = $check;
                let text = typed.trim();
                if text.is_empty() {
                    return Err(ParseError::new($expected, Found::Nothing));
                }
                bounded(text, $limit, $expected)?;
                check(text, $expected)?;
                Ok(Self(text.to_owned()))
            }

            /// As [`Self::parse`], but an empty field is an absent value.
            pub fn parse_optional(typed: &str) -> Result<Option<Self>, ParseError> {
                if typed.trim().is_empty() {
                    return Ok(None);
                }
                Self::parse(typed).map(Some)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Gives the text up.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                hidden(stringify!($name), &self.0, f)
            }
        }
    )+ };
}

text_types! {
    /// A first name or a surname, as the person writes it.
    PersonName(Expected::PersonName, 80, one_line),
    /// One line: a label, a need, a reason given.
    ShortLine(Expected::ShortLine, 120, one_line),
    /// Several paragraphs.
    LongText(Expected::LongText, 10_000, many_lines),
    /// A telephone number, kept as typed.
    PhoneNumber(Expected::PhoneNumber, 40, phone),
    /// An e-mail address.
    EmailAddress(Expected::EmailAddress, 254, email),
    /// A postal address, on as many lines as it needs.
    PostalAddress(Expected::PostalAddress, 300, many_lines),
}

impl PersonName {
    /// The first letter, in capitals.
    pub fn initial(&self) -> String {
        initial(&self.0)
    }

    /// The first letters of the first and the last word, in capitals.
    pub fn initials(&self) -> String {
        let mut words = self.0.split_whitespace();
        let first = words.next().map(initial).unwrap_or_default();
        first + &words.next_back().map(initial).unwrap_or_default()
    }
}

/// The words of one entry of a note; empty while nothing has been typed yet.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NoteText(String);

impl NoteText {
    /// The most characters one entry takes from the keyboard.
    pub const LIMIT: usize = 10_000;

    /// Checks what was typed; white space is kept, because it is still being typed.
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        bounded(typed, Self::LIMIT, Expected::NoteText)?;
        many_lines(typed, Expected::NoteText)?;
        Ok(Self(typed.to_owned()))
    }

    /// Takes text that is already on record.
    ///
    /// Two devices may together have typed more than the limit, and no word of it may be lost:
    /// nothing is refused, and invisible characters become spaces.
    pub fn from_record(kept: &str) -> Self {
        Self(
            kept.chars()
                .map(|c| if is_invisible(c) { ' ' } else { c })
                .collect(),
        )
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space was typed.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hidden("NoteText", &self.0, f)
    }
}

fn initial(word: &str) -> String {
    word.chars()
        .find(|letter| letter.is_alphanumeric())
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default()
}

fn hidden(name: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}({} characters)", text.chars().count())
}

fn bounded(text: &str, limit: usize, expected: Expected) -> Result<(), ParseError> {
    let chars = text.chars().count();
    if chars > limit {
        return Err(ParseError::new(expected, Found::TooLong { chars, limit }));
    }
    Ok(())
}

fn one_line(text: &str, expected: Expected) -> Result<(), ParseError> {
    refuse(text, expected, |c| {
        is_invisible(c) || c == '\n' || c == '\t'
    })
}

fn many_lines(text: &str, expected: Expected) -> Result<(), ParseError> {
    refuse(text, expected, is_invisible)
}

fn refuse(text: &str, expected: Expected, bad: fn(char) -> bool) -> Result<(), ParseError> {
    match text.chars().position(bad) {
        Some(position) => Err(ParseError::new(
            expected,
            Found::ControlCharacter { position },
        )),
        None => Ok(()),
    }
}

/// Control characters, and those that turn the direction of what follows: both can make a name
/// read as another one.
fn is_invisible(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n' && c != '\t')
}

fn phone(text: &str, expected: Expected) -> Result<(), ParseError> {
    one_line(text, expected)?;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-' | '.'));
    if others && (7..=15).contains(&digits) {
        return Ok(());
    }
    Err(ParseError::new(expected, Found::OtherShape))
}

fn email(text: &str, expected: Expected) -> Result<(), ParseError> {
    one_line(text, expected)?;
    let shaped = text.split_once('@').is_some_and(|(mailbox, host)| {
        !mailbox.is_empty()
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
            && host.split('.').count() > 1
            && host.split('.').all(|label| !label.is_empty())
    });
    if shaped {
        return Ok(());
    }
    Err(ParseError::new(expected, Found::OtherShape))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_may_not_be_blank() {
        assert_eq!(PersonName::parse("  Siân ").unwrap().as_str(), "Siân");
        assert_eq!(
            PersonName::parse(" \t "),
            Err(ParseError::new(Expected::PersonName, Found::Nothing)),
        );
        assert_eq!(PersonName::parse_optional("  ").unwrap(), None);
    }

    #[test]
    fn a_line_says_how_long_it_may_be() {
        assert!(ShortLine::parse(&"é".repeat(120)).is_ok());
        assert_eq!(
            ShortLine::parse(&"é".repeat(121)).unwrap_err().found,
            Found::TooLong {
                chars: 121,
                limit: 120
            },
        );
    }

    #[test]
    fn invisible_characters_are_refused_where_they_stand() {
        for (typed, position) in [("a\u{7}b", 1), ("ab\u{202e}c", 2), ("a\nb", 1)] {
            assert_eq!(
                ShortLine::parse(typed).unwrap_err().found,
                Found::ControlCharacter { position },
            );
        }
        assert!(LongText::parse("one\ntwo").is_ok());
    }

    #[test]
    fn telephone_numbers_and_addresses_have_their_shape() {
        let phones = [
            ("01632 960 001", true),
            ("+44 (0)1632-960001", true),
            ("ring me", false),
            ("12345", false),
            ("1234567890123456", false),
        ];
        for (typed, accepted) in phones {
            assert_eq!(PhoneNumber::parse(typed).is_ok(), accepted, "{typed}");
        }
        let mails = [
            ("ruth@saltmere.example", true),
            ("ruth@localhost", false),
            ("@saltmere.example", false),
            ("ruth@@saltmere.example", false),
            ("ruth@saltmere..example", false),
            ("ru th@saltmere.example", false),
        ];
        for (typed, accepted) in mails {
            assert_eq!(EmailAddress::parse(typed).is_ok(), accepted, "{typed}");
        }
    }

    #[test]
    fn debug_never_shows_what_was_typed() {
        let name = PersonName::parse("Marlowe").unwrap();
        assert_eq!(format!("{name:?}"), "PersonName(7 characters)");
        let words = NoteText::parse("Marlowe smiled").unwrap();
        assert!(!format!("{words:?}").contains("Marlowe"));
    }

    #[test]
    fn a_note_on_record_is_never_refused() {
        let long = "x".repeat(NoteText::LIMIT + 1);
        assert!(NoteText::parse(&long).is_err());
        assert_eq!(NoteText::from_record(&long).as_str(), long);
        assert_eq!(NoteText::from_record("a\u{0}b").as_str(), "a b");
        assert!(NoteText::from_record(" \n").is_blank());
    }

    #[test]
    fn an_initial_is_a_capital_letter() {
        for (name, initial) in [("siân", "S"), ("'Ana", "A"), ("élodie", "É")] {
            assert_eq!(PersonName::parse(name).unwrap().initial(), initial);
        }
        for (name, initials) in [
            ("Joan Tibbs", "JT"),
            ("Priya", "P"),
            ("Ana de la Cruz", "AC"),
        ] {
            assert_eq!(PersonName::parse(name).unwrap().initials(), initials);
        }
    }
}
