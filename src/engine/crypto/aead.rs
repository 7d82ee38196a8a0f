//! The one cipher and the one key derivation, with the buffers that held a secret wiped.
//!
//! It knows ChaCha20-Poly1305 and HKDF-SHA256. It must not know what is being sealed.

use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, Key, KeyInit, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes that sealing adds.
pub(super) const TAG_LEN: usize = 16;

/// A nonce for a key that seals one thing only: every such key comes out of [`derive`].
pub(super) const ONE_USE: [u8; 12] = [0; 12];

/// HKDF-SHA256; `info` is the parts one after the other.
pub(super) fn derive<const N: usize>(
    key: &[u8],
    salt: Option<&[u8]>,
    info: &[&[u8]],
) -> Zeroizing<[u8; N]> {
    const { assert!(N <= 255 * 32) };
    let mut out = Zeroizing::new([0; N]);
    #[allow(clippy::expect_used)]
    Hkdf::<Sha256>::new(salt, key)
        .expand_multi_info(info, out.as_mut_slice())
        .expect("the length fits because the assertion above holds it below 255 hashes");
    out
}

/// Seals; the copy of the plaintext made on the way is overwritten by the ciphertext.
pub(super) fn seal(key: &[u8; 32], nonce: [u8; 12], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(plaintext.len() + TAG_LEN);
    buffer.extend_from_slice(plaintext);
    #[allow(clippy::expect_used)]
    cipher(key)
        .encrypt_in_place(&Nonce::from(nonce), aad, &mut buffer)
        .expect("the plaintext is short enough because it fits in memory and the limit is 256 GiB");
    buffer
}

/// Opens, or nothing if a single bit differs from what was sealed.
pub(super) fn open(
    key: &[u8; 32],
    nonce: [u8; 12],
    aad: &[u8],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(sealed.to_vec());
    cipher(key)
        .decrypt_in_place(&Nonce::from(nonce), aad, &mut *buffer)
        .ok()?;
    Some(buffer)
}

/// Whether two public or secret values are equal, in time that does not depend on where they differ.
pub(super) fn same(left: &[u8; 32], right: &[u8; 32]) -> bool {
    // `blake3::Hash` documents its equality as constant-time.
    blake3::Hash::from_bytes(*left) == blake3::Hash::from_bytes(*right)
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(*key))
}
