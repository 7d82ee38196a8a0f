//! What a member who lies writes with: the real keys of a tablet, and a hand of their own.

use neutral_ground::engine::crypto::{
    envelope::{self, HeadSeen, MembershipSeen, SealInput, SealKey, VerifiedEnvelope},
    key::DocumentKey,
    keyring::Keyring,
    payload::Wrap,
};
use sync_protocol::{
    CentreId, ChainHash, Channel, DeviceId, DocumentId, EnvelopeId, EnvelopeKind, Incarnation,
    Membership, Record, Ring, SealedEnvelope, SignedRecord, StreamId,
    frame::{ChannelPage, PushRequest, membership::MembershipRequest},
    membership::Payload,
};

use crate::simulator::{keys, relay::push_codes, tally::Count, world::World};

/// Where everybody writes.
pub(crate) const TEAM: Channel = Channel::Ring(Ring::Team);

/// What a liar writes with.
pub(crate) struct Pen {
    /// Whose tablet.
    pub(crate) tablet: usize,
    /// Whose people.
    pub(crate) centre: CentreId,
    /// Its people.
    pub(crate) membership: Membership,
    /// Its keys.
    pub(crate) keyring: Keyring,
    /// A record of the team's: its name and key.
    pub(crate) document: DocumentId,
    /// What it is sealed with.
    pub(crate) wrap: Wrap,
    /// Everything of it that the relay holds.
    pub(crate) held: Vec<SealedEnvelope>,
    /// A record of the office's, which visits name.
    pub(crate) family: DocumentId,
    /// A colleague.
    pub(crate) other: DeviceId,
    /// An actor of the liar's own, never used before.
    pub(crate) own: Vec<u8>,
}

/// What a liar sends.
pub(crate) struct Letter {
    /// Where to.
    pub(crate) channel: Channel,
    /// Of which record.
    pub(crate) document: DocumentId,
    /// How many epochs that never began.
    pub(crate) epochs_ahead: u32,
    /// In a colleague's name.
    pub(crate) forges_author: bool,
    /// What it says.
    pub(crate) content: Content,
}

/// What a letter says.
pub(crate) enum Content {
    /// A key for the document, as one of this kind.
    Wrap(u8, DocumentKey),
    /// A payload under this key.
    Change(DocumentKey, Vec<u8>),
    /// The record written down whole, or said to be.
    Snapshot(Vec<u8>),
    /// A payload that everybody can read.
    Clear(EnvelopeKind, Vec<u8>),
}

impl Content {
    fn payload(&self) -> (EnvelopeKind, Vec<u8>) {
        match self {
            Self::Wrap(document_kind, key) => {
                let wrap = Wrap {
                    document_kind: *document_kind,
                    key: key.clone(),
                };
                (EnvelopeKind::Wrap, wrap.encode().to_vec())
            }
            Self::Change(_, payload) => (EnvelopeKind::Change, payload.clone()),
            Self::Snapshot(payload) => (EnvelopeKind::Snapshot, payload.clone()),
            Self::Clear(kind, payload) => (*kind, payload.clone()),
        }
    }
}

impl Pen {
    /// Seals a letter, as the next of a run.
    pub(crate) fn seal(
        &self,
        letter: &Letter,
        stream: StreamId,
        (n, prev): (u64, EnvelopeId),
        world: &mut World,
    ) -> Option<SealedEnvelope> {
        let scope = letter.channel.scope()?;
        let current = self.membership.epoch(scope)?.epoch;
        let (kind, payload) = letter.content.payload();
        let input = SealInput {
            kind,
            centre: self.centre,
            channel: letter.channel,
            document: letter.document,
            epoch: current + letter.epochs_ahead,
            stream,
            n: n + 1,
            prev,
            membership: MembershipSeen {
                index: self.membership.last_index(),
                hash: self.membership.head(),
            },
            head: HeadSeen {
                incarnation: Incarnation::from_bytes([0; 16]),
                seq: 0,
                chain: ChainHash::START,
            },
            claimed_ms: world.devices[self.tablet].clock(world.agenda.now()),
        };
        let key = match &letter.content {
            Content::Wrap(..) => SealKey::Epoch(self.keyring.epoch(scope, current)?),
            Content::Change(key, _) => SealKey::Document(key),
            Content::Snapshot(_) => SealKey::Document(&self.wrap.key),
            Content::Clear(..) => SealKey::InTheClear,
        };
        let device = &self.keyring.device;
        let envelope =
            envelope::seal(&input, key, &payload, device, &mut world.course.dice).ok()?;
        if letter.forges_author {
            return self.forge(envelope);
        }
        Some(envelope)
    }

