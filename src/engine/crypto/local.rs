//! Rows that a member keeps on one tablet, sealed under the local key.
//!
//! It knows the row's place (table and key), which the seal binds. It must not know what is in the row.
//!
//! Rows are rewritten at every pause in typing, for years, under one key, so the nonce is random and must not collide:
//! `XChaCha20-Poly1305` takes 24 random bytes, and 2^64 rows would meet with a chance of 2^-65.
//! An envelope's way (a salted HKDF for each) would be as safe and costs eight hash rounds more at each keystroke;
//! what it adds, a commitment to the key, is for bytes that others send, and nobody sends these.

use core::fmt;

use chacha20poly1305::{AeadInOut, Key, KeyInit, XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{aead::TAG_LEN, key::LocalKey, random};

const VERSION: u8 = 1;
const NONCE_LEN: usize = 24;
const HEAD_LEN: usize = 1 + NONCE_LEN;

/// Bytes that sealing adds to a row.
pub const ROW_OVERHEAD: usize = HEAD_LEN + TAG_LEN;

/// Where a row lives; it opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPlace<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The row's key.
    pub key: &'a [u8],
}

/// Why a row does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// Written by a newer version.
    Version {
        /// The version found.
        found: u8,
    },
    /// Damaged, sealed under another key, or moved from another place.
    Sealed,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { found } => {
                write!(
                    f,
                    "expected a row of version {VERSION}, found version {found}"
                )
            }
            Self::Sealed => {
                f.write_str("expected a row sealed for this place, found one that does not open")
            }
        }
    }
}

impl core::error::Error for RowError {}

/// Seals a row for its place: version, nonce, ciphertext.
pub fn seal_row(
    key: &LocalKey,
    place: RowPlace<'_>,
    plaintext: &[u8],
    rng: &mut dyn CryptoRng,
) -> Vec<u8> {
    let nonce: [u8; NONCE_LEN] = random::bytes(rng);
    let mut row = Vec::with_capacity(ROW_OVERHEAD + plaintext.len());
    row.push(VERSION);
    row.extend_from_slice(&nonce);
    row.extend_from_slice(plaintext);
    let (_, body) = row.split_at_mut(HEAD_LEN);
    let tag = encrypt(key, nonce, place, body);
    row.extend_from_slice(&tag);
    row
}

/// Opens a row that was sealed for this place.
pub fn open_row(
    key: &LocalKey,
    place: RowPlace<'_>,
    row: &[u8],
) -> Result<Zeroizing<Vec<u8>>, RowError> {
    let (version, rest) = row.split_first().ok_or(RowError::Sealed)?;
    if *version != VERSION {
        return Err(RowError::Version { found: *version });
    }
    let (nonce, sealed) = rest
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(RowError::Sealed)?;
    let mut buffer = Zeroizing::new(sealed.to_vec());
    cipher(key)
        .decrypt_in_place(&XNonce::from(*nonce), &place.bind(), &mut *buffer)
        .map_err(|_| RowError::Sealed)?;
    Ok(buffer)
}

impl RowPlace<'_> {
    /// Version, length of the table's name, name, key: no two places give the same bytes.
    fn bind(self) -> Vec<u8> {
        let table = self.table.as_bytes();
        let length = (table.len() as u64).to_be_bytes();
        [&b"ng/row/v1"[..], &[VERSION], &length, table, self.key].concat()
    }
}

fn encrypt(
    key: &LocalKey,
    nonce: [u8; NONCE_LEN],
    place: RowPlace<'_>,
    body: &mut [u8],
) -> [u8; TAG_LEN] {
    #[allow(clippy::expect_used)]
    cipher(key)
        .encrypt_inout_detached(&XNonce::from(nonce), &place.bind(), body.into())
        .expect("the row is short enough because it fits in memory and the limit is 256 GiB")
        .into()
}

fn cipher(key: &LocalKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key.expose()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::engine::crypto::vectors::FixedRng;

    const PLACE: RowPlace<'static> = RowPlace {
        table: "notes",
        key: b"ab",
    };

    #[test]
    fn a_row_opens_at_its_own_place_under_its_own_key_only() {
        let mut rng = FixedRng::new("rows");
        let key = LocalKey::random(&mut rng);
        let row = seal_row(&key, PLACE, b"said hello", &mut rng);
        assert_eq!(row.len(), ROW_OVERHEAD + 10);
        assert_eq!(
            open_row(&key, PLACE, &row).unwrap().as_slice(),
            b"said hello"
        );

        let elsewhere = [
            ("notes", &b"ac"[..]),
            ("note", b"sab"),
            ("notesa", b"b"),
            ("drafts", b"ab"),
        ];
        for (table, row_key) in elsewhere {
            let place = RowPlace {
                table,
                key: row_key,
            };
            assert_eq!(
                open_row(&key, place, &row),
                Err(RowError::Sealed),
                "{place:?}"
            );
        }
        let other = LocalKey::random(&mut rng);
        assert_eq!(open_row(&other, PLACE, &row), Err(RowError::Sealed));
    }

    #[test]
    fn any_flipped_or_missing_byte_is_refused() {
        let mut rng = FixedRng::new("rows, damaged");
        let key = LocalKey::random(&mut rng);
        let row = seal_row(&key, PLACE, b"said hello", &mut rng);
        for at in 0..row.len() {
            let mut damaged = row.clone();
            for byte in damaged.iter_mut().skip(at).take(1) {
                *byte ^= 0x10;
            }
            assert!(open_row(&key, PLACE, &damaged).is_err(), "byte {at}");
            let cut: Vec<u8> = row.iter().copied().take(at).collect();
            assert!(open_row(&key, PLACE, &cut).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_row_sealed_twice_gives_other_bytes() {
        let mut rng = FixedRng::new("rows, twice");
        let key = LocalKey::random(&mut rng);
        let (first, second) = (
            seal_row(&key, PLACE, b"x", &mut rng),
            seal_row(&key, PLACE, b"x", &mut rng),
        );
        assert_ne!(first, second);
    }

    #[test]
    fn a_row_of_a_newer_version_says_so() {
        let mut rng = FixedRng::new("rows, newer");
        let key = LocalKey::random(&mut rng);
        let mut row = seal_row(&key, PLACE, b"x", &mut rng);
        for byte in row.iter_mut().take(1) {
            *byte = 9;
        }
        assert_eq!(
            open_row(&key, PLACE, &row),
            Err(RowError::Version { found: 9 })
        );
    }
}
