//! Fixed-size randomness from the source that the caller passes in.

use rand_core::CryptoRng;

/// `N` bytes from the caller's source.
pub(super) fn bytes<const N: usize>(rng: &mut dyn CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}
