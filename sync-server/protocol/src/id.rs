//! Opaque names of things: bytes that mean nothing but "the same" or "another".

use core::{fmt, str::FromStr};

use blake3::Hasher;
use ed25519_dalek::VerifyingKey;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::hex::{self, HexError};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Bytes of this name.
            pub const LEN: usize = $len;

            /// The name made of these bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes of the name.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The name written as hexadecimal digits.
            pub fn parse_hex(text: &str) -> Result<Self, HexError> {
                hex::parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (short, _) = self.0.split_at(4);
                write!(f, "{}({}…)", stringify!($name), hex::encode(short))
            }
        }

        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                Self::parse_hex(text)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = core::array::TryFromSliceError;

            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                bytes.try_into().map(Self)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                let bytes = d.bytes()?;
                Self::try_from(bytes).map_err(|_| {
                    decode::Error::message(format!(
                        "expected {} bytes, found {}",
                        $len,
                        bytes.len()
                    ))
                })
            }
        }
    };
}

id!(
    /// A contact centre: the hash of its whole genesis record.
    CentreId, 32
);
id!(
    /// A person, as the relay knows them; random.
    MemberId, 16
);
id!(
    /// A member on one tablet: a hash of the device's signing key.
    DeviceId, 16
);
id!(
    /// A document; random. Zeros where an envelope belongs to none.
    DocumentId, 16
);
id!(
    /// One author's unbroken run of envelopes in one channel; random.
    StreamId, 8
);
id!(
    /// A single-use invite: a hash of its secret.
    InviteId, 16
);
id!(
    /// An envelope: the hash of header, body and signature.
    EnvelopeId, 32
);
id!(
    /// A membership record: the hash of the whole record, signature included.
    RecordHash, 32
);
id!(
    /// One life of a relay's store; random, new when the store is new.
    Incarnation, 16
);
id!(
    /// Which key sealed an envelope, without saying anything about it.
    KeyId, 8
);
id!(
    /// The hash over all envelope ids that a channel has accepted, in order.
    ChainHash, 32
);

impl DeviceId {
    /// The device that signs with this key.
    pub fn of(key: &VerifyingKey) -> Self {
        Self(short_hash(b"ng/device/v1", key.as_bytes()))
    }
}

impl MemberId {
    /// The member that a recovery kit with this signing key is: nobody else can be named so, and everybody can tell.
    pub fn of_kit(key: &VerifyingKey) -> Self {
        Self(short_hash(b"ng/kit/v1", key.as_bytes()))
    }
}

impl InviteId {
    /// The invite with this secret.
    pub fn of(secret: &[u8; 16]) -> Self {
        Self(short_hash(b"ng/invite/v1", secret))
    }
}

impl KeyId {
    /// No key: the envelope is in the clear.
    pub const NONE: Self = Self([0; 8]);

    /// The name of a document key or an epoch key.
    pub fn of(key: &[u8; 32]) -> Self {
        Self(short_hash(b"ng/key/v1", key))
    }
}

impl DocumentId {
    /// No document: what an `attest` carries.
    pub const NONE: Self = Self([0; 16]);
}

impl EnvelopeId {
    /// No envelope: what the first of a stream names as the one before it.
    pub const NONE: Self = Self([0; 32]);
}

impl RecordHash {
    /// No record: what a genesis names as the one before it.
    pub const NONE: Self = Self([0; 32]);

    /// The hash of a whole record.
    pub fn of(record: &[u8]) -> Self {
        Self(*blake3::hash(record).as_bytes())
    }
}

impl ChainHash {
    /// A channel that has accepted nothing.
    pub const START: Self = Self([0; 32]);

    /// The chain after one more envelope.
    #[must_use]
    pub fn next(self, id: EnvelopeId) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(&self.0).update(&id.0);
        Self(*hasher.finalize().as_bytes())
    }
}

fn short_hash<const N: usize>(domain: &[u8], bytes: &[u8]) -> [u8; N] {
    let mut hasher = Hasher::new();
    hasher.update(domain).update(bytes);
    let mut out = [0; N];
    hasher.finalize_xof().fill(&mut out);
    out
}
