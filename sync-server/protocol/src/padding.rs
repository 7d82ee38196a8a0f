//! Lengths that say little about what is inside: a length, the payload, zeros.
//!
//! Steps of 256 bytes below 4 KiB, of 1 KiB below 16 KiB, and Padmé above (at most 12 % more).

use core::fmt;

const PREFIX: usize = 4;

/// Padded bytes that no honest writer makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaddingError {
    /// Bytes found.
    pub found: usize,
}

impl fmt::Display for PaddingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected a length, a payload and zeros, found {} bytes of another shape",
            self.found
        )
    }
}

impl core::error::Error for PaddingError {}

/// Bytes that a payload of this length takes once padded.
///
/// ```
/// assert_eq!(sync_protocol::padding::padded_len(252), 256);
/// assert_eq!(sync_protocol::padding::padded_len(253), 512);
/// ```
pub const fn padded_len(payload: usize) -> usize {
    round_up(payload.saturating_add(PREFIX))
}

/// Whether this is a length that padding can make.
pub const fn is_padded_len(padded: usize) -> bool {
    padded > 0 && round_up(padded) == padded
}

/// The payload with its length before it and zeros behind it.
pub fn pad(payload: &[u8]) -> Result<Vec<u8>, PaddingError> {
    let length = u32::try_from(payload.len()).map_err(|_| PaddingError {
        found: payload.len(),
    })?;
    let mut padded = Vec::with_capacity(padded_len(payload.len()));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(payload);
    padded.resize(padded_len(payload.len()), 0);
    Ok(padded)
}

/// The payload inside padded bytes; refuses any shape that [`pad`] does not make.
pub fn unpad(padded: &[u8]) -> Result<&[u8], PaddingError> {
    let error = PaddingError {
        found: padded.len(),
    };
    let (prefix, rest) = padded.split_first_chunk::<PREFIX>().ok_or(error)?;
    let length = usize::try_from(u32::from_be_bytes(*prefix)).map_err(|_| error)?;
    let (payload, zeros) = rest.split_at_checked(length).ok_or(error)?;
    if padded.len() != padded_len(length) || zeros.iter().any(|byte| *byte != 0) {
        return Err(error);
    }
    Ok(payload)
}

const fn round_up(total: usize) -> usize {
    if total <= 4096 {
        total.next_multiple_of(256)
    } else if total <= 16 * 1024 {
        total.next_multiple_of(1024)
    } else {
        padme(total)
    }
}

/// Keeps only the leading bits of a length (Nikitin and others, PETS 2019).
const fn padme(total: usize) -> usize {
    let exponent = total.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_usize << (exponent - kept)) - 1;
    total.saturating_add(mask) & !mask
}
