//! What one member keeps on one tablet to be that member: device secrets, the local key, epoch keys.
//!
//! It knows how the keyring is sealed and what wraps its key. It must not know where the rows are kept.
//!
//! ```text
//! phrase  -> Argon2id -> UnlockKey -> opens a KeyringWrap -> KeyringKey -> opens the Keyring
//! passkey -> PasskeySecret         -> opens a PasskeyWrap -> KeyringKey
//! ```
//! Several wraps may hold one keyring key, so there can be several ways to unlock, and a new epoch key can be stored
//! without asking for the phrase again.

mod body;
mod passkey;
mod wrap;

use rand_core::CryptoRng;
use sync_protocol::{CentreId, MemberId, Scope};

use super::{
    aead::{self, ONE_USE},
    device::DeviceSecrets,
    enrolment::{InviteSecret, Nonce},
    key::{EpochKey, KeyringKey, LocalKey},
    random,
};
use crate::domain::few::Few;

pub use self::{
    passkey::{Passkey, PasskeyWrap},
    wrap::KeyringWrap,
};

/// The keyring of one member on one tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyring {
    /// The centre.
    pub centre: CentreId,
    /// Member, or still waiting to become one.
    pub standing: Standing,
    /// What the device signs with and what is sealed to it.
    pub device: DeviceSecrets,
    /// Seals this member's rows on this tablet.
    pub local: LocalKey,
    epochs: Few<(Scope, u32), EpochKey>,
}

/// Whether the device was let in yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Waiting for approval; enough to go on after the app was closed.
    Applicant {
        /// The invite used.
        secret: InviteSecret,
        /// The nonce committed to.
        nonce: Nonce,
    },
    /// A device of this member.
    Member(MemberId),
}

/// Why a keyring does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyringError {
    /// The wrap does not open: the phrase is another one.
    WrongPhrase,
    /// The wrap does not open: another passkey's secret, or another device's wrap.
    WrongPasskey,
    /// The row is damaged, or was not sealed under this keyring key.
    Damaged,
    /// Written by a newer version.
    Version {
        /// The version found.
        found: u32,
    },
}

impl core::fmt::Display for KeyringError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::WrongPhrase => f.write_str("expected the phrase of this keyring, found another"),
            Self::WrongPasskey => {
                f.write_str("expected the passkey of this keyring, found another")
            }
            Self::Damaged => f.write_str("expected a keyring row, found one that does not open"),
            Self::Version { found } => {
                write!(
                    f,
                    "expected a keyring of version {VERSION}, found version {found}"
                )
            }
        }
    }
}

impl core::error::Error for KeyringError {}

const VERSION: u8 = 1;
const HEAD_LEN: usize = 1 + 32;

impl Keyring {
    /// A keyring without epoch keys.
    pub fn new(
        centre: CentreId,
        standing: Standing,
        device: DeviceSecrets,
        local: LocalKey,
    ) -> Self {
        Self {
            centre,
            standing,
            device,
            local,
            epochs: Few::default(),
        }
    }

    /// The member, once approved.
    pub fn member(&self) -> Option<MemberId> {
        match &self.standing {
            Standing::Applicant { .. } => None,
            Standing::Member(member) => Some(*member),
        }
    }

    /// Keeps an epoch key; true if it was not there.
    pub fn keep_epoch(&mut self, scope: Scope, epoch: u32, key: EpochKey) -> bool {
        self.epochs.insert((scope, epoch), key).is_none()
    }

    /// Forgets the epoch keys of every other scope; true if there were any.
    pub fn keep_only(&mut self, scopes: &[Scope]) -> bool {
        let before = self.epochs.len();
        self.epochs.retain(|(scope, _), _| scopes.contains(scope));
        self.epochs.len() != before
    }

    /// The key of a scope's epoch.
    pub fn epoch(&self, scope: Scope, epoch: u32) -> Option<&EpochKey> {
        self.epochs.get(&(scope, epoch))
    }

    /// The latest epoch of a scope that the device can read.
    pub fn latest_epoch(&self, scope: Scope) -> Option<(u32, &EpochKey)> {
        self.epochs
            .iter()
            .rfind(|((of, _), _)| *of == scope)
            .map(|((_, epoch), key)| (*epoch, key))
    }

    /// Every epoch key, by scope and epoch.
    pub fn epochs(&self) -> impl Iterator<Item = (Scope, u32, &EpochKey)> {
        self.epochs
            .iter()
            .map(|((scope, epoch), key)| (*scope, *epoch, key))
    }

    /// The row: version, salt, ciphertext; the salt makes the key of each writing a new one.
    pub fn seal(&self, key: &KeyringKey, rng: &mut dyn CryptoRng) -> Vec<u8> {
        let salt: [u8; 32] = random::bytes(rng);
        let head = [&[VERSION], salt.as_slice()].concat();
        let derived = aead::derive(key.expose(), Some(&salt), &[b"ng/keyring/v1"]);
        let sealed = aead::seal(&derived, ONE_USE, &head, &body::encode(self));
        [head, sealed].concat()
    }

    /// The keyring in a row.
    pub fn open(key: &KeyringKey, row: &[u8]) -> Result<Self, KeyringError> {
        let (head, sealed) = row
            .split_at_checked(HEAD_LEN)
            .ok_or(KeyringError::Damaged)?;
        let (version, salt) = head.split_first().ok_or(KeyringError::Damaged)?;
        if *version != VERSION {
            return Err(KeyringError::Version {
                found: u32::from(*version),
            });
        }
        let derived = aead::derive(key.expose(), Some(salt), &[b"ng/keyring/v1"]);
        let plain = aead::open(&derived, ONE_USE, head, sealed).ok_or(KeyringError::Damaged)?;
        body::decode(&plain).map_err(|_| KeyringError::Damaged)
    }
}

#[cfg(test)]
mod tests;
