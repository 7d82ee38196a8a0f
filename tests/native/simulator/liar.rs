//! A member who lies: enrolled, with real keys, and an app of their own making.
//!
//! Some lies the relay must refuse; what it takes, every other tablet must set aside or do without.

use std::collections::BTreeSet;

use neutral_ground::{
    documents::schema::DocumentKind,
    engine::crypto::{
        envelope::{self, HeadSeen, MembershipSeen, SealInput, SealKey, VerifiedEnvelope},
        key::DocumentKey,
        keyring::Keyring,
        payload::{Change, Wrap},
    },
};
use sync_protocol::{
    CentreId, ChainHash, Channel, DeviceId, DocumentId, EnvelopeId, EnvelopeKind, Incarnation,
    Membership, Record, Ring, SealedEnvelope, SignedRecord, StreamId,
    frame::{PushRequest, membership::MembershipRequest},
    membership::Payload,
};

use crate::simulator::{
    fate::Fate,
    forged::{after_nothing, made},
    keys,
    relay::push_codes,
    tally::Count,
    world::World,
};

const TEAM: Channel = Channel::Ring(Ring::Team);

/// What came of the lies told so far.
#[derive(Default)]
pub(crate) struct Lies {
    /// Envelopes that the relay took: nobody else can tell them from honest ones without opening them.
    pub(crate) taken: BTreeSet<EnvelopeId>,
    /// Of those, what every reader must set aside.
    pub(crate) to_set_aside: BTreeSet<EnvelopeId>,
    /// What the relay took and must not have.
    pub(crate) believed: Vec<String>,
}

/// One lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// A change in a colleague's name.
    ForeignActor,
    /// Bytes where a change should be.
    NoChange,
    /// Bytes where a payload should be.
    NoPayload,
    /// Two changes under one number of one actor.
    OneNumberTwice,
    /// A change that follows one that nobody made.
    NoPredecessor,
    /// A megabyte of text.
    LongText,
    /// A second key for a record, as if it were of a kind that everybody writes; and a change under it.
    OtherKind,
    /// A record of the office's under its own name, in the team's channel.
    OtherChannel,
    /// A record in a channel of others.
    ForbiddenChannel,
    /// An envelope in a colleague's name.
    ForgedAuthor,
    /// An epoch that never began.
    LaterEpoch,
    /// More rights for oneself.
    Promotion,
    /// A colleague put out.
    Expulsion,
}

impl Lie {
    /// Every lie.
    pub(crate) const ALL: [Self; 13] = [
        Self::ForeignActor,
        Self::NoChange,
        Self::NoPayload,
        Self::OneNumberTwice,
        Self::NoPredecessor,
        Self::LongText,
        Self::OtherKind,
        Self::OtherChannel,
        Self::ForbiddenChannel,
        Self::ForgedAuthor,
        Self::LaterEpoch,
        Self::Promotion,
        Self::Expulsion,
    ];
}

/// What a liar writes with.
struct Pen {
    centre: CentreId,
    membership: Membership,
    keyring: Keyring,
    /// A record of the team's: its name and key.
    document: DocumentId,
    key: DocumentKey,
    /// A record of the office's, which visits name.
    family: DocumentId,
    /// A colleague.
    other: DeviceId,
    /// An actor of the liar's own, never used before.
    own: Vec<u8>,
}

/// What a liar sends.
struct Letter {
    channel: Channel,
    document: DocumentId,
    epochs_ahead: u32,
    forges_author: bool,
    content: Content,
}

enum Content {
    /// A key for the document, as one of this kind.
    Wrap(u8, DocumentKey),
    /// A payload under this key.
    Change(DocumentKey, Vec<u8>),
}

/// Tells one lie, straight to the relay.
pub(crate) fn lie(world: &mut World) {
    let drawn = *world.course.fate.pick(&Lie::ALL);
    let lie = world.plan.lie.unwrap_or(drawn);
    let Some(pen) = take_up(world) else {
        return;
    };
    world.tally.add(Count::Lies);
    if let Some(payload) = pen.record(lie) {
        append(world, lie, &pen, payload);
        return;
    }
    let stream = StreamId::from_bytes(world.course.fate.bytes());
    let mut last = (0, EnvelopeId::NONE);
    for letter in pen.letters(lie, &mut world.course.fate) {
        let must_be_refused = letter.forges_author
            || letter.epochs_ahead > 0
            || letter.channel == Channel::Ring(Ring::Office);
        let Some(envelope) = pen.seal(&letter, stream, last, world) else {
            continue;
        };
        let taken = push(world, &pen, &envelope);
        if taken {
            last = (last.0 + 1, envelope.id());
        }
        if taken && matches!(lie, Lie::ForeignActor | Lie::NoChange | Lie::NoPayload) {
            world.course.lies.to_set_aside.insert(envelope.id());
        }
        if taken && must_be_refused {
            let says = format!("the relay took {lie:?}");
            world.course.lies.believed.push(says);
        }
    }
}

