//! A second way to unlock: the keyring key, sealed under what a passkey gives for this row and for no other.
//!
//! ```text
//! row    = [ version=2, credential id 1 to 1023, PRF salt 32, salt 32, sealed keyring key 48 ]
//! secret = first result of the WebAuthn extension `prf` for the PRF salt
//! key    = HKDF(secret, salt, "ng/keyring-passkey/v1" || DeviceId), nonce zero, AAD = the row up to and without the last item
//! ```
//! The secret is 32 random bytes to whoever has not got them, so nothing has to make guessing slow.

use core::fmt;

use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sync_protocol::DeviceId;
use zeroize::Zeroizing;

use super::KeyringError;
use crate::engine::crypto::{
    aead::{self, ONE_USE, TAG_LEN},
    cbor::{DecodeError, Reader, Writer},
    key::{KeyringKey, PasskeySecret},
    random,
};

const VERSION: u32 = 2;

/// No authenticator makes longer names (CTAP 2.1, section 6.4).
const MAX_CREDENTIAL: usize = 1023;

/// What a browser is asked with. Not secret, and stored in the clear: it is needed before anything is open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The credential's own name, 1 to 1023 bytes.
    pub credential: Vec<u8>,
    /// Makes the passkey's secret another one for each row; 32 bytes.
    pub salt: Vec<u8>,
}

impl Passkey {
    fn is_whole(&self) -> bool {
        (1..=MAX_CREDENTIAL).contains(&self.credential.len()) && self.salt.len() == 32
    }
}

/// Shows which passkey it is, and no more.
impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passkey({} B)", self.credential.len())
    }
}

/// Crosses from the page, which alone can ask for it, to the Worker.
impl Serialize for PasskeySecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.expose().as_slice().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PasskeySecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As a list: an array of numbers is read by two kilobytes of code.
        let bytes = Zeroizing::new(Vec::<u8>::deserialize(deserializer)?);
        let bytes = bytes.as_slice().try_into();
        bytes
            .map(Self::from_bytes)
            .map_err(|_| D::Error::custom("expected 32 bytes, found another number"))
    }
}

/// A keyring key under a passkey's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyWrap {
    passkey: Passkey,
    salt: [u8; 32],
    sealed: [u8; 32 + TAG_LEN],
}

impl PasskeyWrap {
    /// Wraps the keyring key of a device; `secret` is what the passkey gave for its salt.
    ///
    /// [`KeyringError::Damaged`] where the credential has no name, or a longer one than there can be, or the salt has
    /// another length.
    pub fn seal(
        key: &KeyringKey,
        device: DeviceId,
        passkey: Passkey,
        secret: &PasskeySecret,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, KeyringError> {
        if !passkey.is_whole() {
            return Err(KeyringError::Damaged);
        }
        let mut wrap = Self {
            passkey,
            salt: random::bytes(rng),
            sealed: [0; 48],
        };
        let derived = wrap.derive(device, secret);
        let sealed = aead::seal(&derived, ONE_USE, &wrap.head(), key.expose());
        wrap.sealed.copy_from_slice(&sealed);
        Ok(wrap)
    }

    /// The keyring key, or [`KeyringError::WrongPasskey`] and nothing else.
    pub fn open(
        &self,
        device: DeviceId,
        secret: &PasskeySecret,
    ) -> Result<KeyringKey, KeyringError> {
        let derived = self.derive(device, secret);
        let opened = aead::open(&derived, ONE_USE, &self.head(), &self.sealed);
        let bytes = opened.and_then(|opened| opened.as_slice().try_into().ok());
        bytes
            .map(KeyringKey::from_bytes)
            .ok_or(KeyringError::WrongPasskey)
    }

    /// What to ask the browser with.
    pub const fn passkey(&self) -> &Passkey {
        &self.passkey
    }

    /// The row.
    pub fn encode(&self) -> Vec<u8> {
        let sealed = Writer::with_capacity(64).bytes(&self.sealed).finish();
        [self.head().as_slice(), &sealed].concat()
    }

    /// The wrap in a row; strictly as [`encode`](Self::encode) writes it.
    pub fn decode(row: &[u8]) -> Result<Self, KeyringError> {
        let damaged = |_: DecodeError| KeyringError::Damaged;
        let mut reader = Reader::new(row);
        let items = reader.length("passkey row").map_err(damaged)?;
        let found = reader.u32("version").map_err(damaged)?;
        if found != VERSION {
            return Err(KeyringError::Version { found });
        }
        let wrap = Self::take(&mut reader).map_err(damaged)?;
        let is_ours = items == 5 && wrap.passkey.is_whole() && wrap.encode() == row;
        is_ours.then_some(wrap).ok_or(KeyringError::Damaged)
    }

    fn take(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let passkey = Passkey {
            credential: reader.bytes("credential id")?.to_vec(),
            salt: reader.bytes("PRF salt")?.to_vec(),
        };
        Ok(Self {
            passkey,
            salt: reader.fixed("salt")?,
            sealed: reader.fixed("sealed key")?,
        })
    }

    fn head(&self) -> Zeroizing<Vec<u8>> {
        Writer::with_capacity(128 + self.passkey.credential.len())
            .array(5)
            .uint(VERSION)
            .bytes(&self.passkey.credential)
            .bytes(&self.passkey.salt)
            .bytes(&self.salt)
            .finish()
    }

    fn derive(&self, device: DeviceId, secret: &PasskeySecret) -> Zeroizing<[u8; 32]> {
        let info: [&[u8]; 2] = [b"ng/keyring-passkey/v1", device.as_bytes()];
        aead::derive(secret.expose(), Some(&self.salt), &info)
    }
}
