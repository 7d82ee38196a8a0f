//! A made-up centre whose keys follow from small numbers, and authors who write envelopes in it.
//!
//! Sealed keys and bodies are filler: nothing in here can be decrypted, which is all that the relay ever sees.

use ed25519_dalek::SigningKey;

use crate::{
    channel::{Channel, Scope},
    compaction::{Coverage, Vouch, prune_payload, sign_clear},
    envelope::{EnvelopeError, EnvelopeKind, Header, SealedEnvelope, TAG_LEN},
    id::{
        ChainHash, DeviceId, DocumentId, EnvelopeId, Incarnation, InviteId, KeyId, MemberId,
        StreamId,
    },
    membership::{
        DeviceKeys, EpochRecord, LINK_LEN, Membership, MembershipError, Payload, Record,
        SEALED_KEY_LEN, SealedKey, SignedRecord,
    },
    padding,
    ring::{Ring, RingSet},
};

/// When every made-up record is claimed to be signed: some day in 2027, ms since 1970.
pub const CLAIMED_MS: i64 = 1_800_000_000_000;

/// The signing key that follows from a small number.
pub fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// The public keys of the device with this signing key.
pub fn device_keys(key: &SigningKey) -> DeviceKeys {
    let sign = key.verifying_key();
    let seal = *blake3::hash(sign.as_bytes()).as_bytes();
    DeviceKeys { sign, seal }
}

/// The member that follows from a small number.
pub const fn member(seed: u8) -> MemberId {
    MemberId::from_bytes([seed; 16])
}

/// A centre with its chain, and the key of its first device.
#[derive(Clone, Debug)]
pub struct MadeUpCentre {
    /// The state.
    pub membership: Membership,
    /// The chain.
    pub records: Vec<SignedRecord>,
    /// Signs what comes next; another admin's key may be put here.
    pub admin: SigningKey,
}

impl MadeUpCentre {
    /// Opens a centre whose first member and device follow from a small number.
    pub fn open(seed: u8) -> Result<Self, MembershipError> {
        let admin = signing_key(seed);
        let keys = device_keys(&admin);
        let rings: RingSet = [Ring::Admin, Ring::Office, Ring::Safeguarding, Ring::Team]
            .into_iter()
            .collect();
        let scopes = rings
            .iter()
            .map(Scope::Ring)
            .chain([Scope::Desk(member(seed))]);
        let readers = [keys.device()];
        let payload = Payload::Genesis {
            nonce: [seed; 32],
            member: member(seed),
            rings,
            keys,
            epochs: scopes.map(|scope| new_epoch(scope, 1, &readers)).collect(),
        };
        let record = Record {
            index: 0,
            prev: crate::id::RecordHash::NONE,
            signer: DeviceId::of(&admin.verifying_key()),
            claimed_ms: CLAIMED_MS,
            payload,
        };
        let signed = SignedRecord::sign(&record, &admin)?;
        Ok(Self {
            membership: Membership::genesis(&signed)?,
            records: vec![signed],
            admin,
        })
    }

    /// The next record of the chain, not yet applied.
    pub fn next_record(&self, payload: Payload) -> Record {
        Record {
            index: self.membership.length(),
            prev: self.membership.head(),
            signer: DeviceId::of(&self.admin.verifying_key()),
            claimed_ms: CLAIMED_MS + i64::from(self.membership.length()) * 1000,
            payload,
        }
    }

    /// Signs and applies the next record.
    pub fn append(&mut self, payload: Payload) -> Result<SignedRecord, MembershipError> {
        let signed = SignedRecord::sign(&self.next_record(payload), &self.admin)?;
        self.membership.apply(&signed)?;
        self.records.push(signed.clone());
        Ok(signed)
    }

    /// Adds a member with one device, both from a small number, and gives its signing key back.
    pub fn enrol(
        &mut self,
        seed: u8,
        rings: impl IntoIterator<Item = Ring>,
    ) -> Result<SigningKey, MembershipError> {
        self.append(self.member_add(member(seed), rings.into_iter().collect()))?;
        let key = signing_key(seed);
        self.append(self.device_add(member(seed), device_keys(&key), None))?;
        Ok(key)
    }

    /// Makes a recovery kit whose keys follow from a small number.
    pub fn make_kit(&mut self, seed: u8) -> Result<SigningKey, MembershipError> {
        let key = signing_key(seed);
        let kit = MemberId::of_kit(&key.verifying_key());
        let rings = [Ring::Admin, Ring::Office, Ring::Safeguarding, Ring::Team];
        self.append(self.member_add(kit, rings.into_iter().collect()))?;
        self.append(self.device_add(kit, device_keys(&key), None))?;
        Ok(key)
    }