    /// The same envelope with a colleague's name in place of the author's.
    fn forge(&self, envelope: SealedEnvelope) -> Option<SealedEnvelope> {
        let mut bytes = envelope.into_bytes();
        let own = self.keyring.device.device_id();
        let at = bytes.windows(16).position(|part| part == own.as_bytes())?;
        bytes[at..at + 16].copy_from_slice(self.other.as_bytes());
        SealedEnvelope::parse(bytes).ok()
    }
}

/// Everything that somebody needs who lies with this tablet's keys; nothing if they hold none yet.
pub(crate) fn take_up(world: &mut World, tablet: usize) -> Option<Pen> {
    let centre = world.centre();
    let membership = world.relay.membership(centre);
    let keyring = keys::open(&world.devices[tablet]);
    let fate = &mut world.course.fate;
    let me = keyring.device.device_id();
    let others: Vec<DeviceId> = membership.devices().map(|device| device.id).collect();
    let others: Vec<DeviceId> = others.into_iter().filter(|device| *device != me).collect();
    let ledger = &world.ledger;
    let pages = world.relay.channels(centre);
    // Nobody can name a record before it has left the tablet that made it.
    let office = keys::wraps_of(&pages, Channel::Ring(Ring::Office));
    let is_there = |id: &DocumentId| office.iter().any(|wrap| wrap.header().document == *id);
    let families: Vec<DocumentId> = ledger
        .families
        .iter()
        .chain(ledger.referrals.keys())
        .map(|id| DocumentId::from_bytes(id.0))
        .filter(is_there)
        .collect();
    let family = *fate.pick(&families);
    let wraps: Vec<SealedEnvelope> = keys::wraps_of(&pages, TEAM)
        .into_iter()
        .filter(|wrap| !world.course.lies.taken.contains(&wrap.id()))
        .collect();
    let (document, wrap) = open(&membership, &keyring, fate.pick(&wraps))?;
    let mut own = me.as_bytes().to_vec();
    own.extend(fate.bytes::<8>());
    let held = held_of(&pages, document);
    Some(Pen {
        tablet,
        centre,
        other: *fate.pick(&others),
        membership,
        keyring,
        document,
        wrap,
        held,
        family,
        own,
    })
}

fn open(
    membership: &Membership,
    keyring: &Keyring,
    wrap: &SealedEnvelope,
) -> Option<(DocumentId, Wrap)> {
    let header = wrap.header();
    let author = membership.device(&header.author)?;
    let verified = VerifiedEnvelope::verify(wrap, &author.sign).ok()?;
    let key = keyring.epoch(header.channel.scope()?, header.epoch)?;
    let plain = verified.open(SealKey::Epoch(key)).ok()?;
    Some((header.document, Wrap::decode(&plain).ok()?))
}

/// What the relay holds of one record of the team's.
fn held_of(pages: &[ChannelPage], document: DocumentId) -> Vec<SealedEnvelope> {
    let team = pages.iter().filter(|page| page.channel == TEAM);
    team.flat_map(|page| &page.envelopes)
        .map(|(_, bytes)| SealedEnvelope::parse_kept(bytes.clone()).unwrap())
        .filter(|envelope| envelope.header().document == document)
        .collect()
}

/// True if the relay took it.
pub(crate) fn push(world: &mut World, pen: &Pen, envelope: &SealedEnvelope) -> bool {
    let body = PushRequest {
        envelopes: vec![envelope.bytes()],
    };
    let path = format!("/v1/{}/push", pen.centre);
    let body = body.encode().unwrap();
    let (_, _, answer) = world.relay.post(world.agenda.now(), &path, None, &body);
    let taken = push_codes(&answer, 1) == Some(vec![0]);
    if taken {
        world.tally.add(Count::LiesTaken);
        world.course.lies.taken.insert(envelope.id());
        world.ledger.receipts.insert(envelope.id());
    }
    taken
}

/// True if the relay took a record that the liar signed.
pub(crate) fn append(world: &World, pen: &Pen, payload: Payload) -> bool {
    let record = Record {
        index: pen.membership.length(),
        prev: pen.membership.head(),
        signer: pen.keyring.device.device_id(),
        claimed_ms: world.devices[pen.tablet].clock(world.agenda.now()),
        payload,
    };
    let record = SignedRecord::sign(&record, pen.keyring.device.signing_key()).unwrap();
    send_record(world, pen, record.into_bytes()) == 200
}

/// What the relay says to one more record.
pub(crate) fn send_record(world: &World, pen: &Pen, record: Vec<u8>) -> u16 {
    let request = MembershipRequest {
        expected: pen.membership.length(),
        records: vec![record],
    };
    let path = format!("/v1/{}/membership", pen.centre);
    let now = world.agenda.now();
    world.relay.post(now, &path, None, &request.encode()).0
}
