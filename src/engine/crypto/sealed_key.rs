//! Epoch keys on their way to one device: HPKE base mode (RFC 9180).
//!
//! It knows the suite and what the info string binds. It must not know the membership chain.

use core::fmt;

use hpke::{
    Deserializable, HpkeError, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256, single_shot_open, single_shot_seal_with_rng,
};
use rand_core::CryptoRng;
use sync_protocol::{DeviceId, Scope, membership::SEALED_KEY_LEN};
use zeroize::Zeroizing;

use super::{
    device::DeviceSecrets,
    key::{EpochKey, private_key},
};

const ENCAPSULATED_LEN: usize = 32;

type Suite = X25519HkdfSha256;
type PublicKey = <Suite as Kem>::PublicKey;
type EncappedKey = <Suite as Kem>::EncappedKey;

/// Why an epoch key could not be sealed to a device or opened by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedKeyError {
    /// The recipient's public key is one that nobody can hold the secret of.
    Recipient,
    /// The bytes were not sealed to this device, scope and epoch.
    NotForThisDevice,
}

impl fmt::Display for SealedKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Recipient => "expected a usable X25519 public key, found a degenerate one",
            Self::NotForThisDevice => {
                "expected a key sealed to this device, scope and epoch, found one that does not open"
            }
        })
    }
}

impl core::error::Error for SealedKeyError {}

/// Seals the key of a scope's epoch to one device.
pub fn seal_epoch_key(
    key: &EpochKey,
    scope: Scope,
    epoch: u32,
    recipient: DeviceId,
    recipient_public: &[u8; 32],
    rng: &mut dyn CryptoRng,
) -> Result<[u8; SEALED_KEY_LEN], SealedKeyError> {
    let refused = |_: HpkeError| SealedKeyError::Recipient;
    let public = PublicKey::from_bytes(recipient_public).map_err(refused)?;
    let (encapsulated, sealed) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeS::Base,
        &public,
        &info(scope, epoch, recipient),
        key.expose(),
        &[],
        &mut &mut *rng,
    )
    .map_err(refused)?;
    let mut out = [0; SEALED_KEY_LEN];
    let (head, tail) = out.split_at_mut(ENCAPSULATED_LEN);
    head.copy_from_slice(&encapsulated.to_bytes());
    tail.copy_from_slice(&sealed);
    Ok(out)
}

/// Opens a scope's epoch key that was sealed to this device.
pub fn open_epoch_key(
    sealed: &[u8],
    scope: Scope,
    epoch: u32,
    device: &DeviceSecrets,
) -> Result<EpochKey, SealedKeyError> {
    let refused = |_: HpkeError| SealedKeyError::NotForThisDevice;
    let (encapsulated, sealed) = sealed
        .split_at_checked(ENCAPSULATED_LEN)
        .ok_or(SealedKeyError::NotForThisDevice)?;
    let encapsulated = EncappedKey::from_bytes(encapsulated).map_err(refused)?;
    let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
        &OpModeR::Base,
        &private_key(device.seal_secret()),
        &encapsulated,
        &info(scope, epoch, device.device_id()),
        sealed,
        &[],
    )
    .map_err(refused)?;
    let opened = Zeroizing::new(opened);
    let bytes = opened
        .as_slice()
        .try_into()
        .map_err(|_| SealedKeyError::NotForThisDevice)?;
    Ok(EpochKey::from_bytes(bytes))
}

fn info(scope: Scope, epoch: u32, recipient: DeviceId) -> Vec<u8> {
    [
        b"ng/epoch/v1".as_slice(),
        &scope.to_bytes(),
        &epoch.to_be_bytes(),
        recipient.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use sync_protocol::Ring;

    use super::*;
    use crate::engine::crypto::vectors::FixedRng;

    const TEAM: Scope = Scope::Ring(Ring::Team);

    #[test]
    fn only_the_recipient_opens_an_epoch_key_and_only_as_that_scope_and_epoch() {
        let mut rng = FixedRng::new("sealed keys");
        let (amber, teal) = (
            DeviceSecrets::generate(&mut rng),
            DeviceSecrets::generate(&mut rng),
        );
        let key = EpochKey::random(&mut rng);
        let public = amber.seal_public();
        let sealed = seal_epoch_key(&key, TEAM, 3, amber.device_id(), &public, &mut rng).unwrap();
        assert_eq!(open_epoch_key(&sealed, TEAM, 3, &amber), Ok(key));

        let refused = Err(SealedKeyError::NotForThisDevice);
        assert_eq!(open_epoch_key(&sealed, TEAM, 3, &teal), refused);
        let teals_name_ambers_key =
            DeviceSecrets::from_secrets(&teal.signing_key().to_bytes(), amber.seal_secret());
        assert_eq!(
            open_epoch_key(&sealed, TEAM, 3, &teals_name_ambers_key),
            refused
        );
        assert_eq!(open_epoch_key(&sealed, TEAM, 4, &amber), refused);
        assert_eq!(
            open_epoch_key(&sealed, Scope::Ring(Ring::Office), 3, &amber),
            refused
        );
    }

    #[test]
    fn any_flipped_or_missing_byte_is_refused() {
        let mut rng = FixedRng::new("sealed keys, damaged");
        let amber = DeviceSecrets::generate(&mut rng);
        let key = EpochKey::random(&mut rng);
        let public = amber.seal_public();
        let sealed = seal_epoch_key(&key, TEAM, 1, amber.device_id(), &public, &mut rng).unwrap();
        for at in 0..SEALED_KEY_LEN {
            let mut damaged = sealed;
            for byte in damaged.iter_mut().skip(at).take(1) {
                *byte ^= 1;
            }
            assert!(
                open_epoch_key(&damaged, TEAM, 1, &amber).is_err(),
                "byte {at}"
            );
            let cut: Vec<u8> = sealed.iter().copied().take(at).collect();
            assert!(
                open_epoch_key(&cut, TEAM, 1, &amber).is_err(),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn a_public_key_of_small_order_is_refused() {
        let mut rng = FixedRng::new("small order");
        let device = DeviceSecrets::generate(&mut rng).device_id();
        let key = EpochKey::random(&mut rng);
        let sealed = seal_epoch_key(&key, TEAM, 1, device, &[0; 32], &mut rng);
        assert_eq!(sealed, Err(SealedKeyError::Recipient));
    }
}