    /// The payload that adds a member.
    pub fn member_add(&self, member: MemberId, rings: RingSet) -> Payload {
        let scope = Scope::Desk(member);
        let desk = new_epoch(scope, 1, &self.membership.readers(scope));
        Payload::MemberAdd {
            member,
            rings,
            desk,
        }
    }

    /// The payload that adds a device.
    pub fn device_add(
        &self,
        member: MemberId,
        keys: DeviceKeys,
        invite: Option<InviteId>,
    ) -> Payload {
        let device = keys.device();
        let sealed = self
            .membership
            .scopes_of(&member)
            .into_iter()
            .map(|scope| sealed_key(device, scope, self.current(scope)))
            .collect();
        Payload::DeviceAdd {
            member,
            keys,
            invite,
            sealed,
        }
    }

    /// The payload that revokes a device.
    pub fn device_revoke(&self, device: DeviceId) -> Payload {
        let member = self.membership.device(&device).map(|device| device.member);
        let scopes = member.map_or_else(Vec::new, |member| self.membership.scopes_of(&member));
        let epochs = scopes
            .into_iter()
            .map(|scope| {
                let mut readers = self.membership.readers(scope);
                readers.retain(|reader| *reader != device);
                new_epoch(scope, self.current(scope) + 1, &readers)
            })
            .collect();
        Payload::DeviceRevoke { device, epochs }
    }

    /// The payload that begins the next epoch of some scopes.
    pub fn ring_epoch(&self, scopes: impl IntoIterator<Item = Scope>) -> Payload {
        let epochs = scopes
            .into_iter()
            .map(|scope| {
                let readers = self.membership.readers(scope);
                new_epoch(scope, self.current(scope) + 1, &readers)
            })
            .collect();
        Payload::RingEpoch { epochs }
    }

    /// The payload that announces an invite.
    pub fn invite(&self, secret: [u8; 16], member: MemberId, token: &[u8; 32]) -> Payload {
        let claimed_ms = CLAIMED_MS + i64::from(self.membership.length()) * 1000;
        Payload::Invite {
            invite: InviteId::of(&secret),
            member,
            rings: [Ring::Team].into_iter().collect(),
            mailbox_hash: *blake3::hash(token).as_bytes(),
            expires_ms: claimed_ms + crate::limits::MAX_INVITE_MS,
        }
    }

    /// The current epoch of a scope, or 0.
    pub fn current(&self, scope: Scope) -> u32 {
        self.membership.epoch(scope).map_or(0, |epoch| epoch.epoch)
    }
}

/// An epoch whose keys are filler.
pub fn new_epoch(scope: Scope, epoch: u32, readers: &[DeviceId]) -> EpochRecord {
    EpochRecord {
        scope,
        epoch,
        box_public: filler(&[&scope.to_bytes(), &epoch.to_be_bytes()]),
        sealed: readers
            .iter()
            .map(|device| sealed_key(*device, scope, epoch))
            .collect(),
        link: (epoch > 1).then(|| filler::<LINK_LEN>(&[b"link", &epoch.to_be_bytes()])),
    }
}

/// A sealed key that is filler.
pub fn sealed_key(device: DeviceId, scope: Scope, epoch: u32) -> SealedKey {
    let parts: [&[u8]; 3] = [device.as_bytes(), &scope.to_bytes(), &epoch.to_be_bytes()];
    let output = filler::<SEALED_KEY_LEN>(&parts);
    SealedKey {
        device,
        scope,
        epoch,
        output,
    }
}

/// One author's run of envelopes in one channel.
#[derive(Clone, Debug)]
pub struct Author {
    /// Signs.
    pub key: SigningKey,
    /// Where.
    pub channel: Channel,
    /// Which run.
    pub stream: StreamId,
    /// The n of the last envelope written.
    pub n: u64,
    /// The last envelope written.
    pub prev: EnvelopeId,
}

impl Author {
    /// A run that has not begun.
    pub const fn new(key: SigningKey, channel: Channel, stream: u64) -> Self {
        Self {
            key,
            channel,
            stream: StreamId::from_bytes(stream.to_be_bytes()),
            n: 0,
            prev: EnvelopeId::NONE,
        }
    }

