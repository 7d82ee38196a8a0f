//! A member who lies: enrolled, with real keys, and an app of their own making.
//!
//! Some lies the relay must refuse; what it takes, every other tablet must set aside or do without.

pub(crate) mod pen;

use std::collections::BTreeSet;

use neutral_ground::{
    documents::schema::DocumentKind,
    engine::crypto::{key::DocumentKey, payload::Change},
};
use sync_protocol::{Channel, EnvelopeId, Ring, StreamId, membership::Payload};

use crate::simulator::{
    fate::Fate,
    forged::{after_nothing, made},
    liar::pen::{Content, Letter, Pen, TEAM, append, push, take_up},
    tally::Count,
    world::World,
};

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

/// Tells one lie, straight to the relay.
pub(crate) fn lie(world: &mut World) {
    let drawn = *world.course.fate.pick(&Lie::ALL);
    let lie = world.plan.lie.unwrap_or(drawn);
    let Some(pen) = take_up(world, world.course.victim) else {
        return;
    };
    world.tally.add(Count::Lies);
    if let Some(payload) = pen.record(lie) {
        if append(world, &pen, payload) {
            let says = format!("the relay took {lie:?}");
            world.course.lies.believed.push(says);
        }
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
            self.wrap.key.clone()
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
}
