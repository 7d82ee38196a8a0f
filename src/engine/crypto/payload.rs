//! What an envelope says inside, in CBOR: a document's key, its changes, or what somebody holds.
//!
//! It knows the layout and nothing of Automerge: changes are bytes here.
//! Decoding is strict, and nothing in it trusts a length: an insider may have written the bytes.

use sync_protocol::{DeviceId, StreamId, compaction::Coverage};
use zeroize::Zeroizing;

use super::{
    cbor::{DecodeError, Reader, Writer},
    key::DocumentKey,
};

/// Opens a document: its kind and its key, sealed under the channel's epoch key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrap {
    /// Which kind of document, as a number that the documents layer knows.
    pub document_kind: u8,
    /// The document's key.
    pub key: DocumentKey,
}

/// Raw changes of one document, in the order they were made, sealed under its key.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// Each as Automerge wrote it.
    pub changes: Vec<Vec<u8>>,
}

/// What the author of an attest holds of others, in one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attest {
    /// Author, stream and the highest `n` with nothing missing before it.
    pub held: Vec<(DeviceId, StreamId, u64)>,
}

/// A whole document and what it is made of, sealed under its key.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Every envelope of the document that is in it.
    pub coverage: Coverage,
    /// Hashes of the last changes, sorted.
    pub heads: Vec<[u8; 32]>,
    /// The document as Automerge saves it.
    pub save: Vec<u8>,
}

impl Wrap {
    /// The payload's bytes.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        Writer::with_capacity(40)
            .array(2)
            .uint(self.document_kind)
            .bytes(self.key.expose())
            .finish()
    }

    /// The wrap that these bytes say.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array("wrap", 2)?;
        let document_kind = reader.u8("document kind")?;
        let key = DocumentKey::from_bytes(reader.fixed("document key")?);
        reader.finish()?;
        let wrap = Self { document_kind, key };
        canonical(&wrap.encode(), bytes)?;
        Ok(wrap)
    }
}

impl Change {
    /// The payload's bytes.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let content: usize = self
            .changes
            .iter()
            .map(|change| change.len() + ITEM_HEAD)
            .sum();
        let list = Writer::with_capacity(content + 2 * ITEM_HEAD)
            .array(1)
            .array(self.changes.len());
        self.changes
            .iter()
            .fold(list, |writer, change| writer.bytes(change))
            .finish()
    }

    /// The changes that these bytes say; at least one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array("change payload", 1)?;
        let changes = reader.list("changes", |reader| {
            reader.bytes("change").map(<[u8]>::to_vec)
        })?;
        reader.finish()?;
        if changes.is_empty() {
            let (reading, expected, found) = ("changes", 1, 0);
            return Err(DecodeError::Length {
                reading,
                expected,
                found,
            });
        }
        let payload = Self { changes };
        canonical(&payload.encode(), bytes)?;
        Ok(payload)
    }
}

impl core::fmt::Debug for Change {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let bytes: usize = self.changes.iter().map(Vec::len).sum();
        write!(f, "Change({} changes, {bytes} bytes)", self.changes.len())
    }
}

impl Attest {
    /// The payload's bytes.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let list = Writer::with_capacity(self.held.len() * 40 + 2 * ITEM_HEAD)
            .array(1)
            .array(self.held.len());
        self.held
            .iter()
            .fold(list, |writer, (author, stream, n)| {
                writer
                    .array(3)
                    .bytes(author.as_bytes())
                    .bytes(stream.as_bytes())
                    .uint(*n)
            })
            .finish()
    }

    /// The attest that these bytes say.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array("attest payload", 1)?;
        let held = reader.list("attest", |reader| {
            reader.array("attested stream", 3)?;
            let author = DeviceId::from_bytes(reader.fixed("author")?);
            let stream = StreamId::from_bytes(reader.fixed("stream")?);
            Ok((author, stream, reader.u64("n")?))
        })?;
        reader.finish()?;
        let attest = Self { held };
        canonical(&attest.encode(), bytes)?;
        Ok(attest)
    }
}

impl Snapshot {
    /// The payload's bytes.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let coverage = self.coverage.encode();
        let content = coverage.len() + self.save.len() + self.heads.len() * 34;
        let list = Writer::with_capacity(content + 4 * ITEM_HEAD)
            .array(3)
            .bytes(&coverage)
            .array(self.heads.len());
        let list = self
            .heads
            .iter()
            .fold(list, |writer, head| writer.bytes(head));
        list.bytes(&self.save).finish()
    }

    /// The snapshot that these bytes say.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array("snapshot", 3)?;
        let coverage = reader.bytes("coverage")?;
        let coverage = Coverage::decode(coverage).map_err(|_| DecodeError::NotCanonical)?;
        let heads = reader.list("heads", |reader| reader.fixed("head"))?;
        let save = reader.bytes("save")?.to_vec();
        reader.finish()?;
        let snapshot = Self {
            coverage,
            heads,
            save,
        };
        canonical(&snapshot.encode(), bytes)?;
        Ok(snapshot)
    }
}

impl core::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Snapshot({} bytes)", self.save.len())
    }
}

/// The most bytes that CBOR puts before an array's or a string's content.
const ITEM_HEAD: usize = 9;

