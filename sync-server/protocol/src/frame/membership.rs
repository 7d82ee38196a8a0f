//! Appending to the membership chain: compare and append, all or none.

use crate::{
    codec::{Reader, Writer},
    error::CodecError,
    id::RecordHash,
    limits::{MAX_RECORD, MAX_RECORDS},
};

/// Records to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipRequest {
    /// Records that the chain holds already, as far as the sender knows.
    pub expected: u32,
    /// Records as they were signed, in order.
    pub records: Vec<Vec<u8>>,
}

impl MembershipRequest {
    /// The request's body.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(2)
            .uint(self.expected)
            .list(&self.records, |w, record| w.bytes(record))
            .finish()
    }

    /// What a body asks for.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("membership request", 2)?;
        let request = Self {
            expected: r.u32("expected length")?,
            records: r.list("records", MAX_RECORDS, |r| {
                r.bytes("record", MAX_RECORD).map(<[u8]>::to_vec)
            })?,
        };
        r.finish()?;
        Ok(request)
    }
}

/// The chain after the append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembershipAnswer {
    /// Records in the chain.
    pub length: u32,
    /// Hash of the last of them.
    pub head: RecordHash,
}

impl MembershipAnswer {
    /// The answer's body.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(2)
            .uint(self.length)
            .bytes(self.head.as_bytes())
            .finish()
    }

    /// What a body says.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("membership answer", 2)?;
        let answer = Self {
            length: r.u32("length")?,
            head: RecordHash::from_bytes(r.fixed("head")?),
        };
        r.finish()?;
        Ok(answer)
    }
}
