//! Ids: sixteen opaque bytes, one type per kind of thing.
//!
//! An id encodes nothing: no name, no date, no order.
//! Random bytes come from outside; this layer only carries them.

use std::fmt;

use crate::domain::error::{Expected, Found, ParseError};

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Wraps sixteen bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The sixteen bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// Thirty-two lower-case hexadecimal digits.
            pub fn hex(self) -> String {
                write_hex(&self.0)
            }

            /// Reads what [`Self::hex`] wrote.
            pub fn parse_hex(text: &str) -> Result<Self, ParseError> {
                read_hex(text).map(Self)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_short(stringify!($name), &self.0, f)
            }
        }
    )+ };
}

ids! {
    /// A person of the centre.
    MemberId,
    /// A person's keys on one tablet.
    DeviceId,
    /// A family's file.
    FamilyId,
    /// A referral.
    ReferralId,
    /// An arrangement.
    ArrangementId,
    /// One side's protected details.
    DetailsId,
    /// One opening of the centre.
    SessionId,
    /// One family's contact in a session.
    VisitId,
    /// An observation note.
    NoteId,
    /// One entry of a note or of a log.
    EntryId,
    /// One attendance event.
    EventId,
    /// A worker's record.
    WorkerId,
    /// A room of the venue.
    RoomId,
    /// The centre's own document.
    CentreDocId,
}

const DIGITS: [char; 16] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
];

fn digit(nibble: u8) -> char {
    DIGITS.get(usize::from(nibble & 15)).copied().unwrap_or('0')
}

fn write_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

fn read_hex(text: &str) -> Result<[u8; 16], ParseError> {
    let refused = ParseError::new(Expected::Id, Found::OtherShape);
    if text.len() != 32 {
        return Err(refused);
    }
    let mut bytes = [0_u8; 16];
    let mut digits = text.chars();
    for byte in &mut bytes {
        let (Some(high), Some(low)) = (digits.next(), digits.next()) else {
            return Err(refused);
        };
        let (Some(high), Some(low)) = (nibble(high), nibble(low)) else {
            return Err(refused);
        };
        *byte = (high << 4) | low;
    }
    Ok(bytes)
}

fn nibble(digit: char) -> Option<u8> {
    digit
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

fn write_short(name: &str, bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(name)?;
    f.write_str("(")?;
    f.write_str(&write_hex(bytes.get(..4).unwrap_or_default()))?;
    f.write_str("…)")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hex_is_read_back() {
        let id = EventId::from_bytes([0xa7; 16]);
        assert_eq!(EventId::parse_hex(&id.hex()).unwrap(), id);
        assert_eq!(id.hex().len(), 32);
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "a7", &"g".repeat(32), &"é".repeat(16), &"0".repeat(33)] {
            assert_eq!(
                EventId::parse_hex(text),
                Err(ParseError::new(Expected::Id, Found::OtherShape)),
            );
        }
    }

    #[test]
    fn debug_shows_only_the_beginning() {
        let text = format!("{:?}", RoomId::from_bytes([0x1f; 16]));
        assert_eq!(text, "RoomId(1f1f1f1f…)");
    }
}
