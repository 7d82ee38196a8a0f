//! A member who lies about what was written down whole: false snapshots, false words for them, prunes without either,
//! and records and invites used again.
//!
//! A volunteer may send none of it. What a co-ordinator sends the relay cannot always tell from the truth; then nobody may
//! vouch for it, and nothing may go by it.

use neutral_ground::{
    documents::{Document, schema::DocumentKind},
    engine::crypto::{
        device::DeviceSecrets,
        envelope::{SealKey, VerifiedEnvelope},
        payload::{Change, Snapshot},
    },
};
use sync_protocol::{
    DeviceId, DocumentId, EnvelopeId, EnvelopeKind, SealedEnvelope, SignedRecord, StreamId,
    compaction::{Coverage, Vouch, prune_payload},
    membership::{DeviceKeys, Payload},
};

use crate::simulator::{
    forged::made,
    liar::pen::{Content, Letter, Pen, TEAM, append, push, send_record, take_up},
    tally::Count,
    world::World,
};

/// One lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Forgery {
    /// A snapshot without a change that is covered; then a prune by it, with nobody's word but the liar's own.
    LeavesOut,
    /// A snapshot with a change that its author never made, and the same.
    Adds,
    /// A snapshot of fewer envelopes than it says, and the same.
    CoversMore,
    /// The word for somebody else's snapshot, which is none.
    VouchesForNone,
    /// The same in a colleague's name, and a prune by that.
    ForgesVoice,
    /// A colleague's word for a snapshot of one record, to prune another by.
    BorrowsVoice,
    /// A record that stands in the chain, once more.
    ReplaysRecord,
    /// An invite that somebody used, for a device of the liar's own.
    ReusesInvite,
}

impl Forgery {
    const ALL: [Self; 8] = [
        Self::LeavesOut,
        Self::Adds,
        Self::CoversMore,
        Self::VouchesForNone,
        Self::ForgesVoice,
        Self::BorrowsVoice,
        Self::ReplaysRecord,
        Self::ReusesInvite,
    ];
}

/// A co-ordinator's second tablet, where there is one.
const OFFICE: usize = 3;

/// Tells one lie, straight to the relay.
pub(crate) fn forge(world: &mut World) {
    let forgery = *world.course.fate.pick(&Forgery::ALL);
    let has_office = world.devices.len() > OFFICE && world.newcomer != OFFICE;
    let is_office = has_office && world.course.fate.chance(600);
    let tablet = if is_office {
        OFFICE
    } else {
        world.course.victim
    };
    let Some(pen) = take_up(world, tablet) else {
        return;
    };
    world.tally.add(Count::Lies);
    world.tally.add(Count::Forgeries);
    match forgery {
        Forgery::LeavesOut | Forgery::Adds | Forgery::CoversMore => {
            write_down(world, &pen, forgery);
        }
        Forgery::VouchesForNone | Forgery::ForgesVoice | Forgery::BorrowsVoice => {
            speak_for(world, &pen, forgery);
        }
        Forgery::ReplaysRecord | Forgery::ReusesInvite => sign_again(world, &pen, forgery),
    }
}

/// A false snapshot, the liar's own word for it, and a prune by that.
fn write_down(world: &mut World, pen: &Pen, forgery: Forgery) {
    let Some(snapshot) = pen.snapshot(forgery) else {
        return;
    };
    let coverage = snapshot.coverage.clone();
    let mut run = Run::new(world);
    let snapshot = letter(pen.document, Content::Snapshot(snapshot.encode().to_vec()));
    let Some(snapshot) = run.send(world, pen, &snapshot, pen.may_compact()) else {
        return;
    };
    let vouch = Vouch::for_snapshot(&snapshot, coverage);
    prune_by(world, pen, &mut run, &vouch, false);
}

/// A word for what is no snapshot of this coverage, and a prune by it.
fn speak_for(world: &mut World, pen: &Pen, forgery: Forgery) {
    let mut run = Run::new(world);
    if forgery == Forgery::BorrowsVoice {
        if let Some(voice) = voice(world, pen) {
            let prune = Content::Clear(EnvelopeKind::Prune, prune_payload(&voice));
            run.send(world, pen, &letter(DocumentId::NONE, prune), false);
        }
        return;
    }
    let mut others = pen.held.iter().filter(|envelope| {
        let header = envelope.header();
        header.kind != EnvelopeKind::Wrap && header.author != pen.device()
    });
    let coverage = Coverage::of(&mut pen.held.iter());
    if let Some((named, coverage)) = others.next_back().zip(coverage) {
        let vouch = Vouch::for_snapshot(named, coverage);
        let forges = forgery == Forgery::ForgesVoice;
        prune_by(world, pen, &mut run, &vouch, forges);
    }
}

/// What a colleague said of a snapshot.
fn voice(world: &World, pen: &Pen) -> Option<SealedEnvelope> {
    let pages = world.relay.channels(pen.centre);
    let all = pages.iter().flat_map(|page| &page.envelopes);
    let mut all = all.map(|(_, bytes)| SealedEnvelope::parse_kept(bytes.clone()).unwrap());
    all.find(|envelope| Vouch::of(envelope).is_some() && envelope.header().author != pen.device())
}

