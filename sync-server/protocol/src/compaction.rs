//! Snapshots, who vouches for them, and what may be let go: what both ends check before a body goes.
//!
//! A relay reads all of this without a key. It must not know what any document says.

use ed25519_dalek::SigningKey;

use crate::{
    codec::{Reader, Writer},
    envelope::{EnvelopeError, EnvelopeKind, Header, SealedEnvelope, TAG_LEN},
    error::CodecError,
    id::{DeviceId, DocumentId, EnvelopeId, KeyId, StreamId},
    limits::{MAX_COVERED, MAX_ENVELOPE},
    membership::Membership,
    padding,
};

/// Where an envelope stands in its author's run, and which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its author.
    pub author: DeviceId,
    /// Its run.
    pub stream: StreamId,
    /// Its place in the run.
    pub n: u64,
    /// Its name.
    pub id: EnvelopeId,
}

impl Place {
    /// Where this envelope stands.
    pub const fn of(envelope: &SealedEnvelope) -> Self {
        let header = envelope.header();
        Self {
            author: header.author,
            stream: header.stream,
            n: header.n,
            id: envelope.id(),
        }
    }
}

/// One run's part of a coverage: every envelope of the document in that run, up to and with `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The run's author.
    pub author: DeviceId,
    /// The run.
    pub stream: StreamId,
    /// The last n that is covered.
    pub n: u64,
    /// [`digest`] of those envelopes.
    pub digest: [u8; 32],
}

/// BLAKE3 of the ids of one document's envelopes in one run, in their order, whatever their kind.
pub fn digest<'i>(ids: impl IntoIterator<Item = &'i EnvelopeId>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for id in ids {
        hasher.update(id.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Everything that a snapshot holds: one entry a run, in order of author and stream, and at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage(Vec<Covered>);

impl Coverage {
    /// What a snapshot of these envelopes of one document covers, given in the order of each run.
    pub fn of(envelopes: &mut dyn Iterator<Item = &SealedEnvelope>) -> Option<Self> {
        let mut runs: Vec<((DeviceId, StreamId), u64, Vec<EnvelopeId>)> = Vec::new();
        for envelope in envelopes {
            let header = envelope.header();
            let run = (header.author, header.stream);
            let place = runs.partition_point(|(known, ..)| *known < run);
            match runs.get_mut(place).filter(|(known, ..)| *known == run) {
                Some((_, n, ids)) => {
                    *n = header.n;
                    ids.push(envelope.id());
                }
                None => runs.insert(place, (run, header.n, vec![envelope.id()])),
            }
        }
        let runs = runs.into_iter().map(|((author, stream), n, ids)| Covered {
            author,
            stream,
            n,
            digest: digest(&ids),
        });
        Self::new(runs.collect())
    }

    /// A coverage of these runs, if there is one and each is named once, in order.
    pub fn new(runs: Vec<Covered>) -> Option<Self> {
        let run = |covered: &Covered| (covered.author, covered.stream);
        let mut pairs = runs.iter().zip(runs.iter().skip(1));
        let in_order = pairs.all(|(one, next)| run(one) < run(next));
        (in_order && !runs.is_empty() && runs.len() <= MAX_COVERED).then_some(Self(runs))
    }

    /// The runs.
    pub fn runs(&self) -> &[Covered] {
        &self.0
    }

    /// Whether an envelope at this place is among them.
    pub fn holds(&self, header: &Header) -> bool {
        self.0.iter().any(|run| {
            run.author == header.author && run.stream == header.stream && header.n <= run.n
        })
    }

    /// The coverage's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let put = |w: Writer, run: &Covered| {
            w.array(4)
                .bytes(run.author.as_bytes())
                .bytes(run.stream.as_bytes())
                .uint(run.n)
                .bytes(&run.digest)
        };
        Writer::new().list(&self.0, put).finish()
    }

    /// The coverage that these bytes say.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        let runs = r.list("coverage", MAX_COVERED, |r| {
            r.array("covered run", 4)?;
            Ok(Covered {
                author: DeviceId::from_bytes(r.fixed("author")?),
                stream: StreamId::from_bytes(r.fixed("stream")?),
                n: r.u64("n")?,
                digest: r.fixed("digest")?,
            })
        })?;
        let coverage = Self::new(runs).ok_or_else(|| r.malformed("coverage"))?;
        canonical(&coverage.encode(), bytes)?;
        r.finish()?;
        Ok(coverage)
    }
}

/// What an `attest` in the clear says: its author has held a snapshot against its own envelopes, and they are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The document.
    pub document: DocumentId,
    /// The snapshot.
    pub snapshot: Place,
    /// What the snapshot holds.
    pub coverage: Coverage,
}

impl Vouch {
    /// That this snapshot holds what this coverage says.
    pub const fn for_snapshot(snapshot: &SealedEnvelope, coverage: Coverage) -> Self {
        Self {
            document: snapshot.header().document,
            snapshot: Place::of(snapshot),
            coverage,
        }
    }

