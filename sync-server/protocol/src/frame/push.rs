//! Handing envelopes over: fixed layouts, so that a service worker can do it in plain JavaScript.

use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::{
    error::CodecError,
    id::{CentreId, EnvelopeId, Incarnation},
    limits::MAX_BATCH,
    signing::{self, SIGNATURE_LEN},
};

const REQUEST_MAGIC: [u8; 4] = *b"NGP1";
const ANSWER_MAGIC: [u8; 4] = *b"NGR1";

/// Envelopes to hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushRequest<'a> {
    /// Each as it was sealed.
    pub envelopes: Vec<&'a [u8]>,
}

impl<'a> PushRequest<'a> {
    /// The request's body.
    pub fn encode(&self) -> Result<Vec<u8>, CodecError> {
        check_count(self.envelopes.len())?;
        let mut bytes = REQUEST_MAGIC.to_vec();
        for envelope in &self.envelopes {
            let length = u32::try_from(envelope.len()).map_err(|_| CodecError::TooMany {
                reading: "envelope",
                limit: u64::from(u32::MAX),
                found: envelope.len() as u64,
            })?;
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(envelope);
        }
        Ok(bytes)
    }

    /// What a body holds, borrowed from it.
    ///
    /// One envelope over the size limit does not spoil the others: it gets a code of its own.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, CodecError> {
        let mut fields = Fields::new(bytes);
        if fields.array::<4>("magic")? != REQUEST_MAGIC {
            return Err(fields.malformed("magic"));
        }
        let mut envelopes = Vec::new();
        while !fields.rest.is_empty() {
            check_count(envelopes.len() + 1)?;
            let length = u32::from_be_bytes(fields.array("length")?);
            envelopes.push(fields.slice("envelope", length)?);
        }
        Ok(Self { envelopes })
    }
}

macro_rules! push_codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// What became of one envelope.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum PushCode {
            $($(#[$doc])* $name = $number,)*
        }

        impl PushCode {
            /// Every code, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code's number on the wire.
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The code with this number.
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.number() == number)
            }
        }
    };
}

push_codes! {
    /// Stored; seq is its place.
    Accepted = 0,
    /// Was stored before; seq is the place it got then.
    Duplicate = 1,
    /// Another envelope holds this author, stream, channel and n, or `prev` names another.
    Conflict = 2,
    /// An earlier envelope of the stream is missing; seq is the n expected.
    Gap = 3,
    /// The epoch was retired more than 14 days ago, or is not known here.
    StaleEpoch = 4,
    /// The centre has used all the space it may.
    Quota = 5,
    /// The author was revoked.
    Revoked = 6,
    /// Not an envelope that the relay can take.
    Malformed = 7,
    /// The author may not write there.
    Forbidden = 8,
    /// Over the size limit.
    TooLarge = 9,
    /// No such centre here, or the envelope is another centre's.
    UnknownCentre = 10,
    /// The signature does not fit.
    Signature = 11,
    /// The relay does not have the membership record that the envelope names: send it first.
    UnknownMembership = 12,
    /// The device sends too fast: wait and try again.
    SlowDown = 13,
}

impl PushCode {
    /// Whether the relay has the envelope now, and a client may stop keeping it for sending.
    pub const fn is_stored(self) -> bool {
        matches!(self, Self::Accepted | Self::Duplicate)
    }
}

/// What became of one envelope, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushOutcome {
    /// What became of it.
    pub code: PushCode,
    /// Its place in the channel, or the n expected after a gap, else 0.
    pub seq: u64,
}

/// The relay's receipt; only [`PushAnswer::open`] makes one from bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushAnswer {
    /// One outcome per envelope, in order.
    pub outcomes: Vec<PushOutcome>,
    /// The relay's life in which it answers.
    pub incarnation: Incarnation,
}