fn canonical(written: &[u8], found: &[u8]) -> Result<(), DecodeError> {
    if written == found {
        return Ok(());
    }
    Err(DecodeError::NotCanonical)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn wrap() -> Wrap {
        Wrap {
            document_kind: 7,
            key: DocumentKey::from_bytes([9; 32]),
        }
    }

    fn attest() -> Attest {
        let (author, stream) = (DeviceId::from_bytes([1; 16]), StreamId::from_bytes([2; 8]));
        Attest {
            held: vec![(author, stream, 3), (author, stream, u64::MAX)],
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_the_same() {
        assert_eq!(Wrap::decode(&wrap().encode()), Ok(wrap()));
        assert_eq!(Attest::decode(&attest().encode()), Ok(attest()));
        let none = Attest { held: Vec::new() };
        assert_eq!(Attest::decode(&none.encode()), Ok(none));
        let change = Change {
            changes: vec![vec![1, 2, 3], Vec::new(), vec![4; 300]],
        };
        assert_eq!(Change::decode(&change.encode()), Ok(change));
        assert_eq!(Snapshot::decode(&snapshot().encode()), Ok(snapshot()));
    }

    fn snapshot() -> Snapshot {
        let run = sync_protocol::compaction::Covered {
            author: DeviceId::from_bytes([1; 16]),
            stream: StreamId::from_bytes([2; 8]),
            n: 70_000,
            digest: [3; 32],
        };
        Snapshot {
            coverage: Coverage::new(vec![run]).unwrap(),
            heads: vec![[4; 32], [5; 32]],
            save: vec![6; 400],
        }
    }

    #[test]
    fn an_encoded_payload_never_outgrows_the_buffer_that_is_wiped() {
        let many = Change {
            changes: (0..300).map(|len| vec![5; len]).collect(),
        };
        assert!(wrap().encode().len() <= 40);
        assert!(attest().encode().len() <= 2 * 40 + 2 * ITEM_HEAD);
        let content: usize = many
            .changes
            .iter()
            .map(|change| change.len() + ITEM_HEAD)
            .sum();
        assert!(many.encode().len() <= content + 2 * ITEM_HEAD);
    }

    #[test]
    fn a_change_payload_with_no_change_is_refused() {
        let empty = Change {
            changes: Vec::new(),
        }
        .encode();
        let (reading, expected, found) = ("changes", 1, 0);
        assert_eq!(
            Change::decode(&empty),
            Err(DecodeError::Length {
                reading,
                expected,
                found
            })
        );
    }

    #[test]
    fn a_claimed_length_without_the_bytes_is_refused_without_taking_memory() {
        let claims_all_memory = [0x81, 0x9B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        assert!(Change::decode(&claims_all_memory).is_err());
        assert!(Attest::decode(&claims_all_memory).is_err());
        let one_huge_change = [
            0x81, 0x81, 0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        ];
        assert!(Change::decode(&one_huge_change).is_err());
    }

    #[test]
    fn another_way_of_writing_the_same_thing_is_refused() {
        let long_form_number = [&[0x82, 0x18, 0x07, 0x58, 0x20][..], &[9; 32]].concat();
        assert_eq!(
            Wrap::decode(&long_form_number),
            Err(DecodeError::NotCanonical)
        );
        let indefinite_list = [0x81, 0x9F, 0x41, 0x01, 0xFF];
        assert!(Change::decode(&indefinite_list).is_err());
        let mut longer = wrap().encode().to_vec();
        longer.push(0);
        assert_eq!(
            Wrap::decode(&longer),
            Err(DecodeError::Trailing { left: 1 })
        );
    }

    #[test]
    fn every_truncation_is_refused() {
        for bytes in [wrap().encode(), attest().encode(), snapshot().encode()] {
            for end in 0..bytes.len() {
                let cut: Vec<u8> = bytes.iter().copied().take(end).collect();
                assert!(Wrap::decode(&cut).is_err() && Attest::decode(&cut).is_err());
                assert!(Snapshot::decode(&cut).is_err());
            }
        }
    }

    #[test]
    fn debug_of_a_payload_shows_no_content() {
        let change = Change {
            changes: vec![b"Priya said".to_vec()],
        };
        assert_eq!(format!("{change:?}"), "Change(1 changes, 10 bytes)");
        assert!(format!("{:?}", wrap()).contains("DocumentKey(secret)"));
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod hostile {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn any_bytes_are_refused_or_are_exactly_what_an_honest_writer_writes(
                bytes in prop::collection::vec(any::<u8>(), 0..400),
            ) {
                accepts_canonical_only(&bytes);
            }

            #[test]
            fn damaged_payloads_are_refused_or_are_exactly_what_an_honest_writer_writes(
                changes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..6),
                at in any::<prop::sample::Index>(),
                byte in any::<u8>(),
            ) {
                let mut bytes = Change { changes }.encode().to_vec();
                let at = at.index(bytes.len());
                for slot in bytes.iter_mut().skip(at).take(1) {
                    *slot = byte;
                }
                accepts_canonical_only(&bytes);
            }
        }

        fn accepts_canonical_only(bytes: &[u8]) {
            if let Ok(change) = Change::decode(bytes) {
                assert_eq!(change.encode().as_slice(), bytes);
            }
            if let Ok(attest) = Attest::decode(bytes) {
                assert_eq!(attest.encode().as_slice(), bytes);
            }
            if let Ok(snapshot) = Snapshot::decode(bytes) {
                assert_eq!(snapshot.encode().as_slice(), bytes);
            }
            if let Ok(wrap) = Wrap::decode(bytes) {
                assert_eq!(wrap.encode().as_slice(), bytes);
            }
        }
    }
}
