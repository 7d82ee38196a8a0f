//! Channels, which the relay filters on, and the scopes whose epoch keys seal them.
//!
//! Both are seventeen bytes on the wire: a tag and sixteen bytes.

use core::fmt;

use crate::{id::MemberId, ring::Ring};

/// Bytes of a channel or a scope on the wire.
pub const CHANNEL_LEN: usize = 17;

/// What the relay filters on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// What the members of a ring share.
    Ring(Ring),
    /// What one member and `office` share.
    Desk(MemberId),
    /// What anyone in the centre may hand to a ring.
    RingBox(Ring),
    /// What anyone in the centre may hand to one member.
    MemberBox(MemberId),
}

/// What an epoch key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The members of a ring.
    Ring(Ring),
    /// One member and `office`.
    Desk(MemberId),
}

/// Seventeen bytes that name no channel or scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelError {
    /// The tag found, if there was one.
    pub tag: Option<u8>,
}

impl fmt::Display for ChannelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tag {
            Some(tag) => write!(
                f,
                "expected 17 bytes of a channel, found tag {tag} with a body that does not fit it"
            ),
            None => f.write_str("expected 17 bytes of a channel, found another length"),
        }
    }
}

impl core::error::Error for ChannelError {}

impl Channel {
    /// The channel on the wire.
    pub fn to_bytes(self) -> [u8; CHANNEL_LEN] {
        match self {
            Self::Ring(ring) => tagged(0, &ring_body(ring)),
            Self::Desk(member) => tagged(1, member.as_bytes()),
            Self::RingBox(ring) => tagged(2, &ring_body(ring)),
            Self::MemberBox(member) => tagged(3, member.as_bytes()),
        }
    }

    /// The channel that these seventeen bytes name.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChannelError> {
        let (tag, body) = split(bytes)?;
        let refused = ChannelError { tag: Some(tag) };
        match tag {
            0 => ring_of(body).map(Self::Ring).ok_or(refused),
            1 => Ok(Self::Desk(MemberId::from_bytes(body))),
            2 => ring_of(body).map(Self::RingBox).ok_or(refused),
            3 => Ok(Self::MemberBox(MemberId::from_bytes(body))),
            _ => Err(refused),
        }
    }

    /// The scope whose epoch an envelope in this channel names.
    ///
    /// A member's drop box has none: it is sealed to each of that member's devices, and its epoch is 0.
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::Ring(ring) | Self::RingBox(ring) => Some(Scope::Ring(ring)),
            Self::Desk(member) => Some(Scope::Desk(member)),
            Self::MemberBox(_) => None,
        }
    }
}

impl Scope {
    /// The scope on the wire, which is also the channel of the same name.
    pub fn to_bytes(self) -> [u8; CHANNEL_LEN] {
        self.channel().to_bytes()
    }

    /// The scope that these seventeen bytes name.
    pub fn parse(bytes: &[u8]) -> Result<Self, ChannelError> {
        match Channel::parse(bytes)? {
            Channel::Ring(ring) => Ok(Self::Ring(ring)),
            Channel::Desk(member) => Ok(Self::Desk(member)),
            Channel::RingBox(_) => Err(ChannelError { tag: Some(2) }),
            Channel::MemberBox(_) => Err(ChannelError { tag: Some(3) }),
        }
    }

    /// The channel that this scope's readers share.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Ring(ring) => Channel::Ring(ring),
            Self::Desk(member) => Channel::Desk(member),
        }
    }
}

fn tagged(tag: u8, body: &[u8; 16]) -> [u8; CHANNEL_LEN] {
    let mut bytes = [0; CHANNEL_LEN];
    let (first, rest) = bytes.split_at_mut(1);
    first.fill(tag);
    rest.copy_from_slice(body);
    bytes
}

fn ring_body(ring: Ring) -> [u8; 16] {
    let mut body = [0; 16];
    let (first, _) = body.split_at_mut(1);
    first.fill(ring.number());
    body
}

fn split(bytes: &[u8]) -> Result<(u8, [u8; 16]), ChannelError> {
    let (tag, body) = bytes.split_first().ok_or(ChannelError { tag: None })?;
    let body = body.try_into().map_err(|_| ChannelError { tag: None })?;
    Ok((*tag, body))
}

fn ring_of(body: [u8; 16]) -> Option<Ring> {
    let [number, zeros @ ..] = body;
    if zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    Ring::from_number(number)
}