impl PushAnswer {
    /// The answer's body, signed by the relay.
    pub fn sign(
        &self,
        centre: CentreId,
        ids: &[EnvelopeId],
        key: &SigningKey,
    ) -> Result<Vec<u8>, CodecError> {
        check_count(self.outcomes.len())?;
        let count = u16::try_from(self.outcomes.len()).unwrap_or(u16::MAX);
        let mut bytes = [ANSWER_MAGIC.as_slice(), &count.to_be_bytes()].concat();
        for outcome in &self.outcomes {
            bytes.push(outcome.code.number());
            bytes.extend_from_slice(&outcome.seq.to_be_bytes());
        }
        bytes.extend_from_slice(self.incarnation.as_bytes());
        let digest = receipt_digest(centre, &bytes, ids);
        bytes.extend_from_slice(&signing::sign(signing::RECEIPT, &digest, key));
        Ok(bytes)
    }

    /// The receipt for these envelopes, if the relay's signature fits.
    pub fn open(
        bytes: &[u8],
        centre: CentreId,
        ids: &[EnvelopeId],
        key: &VerifyingKey,
    ) -> Result<Self, CodecError> {
        let answer = Self::decode(bytes)?;
        if answer.outcomes.len() != ids.len() {
            return Err(CodecError::Length {
                reading: "outcomes",
                expected: ids.len() as u64,
                found: answer.outcomes.len() as u64,
            });
        }
        let (signed, signature) = bytes
            .split_last_chunk::<SIGNATURE_LEN>()
            .ok_or(CodecError::Signature)?;
        let digest = receipt_digest(centre, signed, ids);
        signing::verify(signing::RECEIPT, &digest, signature, key)
            .map_err(|_| CodecError::Signature)?;
        Ok(answer)
    }

    fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut fields = Fields::new(bytes);
        if fields.array::<4>("magic")? != ANSWER_MAGIC {
            return Err(fields.malformed("magic"));
        }
        let count = usize::from(u16::from_be_bytes(fields.array("count")?));
        check_count(count)?;
        let mut outcomes = Vec::new();
        for _ in 0..count {
            let [number] = fields.array("code")?;
            let code = PushCode::from_number(number).ok_or_else(|| fields.malformed("code"))?;
            let seq = u64::from_be_bytes(fields.array("seq")?);
            outcomes.push(PushOutcome { code, seq });
        }
        let incarnation = Incarnation::from_bytes(fields.array("incarnation")?);
        fields.array::<SIGNATURE_LEN>("signature")?;
        match fields.rest.len() {
            0 => Ok(Self {
                outcomes,
                incarnation,
            }),
            left => Err(CodecError::Trailing { left }),
        }
    }
}

/// The digest that a receipt's signature covers; `signed` is everything before the signature.
///
/// An envelope that is no envelope at all has the hash of its bytes as its id here.
pub fn receipt_digest(centre: CentreId, signed: &[u8], ids: &[EnvelopeId]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(centre.as_bytes()).update(signed);
    for id in ids {
        hasher.update(id.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

fn check_count(found: usize) -> Result<(), CodecError> {
    if found > MAX_BATCH {
        return Err(CodecError::TooMany {
            reading: "envelopes",
            limit: MAX_BATCH as u64,
            found: found as u64,
        });
    }
    Ok(())
}

struct Fields<'a> {
    rest: &'a [u8],
    length: usize,
}

impl<'a> Fields<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        let length = bytes.len();
        Self {
            rest: bytes,
            length,
        }
    }

    const fn malformed(&self, reading: &'static str) -> CodecError {
        let offset = self.length - self.rest.len();
        CodecError::Malformed { reading, offset }
    }

    fn array<const N: usize>(&mut self, reading: &'static str) -> Result<[u8; N], CodecError> {
        let error = self.malformed(reading);
        let (field, rest) = self.rest.split_first_chunk::<N>().ok_or(error)?;
        self.rest = rest;
        Ok(*field)
    }

    fn slice(&mut self, reading: &'static str, length: u32) -> Result<&'a [u8], CodecError> {
        let error = self.malformed(reading);
        let length = usize::try_from(length).map_err(|_| error)?;
        let (field, rest) = self.rest.split_at_checked(length).ok_or(error)?;
        self.rest = rest;
        Ok(field)
    }
}
