//! Sealing a payload into an envelope and opening a verified one.
//!
//! It knows the key derivation, the commitment and which kind of key each kind of envelope takes.
//! It must not know whether the author was allowed to write: the membership rules say that.

use core::fmt;

use ed25519_dalek::{SigningKey, VerifyingKey};
use rand_core::CryptoRng;
use sync_protocol::{
    CentreId, ChainHash, Channel, DeviceId, DocumentId, EnvelopeError, EnvelopeId, EnvelopeKind,
    HEADER_LEN, Header, Incarnation, KeyId, RecordHash, SealedEnvelope, StreamId,
    compaction::sign_clear,
    envelope::{COMMITMENT_OFFSET, OVERHEAD},
    limits::MAX_ENVELOPE,
    padding,
};
use zeroize::Zeroizing;

use super::{
    aead::{self, ONE_USE},
    device::DeviceSecrets,
    key::{DocumentKey, EpochKey},
    random,
};

/// The last membership record that an author has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembershipSeen {
    /// Its index.
    pub index: u32,
    /// Its hash.
    pub hash: RecordHash,
}

/// The last head of a channel that an author has seen from the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadSeen {
    /// The relay's life it belongs to.
    pub incarnation: Incarnation,
    /// The number of the last envelope.
    pub seq: u64,
    /// The hash over all of them.
    pub chain: ChainHash,
}

/// What an author states in the clear; the author itself is the device that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealInput {
    /// What the envelope is for.
    pub kind: EnvelopeKind,
    /// The centre.
    pub centre: CentreId,
    /// The channel.
    pub channel: Channel,
    /// The document, or [`DocumentId::NONE`] for an attest.
    pub document: DocumentId,
    /// Current epoch of the channel's scope.
    pub epoch: u32,
    /// The author's run of envelopes in this channel.
    pub stream: StreamId,
    /// Place in the run, from 1.
    pub n: u64,
    /// The envelope before, or [`EnvelopeId::NONE`].
    pub prev: EnvelopeId,
    /// What the author knows of the membership.
    pub membership: MembershipSeen,
    /// What the author knows of the channel.
    pub head: HeadSeen,
    /// The author's clock, ms since 1970.
    pub claimed_ms: i64,
}

/// The key that an envelope is sealed with.
#[derive(Clone, Copy, Debug)]
pub enum SealKey<'a> {
    /// For changes and snapshots: the document's own.
    Document(&'a DocumentKey),
    /// For wraps and attests: the current one of the channel's scope.
    Epoch(&'a EpochKey),
    /// For what the relay must read: attests of snapshots, and prunes.
    InTheClear,
}

/// Why a payload could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// This kind takes another kind of key, or is not written by this version.
    KeyKind {
        /// The kind asked for.
        kind: EnvelopeKind,
    },
    /// Over the size limit of an envelope once padded.
    TooLarge {
        /// Bytes it would have had.
        found: usize,
    },
    /// The parts do not make an envelope that anybody would take.
    Header(EnvelopeError),
}

/// Why a verified envelope does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// It names another key.
    OtherKey {
        /// The key it names.
        named: KeyId,
    },
    /// This kind takes another kind of key, or is not read by this version.
    KeyKind {
        /// The kind found.
        kind: EnvelopeKind,
    },
    /// It was sealed under a key that is not the one it commits to.
    Commitment,
    /// The body is not what was sealed under this header.
    Body,
    /// The padding is of a shape that no honest author makes.
    Padding,
}

/// Why an envelope is not its author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyError {
    /// The key given belongs to another device than the author.
    OtherDevice {
        /// The author named.
        author: DeviceId,
    },
    /// The signature does not fit.
    Signature,
}

/// An envelope whose author's signature fits; the only kind that can be opened.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedEnvelope<'a>(&'a SealedEnvelope);

impl<'a> VerifiedEnvelope<'a> {
    /// Checks that the key is the named author's and that the signature fits, strictly.
    pub fn verify(envelope: &'a SealedEnvelope, key: &VerifyingKey) -> Result<Self, VerifyError> {
        let author = envelope.header().author;
        if DeviceId::of(key) != author {
            return Err(VerifyError::OtherDevice { author });
        }
        envelope.verify(key).map_err(|_| VerifyError::Signature)?;
        Ok(Self(envelope))
    }

    /// The envelope itself.
    pub const fn envelope(self) -> &'a SealedEnvelope {
        self.0
    }

    /// What the envelope says in the clear.
    pub const fn header(self) -> &'a Header {
        self.0.header()
    }

    /// Opens the body: key id, kind, commitment, cipher, padding, in this order.
    pub fn open(self, key: SealKey<'_>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let header = self.header();
        if key.id() != header.key_id {
            return Err(OpenError::OtherKey {
                named: header.key_id,
            });
        }
        if !key.fits(header.kind) {
            return Err(OpenError::KeyKind { kind: header.kind });
        }
        open_body(self.0.header_bytes(), self.0.body(), key)
    }
}

/// Pads, seals and signs a payload; the result is the finished bytes.
pub fn seal(
    input: &SealInput,
    key: SealKey<'_>,
    payload: &[u8],
    author: &DeviceSecrets,
    rng: &mut dyn CryptoRng,
) -> Result<SealedEnvelope, SealError> {
    if !key.fits(input.kind) {
        return Err(SealError::KeyKind { kind: input.kind });
    }
    let (mut header, plaintext) = draft(input, key, payload, author.device_id())?;
    header.salt = random::bytes(rng);
    if matches!(key, SealKey::InTheClear) {
        return sign_clear(header, payload, author.signing_key()).map_err(SealError::Header);
    }
    let derived = derive(&header.encode(), key);
    header.commitment = derived.commitment;
    let bytes = header.encode();
    let body = aead::seal(&derived.key, ONE_USE, &bytes, &plaintext);
    sign(&bytes, &body, author.signing_key())
}

