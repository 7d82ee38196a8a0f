//! The messages that two screens leave for each other at the relay, sealed under the link's secret.

use core::fmt;

use ed25519_dalek::VerifyingKey;
use rand_core::CryptoRng;
use sync_protocol::{InviteId, membership::DeviceKeys};
use zeroize::Zeroizing;

use super::{Commitment, InviteSecret, Nonce};
use crate::engine::crypto::{
    aead,
    cbor::{DecodeError, Reader, Writer},
    random,
};

/// Who left a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The device that wants to join.
    Newcomer,
    /// The device that may let it in.
    Approver,
}

/// One message, in the order in which they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailboxMessage {
    /// 1, from the newcomer: the keys to admit, what binds it to its nonce, and what it is called.
    Hello {
        /// Keys of the new device.
        keys: Box<DeviceKeys>,
        /// Binds the newcomer to its nonce.
        commitment: Commitment,
        /// What its tablet is called, as typed there, or nothing; the six digits say nothing of it.
        tablet: String,
    },
    /// 2, from the approver.
    Answer {
        /// The approver's nonce.
        nonce: Nonce,
    },
    /// 5, from the newcomer, as soon as 2 is there.
    Reveal {
        /// The newcomer's nonce.
        nonce: Nonce,
    },
    /// 3, from the approver: the newcomer's device is in the chain.
    Approved,
    /// 4, from the approver.
    Refused,
}

/// Why a message of a mailbox cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxError {
    /// Not sealed under this invite's secret.
    Sealed,
    /// A kind that this version does not know.
    UpdateNeeded {
        /// The kind found.
        kind: u8,
    },
    /// Left by the wrong side.
    WrongSender,
    /// The message cannot be read.
    Decode(DecodeError),
    /// A signing key that is no key, or that anybody could sign for.
    SigningKey,
}

impl fmt::Display for MailboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sealed => {
                f.write_str("expected a message sealed with this invite, found another")
            }
            Self::UpdateNeeded { kind } => {
                write!(
                    f,
                    "update needed: expected a known message, found kind {kind}"
                )
            }
            Self::WrongSender => {
                f.write_str("expected a message of the other side, found it turned round")
            }
            Self::Decode(error) => error.fmt(f),
            Self::SigningKey => {
                f.write_str("expected an Ed25519 public key, found an unusable one")
            }
        }
    }
}

impl core::error::Error for MailboxError {}

impl From<DecodeError> for MailboxError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl MailboxMessage {
    /// Seals the message; leave the same bytes again when an answer was lost.
    pub fn seal(&self, secret: &InviteSecret, rng: &mut dyn CryptoRng) -> Vec<u8> {
        let nonce: [u8; 12] = random::bytes(rng);
        let aad = self.sender().bind(secret.invite());
        let sealed = aead::seal(&secret.box_key(), nonce, &aad, &self.encode());
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens a message of either side; [`Self::sender`] tells whose it is.
    pub fn open(secret: &InviteSecret, bytes: &[u8]) -> Result<Self, MailboxError> {
        let (nonce, sealed) = bytes
            .split_first_chunk::<12>()
            .ok_or(MailboxError::Sealed)?;
        let key = secret.box_key();
        let opened = [Sender::Newcomer, Sender::Approver]
            .into_iter()
            .find_map(|sender| {
                let plain = aead::open(&key, *nonce, &sender.bind(secret.invite()), sealed)?;
                Some((sender, plain))
            });
        let (sender, plain) = opened.ok_or(MailboxError::Sealed)?;
        let message = Self::decode(&plain)?;
        if message.sender() != sender {
            return Err(MailboxError::WrongSender);
        }
        Ok(message)
    }

    /// Which side sends this kind of message.
    pub const fn sender(&self) -> Sender {
        match self {
            Self::Hello { .. } | Self::Reveal { .. } => Sender::Newcomer,
            Self::Answer { .. } | Self::Approved | Self::Refused => Sender::Approver,
        }
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let writer = Writer::with_capacity(128);
        match self {
            Self::Hello {
                keys,
                commitment,
                tablet,
            } => {
                let hello = writer
                    .array(if tablet.is_empty() { 3 } else { 4 })
                    .uint(1_u8)
                    .array(2)
                    .bytes(keys.sign.as_bytes())
                    .bytes(&keys.seal)
                    .bytes(commitment.as_bytes());
                if tablet.is_empty() {
                    hello
                } else {
                    hello.text(tablet)
                }
            }
            Self::Answer { nonce } => writer.array(2).uint(2_u8).bytes(nonce.as_bytes()),
            Self::Approved => writer.array(1).uint(3_u8),
            Self::Refused => writer.array(1).uint(4_u8),
            Self::Reveal { nonce } => writer.array(2).uint(5_u8).bytes(nonce.as_bytes()),
        }
        .finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, MailboxError> {
        let mut reader = Reader::new(bytes);
        let found = reader.length("mailbox message")?;
        let kind = reader.u8("message kind")?;
        let (expected, message) = match kind {
            1 => (found.clamp(3, 4), decode_hello(&mut reader, found > 3)?),
            2 => (
                2,
                Self::Answer {
                    nonce: Nonce::from_bytes(reader.fixed("nonce")?),
                },
            ),
            3 => (1, Self::Approved),
            4 => (1, Self::Refused),
            5 => (
                2,
                Self::Reveal {
                    nonce: Nonce::from_bytes(reader.fixed("nonce")?),
                },
            ),
            kind => return Err(MailboxError::UpdateNeeded { kind }),
        };
        if found != expected {
            let reading = "mailbox message";
            return Err(DecodeError::Length {
                reading,
                expected,
                found,
            }
            .into());
        }
        reader.finish()?;
        if message.encode().as_slice() != bytes {
            return Err(DecodeError::NotCanonical.into());
        }
        Ok(message)
    }
}

impl Sender {
    fn bind(self, invite: InviteId) -> Vec<u8> {
        let direction = match self {
            Self::Newcomer => 0,
            Self::Approver => 1,
        };
        [&[direction], invite.as_bytes().as_slice()].concat()
    }
}

fn decode_hello(reader: &mut Reader<'_>, is_named: bool) -> Result<MailboxMessage, MailboxError> {
    reader.array("device keys", 2)?;
    let sign = VerifyingKey::from_bytes(&reader.fixed("signing key")?)
        .ok()
        .filter(|key| !key.is_weak())
        .ok_or(MailboxError::SigningKey)?;
    let seal = reader.fixed("sealing key")?;
    let commitment = Commitment::from_bytes(reader.fixed("commitment")?);
    let tablet = if is_named {
        reader.text("tablet")?.to_owned()
    } else {
        String::new()
    };
    let keys = Box::new(DeviceKeys { sign, seal });
    Ok(MailboxMessage::Hello {
        keys,
        commitment,
        tablet,
    })
}
