//! Real bytes made wrong: flipped, cut, doubled, spliced, with numbers at their edges.
//!
//! It knows bytes and no format, but for how CBOR and LEB128 write a number.

/// Numbers that follow from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The numbers of one round of one target.
    pub(crate) fn new(seed: u64, target: &str, round: u64) -> Self {
        let mut hash = blake3::Hasher::new();
        hash.update(&seed.to_be_bytes())
            .update(&round.to_be_bytes())
            .update(target.as_bytes());
        let first = hash.finalize().as_bytes()[..8].try_into().unwrap();
        Self(u64::from_be_bytes(first))
    }

    /// Any number (the generator is `SplitMix64`).
    pub(crate) fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not nought.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.any() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.any().to_le_bytes()[0]).collect()
    }

    /// A number where programs go wrong.
    pub(crate) fn edge(&mut self) -> u64 {
        let power = 1_u64 << self.below(64);
        match self.below(6) {
            0 => power,
            1 => power - 1,
            2 => power.wrapping_neg(),
            3 => u64::MAX >> self.below(40),
            4 => u64::try_from(self.below(300)).unwrap(),
            _ => self.any(),
        }
    }
}

/// Real inputs, and wrong ones that were taken all the same, to go on from.
#[derive(Debug)]
pub(crate) struct Corpus {
    seeds: Vec<Vec<u8>>,
    taken: Vec<Vec<u8>>,
}

/// Wrong inputs that are kept to go on from.
const KEPT: usize = 256;
/// Bytes over which one of them is not kept, so that they do not grow for ever.
const KEPT_SIZE: usize = 64 * 1024;

impl Corpus {
    /// Begins with real inputs.
    pub(crate) fn new(seeds: Vec<Vec<u8>>) -> Self {
        assert!(!seeds.is_empty(), "expected real inputs to begin with");
        Self {
            seeds,
            taken: Vec::new(),
        }
    }

    /// An input as it is.
    pub(crate) fn real(&self, chance: &mut Chance) -> Vec<u8> {
        if self.taken.is_empty() || !chance.one_in(3) {
            chance.pick(&self.seeds).clone()
        } else {
            chance.pick(&self.taken).clone()
        }
    }

    /// An input made wrong in a few places.
    pub(crate) fn wrong(&self, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.real(chance);
        let other = self.real(chance);
        for _ in 0..=chance.below(4) {
            mutate(&mut bytes, &other, chance);
        }
        bytes
    }

    /// Keeps an input that was taken although it was made wrong.
    pub(crate) fn keep(&mut self, bytes: &[u8], chance: &mut Chance) {
        if bytes.len() > KEPT_SIZE {
            return;
        }
        if self.taken.len() < KEPT {
            self.taken.push(bytes.to_vec());
        } else {
            let place = chance.below(KEPT);
            self.taken[place] = bytes.to_vec();
        }
    }
}

/// Makes bytes wrong in one place.
pub(crate) fn mutate(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    if bytes.is_empty() {
        let count = 1 + chance.below(40);
        *bytes = chance.bytes(count);
        return;
    }
    let at = chance.below(bytes.len());
    let span = at..(at + 1 + chance.below(48)).min(bytes.len());
    match chance.below(12) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = *chance.pick(&[0, 1, 0x7F, 0x80, 0xFE, 0xFF]),
        2 => bytes[at] = bytes[at].wrapping_add(1),
        3 => bytes.truncate(at),
        4 => {
            bytes.drain(span);
        }
        5 => {
            let doubled = bytes[span].to_vec();
            let times = 1 + chance.below(8);
            bytes.splice(at..at, doubled.repeat(times));
        }
        6 => {
            let count = 1 + chance.below(24);
            let noise = chance.bytes(count);
            bytes.splice(at..at, noise);
        }
        7 if !other.is_empty() => {
            let from = chance.below(other.len());
            let to = (from + 1 + chance.below(200)).min(other.len());
            bytes.splice(span, other[from..to].iter().copied());
        }
        8 => fixed_number(bytes, at, chance),
        9 => leb128_number(bytes, at, chance),
        10 => cbor_head(bytes, at, chance),
        _ => {
            let count = 1 + chance.below(16);
            let noise = chance.bytes(count);
            let end = (at + count).min(bytes.len());
            bytes[at..end].copy_from_slice(&noise[..end - at]);
        }
    }
}

/// Puts an edge down as 2, 4 or 8 bytes, over what was there.
fn fixed_number(bytes: &mut [u8], at: usize, chance: &mut Chance) {
    let wide = chance.edge().to_be_bytes();
    let number = &wide[8 - *chance.pick(&[2, 4, 8])..];
    let end = (at + number.len()).min(bytes.len());
    bytes[at..end].copy_from_slice(&number[..end - at]);
}

/// Puts an edge in the place of the LEB128 number that begins here.
fn leb128_number(bytes: &mut Vec<u8>, at: usize, chance: &mut Chance) {
    let length = bytes[at..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
    let end = (at + length).min(bytes.len());
    let number = leb128(chance.edge());
    bytes.splice(at..end, number);
}

/// Puts an edge in the place of the number in a CBOR head.
fn cbor_head(bytes: &mut Vec<u8>, at: usize, chance: &mut Chance) {
    let head = bytes[at];
    let width = match head & 0x1F {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => 0,
    };
    let end = (at + 1 + width).min(bytes.len());
    let mut new = vec![head & 0xE0 | 0x1B];
    new.extend(chance.edge().to_be_bytes());
    bytes.splice(at..end, new);
}

/// A number as LEB128 writes it.
pub(crate) fn leb128(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = number.to_le_bytes()[0] & 0x7F;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[test]
fn the_same_seed_makes_the_same_bytes_wrong_in_the_same_way() {
    let made = |round| {
        let corpus = Corpus::new(vec![vec![7; 90], (0..200).collect()]);
        corpus.wrong(&mut Chance::new(5, "itself", round))
    };
    let all: Vec<Vec<u8>> = (0..400).map(made).collect();
    assert_eq!(all, (0..400).map(made).collect::<Vec<_>>());
    let mut different = all.clone();
    different.sort();
    different.dedup();
    assert!(different.len() > 380, "{} are different", different.len());
}
