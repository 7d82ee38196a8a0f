//! A recovery kit: a secret from which the keys of one device follow, in three parts on printed sheets.
//!
//! ```text
//! secret   20 random bytes; Ed25519 seed = HKDF(secret, "ng/kit-sign/v1"), X25519 secret = HKDF(secret, "ng/kit-seal/v1")
//! part i   secret + i·a in GF(2^8), byte by byte (polynomial 0x11b), i = 1, 2, 3, a = 20 random bytes
//! half i   of the CentreId: its first 16 bytes, its last 16, the two xored
//! check i  first 18 bits of BLAKE3("ng/sheet/v1" || i || part || half)
//! sheet i  part 160 bits, half 128, i 2, check 18: 28 words of 11 bits
//! ```
//! One part alone says nothing of the secret. Any two give it (A. Shamir, "How to share a secret", 1979), and with it
//! the centre, so that nobody has to write an address down.

use core::fmt;

use rand_core::CryptoRng;
use sync_protocol::CentreId;
use zeroize::Zeroizing;

use super::{aead, device::DeviceSecrets, random, words};

/// Words on a sheet.
pub const SHEET_WORDS: usize = 28;
/// Sheets of a kit; any two of them are enough.
pub const SHEETS: usize = 3;

const SECRET_LEN: usize = 20;
const HALF_LEN: usize = 16;
/// Part, half, and a last three bytes of which the top twenty bits count.
const PACKED_LEN: usize = SECRET_LEN + HALF_LEN + 3;
const CHECK_MASK: u32 = (1 << 18) - 1;
/// Longer than any sheet as typed.
const MAX_TYPED: usize = 2048;

/// What a kit's keys follow from.
#[derive(Clone, PartialEq, Eq)]
pub struct KitSecret(Zeroizing<[u8; SECRET_LEN]>);

/// One printed sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// 1, 2 or 3.
    number: u8,
    part: Zeroizing<[u8; SECRET_LEN]>,
    half: [u8; HALF_LEN],
}

/// Why text is no sheet, or two sheets are no kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetError {
    /// Not as many words as a sheet has.
    Count {
        /// Words found.
        found: usize,
    },
    /// A word that no sheet has.
    Unlisted {
        /// Its place, from 1.
        place: usize,
    },
    /// The words belong to the list, and not together: one is another than the printed one, or two changed places.
    Check,
    /// The same sheet twice.
    Same,
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { found } => write!(f, "expected {SHEET_WORDS} words, found {found}"),
            Self::Unlisted { place } => {
                write!(f, "expected a word of the list, found another at {place}")
            }
            Self::Check => f.write_str("expected words that belong together, found others"),
            Self::Same => f.write_str("expected two different sheets, found one twice"),
        }
    }
}

impl core::error::Error for SheetError {}

impl fmt::Debug for KitSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KitSecret(secret)")
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sheet({}, secret)", self.number)
    }
}

impl KitSecret {
    /// A new kit from the caller's random source.
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(Zeroizing::new(random::bytes(rng)))
    }

    /// The kit's one device.
    pub fn device(&self) -> DeviceSecrets {
        let derived = |info: &[u8]| aead::derive(self.0.as_slice(), None, &[info]);
        DeviceSecrets::from_secrets(&derived(b"ng/kit-sign/v1"), &derived(b"ng/kit-seal/v1"))
    }

    /// The three sheets for this centre; another three each time, which do not go with those of another time.
    pub fn sheets(&self, centre: CentreId, rng: &mut dyn CryptoRng) -> [Sheet; SHEETS] {
        let slope = Zeroizing::new(random::bytes::<SECRET_LEN>(rng));
        [1, 2, 3].map(|number| {
            let mut part = self.0.clone();
            for (byte, slope) in part.iter_mut().zip(slope.iter()) {
                *byte ^= times(number, *slope);
            }
            let half = half(centre, number);
            Sheet { number, part, half }
        })
    }

    /// The kit that two sheets make, and its centre.
    ///
    /// Sheets of two kits make a kit that no centre knows: only the chain can tell.
    pub fn join(one: &Sheet, other: &Sheet) -> Result<(CentreId, Self), SheetError> {
        let (i, j) = (one.number, other.number);
        if i == j {
            return Err(SheetError::Same);
        }
        let over = inverse(i ^ j);
        let mut secret = Zeroizing::new([0; SECRET_LEN]);
        for (byte, (a, b)) in secret
            .iter_mut()
            .zip(one.part.iter().zip(other.part.iter()))
        {
            *byte = times(times(j, over), *a) ^ times(times(i, over), *b);
        }
        Ok((centre(one, other), Self(secret)))
    }
}

impl Sheet {
    /// 1, 2 or 3.
    pub const fn number(&self) -> u8 {
        self.number
    }

    /// What is printed: so many listed words with one space between them.
    pub fn words(&self) -> Zeroizing<String> {
        let packed = self.packed();
        let mut text = Zeroizing::new(String::with_capacity(SHEET_WORDS * 9));
        for place in 0..SHEET_WORDS {
            if place > 0 {
                text.push(' ');
            }
            text.push_str(words::at(take_bits(&packed, place)));
        }
        text
    }