/// The most bytes a payload may have to fit into one envelope.
pub const MAX_PAYLOAD: usize = max_payload();

impl<'a> SealKey<'a> {
    /// The name that envelopes give this key.
    pub fn id(self) -> KeyId {
        match self {
            Self::Document(key) => key.key_id(),
            Self::Epoch(key) => key.key_id(),
            Self::InTheClear => KeyId::NONE,
        }
    }

    /// Whether this kind of envelope is sealed with this kind of key.
    fn fits(self, kind: EnvelopeKind) -> bool {
        match kind {
            EnvelopeKind::Change | EnvelopeKind::Snapshot => matches!(self, Self::Document(_)),
            EnvelopeKind::Wrap => matches!(self, Self::Epoch(_)),
            EnvelopeKind::Attest => !matches!(self, Self::Document(_)),
            EnvelopeKind::Prune => matches!(self, Self::InTheClear),
            EnvelopeKind::Drop | EnvelopeKind::Erase => false,
        }
    }

    const fn expose(self) -> &'a [u8; 32] {
        match self {
            Self::Document(key) => key.expose(),
            Self::Epoch(key) => key.expose(),
            Self::InTheClear => &[0; 32],
        }
    }
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyKind { kind } => {
                write!(
                    f,
                    "expected the kind of key that seals a {kind:?}, found another"
                )
            }
            Self::TooLarge { found } => {
                write!(
                    f,
                    "expected an envelope of at most {MAX_ENVELOPE} bytes, found {found}"
                )
            }
            Self::Header(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for SealError {}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherKey { named } => write!(f, "expected the key {named}, found another"),
            Self::KeyKind { kind } => {
                write!(
                    f,
                    "expected the kind of key that opens a {kind:?}, found another"
                )
            }
            Self::Commitment => {
                f.write_str("expected the key that the header commits to, found another")
            }
            Self::Body => f.write_str("expected the body sealed under this header, found another"),
            Self::Padding => {
                f.write_str("expected a length, a payload and zeros, found another shape")
            }
        }
    }
}

impl core::error::Error for OpenError {}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherDevice { author } => {
                write!(
                    f,
                    "expected the key of the author {author}, found another device's"
                )
            }
            Self::Signature => {
                f.write_str("expected the author's signature, found one that does not fit")
            }
        }
    }
}

impl core::error::Error for VerifyError {}

struct Derived {
    key: Zeroizing<[u8; 32]>,
    commitment: [u8; 32],
}

/// The header but for salt and commitment, and the padded payload.
fn draft(
    input: &SealInput,
    key: SealKey<'_>,
    payload: &[u8],
    author: DeviceId,
) -> Result<(Header, Zeroizing<Vec<u8>>), SealError> {
    let found = padding::padded_len(payload.len()).saturating_add(OVERHEAD);
    let too_large = SealError::TooLarge { found };
    if found > MAX_ENVELOPE {
        return Err(too_large);
    }
    let plaintext = Zeroizing::new(padding::pad(payload).map_err(|_| too_large)?);
    let header = Header {
        kind: input.kind,
        centre: input.centre,
        channel: input.channel,
        document: input.document,
        key_id: key.id(),
        epoch: input.epoch,
        author,
        stream: input.stream,
        n: input.n,
        prev: input.prev,
        membership_index: input.membership.index,
        membership_hash: input.membership.hash,
        head_incarnation: input.head.incarnation,
        head_seq: input.head.seq,
        head_chain: input.head.chain,
        claimed_ms: input.claimed_ms,
        padded_len: u32::try_from(plaintext.len()).map_err(|_| too_large)?,
        salt: [0; 32],
        commitment: [0; 32],
    };
    Ok((header, plaintext))
}

fn sign(
    header: &[u8; HEADER_LEN],
    body: &[u8],
    key: &SigningKey,
) -> Result<SealedEnvelope, SealError> {
    SealedEnvelope::sign(header, body, key).map_err(SealError::Header)
}

fn open_body(
    header: &[u8],
    body: &[u8],
    key: SealKey<'_>,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let committed = header.last_chunk::<32>().ok_or(OpenError::Commitment)?;
    let derived = derive(header, key);
    if !aead::same(&derived.commitment, committed) {
        return Err(OpenError::Commitment);
    }
    let padded = aead::open(&derived.key, ONE_USE, header, body).ok_or(OpenError::Body)?;
    let payload = padding::unpad(&padded).map_err(|_| OpenError::Padding)?;
    Ok(Zeroizing::new(payload.to_vec()))
}

/// Everything before the commitment goes into the derivation, the salt twice: as salt and as info.
fn derive(header: &[u8], key: SealKey<'_>) -> Derived {
    let (before, _) = header
        .split_at_checked(COMMITMENT_OFFSET)
        .unwrap_or((header, &[]));
    let salt = before.last_chunk::<32>().map(<[u8; 32]>::as_slice);
    let both = aead::derive::<64>(key.expose(), salt, &[b"ng/env/v1", before]);
    let mut derived = Derived {
        key: Zeroizing::new([0; 32]),
        commitment: [0; 32],
    };
    let (cipher, commitment) = both.split_at(32);
    derived.key.copy_from_slice(cipher);
    derived.commitment.copy_from_slice(commitment);
    derived
}

/// The longest payload whose padded form still fits.
const fn max_payload() -> usize {
    let mut payload = MAX_ENVELOPE - OVERHEAD;
    while padding::padded_len(payload) + OVERHEAD > MAX_ENVELOPE {
        payload -= 1;
    }
    payload
}

#[cfg(test)]
mod tests;
