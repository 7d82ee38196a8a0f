//! CBOR with limits: what a writer puts down and what a reader insists on.
//!
//! A reader never allocates by a length that somebody claimed.

use core::convert::Infallible;

use minicbor::{Decoder, Encoder, data::Type, encode};

use crate::error::CodecError;

/// Puts items down in order.
pub(crate) struct Writer(Encoder<Vec<u8>>);

impl Writer {
    pub(crate) fn new() -> Self {
        Self(Encoder::new(Vec::new()))
    }

    pub(crate) fn array(mut self, items: usize) -> Self {
        written(self.0.array(items as u64));
        self
    }

    pub(crate) fn uint(mut self, value: impl Into<u64>) -> Self {
        written(self.0.u64(value.into()));
        self
    }

    pub(crate) fn int(mut self, value: i64) -> Self {
        written(self.0.i64(value));
        self
    }

    pub(crate) fn flag(mut self, value: bool) -> Self {
        written(self.0.bool(value));
        self
    }

    pub(crate) fn bytes(mut self, value: &[u8]) -> Self {
        written(self.0.bytes(value));
        self
    }

    pub(crate) fn text(mut self, value: &str) -> Self {
        written(self.0.str(value));
        self
    }

    /// The bytes, or null.
    pub(crate) fn optional(mut self, value: Option<&[u8]>) -> Self {
        let Some(value) = value else {
            written(self.0.null());
            return self;
        };
        self.bytes(value)
    }

    /// A list, each item put down by `put`.
    pub(crate) fn list<T>(self, items: &[T], put: impl Fn(Self, &T) -> Self) -> Self {
        items.iter().fold(self.array(items.len()), put)
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }
}

/// A `Vec` takes every write, so there is no error to pass on.
fn written<T>(_: Result<T, encode::Error<Infallible>>) {}

/// Takes items off in order; each method names what it was reading in its error.
pub(crate) struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(Decoder::new(bytes))
    }

    pub(crate) fn position(&self) -> usize {
        self.0.position()
    }

    pub(crate) fn array(&mut self, reading: &'static str, items: u64) -> Result<(), CodecError> {
        match self.length(reading)? {
            found if found == items => Ok(()),
            found => Err(CodecError::Length {
                reading,
                expected: items,
                found,
            }),
        }
    }

    /// The number of items of an array of definite length.
    pub(crate) fn length(&mut self, reading: &'static str) -> Result<u64, CodecError> {
        let offset = self.position();
        self.0
            .array()
            .ok()
            .flatten()
            .ok_or(CodecError::Malformed { reading, offset })
    }

    pub(crate) fn u8(&mut self, reading: &'static str) -> Result<u8, CodecError> {
        self.take(reading, Decoder::u8)
    }

    pub(crate) fn u32(&mut self, reading: &'static str) -> Result<u32, CodecError> {
        self.take(reading, Decoder::u32)
    }

    pub(crate) fn u64(&mut self, reading: &'static str) -> Result<u64, CodecError> {
        self.take(reading, Decoder::u64)
    }

    pub(crate) fn i64(&mut self, reading: &'static str) -> Result<i64, CodecError> {
        self.take(reading, Decoder::i64)
    }

    pub(crate) fn flag(&mut self, reading: &'static str) -> Result<bool, CodecError> {
        self.take(reading, Decoder::bool)
    }

    pub(crate) fn text(&mut self, reading: &'static str) -> Result<&'b str, CodecError> {
        self.take(reading, Decoder::str)
    }

    /// Bytes, borrowed from the input, at most `limit` of them.
    pub(crate) fn bytes(
        &mut self,
        reading: &'static str,
        limit: usize,
    ) -> Result<&'b [u8], CodecError> {
        let bytes = self.take(reading, Decoder::bytes)?;
        if bytes.len() > limit {
            return Err(CodecError::TooMany {
                reading,
                limit: limit as u64,
                found: bytes.len() as u64,
            });
        }
        Ok(bytes)
    }

    /// Exactly `N` bytes.
    pub(crate) fn fixed<const N: usize>(
        &mut self,
        reading: &'static str,
    ) -> Result<[u8; N], CodecError> {
        let bytes = self.take(reading, Decoder::bytes)?;
        bytes.try_into().map_err(|_| CodecError::Length {
            reading,
            expected: N as u64,
            found: bytes.len() as u64,
        })
    }

    /// What `read` takes, or nothing where there is a null.
    pub(crate) fn optional<T>(
        &mut self,
        reading: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Option<T>, CodecError> {
        if matches!(self.0.datatype(), Ok(Type::Null)) {
            self.take(reading, Decoder::null)?;
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// A list of at most `limit` items; grows as items are really there.
    pub(crate) fn list<T>(
        &mut self,
        reading: &'static str,
        limit: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, CodecError>,
    ) -> Result<Vec<T>, CodecError> {
        let found = self.length(reading)?;
        let limit = limit as u64;
        if found > limit {
            return Err(CodecError::TooMany {
                reading,
                limit,
                found,
            });
        }
        let mut items = Vec::new();
        for _ in 0..found {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Refuses bytes that nobody asked for.
    pub(crate) fn finish(self) -> Result<(), CodecError> {
        let left = self.0.input().len() - self.0.position();
        if left > 0 {
            return Err(CodecError::Trailing { left });
        }
        Ok(())
    }

    /// The decoding of something inside that has an error of its own.
    pub(crate) fn malformed(&self, reading: &'static str) -> CodecError {
        CodecError::Malformed {
            reading,
            offset: self.position(),
        }
    }

    fn take<T>(
        &mut self,
        reading: &'static str,
        read: impl FnOnce(&mut Decoder<'b>) -> Result<T, minicbor::decode::Error>,
    ) -> Result<T, CodecError> {
        let offset = self.position();
        read(&mut self.0).map_err(|_| CodecError::Malformed { reading, offset })
    }
}
