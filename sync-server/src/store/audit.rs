//! Proves what a store holds, row by row: every chain recomputed, every membership chain replayed, everything in one
//! digest, so that two stores with equal digests hold the same bytes.
//!
//! It knows what rows must say. It must not know where they come from.

use std::{collections::BTreeMap, fmt};

use sync_protocol::{
    CentreId, ChainHash, Channel, DeviceId, EnvelopeId, Membership, SealedEnvelope, SignedRecord,
    StreamId,
};

use crate::store::{
    Identity, StoreError, StoredRecord,
    audit::rows::{CentreRow, ChannelRow, EnvelopeRow, InviteRow, MessageRow, StreamRow},
};

pub(in crate::store) mod rows;

/// What a store holds, once it is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Centres.
    pub centres: u64,
    /// Membership records.
    pub records: u64,
    /// Channels.
    pub channels: u64,
    /// Envelopes.
    pub envelopes: u64,
    /// Bytes of envelopes.
    pub bytes: u64,
    /// Bodies in the trash.
    pub trash: u64,
    /// BLAKE3 of everything that is kept, whatever keeps it.
    pub digest: [u8; 32],
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "centres {}, membership records {}, channels {}, envelopes {}, bytes {}, in the trash {}, digest {}",
            self.centres,
            self.records,
            self.channels,
            self.envelopes,
            self.bytes,
            self.trash,
            blake3::Hash::from(self.digest)
        )
    }
}

/// What is wrong with a store.
#[derive(Debug)]
pub enum AuditError {
    /// It cannot be read.
    Store(StoreError),
    /// SQLite itself finds damage.
    Integrity {
        /// Its first words.
        finding: String,
    },
    /// A membership chain does not replay to the head that is kept.
    Membership {
        /// Which centre of the store, by its row.
        centre: i64,
    },
    /// A channel's envelopes do not add up to its head.
    Channel {
        /// Which channel of the store, by its row.
        channel: i64,
        /// The seq where it goes wrong.
        seq: u64,
        /// What was expected there.
        expected: &'static str,
    },
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Integrity { finding } => {
                write!(f, "expected an intact database, found: {finding}")
            }
            Self::Membership { centre } => {
                write!(
                    f,
                    "expected centre {centre} to replay to its head, found a difference"
                )
            }
            Self::Channel {
                channel,
                seq,
                expected,
            } => {
                write!(
                    f,
                    "expected {expected} at seq {seq} of channel {channel}, found another"
                )
            }
        }
    }
}

impl std::error::Error for AuditError {}

impl From<StoreError> for AuditError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Takes a store's rows in order: identity; centre by centre its chain, then channel by channel; invites; messages.
pub(in crate::store) struct Proof {
    audit: Audit,
    hasher: blake3::Hasher,
    /// Of the centre whose channels come now: whose signatures the stubs must bear.
    membership: Option<Membership>,
}

impl Proof {
    pub(in crate::store) fn begin(identity: &Identity) -> Self {
        // Not the incarnation: a backup holds the same, and begins another life when it is opened.
        let mut hasher = blake3::Hasher::new();
        hasher.update(&blake3::derive_key("ng/audit/v1", &identity.relay_secret));
        let audit = Audit {
            centres: 0,
            records: 0,
            channels: 0,
            envelopes: 0,
            bytes: 0,
            trash: 0,
            digest: [0; 32],
        };
        Self {
            audit,
            hasher,
            membership: None,
        }
    }

    /// A centre and its whole membership chain.
    pub(in crate::store) fn centre(
        &mut self,
        row: &CentreRow,
        records: Vec<StoredRecord>,
    ) -> Result<(), AuditError> {
        self.field(row.centre.as_bytes());
        self.numbers([u64::from(row.length), row.bytes]);
        self.field(&row.head);
        let mut signed = Vec::with_capacity(records.len());
        for stored in records {
            self.field(&stored.bytes);
            self.field(&stored.received_ms.to_be_bytes());
            signed.push(SignedRecord::parse(stored.bytes));
        }
        self.audit.centres += 1;
        self.audit.records += signed.len() as u64;
        self.membership = Some(check_membership(row, signed)?);
        Ok(())
    }

    /// The next channel of the centre before.
    pub(in crate::store) fn channel(
        &mut self,
        centre: CentreId,
        row: ChannelRow,
    ) -> ChannelProof<'_> {
        self.field(&row.channel);
        self.numbers([row.seq]);
        self.field(&row.chain);
        self.audit.channels += 1;
        ChannelProof {
            proof: self,
            centre,
            row,
            ends: StreamEnds::new(),
            seq: 0,
            chain: ChainHash::START,
        }
    }

    pub(in crate::store) fn invite(&mut self, row: &InviteRow) {
        self.field(&row.invite);
        self.field(row.centre.as_bytes());
        self.field(&row.expires_ms.to_be_bytes());
    }

    pub(in crate::store) fn message(&mut self, row: &MessageRow) {
        self.field(&row.invite);
        self.numbers([u64::from(row.no)]);
        self.field(&row.message);
        self.field(&row.expires_ms.to_be_bytes());
    }

    pub(in crate::store) fn end(self) -> Audit {
        Audit {
            digest: *self.hasher.finalize().as_bytes(),
            ..self.audit
        }
    }

    /// With its length, so that no two lists of fields are the same bytes.
    fn field(&mut self, bytes: &[u8]) {
        self.hasher.update(&(bytes.len() as u64).to_be_bytes());
        self.hasher.update(bytes);
    }

    fn numbers<const N: usize>(&mut self, numbers: [u64; N]) {
        for number in numbers {
            self.field(&number.to_be_bytes());
        }
    }
}