    /// The header of the next envelope, with so many bytes of payload.
    pub fn header(&self, membership: &Membership, payload: usize) -> Header {
        let epoch = self
            .channel
            .scope()
            .and_then(|scope| membership.epoch(scope))
            .map_or(0, |epoch| epoch.epoch);
        let kind = match self.channel {
            Channel::Ring(_) | Channel::Desk(_) => EnvelopeKind::Change,
            Channel::RingBox(_) | Channel::MemberBox(_) => EnvelopeKind::Drop,
        };
        let salt = filler(&[self.stream.as_bytes(), &self.n.to_be_bytes()]);
        Header {
            kind,
            centre: membership.centre(),
            channel: self.channel,
            document: DocumentId::from_bytes([7; 16]),
            key_id: KeyId::of(&[8; 32]),
            epoch,
            author: DeviceId::of(&self.key.verifying_key()),
            stream: self.stream,
            n: self.n + 1,
            prev: self.prev,
            membership_index: membership.last_index(),
            membership_hash: membership.head(),
            head_incarnation: Incarnation::from_bytes([0; 16]),
            head_seq: 0,
            head_chain: ChainHash::START,
            claimed_ms: CLAIMED_MS,
            padded_len: u32::try_from(padding::padded_len(payload)).unwrap_or(u32::MAX),
            salt,
            commitment: filler(&[&salt]),
        }
    }

    /// Writes the next envelope.
    pub fn write(
        &mut self,
        membership: &Membership,
        payload: usize,
    ) -> Result<SealedEnvelope, EnvelopeError> {
        let header = self.header(membership, payload);
        let envelope = seal(&header, &self.key)?;
        Ok(self.went(envelope))
    }

    /// Writes the next envelope, of another kind and document than usual.
    pub fn write_as(
        &mut self,
        membership: &Membership,
        kind: EnvelopeKind,
        document: DocumentId,
    ) -> Result<SealedEnvelope, EnvelopeError> {
        let header = Header {
            kind,
            document,
            ..self.header(membership, 300)
        };
        let envelope = seal(&header, &self.key)?;
        Ok(self.went(envelope))
    }

    /// Attests in the clear that a snapshot is what it says.
    pub fn vouch(
        &mut self,
        membership: &Membership,
        vouch: &Vouch,
    ) -> Result<SealedEnvelope, EnvelopeError> {
        let header = Header {
            kind: EnvelopeKind::Attest,
            document: DocumentId::NONE,
            ..self.header(membership, 0)
        };
        let envelope = sign_clear(header, &vouch.encode(), &self.key)?;
        Ok(self.went(envelope))
    }

    /// Prunes a document by an attest.
    pub fn prune(
        &mut self,
        membership: &Membership,
        document: DocumentId,
        attest: &SealedEnvelope,
    ) -> Result<SealedEnvelope, EnvelopeError> {
        let header = Header {
            kind: EnvelopeKind::Prune,
            document,
            ..self.header(membership, 0)
        };
        let envelope = sign_clear(header, &prune_payload(attest), &self.key)?;
        Ok(self.went(envelope))
    }

    /// A snapshot of these envelopes of one document, the attest of a second author, and the prune that rests on both.
    pub fn compact(
        &mut self,
        membership: &Membership,
        second: &mut Self,
        covered: &[SealedEnvelope],
    ) -> Option<[SealedEnvelope; 3]> {
        let kind = EnvelopeKind::Snapshot;
        let document = covered.first()?.header().document;
        let snapshot = self.write_as(membership, kind, document).ok()?;
        let vouch = Vouch::for_snapshot(&snapshot, Coverage::of(&mut covered.iter())?);
        let attest = second.vouch(membership, &vouch).ok()?;
        let prune = self.prune(membership, document, &attest).ok()?;
        Some([snapshot, attest, prune])
    }

    fn went(&mut self, envelope: SealedEnvelope) -> SealedEnvelope {
        self.n = envelope.header().n;
        self.prev = envelope.id();
        envelope
    }
}

/// An envelope with this header and a body of filler.
pub fn seal(header: &Header, key: &SigningKey) -> Result<SealedEnvelope, EnvelopeError> {
    let length = usize::try_from(header.padded_len).unwrap_or(0) + TAG_LEN;
    let bytes = header.encode();
    let mut body = vec![0; length];
    blake3::Hasher::new()
        .update(&bytes)
        .finalize_xof()
        .fill(&mut body);
    SealedEnvelope::sign(&bytes, &body, key)
}

fn filler<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    let mut bytes = [0; N];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}