/// An attest, of the liar's own or under a colleague's name, and a prune by it: the prune is never taken.
fn prune_by(world: &mut World, pen: &Pen, run: &mut Run, vouch: &Vouch, forges: bool) {
    let content = Content::Clear(EnvelopeKind::Attest, vouch.encode());
    let mut attest = letter(DocumentId::NONE, content);
    attest.forges_author = forges;
    let may = pen.may_compact() && !forges;
    let attest = run.send(world, pen, &attest, may);
    if let Some(attest) = attest {
        let prune = Content::Clear(EnvelopeKind::Prune, prune_payload(&attest));
        run.send(world, pen, &letter(pen.document, prune), false);
    }
}

/// A record that was signed before, or an invite that was used before.
fn sign_again(world: &mut World, pen: &Pen, forgery: Forgery) {
    let before = world.relay.records(pen.centre);
    let again = world.course.fate.pick(&before).clone();
    if forgery == Forgery::ReplaysRecord {
        send_record(world, pen, again);
    } else {
        let keys = DeviceSecrets::generate(&mut world.course.dice).public_keys();
        if let Some(payload) = before.iter().rev().find_map(|bytes| added(bytes, &keys)) {
            append(world, pen, payload);
        }
    }
    if world.relay.records(pen.centre) != before {
        let says = format!("the relay took {forgery:?}");
        world.course.lies.believed.push(says);
    }
}

/// The record in which somebody's device was added by an invite, made over to other keys.
fn added(bytes: &[u8], keys: &DeviceKeys) -> Option<Payload> {
    let record = SignedRecord::parse(bytes.to_vec()).ok()?.record().ok()?;
    match record.payload {
        Payload::DeviceAdd {
            member,
            invite: Some(invite),
            sealed,
            ..
        } => Some(Payload::DeviceAdd {
            member,
            keys: keys.clone(),
            invite: Some(invite),
            sealed,
        }),
        _ => None,
    }
}

/// A run of the liar's own.
struct Run {
    stream: StreamId,
    last: (u64, EnvelopeId),
}

impl Run {
    fn new(world: &mut World) -> Self {
        Self {
            stream: StreamId::from_bytes(world.course.fate.bytes()),
            last: (0, EnvelopeId::NONE),
        }
    }

    /// Sends what the relay may take or may not; the envelope, whether it took it or not.
    fn send(
        &mut self,
        world: &mut World,
        pen: &Pen,
        letter: &Letter,
        may: bool,
    ) -> Option<SealedEnvelope> {
        let envelope = pen.seal(letter, self.stream, self.last, world)?;
        let taken = push(world, pen, &envelope);
        if taken {
            self.last = (self.last.0 + 1, envelope.id());
        }
        if taken && !may {
            let kind = envelope.header().kind;
            let says = format!("the relay took a forged {kind:?} of tablet {}", pen.tablet);
            world.course.lies.believed.push(says);
        }
        Some(envelope)
    }
}

const fn letter(document: DocumentId, content: Content) -> Letter {
    Letter {
        channel: TEAM,
        document,
        epochs_ahead: 0,
        forges_author: false,
        content,
    }
}

impl Pen {
    fn device(&self) -> DeviceId {
        self.keyring.device.device_id()
    }

    fn may_compact(&self) -> bool {
        let index = self.membership.last_index();
        let may = self.membership.may_compact(&self.device(), TEAM, index);
        may.is_ok()
    }

    /// Every change of the record, as far as it has its body.
    fn changes(&self) -> Vec<Vec<u8>> {
        let whole = self.held.iter().filter(|envelope| {
            envelope.header().kind == EnvelopeKind::Change && !envelope.is_stub()
        });
        let opened = whole.filter_map(|envelope| {
            let author = self.membership.device(&envelope.header().author)?;
            let verified = VerifiedEnvelope::verify(envelope, &author.sign).ok()?;
            let plain = verified.open(SealKey::Document(&self.wrap.key)).ok()?;
            Change::decode(&plain).ok()
        });
        opened.flat_map(|change| change.changes).collect()
    }

    /// A snapshot that is not what it says.
    fn snapshot(&self, forgery: Forgery) -> Option<Snapshot> {
        let mut changes = self.changes();
        let mut covered: Vec<&SealedEnvelope> = self.held.iter().collect();
        let is_change = |held: &&SealedEnvelope| held.header().kind == EnvelopeKind::Change;
        let last = covered.iter().rposition(is_change)?;
        match forgery {
            Forgery::LeavesOut => drop(changes.pop()?),
            Forgery::CoversMore => drop(covered.remove(last)),
            _ => {
                let mut actor = self.other.as_bytes().to_vec();
                actor.extend([7; 8]);
                changes.push(made(&actor, "never said"));
            }
        }
        let kind = DocumentKind::from_code(self.wrap.document_kind)?;
        let mut saved = Document::load(kind, &self.own, &changes).ok()?;
        Some(Snapshot {
            coverage: Coverage::of(&mut covered.into_iter())?,
            heads: saved.heads(),
            save: saved.save(),
        })
    }
}
