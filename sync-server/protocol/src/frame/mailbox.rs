//! The enrolment mailbox: a few small sealed messages that go when the invite ends.

use crate::{
    codec::{Reader, Writer},
    error::CodecError,
    id::CentreId,
    limits::{MAX_MAILBOX_MESSAGE, MAX_MAILBOX_MESSAGES},
};

/// Reads a mailbox, and leaves a message if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxRequest {
    /// Proves knowledge of the invite's secret.
    pub token: [u8; 32],
    /// Messages already seen.
    pub after: u32,
    /// A message to leave.
    pub message: Option<Vec<u8>>,
}

impl MailboxRequest {
    /// The request's body.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(3)
            .bytes(&self.token)
            .uint(self.after)
            .optional(self.message.as_deref())
            .finish()
    }

    /// What a body asks for.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("mailbox request", 3)?;
        let request = Self {
            token: r.fixed("token")?,
            after: r.u32("after")?,
            message: r.optional("message", |r| {
                r.bytes("message", MAX_MAILBOX_MESSAGE).map(<[u8]>::to_vec)
            })?,
        };
        r.finish()?;
        Ok(request)
    }

    /// What the invite record holds of the token.
    pub fn mailbox_hash(token: &[u8; 32]) -> [u8; 32] {
        *blake3::hash(token).as_bytes()
    }
}

/// What became of the invite, by the chain and the relay's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MailboxState {
    /// Waiting.
    Open = 0,
    /// Brought a device.
    Used = 1,
    /// Taken back.
    Cancelled = 2,
    /// Ended unused.
    Expired = 3,
}

impl MailboxState {
    /// Every state, by number.
    pub const ALL: [Self; 4] = [Self::Open, Self::Used, Self::Cancelled, Self::Expired];

    /// The state's number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The state with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }
}

/// What a mailbox holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxAnswer {
    /// Whose invite it is.
    pub centre: CentreId,
    /// The relay's clock, ms since 1970.
    pub relay_ms: i64,
    /// When the invite ends, ms since 1970.
    pub expires_ms: i64,
    /// What became of the invite.
    pub state: MailboxState,
    /// Messages after the number already seen, in order.
    pub messages: Vec<Vec<u8>>,
}

impl MailboxAnswer {
    /// The answer's body.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(5)
            .bytes(self.centre.as_bytes())
            .int(self.relay_ms)
            .int(self.expires_ms)
            .uint(self.state.number())
            .list(&self.messages, |w, message| w.bytes(message))
            .finish()
    }

    /// What a body says.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("mailbox answer", 5)?;
        let centre = CentreId::from_bytes(r.fixed("centre")?);
        let relay_ms = r.i64("relay time")?;
        let expires_ms = r.i64("expiry")?;
        let number = r.u8("state")?;
        let state = MailboxState::from_number(number).ok_or_else(|| r.malformed("state"))?;
        let messages = r.list("messages", MAX_MAILBOX_MESSAGES, |r| {
            r.bytes("message", MAX_MAILBOX_MESSAGE).map(<[u8]>::to_vec)
        })?;
        r.finish()?;
        Ok(Self {
            centre,
            relay_ms,
            expires_ms,
            state,
            messages,
        })
    }
}