    /// The payload's bytes.
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(6)
            .bytes(self.document.as_bytes())
            .bytes(self.snapshot.author.as_bytes())
            .bytes(self.snapshot.stream.as_bytes())
            .uint(self.snapshot.n)
            .bytes(self.snapshot.id.as_bytes())
            .bytes(&self.coverage.encode())
            .finish()
    }

    /// What these bytes say.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut r = Reader::new(bytes);
        r.array("vouching", 6)?;
        let vouch = Self {
            document: DocumentId::from_bytes(r.fixed("document")?),
            snapshot: Place {
                author: DeviceId::from_bytes(r.fixed("author")?),
                stream: StreamId::from_bytes(r.fixed("stream")?),
                n: r.u64("n")?,
                id: EnvelopeId::from_bytes(r.fixed("snapshot")?),
            },
            coverage: Coverage::decode(r.bytes("coverage", MAX_ENVELOPE)?)?,
        };
        canonical(&vouch.encode(), bytes)?;
        r.finish()?;
        Ok(vouch)
    }

    /// What an envelope says, if it is an attest in the clear.
    pub fn of(envelope: &SealedEnvelope) -> Option<Self> {
        let payload = envelope.clear()?;
        let is_attest = envelope.header().kind == EnvelopeKind::Attest;
        Self::decode(payload).ok().filter(|_| is_attest)
    }
}

/// The payload of a `prune`: the whole attest that it rests on.
pub fn prune_payload(attest: &SealedEnvelope) -> Vec<u8> {
    Writer::new().array(1).bytes(attest.bytes()).finish()
}

/// What a prune asks for, with every right and signature in it checked that needs no store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What may go, and in favour of which snapshot.
    pub vouch: Vouch,
    /// Where the attest stands.
    pub attest: Place,
    /// One device did all three, being the only one that could: the snapshot must have rested.
    pub alone: bool,
}

impl Order {
    /// What a prune asks for. The signature of the prune itself is its receiver's to check.
    pub fn of(prune: &SealedEnvelope, membership: &Membership) -> Option<Self> {
        let payload = prune.clear()?;
        let attest = inside(payload)?;
        let vouch = Vouch::of(&attest)?;
        let (asked, seen) = (prune.header(), attest.header());
        let may = |header: &Header| {
            let index = header.membership_index;
            let known = membership.check_seen(index, header.membership_hash);
            let may = membership.may_compact(&header.author, header.channel, index);
            known.is_ok() && may.is_ok()
        };
        let voices = [asked.author, vouch.snapshot.author];
        let alone = voices == [seen.author; 2]
            && membership.compacts_alone(&seen.author, seen.channel, seen.membership_index);
        let fits = asked.kind == EnvelopeKind::Prune
            && asked.document == vouch.document
            && (asked.centre, asked.channel) == (seen.centre, seen.channel)
            && may(asked)
            && may(seen)
            && (alone || !voices.contains(&seen.author));
        let key = membership.device(&seen.author)?.sign;
        attest.verify(&key).ok().filter(|()| fits)?;
        Some(Self {
            vouch,
            attest: Place::of(&attest),
            alone,
        })
    }

    /// Whether a stored envelope is one whose body goes: a change or an older snapshot of the document, and covered.
    ///
    /// Whoever asks has seen that it is covered; a document's key, what was vouched and what was pruned stay whole.
    pub fn lets_go(&self, envelope: &SealedEnvelope) -> bool {
        self.covers(envelope) && !envelope.is_stub()
    }

    /// Whether an envelope need not have its body any more, as far as can be told without those beside it.
    pub fn covers(&self, envelope: &SealedEnvelope) -> bool {
        let header = envelope.header();
        matches!(header.kind, EnvelopeKind::Change | EnvelopeKind::Snapshot)
            && header.document == self.vouch.document
            && envelope.id() != self.vouch.snapshot.id
            && self.vouch.coverage.holds(header)
    }
}

/// A signed envelope in the clear; the header's key, salt, commitment and length are made to fit.
pub fn sign_clear(
    mut header: Header,
    payload: &[u8],
    key: &SigningKey,
) -> Result<SealedEnvelope, EnvelopeError> {
    let found = payload.len();
    let mut body = padding::pad(payload).map_err(|_| EnvelopeError::TooLarge { found })?;
    header.key_id = KeyId::NONE;
    header.salt = [0; 32];
    header.commitment = [0; 32];
    header.padded_len = u32::try_from(body.len()).map_err(|_| EnvelopeError::TooLarge { found })?;
    // Where a cipher's tag would be.
    body.resize(body.len() + TAG_LEN, 0);
    SealedEnvelope::sign(&header.encode(), &body, key)
}

fn inside(payload: &[u8]) -> Option<SealedEnvelope> {
    let mut r = Reader::new(payload);
    r.array("prune", 1).ok()?;
    let bytes = r.bytes("attest", MAX_ENVELOPE).ok()?;
    let attest = SealedEnvelope::parse(bytes.to_vec()).ok()?;
    (prune_payload(&attest) == payload).then_some(attest)
}

fn canonical(written: &[u8], found: &[u8]) -> Result<(), CodecError> {
    if written == found {
        Ok(())
    } else {
        Err(CodecError::NotCanonical)
    }
}