fn check_membership<E>(
    row: &CentreRow,
    records: Vec<Result<SignedRecord, E>>,
) -> Result<Membership, AuditError> {
    let wrong = AuditError::Membership { centre: row.key };
    let Ok(records) = records.into_iter().collect::<Result<Vec<_>, E>>() else {
        return Err(wrong);
    };
    let Ok(membership) = Membership::replay(&records) else {
        return Err(wrong);
    };
    let whole = membership.centre() == row.centre
        && membership.length() == row.length
        && membership.head().as_bytes() == &row.head;
    if whole { Ok(membership) } else { Err(wrong) }
}

type StreamEnds = BTreeMap<(DeviceId, StreamId), (u64, EnvelopeId)>;

/// Takes a channel's envelopes in order, then the ends of its streams.
pub(in crate::store) struct ChannelProof<'a> {
    proof: &'a mut Proof,
    centre: CentreId,
    row: ChannelRow,
    ends: StreamEnds,
    seq: u64,
    chain: ChainHash,
}

impl ChannelProof<'_> {
    pub(in crate::store) fn envelope(&mut self, row: EnvelopeRow) -> Result<(), AuditError> {
        self.seq += 1;
        self.proof.audit.envelopes += 1;
        self.proof.audit.bytes += row.bytes.len() as u64;
        self.proof.numbers([row.seq, row.n]);
        for field in [
            row.author.as_slice(),
            &row.stream,
            &row.id,
            &row.chain,
            &row.bytes,
        ] {
            self.proof.field(field);
        }
        // Fields that older stores lack are left out, so that a store's digest outlives its upgrade.
        if let Some(received_ms) = row.received_ms {
            self.proof.field(&received_ms.to_be_bytes());
        }
        if let Some((whole, pruned_ms)) = &row.trash {
            self.proof.audit.trash += 1;
            self.proof.field(whole);
            self.proof.field(&pruned_ms.to_be_bytes());
        }
        self.check(row).map_err(|expected| self.wrong(expected))
    }

    fn check(&mut self, row: EnvelopeRow) -> Result<(), &'static str> {
        if row.seq != self.seq {
            return Err("the next seq");
        }
        let columns = (row.author, row.stream, row.n);
        let envelope = SealedEnvelope::parse_kept(row.bytes).map_err(|_| "an envelope")?;
        self.check_stub(&envelope, row.trash)?;
        self.chain = self.chain.next(envelope.id());
        if &row.id != envelope.id().as_bytes() {
            return Err("the envelope's own id");
        }
        if &row.chain != self.chain.as_bytes() {
            return Err("the chain of what came before");
        }
        let header = envelope.header();
        if columns
            != (
                *header.author.as_bytes(),
                *header.stream.as_bytes(),
                header.n,
            )
        {
            return Err("the envelope's own author, stream and n");
        }
        let channel = Channel::parse(&self.row.channel).map_err(|_| "a channel")?;
        if header.centre != self.centre || header.channel != channel {
            return Err("an envelope of this channel");
        }
        let stream = (header.author, header.stream);
        let before = self.ends.get(&stream).copied();
        let (n, prev) = before.unwrap_or((0, EnvelopeId::NONE));
        if header.n != n + 1 || header.prev != prev {
            return Err("the stream's next envelope");
        }
        self.ends.insert(stream, (header.n, envelope.id()));
        Ok(())
    }

    /// Without its body an envelope's id proves nothing, so its author's signature must, and its body while it is kept.
    fn check_stub(
        &self,
        envelope: &SealedEnvelope,
        trash: Option<(Vec<u8>, i64)>,
    ) -> Result<(), &'static str> {
        if envelope.is_stub() {
            let author = envelope.header().author;
            let membership = self.proof.membership.as_ref();
            let device = membership.and_then(|membership| membership.device(&author));
            let device = device.ok_or("an author of this centre")?;
            let signed = envelope.verify(&device.sign);
            signed.map_err(|_| "the author's signature")?;
        }
        match trash {
            Some((whole, _)) => match SealedEnvelope::parse(whole) {
                Ok(whole) if whole.stub() == envelope.bytes() => Ok(()),
                Ok(_) | Err(_) => Err("the stub of what is in the trash"),
            },
            None => Ok(()),
        }
    }

    pub(in crate::store) fn end(self, streams: Vec<StreamRow>) -> Result<(), AuditError> {
        if self.seq != self.row.seq || self.chain.as_bytes() != &self.row.chain {
            return Err(self.wrong("the channel's head"));
        }
        let kept: StreamEnds = streams
            .into_iter()
            .map(|row| {
                let stream = (
                    DeviceId::from_bytes(row.author),
                    StreamId::from_bytes(row.stream),
                );
                (stream, (row.n, EnvelopeId::from_bytes(row.id)))
            })
            .collect();
        if kept == self.ends {
            Ok(())
        } else {
            Err(self.wrong("the ends of its streams"))
        }
    }

    fn wrong(&self, expected: &'static str) -> AuditError {
        AuditError::Channel {
            channel: self.row.key,
            seq: self.seq,
            expected,
        }
    }
}
