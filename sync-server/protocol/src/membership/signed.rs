//! A membership record as bytes: framing, signature and name.

use core::fmt;

use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::{
    error::CodecError,
    id::RecordHash,
    limits::MAX_RECORD,
    membership::record::Record,
    signing::{self, SIGNATURE_LEN},
};

/// Why bytes are not a membership record that this code can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// Over the size limit.
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// The length before the body does not fit the bytes.
    Framing,
    /// The body cannot be read.
    Codec(CodecError),
    /// Written by a newer version: "update needed".
    UpdateNeeded {
        /// The body's version.
        version: u8,
        /// The payload's kind, where it could be read.
        kind: Option<u8>,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(
                    f,
                    "expected a record of at most {MAX_RECORD} bytes, found {found}"
                )
            }
            Self::Framing => {
                f.write_str("expected length, body and signature, found another length")
            }
            Self::Codec(error) => error.fmt(f),
            Self::UpdateNeeded { version, kind } => write!(
                f,
                "update needed: expected a known version and kind, found {version} and {kind:?}"
            ),
        }
    }
}

impl core::error::Error for RecordError {}

impl From<CodecError> for RecordError {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}

/// A record as it is stored and passed on; nothing about it is proved but its framing.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedRecord {
    bytes: Vec<u8>,
}

impl SignedRecord {
    /// Checks size and framing only.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, RecordError> {
        if bytes.len() > MAX_RECORD {
            return Err(RecordError::TooLarge { found: bytes.len() });
        }
        let record = Self { bytes };
        record.parts().ok_or(RecordError::Framing)?;
        Ok(record)
    }

    /// Writes and signs a record.
    pub fn sign(record: &Record, key: &SigningKey) -> Result<Self, RecordError> {
        let body = record.encode();
        let found = body.len();
        let length = u32::try_from(found).map_err(|_| RecordError::TooLarge { found })?;
        let signature = signing::sign(signing::MEMBER, &signing::digest(&[&body]), key);
        Self::parse([length.to_be_bytes().as_slice(), &body, &signature].concat())
    }

    /// The record's name: the hash of all its bytes.
    pub fn hash(&self) -> RecordHash {
        RecordHash::of(&self.bytes)
    }

    /// The record as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The record as it came, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What the record says, unproved.
    pub fn record(&self) -> Result<Record, RecordError> {
        let (body, _) = self.parts().ok_or(RecordError::Framing)?;
        Record::decode(body)
    }

    /// Checks the signature, strictly.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), CodecError> {
        let (body, signature) = self.parts().ok_or(CodecError::Signature)?;
        signing::verify(signing::MEMBER, &signing::digest(&[body]), signature, key)
            .map_err(|_| CodecError::Signature)
    }

    fn parts(&self) -> Option<(&[u8], &[u8; SIGNATURE_LEN])> {
        let (length, rest) = self.bytes.split_first_chunk::<4>()?;
        let (body, signature) = rest.split_last_chunk::<SIGNATURE_LEN>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        (length == body.len()).then_some((body, signature))
    }
}

impl fmt::Debug for SignedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRecord")
            .field("hash", &self.hash())
            .field("len", &self.bytes.len())
            .finish()
    }
}
