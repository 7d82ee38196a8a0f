//! Lets domain enums cross from the page to the Worker as one byte, so that the domain need not know serde.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

mod codes;

/// A domain value that has a stable one-byte code.
pub trait Coded: Sized + Copy {
    /// The code; the same in every version of the program.
    fn code(self) -> u8;
    /// The value of a code, or `None` for a code of a later version.
    fn from_code(code: u8) -> Option<Self>;
}

/// A domain value on its way between the page and the Worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wire<T>(pub T);

impl<T: Coded> Serialize for Wire<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0.code())
    }
}

impl<'de, T: Coded> Deserialize<'de> for Wire<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = u8::deserialize(deserializer)?;
        T::from_code(code).map(Self).ok_or_else(|| {
            D::Error::custom("expected a code this version knows, found a later one")
        })
    }
}

/// The 16 bytes that name a document, a member, a device, an event or an entry.
///
/// Written as 32 hex digits in addresses of screens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(pub [u8; 16]);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .take(4)
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An address that does not hold 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    /// ```
    /// # use neutral_ground::engine::wire::Id;
    /// assert!("00112233445566778899aabbccddeeff".parse::<Id>().is_ok());
    /// assert!("otter".parse::<Id>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 || !text.is_ascii() {
            return Err(NotAnId);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = core::str::from_utf8(pair).map_err(|_| NotAnId)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAnId)?;
        }
        Ok(Self(bytes))
    }
}
