//! One way to unlock: the keyring key, sealed under what a phrase derives to.
//!
//! ```text
//! row  = [ version=1, memory KiB, passes, lanes, Argon2id salt 16, salt 32, sealed keyring key 48 ]
//! key  = HKDF(unlock key, salt, "ng/keyring-wrap/v1"), nonce zero, AAD = the row up to and without the last item
//! ```

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::KeyringError;
use crate::engine::crypto::{
    aead::{self, ONE_USE, TAG_LEN},
    cbor::{DecodeError, Reader, Writer},
    key::{KeyringKey, UnlockKey},
    passphrase::{KdfParams, UnlockSalt},
    random,
};

const VERSION: u32 = 1;

/// A keyring key under an unlock key, with what deriving that one again takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyringWrap {
    params: KdfParams,
    unlock_salt: UnlockSalt,
    salt: [u8; 32],
    sealed: [u8; 32 + TAG_LEN],
}

impl KeyringWrap {
    /// Wraps a keyring key; `unlock` was derived with these parameters and this salt.
    pub fn seal(
        key: &KeyringKey,
        unlock: &UnlockKey,
        params: KdfParams,
        unlock_salt: UnlockSalt,
        rng: &mut dyn CryptoRng,
    ) -> Self {
        let salt = random::bytes(rng);
        let mut wrap = Self {
            params,
            unlock_salt,
            salt,
            sealed: [0; 48],
        };
        let sealed = aead::seal(&wrap.derive(unlock), ONE_USE, &wrap.head(), key.expose());
        wrap.sealed.copy_from_slice(&sealed);
        wrap
    }

    /// The keyring key, or [`KeyringError::WrongPhrase`] and nothing else.
    pub fn open(&self, unlock: &UnlockKey) -> Result<KeyringKey, KeyringError> {
        let opened = aead::open(&self.derive(unlock), ONE_USE, &self.head(), &self.sealed)
            .ok_or(KeyringError::WrongPhrase)?;
        let bytes = opened
            .as_slice()
            .try_into()
            .map_err(|_| KeyringError::WrongPhrase)?;
        Ok(KeyringKey::from_bytes(bytes))
    }

    /// What to run Argon2id with.
    pub const fn params(&self) -> KdfParams {
        self.params
    }

    /// The salt to run Argon2id with.
    pub const fn unlock_salt(&self) -> UnlockSalt {
        self.unlock_salt
    }

    /// The row.
    pub fn encode(&self) -> Vec<u8> {
        let sealed = Writer::with_capacity(64).bytes(&self.sealed).finish();
        [self.head().as_slice(), &sealed].concat()
    }

    /// The wrap in a row.
    pub fn decode(row: &[u8]) -> Result<Self, KeyringError> {
        let damaged = |_: DecodeError| KeyringError::Damaged;
        let mut reader = Reader::new(row);
        let items = reader.length("wrap row").map_err(damaged)?;
        let found = reader.u32("version").map_err(damaged)?;
        if found != VERSION {
            return Err(KeyringError::Version { found });
        }
        if items != 7 {
            return Err(KeyringError::Damaged);
        }
        let wrap = Self::take(&mut reader).map_err(damaged)?;
        reader.finish().map_err(damaged)?;
        Ok(wrap)
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let offset = reader.position();
        let (memory, passes) = (reader.u32("memory")?, reader.u32("passes")?);
        let params = KdfParams::new(memory, passes, reader.u32("lanes")?).map_err(|_| {
            DecodeError::Malformed {
                reading: "parameters",
                offset,
            }
        })?;
        Ok(Self {
            params,
            unlock_salt: UnlockSalt::from_bytes(reader.fixed("unlock salt")?),
            salt: reader.fixed("salt")?,
            sealed: reader.fixed("sealed key")?,
        })
    }

    fn head(&self) -> Zeroizing<Vec<u8>> {
        Writer::with_capacity(96)
            .array(7)
            .uint(VERSION)
            .uint(self.params.memory_kib())
            .uint(self.params.passes())
            .uint(self.params.lanes())
            .bytes(self.unlock_salt.as_bytes())
            .bytes(&self.salt)
            .finish()
    }

    fn derive(&self, unlock: &UnlockKey) -> Zeroizing<[u8; 32]> {
        aead::derive(unlock.expose(), Some(&self.salt), &[b"ng/keyring-wrap/v1"])
    }
}
