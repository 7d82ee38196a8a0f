//! The header: what an envelope says in the clear, in one fixed layout.

use crate::{
    channel::{CHANNEL_LEN, Channel},
    envelope::{EnvelopeError, HEADER_LEN},
    id::{
        CentreId, ChainHash, DeviceId, DocumentId, EnvelopeId, Incarnation, KeyId, RecordHash,
        StreamId,
    },
    padding, version,
};

const MAGIC: [u8; 4] = *b"NGEV";

/// What an envelope is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EnvelopeKind {
    /// Changes to a document.
    Change = 0,
    /// A whole document, in place of the envelopes it covers.
    Snapshot = 1,
    /// A document's key.
    Wrap = 2,
    /// Something put into a drop box.
    Drop = 3,
    /// What its author holds of others; or, in the clear, that a snapshot is what it says.
    Attest = 4,
    /// Reserved: destroy keys and bodies.
    Erase = 5,
    /// In the clear: let covered bodies go.
    Prune = 6,
}

impl EnvelopeKind {
    /// Every kind, by number.
    pub const ALL: [Self; 7] = [
        Self::Change,
        Self::Snapshot,
        Self::Wrap,
        Self::Drop,
        Self::Attest,
        Self::Erase,
        Self::Prune,
    ];

    /// The kind's number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// Everything an envelope says in the clear, and signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the envelope is for.
    pub kind: EnvelopeKind,
    /// The centre it belongs to.
    pub centre: CentreId,
    /// The channel it belongs to.
    pub channel: Channel,
    /// The document it belongs to, or [`DocumentId::NONE`] for an attest.
    pub document: DocumentId,
    /// Which key sealed it, or [`KeyId::NONE`] where it is in the clear.
    pub key_id: KeyId,
    /// Epoch of the channel's scope when it was sealed; 0 for a member's drop box.
    pub epoch: u32,
    /// The device that wrote it.
    pub author: DeviceId,
    /// The author's run of envelopes in this channel.
    pub stream: StreamId,
    /// Its place in the run, from 1, without gaps.
    pub n: u64,
    /// The envelope before it in the run, or [`EnvelopeId::NONE`].
    pub prev: EnvelopeId,
    /// Index of the last membership record its author had seen.
    pub membership_index: u32,
    /// Hash of that record.
    pub membership_hash: RecordHash,
    /// The relay's life in which the author last saw this channel.
    pub head_incarnation: Incarnation,
    /// The channel's last seq that the author had seen.
    pub head_seq: u64,
    /// The channel's chain at that seq.
    pub head_chain: ChainHash,
    /// The author's clock, ms since 1970; a claim and nothing more.
    pub claimed_ms: i64,
    /// Bytes of the padded plaintext.
    pub padded_len: u32,
    /// Salt of the key derivation.
    pub salt: [u8; 32],
    /// Commitment to the key.
    pub commitment: [u8; 32],
}

