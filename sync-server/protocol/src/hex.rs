//! Hexadecimal text of fixed-size bytes, lower case out, either case in.

use core::fmt;

/// Text that is not the expected number of hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HexError {
    /// Digits expected.
    pub expected: usize,
    /// Characters found.
    pub found: usize,
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected {} hexadecimal digits, found {} characters",
            self.expected, self.found
        )
    }
}

impl core::error::Error for HexError {}

/// The bytes as lower-case digits.
///
/// ```
/// assert_eq!(sync_protocol::hex::encode(&[0, 255, 16]), "00ff10");
/// ```
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// Exactly `N` bytes from twice as many digits.
pub fn parse<const N: usize>(text: &str) -> Result<[u8; N], HexError> {
    let error = HexError {
        expected: N * 2,
        found: text.chars().count(),
    };
    if text.len() != N * 2 {
        return Err(error);
    }
    let mut bytes = [0_u8; N];
    let mut digits = text.chars().map(|c| c.to_digit(16));
    for byte in &mut bytes {
        let (Some(Some(high)), Some(Some(low))) = (digits.next(), digits.next()) else {
            return Err(error);
        };
        *byte = u8::try_from(high * 16 + low).map_err(|_| error)?;
    }
    Ok(bytes)
}
