//! Pokes over a live connection: they carry no data, the client pulls.

use crate::{
    channel::{CHANNEL_LEN, Channel},
    codec::{Reader, Writer},
    error::CodecError,
    frame::auth::{Authorization, Challenge},
    id::DeviceId,
};

/// Bytes of a poke.
pub const POKE_LEN: usize = CHANNEL_LEN + 8;
/// The relay closes with this when the challenge is too old: pull, and connect again.
pub const CLOSE_EXPIRED: u16 = 4401;
/// The relay closes with this when the device may not listen, or no longer.
pub const CLOSE_FORBIDDEN: u16 = 4403;
/// The relay closes with this when the first frame is not a hello, or comes too late.
pub const CLOSE_MALFORMED: u16 = 4400;

const MEMBERSHIP: u8 = 0xFF;
const MAILBOX: u8 = 0xFE;

/// The client's first frame: the same proof as a signed request with method `GET` and an empty body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveHello(
    /// The proof.
    pub Authorization,
);

impl LiveHello {
    /// The frame.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(3)
            .bytes(self.0.device.as_bytes())
            .bytes(self.0.challenge.as_bytes())
            .bytes(&self.0.signature)
            .finish()
    }

    /// What a frame says.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("hello", 3)?;
        let hello = Self(Authorization {
            device: DeviceId::from_bytes(r.fixed("device")?),
            challenge: Challenge::from_bytes(r.fixed("challenge")?),
            signature: r.fixed("signature")?,
        });
        r.finish()?;
        Ok(hello)
    }
}

/// A hint that there is something to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poke {
    /// A channel has grown.
    Channel {
        /// Which.
        channel: Channel,
        /// Its last seq.
        seq: u64,
    },
    /// The membership chain has grown.
    Membership {
        /// Its length.
        length: u32,
    },
    /// A newcomer has left a message; sent to devices that may approve.
    Mailbox,
}

impl Poke {
    /// The frame.
    pub fn encode(&self) -> [u8; POKE_LEN] {
        let (name, number) = match self {
            Self::Channel { channel, seq } => (channel.to_bytes(), *seq),
            Self::Membership { length } => ([MEMBERSHIP; CHANNEL_LEN], u64::from(*length)),
            Self::Mailbox => ([MAILBOX; CHANNEL_LEN], 0),
        };
        let mut bytes = [0; POKE_LEN];
        let parts: [&[u8]; 2] = [&name, &number.to_be_bytes()];
        for (slot, byte) in bytes.iter_mut().zip(parts.iter().copied().flatten()) {
            *slot = *byte;
        }
        bytes
    }

    /// What a frame says.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let error = CodecError::Malformed {
            reading: "poke",
            offset: 0,
        };
        let bytes: [u8; POKE_LEN] = bytes.try_into().map_err(|_| error)?;
        let (name, number) = bytes.split_at(CHANNEL_LEN);
        let number = u64::from_be_bytes(number.try_into().map_err(|_| error)?);
        if name.iter().all(|byte| *byte == MEMBERSHIP) {
            let length = u32::try_from(number).map_err(|_| error)?;
            return Ok(Self::Membership { length });
        }
        if name.iter().all(|byte| *byte == MAILBOX) {
            return Ok(Self::Mailbox);
        }
        let channel = Channel::parse(name).map_err(|_| error)?;
        Ok(Self::Channel {
            channel,
            seq: number,
        })
    }
}