impl Header {
    /// The header on the wire.
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let parts: [&[u8]; 20] = [
            &MAGIC,
            &[version::ENVELOPE, version::SUITE, self.kind.number(), 0],
            self.centre.as_bytes(),
            &self.channel.to_bytes(),
            self.document.as_bytes(),
            self.key_id.as_bytes(),
            &self.epoch.to_be_bytes(),
            self.author.as_bytes(),
            self.stream.as_bytes(),
            &self.n.to_be_bytes(),
            self.prev.as_bytes(),
            &self.membership_index.to_be_bytes(),
            self.membership_hash.as_bytes(),
            self.head_incarnation.as_bytes(),
            &self.head_seq.to_be_bytes(),
            self.head_chain.as_bytes(),
            &self.claimed_ms.to_be_bytes(),
            &self.padded_len.to_be_bytes(),
            &self.salt,
            &self.commitment,
        ];
        let mut bytes = [0; HEADER_LEN];
        for (slot, byte) in bytes.iter_mut().zip(parts.iter().copied().flatten()) {
            *slot = *byte;
        }
        bytes
    }

    /// The header at the beginning of these bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let mut fields = Fields {
            rest: bytes,
            found: bytes.len(),
        };
        if fields.take::<4>()? != MAGIC {
            return Err(EnvelopeError::Magic);
        }
        let kind = parse_kind(fields.take()?)?;
        let header = Self {
            kind,
            centre: CentreId::from_bytes(fields.take()?),
            channel: Channel::parse(&fields.take::<CHANNEL_LEN>()?)
                .map_err(|_| EnvelopeError::Field { name: "channel" })?,
            document: DocumentId::from_bytes(fields.take()?),
            key_id: KeyId::from_bytes(fields.take()?),
            epoch: u32::from_be_bytes(fields.take()?),
            author: DeviceId::from_bytes(fields.take()?),
            stream: StreamId::from_bytes(fields.take()?),
            n: u64::from_be_bytes(fields.take()?),
            prev: EnvelopeId::from_bytes(fields.take()?),
            membership_index: u32::from_be_bytes(fields.take()?),
            membership_hash: RecordHash::from_bytes(fields.take()?),
            head_incarnation: Incarnation::from_bytes(fields.take()?),
            head_seq: u64::from_be_bytes(fields.take()?),
            head_chain: ChainHash::from_bytes(fields.take()?),
            claimed_ms: i64::from_be_bytes(fields.take()?),
            padded_len: u32::from_be_bytes(fields.take()?),
            salt: fields.take()?,
            commitment: fields.take()?,
        };
        header.check_fields()?;
        Ok(header)
    }

    /// What must hold between fields, whoever wrote them.
    fn check_fields(&self) -> Result<(), EnvelopeError> {
        let padded = usize::try_from(self.padded_len).unwrap_or(usize::MAX);
        let checks = [
            ("n", self.n >= 1),
            ("prev", (self.n == 1) == (self.prev == EnvelopeId::NONE)),
            ("padded length", padding::is_padded_len(padded)),
            (
                "document",
                (self.kind == EnvelopeKind::Attest) == (self.document == DocumentId::NONE),
            ),
            (
                "key id",
                self.kind != EnvelopeKind::Prune || self.key_id == KeyId::NONE,
            ),
            ("epoch", self.channel.scope().is_some() == (self.epoch > 0)),
            ("kind", self.kind_fits_channel()),
        ];
        match checks.into_iter().find(|(_, holds)| !holds) {
            Some((name, _)) => Err(EnvelopeError::Field { name }),
            None => Ok(()),
        }
    }

    /// Drops go into drop boxes, whose readers may also attest what they hold.
    fn kind_fits_channel(&self) -> bool {
        match self.channel {
            Channel::Ring(_) | Channel::Desk(_) => self.kind != EnvelopeKind::Drop,
            Channel::RingBox(_) | Channel::MemberBox(_) => {
                matches!(self.kind, EnvelopeKind::Drop | EnvelopeKind::Attest)
            }
        }
    }
}

fn parse_kind([version, suite, kind, reserved]: [u8; 4]) -> Result<EnvelopeKind, EnvelopeError> {
    let update_needed = EnvelopeError::UpdateNeeded {
        version,
        suite,
        kind,
    };
    if version != version::ENVELOPE || suite != version::SUITE {
        return Err(update_needed);
    }
    let kind = EnvelopeKind::from_number(kind).ok_or(update_needed)?;
    if reserved != 0 {
        return Err(EnvelopeError::Field {
            name: "reserved byte",
        });
    }
    Ok(kind)
}

struct Fields<'a> {
    rest: &'a [u8],
    found: usize,
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], EnvelopeError> {
        let (field, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(EnvelopeError::Length {
                expected: HEADER_LEN,
                found: self.found,
            })?;
        self.rest = rest;
        Ok(*field)
    }
}
