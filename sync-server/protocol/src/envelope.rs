//! The sealed, signed envelope.
//!
//! It knows the layout, the signature and the id. It must not know keys or what the body says.

mod header;

use core::fmt;

use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::{
    id::{EnvelopeId, KeyId},
    limits::MAX_ENVELOPE,
    padding,
    signing::{self, SIGNATURE_LEN},
};

pub use header::{EnvelopeKind, Header};

/// Bytes of the header.
pub const HEADER_LEN: usize = 317;
/// Where the key commitment begins; what comes before it goes into the key derivation.
pub const COMMITMENT_OFFSET: usize = 285;
/// Bytes that sealing adds to the padded plaintext.
pub const TAG_LEN: usize = 16;
/// Bytes of an envelope around its padded plaintext.
pub const OVERHEAD: usize = HEADER_LEN + TAG_LEN + SIGNATURE_LEN;
/// Bytes of a stub: header, id, the digest that was signed, signature. No whole envelope is as short.
pub const STUB_LEN: usize = HEADER_LEN + 32 + 32 + SIGNATURE_LEN;

/// Why bytes are not an envelope that this code can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeError {
    /// Over [`MAX_ENVELOPE`].
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not as long as its header says.
    Length {
        /// Bytes expected.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// Not an envelope at all.
    Magic,
    /// Written by a newer version: keep the bytes and show "update needed".
    UpdateNeeded {
        /// Its version.
        version: u8,
        /// Its suite.
        suite: u8,
        /// Its kind.
        kind: u8,
    },
    /// A field holds what no honest writer puts there.
    Field {
        /// The field's name.
        name: &'static str,
    },
    /// The signature does not fit.
    Signature,
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { found } => {
                write!(
                    f,
                    "expected an envelope of at most {MAX_ENVELOPE} bytes, found {found}"
                )
            }
            Self::Length { expected, found } => {
                write!(f, "expected an envelope of {expected} bytes, found {found}")
            }
            Self::Magic => f.write_str("expected an envelope, found something else"),
            Self::UpdateNeeded {
                version,
                suite,
                kind,
            } => write!(
                f,
                "expected a known version, suite and kind, found {version}, {suite} and {kind}"
            ),
            Self::Field { name } => {
                write!(f, "expected a possible {name}, found an impossible one")
            }
            Self::Signature => {
                f.write_str("expected the author's signature, found one that does not fit")
            }
        }
    }
}

impl core::error::Error for EnvelopeError {}

/// An envelope whose size and layout are right; its signature is for [`SealedEnvelope::verify`].
///
/// It may be a **stub**: what is kept of an envelope whose body was pruned. Only [`SealedEnvelope::parse_kept`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedEnvelope {
    bytes: Vec<u8>,
    header: Header,
    id: EnvelopeId,
}

