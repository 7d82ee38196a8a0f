//! Joining by link: the secret in the link, what the two screens tell each other, and the six digits they compare.
//!
//! It knows the keys and messages of one enrolment. It must not know the relay's calls, the chain or the clock.

mod code;
mod link;
mod mailbox;

pub use code::{ComparisonCode, RevealedNonce};
pub use link::{InviteLink, LinkError};
pub use mailbox::{MailboxError, MailboxMessage, Sender};

use core::fmt;

use rand_core::CryptoRng;
use sync_protocol::{InviteId, frame::MailboxRequest};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{aead, random};

/// What the link carries and the relay never sees; wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct InviteSecret([u8; 16]);

impl InviteSecret {
    /// A new secret from the caller's random source.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(random::bytes(rng))
    }

    /// The secret with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The secret bytes; for the link and the keyring, never for a log.
    pub const fn expose(&self) -> &[u8; 16] {
        &self.0
    }

    /// The invite's name in the chain and at the relay.
    pub fn invite(&self) -> InviteId {
        InviteId::of(&self.0)
    }

    /// Proves to the relay that its bearer knows the secret, without telling it.
    pub fn token(&self) -> [u8; 32] {
        *aead::derive(&self.0, None, &[b"ng/mailbox/v1"])
    }

    /// What the `invite` record says, so that the relay can check a token.
    pub fn mailbox_hash(&self) -> [u8; 32] {
        MailboxRequest::mailbox_hash(&self.token())
    }

    fn box_key(&self) -> Zeroizing<[u8; 32]> {
        aead::derive(&self.0, None, &[b"ng/mailbox-box/v1"])
    }
}

impl fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteSecret(secret)")
    }
}

/// One side's random part of the comparison code; secret until the other side is bound to its own.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Nonce([u8; 16]);

/// What binds the newcomer to a nonce before it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment([u8; 32]);

impl Nonce {
    /// A new nonce from the caller's random source.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(random::bytes(rng))
    }

    /// The nonce with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The nonce's bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// What the newcomer sends first.
    pub fn commitment(&self) -> Commitment {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"ng/commit/v1").update(&self.0);
        Commitment(*hasher.finalize().as_bytes())
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(secret)")
    }
}

impl Commitment {
    /// The commitment with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The commitment's bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
