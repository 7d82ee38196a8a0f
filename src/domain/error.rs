//! What a parser of this layer says when it refuses: what it expected and what it found.
//!
//! Never holds the refused text itself, so an error may be shown, logged or counted.

use std::fmt;

/// A value was refused at the edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// What would have been accepted.
    pub expected: Expected,
    /// What was there instead.
    pub found: Found,
}

impl ParseError {
    /// Pairs the two halves.
    pub const fn new(expected: Expected, found: Found) -> Self {
        Self { expected, found }
    }
}

/// What a parser accepts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// A person's name.
    PersonName,
    /// One short line of text.
    ShortLine,
    /// Several paragraphs of text.
    LongText,
    /// What an observation note may hold.
    NoteText,
    /// A telephone number.
    PhoneNumber,
    /// An e-mail address.
    EmailAddress,
    /// A postal address.
    PostalAddress,
    /// A calendar day.
    Day,
    /// A time of day.
    ClockTime,
    /// A start that lies before its end.
    Slot,
    /// An id in hexadecimal digits.
    Id,
    /// A family code such as "Otter 14".
    FamilyCode,
    /// A gap in minutes that keeps two sides apart.
    Gap,
    /// A length of contact in minutes.
    Length,
    /// One word of a closed vocabulary, named here.
    Word(&'static str),
    /// At least one item.
    OneOrMore,
}

/// What a parser found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nothing but white space.
    Nothing,
    /// More characters than allowed.
    TooLong {
        /// How many there were.
        chars: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A character that cannot be seen, at this position.
    ControlCharacter {
        /// Counted in characters from nought.
        position: usize,
    },
    /// Something of another shape.
    OtherShape,
    /// The right shape, but no such day, time or word.
    NoSuch,
    /// A number outside the allowed range.
    OutOfRange {
        /// The number.
        value: i64,
        /// The smallest allowed.
        least: i64,
        /// The largest allowed.
        most: i64,
    },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for ParseError {}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PersonName => "a name",
            Self::ShortLine => "one short line",
            Self::LongText => "some text",
            Self::NoteText => "a note entry",
            Self::PhoneNumber => "a telephone number",
            Self::EmailAddress => "an e-mail address",
            Self::PostalAddress => "a postal address",
            Self::Day => "a day",
            Self::ClockTime => "a time of day",
            Self::Slot => "a start before its end",
            Self::Id => "thirty-two hexadecimal digits",
            Self::FamilyCode => "a family code",
            Self::Gap => "a gap in minutes",
            Self::Length => "a length in minutes",
            Self::Word(name) => name,
            Self::OneOrMore => "at least one",
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::TooLong { chars, limit } => write!(f, "{chars} characters where {limit} fit"),
            Self::ControlCharacter { position } => {
                write!(f, "an invisible character at position {position}")
            }
            Self::OtherShape => f.write_str("something else"),
            Self::NoSuch => f.write_str("one that does not exist"),
            Self::OutOfRange { value, least, most } => {
                write!(f, "{value}, outside {least} to {most}")
            }
        }
    }
}
