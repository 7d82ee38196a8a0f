//! Secret keys as types of their own, so that one kind cannot stand for another.
//!
//! It knows how keys are named, linked and turned into a drop box's key pair.
//! It must not know who holds which key: that is the keyring's business.

use core::fmt;

use hpke::{Deserializable, Kem, Serializable, kem::X25519HkdfSha256};
use rand_core::CryptoRng;
use sync_protocol::{KeyId, Scope, membership::LINK_LEN};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    aead::{self, ONE_USE},
    random,
};

macro_rules! secret_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl $name {
            /// A new key from the caller's random source.
            pub fn random(rng: &mut dyn CryptoRng) -> Self {
                Self(random::bytes(rng))
            }

            /// The key with these bytes.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The secret bytes; for sealing, never for showing.
            pub const fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                aead::same(&self.0, &other.0)
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(secret)"))
            }
        }
    };
}

secret_key!(
    /// What the readers of a ring or a desk share for one epoch: `K[scope, e]`.
    EpochKey
);
secret_key!(
    /// What seals one document's changes: `D`.
    DocumentKey
);
secret_key!(
    /// What seals the rows that a member keeps on one tablet.
    LocalKey
);
secret_key!(
    /// What seals a keyring; each way to unlock wraps this one key.
    KeyringKey
);
secret_key!(
    /// What a phrase becomes after Argon2id.
    UnlockKey
);
secret_key!(
    /// What a passkey gives, through the browser, for one salt.
    PasskeySecret
);
secret_key!(
    /// The secret half of a drop box's key pair.
    BoxSecret
);

/// A drop box's key pair: anyone may seal to the public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxKeypair {
    /// Kept by the readers of the scope, who can all derive it.
    pub secret: BoxSecret,
    /// Stated in the epoch of the membership chain.
    pub public: [u8; 32],
}

/// A link that does not open: another scope, epoch or key than it was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkError;

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a link sealed under this epoch's key, found one that does not open")
    }
}

impl core::error::Error for LinkError {}

impl DocumentKey {
    /// The name that envelopes give this key.
    pub fn key_id(&self) -> KeyId {
        KeyId::of(&self.0)
    }
}

impl EpochKey {
    /// The name that envelopes give this key.
    pub fn key_id(&self) -> KeyId {
        KeyId::of(&self.0)
    }

    /// The drop box's key pair of a scope at an epoch whose key this is.
    pub fn box_keypair(&self, scope: Scope, epoch: u32) -> BoxKeypair {
        let secret = BoxSecret(*self.derive(b"ng/box/v1", scope, epoch));
        let public = public_of(&secret.0);
        BoxKeypair { secret, public }
    }

    /// Seals the key of epoch `epoch - 1` under this one, the key of `epoch`.
    pub fn seal_link(&self, scope: Scope, epoch: u32, before: &Self) -> [u8; LINK_LEN] {
        let key = self.derive(b"ng/link/v1", scope, epoch);
        let sealed = aead::seal(&key, ONE_USE, &[], &before.0);
        let mut link = [0; LINK_LEN];
        link.copy_from_slice(&sealed);
        link
    }

    /// Opens a link with this key, the key of `epoch`; gives the key of `epoch - 1`.
    pub fn open_link(&self, scope: Scope, epoch: u32, link: &[u8]) -> Result<Self, LinkError> {
        let key = self.derive(b"ng/link/v1", scope, epoch);
        let opened = aead::open(&key, ONE_USE, &[], link).ok_or(LinkError)?;
        let bytes = opened.as_slice().try_into().map_err(|_| LinkError)?;
        Ok(Self(bytes))
    }

    fn derive(&self, purpose: &[u8], scope: Scope, epoch: u32) -> Zeroizing<[u8; 32]> {
        let info = [purpose, &scope.to_bytes(), &epoch.to_be_bytes()];
        aead::derive(&self.0, None, &info)
    }
}

/// The X25519 public key of a secret.
pub(super) fn public_of(secret: &[u8; 32]) -> [u8; 32] {
    X25519HkdfSha256::sk_to_pk(&private_key(secret))
        .to_bytes()
        .into()
}

/// The secret as the HPKE implementation wants it: clamped.
pub(super) fn private_key(secret: &[u8; 32]) -> <X25519HkdfSha256 as Kem>::PrivateKey {
    #[allow(clippy::expect_used)]
    Deserializable::from_bytes(secret.as_slice())
        .expect("the secret is accepted because only its length is checked and the type fixes that")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use sync_protocol::{MemberId, Ring};

    use super::*;
    use crate::engine::crypto::vectors::FixedRng;

    #[test]
    fn a_link_gives_the_key_before_and_only_to_its_own_scope_epoch_and_key() {
        let mut rng = FixedRng::new("links");
        let (before, after) = (EpochKey::random(&mut rng), EpochKey::random(&mut rng));
        let (team, office) = (Scope::Ring(Ring::Team), Scope::Ring(Ring::Office));
        let link = after.seal_link(team, 5, &before);
        assert_eq!(after.open_link(team, 5, &link), Ok(before.clone()));
        assert_eq!(after.open_link(office, 5, &link), Err(LinkError));
        assert_eq!(after.open_link(team, 6, &link), Err(LinkError));
        assert_eq!(before.open_link(team, 5, &link), Err(LinkError));
        assert_eq!(after.open_link(team, 5, &[]), Err(LinkError));
    }

    #[test]
    fn every_scope_and_epoch_has_a_drop_box_of_its_own() {
        let key = EpochKey::random(&mut FixedRng::new("boxes"));
        let desk = Scope::Desk(MemberId::from_bytes([3; 16]));
        let mut publics = vec![
            key.box_keypair(desk, 1).public,
            key.box_keypair(desk, 2).public,
        ];
        publics.extend(Ring::ALL.map(|ring| key.box_keypair(Scope::Ring(ring), 1).public));
        let count = publics.len();
        publics.sort_unstable();
        publics.dedup();
        assert_eq!(publics.len(), count);
    }

    #[test]
    fn debug_of_a_key_shows_nothing_of_it() {
        assert_eq!(
            format!("{:?}", EpochKey::from_bytes([0xA7; 32])),
            "EpochKey(secret)"
        );
        assert_eq!(
            format!("{:?}", UnlockKey::from_bytes([0xA7; 32])),
            "UnlockKey(secret)"
        );
        let pair = EpochKey::from_bytes([0xA7; 32]).box_keypair(Scope::Ring(Ring::Team), 1);
        assert!(format!("{pair:?}").contains("BoxSecret(secret)"));
    }
}