    /// The sheet in typed or scanned text; numbers before the words do not count.
    pub fn parse(text: &str) -> Result<Self, SheetError> {
        let text = text.get(..MAX_TYPED).unwrap_or(text);
        let mut packed = Zeroizing::new([0; PACKED_LEN]);
        let (mut found, mut unlisted) = (0, None);
        words::meant(text, 2 * MAX_TYPED, &mut |word| {
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                return;
            }
            match words::place(word) {
                Some(bits) => put_bits(&mut packed, found, bits),
                None => unlisted = unlisted.or(Some(found + 1)),
            }
            found += 1;
        });
        if let Some(place) = unlisted {
            return Err(SheetError::Unlisted { place });
        }
        if found != SHEET_WORDS {
            return Err(SheetError::Count { found });
        }
        Self::unpacked(&packed).ok_or(SheetError::Check)
    }

    fn packed(&self) -> Zeroizing<[u8; PACKED_LEN]> {
        let mut packed = Zeroizing::new([0; PACKED_LEN]);
        let tail = u32::from(self.number) << 18 | self.check();
        let [_, tail @ ..] = (tail << 4).to_be_bytes();
        let bytes = self.part.iter().chain(&self.half).chain(&tail);
        for (place, byte) in packed.iter_mut().zip(bytes) {
            *place = *byte;
        }
        packed
    }

    fn unpacked(packed: &[u8; PACKED_LEN]) -> Option<Self> {
        let (part, rest) = packed.split_first_chunk()?;
        let (half, tail) = rest.split_first_chunk()?;
        let [a, b, c] = tail.try_into().ok()?;
        let tail = u32::from_be_bytes([0, a, b, c]) >> 4;
        let sheet = Self {
            number: u8::try_from(tail >> 18).ok()?,
            part: Zeroizing::new(*part),
            half: *half,
        };
        let fits = (1..=3).contains(&sheet.number) && sheet.check() == tail & CHECK_MASK;
        fits.then_some(sheet)
    }

    fn check(&self) -> u32 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"ng/sheet/v1").update(&[self.number]);
        hasher.update(self.part.as_slice()).update(&self.half);
        let [a, b, c, ..] = *hasher.finalize().as_bytes();
        u32::from_be_bytes([0, a, b, c]) >> 6
    }
}

fn half(centre: CentreId, number: u8) -> [u8; HALF_LEN] {
    let (first, last) = halves(centre.as_bytes());
    match number {
        1 => first,
        2 => last,
        _ => xor(first, last),
    }
}

fn centre(one: &Sheet, other: &Sheet) -> CentreId {
    let (low, high) = if one.number < other.number {
        (one, other)
    } else {
        (other, one)
    };
    let (first, last) = match (low.number, high.number) {
        (1, 2) => (low.half, high.half),
        (1, _) => (low.half, xor(low.half, high.half)),
        _ => (xor(low.half, high.half), low.half),
    };
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().zip(first.iter().chain(&last)) {
        *place = *byte;
    }
    CentreId::from_bytes(bytes)
}

fn halves(bytes: &[u8; 32]) -> ([u8; HALF_LEN], [u8; HALF_LEN]) {
    let mut halves = ([0; HALF_LEN], [0; HALF_LEN]);
    let (first, last) = bytes.split_at(HALF_LEN);
    halves.0.copy_from_slice(first);
    halves.1.copy_from_slice(last);
    halves
}

fn xor(mut one: [u8; HALF_LEN], other: [u8; HALF_LEN]) -> [u8; HALF_LEN] {
    for (byte, other) in one.iter_mut().zip(other) {
        *byte ^= other;
    }
    one
}

/// The product in GF(2^8) with the polynomial of AES; no table, so that no secret chooses what is read.
fn times(one: u8, other: u8) -> u8 {
    let (mut one, mut product) = (one, 0);
    for bit in 0..8 {
        product ^= one & ((other >> bit) & 1).wrapping_neg();
        one = (one << 1) ^ ((one >> 7).wrapping_neg() & 0x1b);
    }
    product
}

/// The one that it times is 1; of zero, zero.
fn inverse(number: u8) -> u8 {
    (0..253).fold(number, |power, _| times(power, number))
}

/// The eleven bits of the word at a place.
fn take_bits(packed: &[u8; PACKED_LEN], place: usize) -> u16 {
    let bits = words::BITS * place..words::BITS * (place + 1);
    bits.fold(0, |word, bit| {
        let byte = packed.get(bit / 8).copied().unwrap_or_default();
        word << 1 | u16::from(byte >> (7 - bit % 8) & 1)
    })
}

/// Writes eleven bits where there are zeros; a word too many has no place.
fn put_bits(packed: &mut [u8; PACKED_LEN], place: usize, bits: u16) {
    for (shift, bit) in (0..words::BITS).rev().zip(words::BITS * place..) {
        if let Some(byte) = packed.get_mut(bit / 8) {
            *byte |= u8::from(bits >> shift & 1 == 1) << (7 - bit % 8);
        }
    }
}

#[cfg(test)]
mod tests;
