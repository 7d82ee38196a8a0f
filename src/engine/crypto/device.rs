//! The secret keys of one device: a member on one tablet.
//!
//! It knows how they are made, named and written into the keyring. It must not know whose they are.

use core::fmt;

use ed25519_dalek::SigningKey;
use rand_core::CryptoRng;
use sync_protocol::{DeviceId, membership::DeviceKeys};
use zeroize::Zeroizing;

use super::{key::public_of, random};

/// What a device signs with and what is sealed to it; wiped when dropped.
#[derive(Clone)]
pub struct DeviceSecrets {
    sign: SigningKey,
    seal: Zeroizing<[u8; 32]>,
}

impl DeviceSecrets {
    /// New keys from the caller's random source.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let sign = Zeroizing::new(random::bytes(rng));
        let seal = Zeroizing::new(random::bytes(rng));
        Self::from_secrets(&sign, &seal)
    }

    /// The device with this Ed25519 seed and this X25519 secret.
    pub fn from_secrets(sign: &[u8; 32], seal: &[u8; 32]) -> Self {
        Self {
            sign: SigningKey::from_bytes(sign),
            seal: Zeroizing::new(*seal),
        }
    }

    /// What the centre may know of the device.
    pub fn public_keys(&self) -> DeviceKeys {
        DeviceKeys {
            sign: self.sign.verifying_key(),
            seal: self.seal_public(),
        }
    }

    /// The device's name.
    pub fn device_id(&self) -> DeviceId {
        DeviceId::of(&self.sign.verifying_key())
    }

    /// Signs envelopes, membership records and requests.
    pub const fn signing_key(&self) -> &SigningKey {
        &self.sign
    }

    /// The X25519 public key that epoch keys are sealed to.
    pub fn seal_public(&self) -> [u8; 32] {
        public_of(&self.seal)
    }

    /// The X25519 secret.
    pub(super) fn seal_secret(&self) -> &[u8; 32] {
        &self.seal
    }
}

impl PartialEq for DeviceSecrets {
    fn eq(&self, other: &Self) -> bool {
        self.sign == other.sign && super::aead::same(&self.seal, &other.seal)
    }
}

impl Eq for DeviceSecrets {}

impl fmt::Debug for DeviceSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceSecrets({:?}, secret)", self.device_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::crypto::vectors::FixedRng;

    #[test]
    fn a_device_is_named_after_its_signing_key_and_comes_back_from_its_secrets() {
        let device = DeviceSecrets::generate(&mut FixedRng::new("device"));
        assert_eq!(device.device_id(), device.public_keys().device());
        let again =
            DeviceSecrets::from_secrets(&device.signing_key().to_bytes(), device.seal_secret());
        assert_eq!(again, device);
        assert_eq!(again.seal_public(), device.seal_public());
    }

    #[test]
    fn debug_of_a_device_shows_its_name_only() {
        let device = DeviceSecrets::from_secrets(&[0xA7; 32], &[0xA7; 32]);
        let shown = format!("{device:?}");
        assert!(shown.starts_with("DeviceSecrets(DeviceId("), "{shown}");
        assert!(!shown.contains("a7a7") && !shown.contains("167"), "{shown}");
    }
}