impl SealedEnvelope {
    /// Checks size and layout, and nothing that needs a key.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, EnvelopeError> {
        let found = bytes.len();
        if found > MAX_ENVELOPE {
            return Err(EnvelopeError::TooLarge { found });
        }
        let header = Header::parse(&bytes)?;
        let padded = usize::try_from(header.padded_len).unwrap_or(usize::MAX);
        let expected = padded.saturating_add(OVERHEAD);
        if found != expected {
            return Err(EnvelopeError::Length { expected, found });
        }
        let id = EnvelopeId::from_bytes(signing::digest(&[&bytes]));
        Ok(Self { bytes, header, id })
    }

    /// The same for bytes that may also be a stub, whose id is the one it states: nobody can work it out without the body.
    pub fn parse_kept(bytes: Vec<u8>) -> Result<Self, EnvelopeError> {
        match stated_id(&bytes) {
            Some(id) => Ok(Self {
                header: Header::parse(&bytes)?,
                id,
                bytes,
            }),
            None => Self::parse(bytes),
        }
    }

    /// Whether the body is gone.
    pub const fn is_stub(&self) -> bool {
        self.bytes.len() == STUB_LEN
    }

    /// What stays of it once its body is pruned.
    pub fn stub(&self) -> Vec<u8> {
        if self.is_stub() {
            return self.bytes.clone();
        }
        let signature = self.bytes.last_chunk::<SIGNATURE_LEN>();
        let signature = signature.map_or(&[][..], <[u8; SIGNATURE_LEN]>::as_slice);
        let parts: [&[u8]; 4] = [
            self.header_bytes(),
            self.id.as_bytes(),
            &self.digest(),
            signature,
        ];
        parts.concat()
    }

    /// What the author signed, which a stub states.
    pub fn digest(&self) -> [u8; 32] {
        let signed = self.bytes.split_last_chunk::<SIGNATURE_LEN>();
        let signed = signed.map_or(&[][..], |(signed, _)| signed);
        match signed.last_chunk().filter(|_| self.is_stub()) {
            Some(stated) => *stated,
            None => signing::digest(&[signed]),
        }
    }

    /// Puts header and sealed body together and signs them.
    pub fn sign(
        header: &[u8; HEADER_LEN],
        body: &[u8],
        key: &SigningKey,
    ) -> Result<Self, EnvelopeError> {
        let signature = signing::sign(signing::ENVELOPE, &signing::digest(&[header, body]), key);
        Self::parse([header.as_slice(), body, &signature].concat())
    }

    /// Checks the signature, strictly; the caller looks up the author's key.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), EnvelopeError> {
        let Some(signature) = self.bytes.last_chunk::<SIGNATURE_LEN>() else {
            return Err(EnvelopeError::Signature);
        };
        signing::verify(signing::ENVELOPE, &self.digest(), signature, key)
            .map_err(|_| EnvelopeError::Signature)
    }

    /// What the envelope says in the clear.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The header as it was written.
    pub fn header_bytes(&self) -> &[u8] {
        self.bytes
            .split_at_checked(HEADER_LEN)
            .map_or(&[], |(header, _)| header)
    }

    /// The sealed body; nothing if this is a stub.
    pub fn body(&self) -> &[u8] {
        if self.is_stub() {
            return &[];
        }
        let end = self.bytes.len().saturating_sub(SIGNATURE_LEN);
        self.bytes.get(HEADER_LEN..end).unwrap_or(&[])
    }

    /// What it says in the clear, if it is of a kind that everybody may read and names no key.
    pub fn clear(&self) -> Option<&[u8]> {
        let header = &self.header;
        let in_the_clear = matches!(header.kind, EnvelopeKind::Attest | EnvelopeKind::Prune)
            && header.key_id == KeyId::NONE
            && header.salt == [0; 32]
            && header.commitment == [0; 32];
        let (padded, tag) = self.body().split_last_chunk::<TAG_LEN>()?;
        let payload = padding::unpad(padded).ok()?;
        (in_the_clear && *tag == [0; TAG_LEN]).then_some(payload)
    }

    /// The envelope's name.
    pub const fn id(&self) -> EnvelopeId {
        self.id
    }

    /// The envelope as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The envelope as it came, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The id of whole bytes, or the one that a stub states.
pub fn id_of(bytes: &[u8]) -> EnvelopeId {
    stated_id(bytes).unwrap_or_else(|| EnvelopeId::from_bytes(signing::digest(&[bytes])))
}

/// The id that bytes state, if they are as long as a stub.
fn stated_id(bytes: &[u8]) -> Option<EnvelopeId> {
    let stated = bytes.get(HEADER_LEN..).and_then(<[u8]>::first_chunk);
    let stated = stated.filter(|_| bytes.len() == STUB_LEN);
    stated.map(|id| EnvelopeId::from_bytes(*id))
}

impl fmt::Debug for SealedEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedEnvelope")
            .field("id", &self.id)
            .field("header", &self.header)
            .field("len", &self.bytes.len())
            .finish()
    }
}
