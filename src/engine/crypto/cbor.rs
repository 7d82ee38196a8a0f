//! CBOR as payloads and rows use it: arrays by position, definite lengths, nothing after the end.
//!
//! A reader never allocates by a length that somebody claimed.

use core::{convert::Infallible, fmt};

use minicbor::{Decoder, Encoder, encode};
use zeroize::Zeroizing;

/// Why opened bytes are not the payload or row that they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Not an item of the expected kind, or too few bytes for it.
    Malformed {
        /// What was being read.
        reading: &'static str,
        /// Where it began.
        offset: usize,
    },
    /// Another number of items or bytes than there must be.
    Length {
        /// What was being read.
        reading: &'static str,
        /// The number expected, or the most there may be.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// Bytes after the end.
    Trailing {
        /// How many.
        left: usize,
    },
    /// The right meaning, written in a way that no honest writer writes it.
    NotCanonical,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { reading, offset } => {
                write!(
                    f,
                    "expected {reading} at byte {offset}, found something else"
                )
            }
            Self::Length {
                reading,
                expected,
                found,
            } => {
                write!(
                    f,
                    "expected {expected} items or bytes of {reading}, found {found}"
                )
            }
            Self::Trailing { left } => write!(f, "expected the end, found {left} more bytes"),
            Self::NotCanonical => f.write_str("expected the deterministic encoding, found another"),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Puts items down in order, into one buffer that is wiped when dropped.
pub(super) struct Writer(Encoder<Vec<u8>>);

impl Writer {
    /// Room for `capacity` bytes: a buffer that has to grow leaves a copy behind, which nobody wipes.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self(Encoder::new(Vec::with_capacity(capacity)))
    }

    pub(super) fn array(mut self, items: usize) -> Self {
        written(self.0.array(items as u64));
        self
    }

    pub(super) fn uint(mut self, value: impl Into<u64>) -> Self {
        written(self.0.u64(value.into()));
        self
    }

    pub(super) fn bytes(mut self, value: &[u8]) -> Self {
        written(self.0.bytes(value));
        self
    }

    pub(super) fn text(mut self, value: &str) -> Self {
        written(self.0.str(value));
        self
    }

    pub(super) fn finish(self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.into_writer())
    }
}

/// A `Vec` takes every write, so there is no error to pass on.
fn written<T>(_: Result<T, encode::Error<Infallible>>) {}

/// Takes items off in order.
pub(super) struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    /// An array of exactly `items`.
    pub(super) fn array(&mut self, reading: &'static str, items: u64) -> Result<(), DecodeError> {
        let found = self.length(reading)?;
        if found == items {
            return Ok(());
        }
        Err(DecodeError::Length {
            reading,
            expected: items,
            found,
        })
    }

    /// The number of items of an array of definite length.
    pub(super) fn length(&mut self, reading: &'static str) -> Result<u64, DecodeError> {
        self.take(reading, Decoder::array)?
            .ok_or(DecodeError::Malformed {
                reading,
                offset: self.0.position(),
            })
    }

    pub(super) fn u8(&mut self, reading: &'static str) -> Result<u8, DecodeError> {
        self.take(reading, Decoder::u8)
    }

    pub(super) fn u32(&mut self, reading: &'static str) -> Result<u32, DecodeError> {
        self.take(reading, Decoder::u32)
    }

    pub(super) fn u64(&mut self, reading: &'static str) -> Result<u64, DecodeError> {
        self.take(reading, Decoder::u64)
    }

    /// Bytes, borrowed from the input.
    pub(super) fn bytes(&mut self, reading: &'static str) -> Result<&'b [u8], DecodeError> {
        self.take(reading, Decoder::bytes)
    }

    /// Exactly `N` bytes.
    pub(super) fn text(&mut self, reading: &'static str) -> Result<&'b str, DecodeError> {
        self.take(reading, Decoder::str)
    }

    pub(super) fn fixed<const N: usize>(
        &mut self,
        reading: &'static str,
    ) -> Result<[u8; N], DecodeError> {
        let bytes = self.bytes(reading)?;
        bytes.try_into().map_err(|_| DecodeError::Length {
            reading,
            expected: N as u64,
            found: bytes.len() as u64,
        })
    }

    /// A list; grows as items are really there.
    pub(super) fn list<T>(
        &mut self,
        reading: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let found = self.length(reading)?;
        let mut items = Vec::new();
        for _ in 0..found {
            items.push(read(self)?);
        }
        Ok(items)
    }

    pub(super) fn position(&self) -> usize {
        self.0.position()
    }

    /// Refuses bytes that nobody asked for.
    pub(super) fn finish(self) -> Result<(), DecodeError> {
        match self.0.input().len() - self.0.position() {
            0 => Ok(()),
            left => Err(DecodeError::Trailing { left }),
        }
    }

    fn take<T>(
        &mut self,
        reading: &'static str,
        read: impl FnOnce(&mut Decoder<'b>) -> Result<T, minicbor::decode::Error>,
    ) -> Result<T, DecodeError> {
        let offset = self.0.position();
        read(&mut self.0).map_err(|_| DecodeError::Malformed { reading, offset })
    }
}