impl Pen {
    /// Payloads of the changes that a lie is made of.
    fn payloads(&self, lie: Lie, fate: &mut Fate) -> Vec<Vec<u8>> {
        let change = |changes: Vec<Vec<u8>>| Change { changes }.encode().to_vec();
        let mut foreign = self.other.as_bytes().to_vec();
        foreign.extend(fate.bytes::<8>());
        match lie {
            Lie::ForeignActor => vec![change(vec![made(&foreign, "forged")])],
            Lie::NoChange => vec![change(vec![fate.bytes::<64>().to_vec()])],
            Lie::NoPayload => vec![fate.bytes::<200>().to_vec()],
            Lie::OneNumberTwice => ["one", "other"]
                .iter()
                .map(|text| change(vec![made(&self.own, text)]))
                .collect(),
            Lie::NoPredecessor => vec![change(vec![after_nothing(&self.own)])],
            Lie::LongText => {
                let letters = fate.bytes::<64>().map(|byte| char::from(b'a' + byte % 26));
                let text: String = letters.iter().collect();
                vec![change(vec![made(&self.own, &text.repeat(16_000))])]
            }
            Lie::OtherKind
            | Lie::OtherChannel
            | Lie::ForbiddenChannel
            | Lie::ForgedAuthor
            | Lie::LaterEpoch
            | Lie::Promotion
            | Lie::Expulsion => vec![change(vec![made(&self.own, "mine now")])],
        }
    }

    fn letters(&self, lie: Lie, fate: &mut Fate) -> Vec<Letter> {
        let takes_over = matches!(lie, Lie::OtherKind | Lie::OtherChannel);
        let key = if takes_over {
            DocumentKey::from_bytes(fate.bytes())
        } else {
            self.key.clone()
        };
        let letter = |content| Letter {
            channel: if lie == Lie::ForbiddenChannel {
                Channel::Ring(Ring::Office)
            } else {
                TEAM
            },
            document: if lie == Lie::OtherChannel {
                self.family
            } else {
                self.document
            },
            epochs_ahead: u32::from(lie == Lie::LaterEpoch),
            forges_author: lie == Lie::ForgedAuthor,
            content,
        };
        let mut letters = Vec::new();
        if takes_over {
            // The one kind of record that everybody in the team may write.
            let kind = DocumentKind::Visit.code();
            letters.push(letter(Content::Wrap(kind, key.clone())));
        }
        let payloads = self.payloads(lie, fate).into_iter();
        letters.extend(payloads.map(|payload| letter(Content::Change(key.clone(), payload))));
        letters
    }

    /// The membership record that a lie is made of.
    fn record(&self, lie: Lie) -> Option<Payload> {
        let all = [Ring::Admin, Ring::Office, Ring::Safeguarding, Ring::Team];
        match lie {
            Lie::Promotion => Some(Payload::RoleChange {
                member: self.keyring.member()?,
                rings: all.into_iter().collect(),
                epochs: Vec::new(),
                sealed: Vec::new(),
            }),
            Lie::Expulsion => Some(Payload::DeviceRevoke {
                device: self.other,
                epochs: Vec::new(),
            }),
            _ => None,
        }
    }

    fn seal(
        &self,
        letter: &Letter,
        stream: StreamId,
        (n, prev): (u64, EnvelopeId),
        world: &mut World,
    ) -> Option<SealedEnvelope> {
        let scope = letter.channel.scope()?;
        let current = self.membership.epoch(scope)?.epoch;
        let (kind, payload) = match &letter.content {
            Content::Wrap(document_kind, key) => {
                let wrap = Wrap {
                    document_kind: *document_kind,
                    key: key.clone(),
                };
                (EnvelopeKind::Wrap, wrap.encode().to_vec())
            }
            Content::Change(_, payload) => (EnvelopeKind::Change, payload.clone()),
        };
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
            claimed_ms: world.devices[world.course.victim].clock(world.agenda.now()),
        };
        let key = match &letter.content {
            Content::Wrap(..) => SealKey::Epoch(self.keyring.epoch(scope, current)?),
            Content::Change(key, _) => SealKey::Document(key),
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

/// Everything a lie needs; nothing while the liar is not in.
fn take_up(world: &mut World) -> Option<Pen> {
    let tablet = world.course.victim;
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
    Some(Pen {
        centre,
        other: *fate.pick(&others),
        membership,
        keyring,
        document,
        key: wrap.key,
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

/// True if the relay took it.
fn push(world: &mut World, pen: &Pen, envelope: &SealedEnvelope) -> bool {
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

fn append(world: &mut World, lie: Lie, pen: &Pen, payload: Payload) {
    let record = Record {
        index: pen.membership.length(),
        prev: pen.membership.head(),
        signer: pen.keyring.device.device_id(),
        claimed_ms: world.devices[world.course.victim].clock(world.agenda.now()),
        payload,
    };
    let record = SignedRecord::sign(&record, pen.keyring.device.signing_key()).unwrap();
    let request = MembershipRequest {
        expected: pen.membership.length(),
        records: vec![record.into_bytes()],
    };
    let path = format!("/v1/{}/membership", pen.centre);
    let (status, ..) = world
        .relay
        .post(world.agenda.now(), &path, None, &request.encode());
    if status == 200 {
        let says = format!("the relay took {lie:?}");
        world.course.lies.believed.push(says);
    }
}
