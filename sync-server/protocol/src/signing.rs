//! One way to sign: a purpose, then a BLAKE3 digest, so that no signature can stand for another.

#[cfg(feature = "remembered-signatures")]
mod remembered;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

#[cfg(feature = "remembered-signatures")]
pub(crate) use remembered::{sign, verify};
#[cfg(not(feature = "remembered-signatures"))]
pub(crate) use {check as verify, make as sign};

/// Bytes of an Ed25519 signature.
pub(crate) const SIGNATURE_LEN: usize = 64;

pub(crate) const ENVELOPE: &[u8] = b"ng/env/v1";
pub(crate) const MEMBER: &[u8] = b"ng/member/v1";
pub(crate) const RECEIPT: &[u8] = b"ng/receipt/v1";
pub(crate) const PULL: &[u8] = b"ng/pull/v1";
pub(crate) const REQUEST: &[u8] = b"ng/request/v1";

/// A signature that was not made over these bytes by this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused;

pub(crate) fn make(purpose: &[u8], digest: &[u8; 32], key: &SigningKey) -> [u8; SIGNATURE_LEN] {
    key.sign(&[purpose, digest].concat()).to_bytes()
}

pub(crate) fn check(
    purpose: &[u8],
    digest: &[u8; 32],
    signature: &[u8; SIGNATURE_LEN],
    key: &VerifyingKey,
) -> Result<(), Refused> {
    key.verify_strict(
        &[purpose, digest].concat(),
        &Signature::from_bytes(signature),
    )
    .map_err(|_| Refused)
}

pub(crate) fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}
