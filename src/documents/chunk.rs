//! What a chunk claims, before the library is asked: how large it is unpacked, how many operations it counts.
//!
//! The library believes both, and its format says "a thousand million times" in a few bytes; a member's tablet must
//! not be brought to a stand by another's. Knows the outline of Automerge's storage format. Must not know records.

use std::{cmp::Ordering, io::Read as _};

use flate2::bufread::DeflateDecoder;

/// Bytes of a chunk, unpacked. A document of ours has a few thousand.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Items that one column of one change may count. The longest text is typed in one change of some ten thousand.
const MOST_IN_CHANGE: u64 = 128 * 1024;
/// The same for a whole save.
const MOST_IN_SAVE: u64 = 1024 * 1024;
/// The highest number of an operation. The library counts to twice that, so that more can always be written.
const LAST_OPERATION: u64 = 1 << 31;

const MAGIC: [u8; 4] = [0x85, 0x6F, 0x4A, 0x83];
const SAVE: u8 = 0;
const CHANGE: u8 = 1;
const PACKED_CHANGE: u8 = 2;
const HASH_LEN: u64 = 32;
/// The bit of a column's number that says that the column is packed.
const PACKED: u64 = 8;

/// Whether a chunk is one change or one save, with claims that can be met.
pub(super) fn is_bounded(chunk: &[u8]) -> bool {
    bounded(&mut Bytes(chunk)).is_some()
}

fn bounded(bytes: &mut Bytes<'_>) -> Option<()> {
    let (magic, _checksum) = (bytes.take(4)?, bytes.take(4)?);
    let [kind] = bytes.take(1)? else { return None };
    let length = bytes.number()?;
    let body = bytes.take(length)?;
    if magic != MAGIC || !bytes.0.is_empty() {
        return None;
    }
    match *kind {
        SAVE => save(&mut Bytes(body)),
        CHANGE => change(&mut Bytes(body)),
        PACKED_CHANGE => change(&mut Bytes(&unpacked(body, MOST_BYTES)?)),
        _ => None,
    }
}

fn change(bytes: &mut Bytes<'_>) -> Option<()> {
    let deps = bytes.number()?;
    bytes.take(deps.checked_mul(HASH_LEN)?)?;
    bytes.prefixed()?;
    let _seq = bytes.number()?;
    let first = bytes.number()?;
    let _time = bytes.signed()?;
    bytes.prefixed()?;
    for _ in 0..bytes.number()? {
        bytes.prefixed()?;
    }
    let columns = bytes.columns()?;
    let mut room = 0;
    for (spec, length) in columns {
        let operations = column(spec, bytes.take(length)?, MOST_IN_CHANGE, &mut room)?;
        if first.checked_add(operations)? > LAST_OPERATION {
            return None;
        }
    }
    Some(())
}

fn save(bytes: &mut Bytes<'_>) -> Option<()> {
    for _ in 0..bytes.number()? {
        bytes.prefixed()?;
    }
    let heads = bytes.number()?;
    bytes.take(heads.checked_mul(HASH_LEN)?)?;
    let (changes, operations) = (bytes.columns()?, bytes.columns()?);
    let mut room = MOST_BYTES;
    for (spec, length) in changes.into_iter().chain(operations) {
        column(spec, bytes.take(length)?, MOST_IN_SAVE, &mut room)?;
    }
    Some(())
}

/// How many items a column counts, if it is not more than `most`; unpacking takes from `room`.
fn column(spec: u64, data: &[u8], most: u64, room: &mut usize) -> Option<u64> {
    let unpacked = if spec & PACKED == 0 {
        None
    } else {
        Some(unpacked(data, *room)?)
    };
    *room = room.saturating_sub(unpacked.as_ref().map_or(0, Vec::len));
    let mut bytes = Bytes(unpacked.as_deref().unwrap_or(data));
    let mut count = Count { found: 0, most };
    match spec & 7 {
        // How many of something each item has; those are counted too.
        0 => groups(&mut bytes, &mut count)?,
        1 | 2 | 6 => runs(&mut bytes, &mut count, |bytes| bytes.number().map(drop))?,
        3 => runs(&mut bytes, &mut count, |bytes| bytes.signed().map(drop))?,
        4 => {
            while !bytes.0.is_empty() {
                let run = bytes.number()?;
                count.add(run)?;
            }
        }
        5 => runs(&mut bytes, &mut count, Bytes::prefixed)?,
        // Plain bytes, whose lengths another column tells.
        _ => {}
    }
    Some(count.found)
}

struct Count {
    found: u64,
    most: u64,
}

impl Count {
    fn add(&mut self, more: u64) -> Option<()> {
        self.found = self.found.checked_add(more)?;
        (self.found <= self.most).then_some(())
    }
}

/// Runs of one value, of several, or of none.
fn runs<'a>(
    bytes: &mut Bytes<'a>,
    count: &mut Count,
    value: fn(&mut Bytes<'a>) -> Option<()>,
) -> Option<()> {
    while !bytes.0.is_empty() {
        let run = bytes.signed()?;
        if run == 0 {
            let nothing = bytes.number()?;
            count.add(nothing)?;
            continue;
        }
        count.add(run.unsigned_abs())?;
        let values = if run > 0 { 1 } else { run.unsigned_abs() };
        for _ in 0..values {
            value(bytes)?;
        }
    }
    Some(())
}

fn groups(bytes: &mut Bytes<'_>, count: &mut Count) -> Option<()> {
    let mut inside = Count {
        found: 0,
        most: count.most,
    };
    while !bytes.0.is_empty() {
        let run = bytes.signed()?;
        let length = run.unsigned_abs();
        match run.cmp(&0) {
            Ordering::Equal => {
                let nothing = bytes.number()?;
                count.add(nothing)?;
            }
            Ordering::Greater => {
                count.add(length)?;
                let size = bytes.number()?;
                inside.add(size.checked_mul(length)?)?;
            }
            Ordering::Less => {
                count.add(length)?;
                for _ in 0..length {
                    let size = bytes.number()?;
                    inside.add(size)?;
                }
            }
        }
    }
    Some(())
}

/// What was packed, if it is not more than `most` bytes.
fn unpacked(data: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).ok()?.checked_add(1)?;
    DeflateDecoder::new(data)
        .take(limit)
        .read_to_end(&mut bytes)
        .ok()?;
    (bytes.len() <= most).then_some(bytes)
}

/// Bytes that are taken from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: impl TryInto<usize>) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count.try_into().ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// A length, then so many bytes.
    fn prefixed(&mut self) -> Option<()> {
        let length = self.number()?;
        self.take(length).map(drop)
    }

    /// Number and length of each column.
    fn columns(&mut self) -> Option<Vec<(u64, u64)>> {
        let mut columns = Vec::new();
        for _ in 0..self.number()? {
            columns.push((self.number()?, self.number()?));
        }
        Some(columns)
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0_u64, 0_u32);
        loop {
            let [byte] = self.take(1_usize)? else {
                return None;
            };
            let part = u64::from(byte & 0x7F);
            if shift > 63 || (shift == 63 && part > 1) {
                return None;
            }
            number |= part << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
    }

    /// A signed LEB128 number.
    fn signed(&mut self) -> Option<i64> {
        let (mut number, mut shift) = (0_i64, 0_u32);
        loop {
            let [byte] = self.take(1_usize)? else {
                return None;
            };
            if shift > 63 || (shift == 63 && !matches!(byte, 0 | 0x7F)) {
                return None;
            }
            number |= i64::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                if shift < 64 && byte & 0x40 != 0 {
                    number |= -1 << shift;
                }
                return Some(number);
            }
        }
    }
}
