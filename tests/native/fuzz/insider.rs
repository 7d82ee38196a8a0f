//! An enrolled member whose envelopes are right in every way but for what they say.

use neutral_ground::{
    documents::DocumentKind,
    engine::{
        crypto::{
            envelope::{HeadSeen, MembershipSeen, SealInput, SealKey, VerifiedEnvelope, seal},
            key::{DocumentKey, UnlockKey},
            keyring::{Keyring, KeyringWrap},
            passphrase::{self, KdfParams, Phrase},
            payload::{Attest, Change, Wrap},
        },
        effect::Part,
        storage::{
            key::{Range, Table},
            memory::MemoryStore,
        },
        wire::Id,
    },
};
use sync_protocol::{
    CentreId, ChainHash, Channel, DocumentId, EnvelopeId, EnvelopeKind, Incarnation, Membership,
    Ring, SealedEnvelope, SignedRecord, StreamId,
    frame::{Authorization, PullAnswer, PullRequest},
};

use crate::{
    fuzz::mutation::{Chance, Corpus},
    relay_process::Relay,
    tablet::{Dice, Reach, Tablet},
};

/// An enrolled member who has gone mad, and what they can read and seal.
pub(crate) struct Insider {
    keyring: Keyring,
    membership: Membership,
    visit: DocumentId,
    key: DocumentKey,
    payloads: Corpus,
    changes: Corpus,
    dice: Dice,
}

/// What the outside of an envelope says.
struct Letter {
    kind: EnvelopeKind,
    document: DocumentId,
    stream: StreamId,
    seen: u64,
    claimed_ms: i64,
}

impl Insider {
    /// What a member who was let in finds out: keys, the chain, the key of one document, their own real changes.
    pub(crate) fn spy(tablet: &Tablet<'_>, phrase: &str, relay: &Relay, visit: Id) -> Self {
        let keyring = opened(&tablet.store, phrase);
        let answer = everything(&keyring, relay);
        let records = answer
            .records
            .into_iter()
            .map(|bytes| SignedRecord::parse(bytes).unwrap());
        let membership = Membership::replay(&records.collect::<Vec<_>>()).unwrap();
        let visit = DocumentId::from_bytes(visit.0);
        let pages = answer.pages.into_iter().flat_map(|page| page.envelopes);
        let envelopes: Vec<_> = pages
            .map(|(_, bytes)| SealedEnvelope::parse(bytes).unwrap())
            .collect();
        let of_visit = |kind| {
            envelopes.iter().filter(move |envelope| {
                envelope.header().document == visit && envelope.header().kind == kind
            })
        };
        let verified = |envelope| {
            let envelope: &SealedEnvelope = envelope;
            let author = membership.device(&envelope.header().author).unwrap();
            VerifiedEnvelope::verify(envelope, &author.sign).unwrap()
        };
        let wrap = of_visit(EnvelopeKind::Wrap)
            .next()
            .expect("the visit has a wrap");
        let scope = wrap.header().channel.scope().unwrap();
        let epoch = keyring.epoch(scope, wrap.header().epoch).unwrap();
        let wrap = verified(wrap).open(SealKey::Epoch(epoch)).unwrap();
        let wrap_payload = wrap.to_vec();
        let key = Wrap::decode(&wrap).unwrap().key;
        let mut payloads = vec![wrap_payload, Attest { held: Vec::new() }.encode().to_vec()];
        let mut changes = Vec::new();
        for envelope in of_visit(EnvelopeKind::Change) {
            let plain = verified(envelope).open(SealKey::Document(&key)).unwrap();
            changes.extend(Change::decode(&plain).unwrap().changes);
            payloads.push(plain.to_vec());
        }
        Self {
            payloads: Corpus::new(payloads),
            changes: Corpus::new(changes.iter().map(|change| plain(change)).collect()),
            dice: Dice::new("insider"),
            keyring,
            membership,
            visit,
            key,
        }
    }

    /// An envelope that is right in every way but for what it says.
    pub(crate) fn wrong(&mut self, chance: &mut Chance) -> Vec<u8> {
        let device = self.keyring.device.device_id();
        let (kind, payload) = match chance.below(6) {
            0 => (EnvelopeKind::Attest, self.payloads.wrong(chance)),
            1 => (EnvelopeKind::Wrap, self.payloads.wrong(chance)),
            2 => (EnvelopeKind::Change, self.payloads.wrong(chance)),
            _ => {
                let mut made = self.changes.wrong(chance);
                claim(&mut made, device.as_bytes());
                let changes = vec![crate::fuzz::changes::dress(&made, chance)];
                (EnvelopeKind::Change, Change { changes }.encode().to_vec())
            }
        };
        let document = if kind == EnvelopeKind::Attest {
            DocumentId::NONE
        } else if chance.one_in(8) {
            DocumentId::from_bytes(chance.bytes(16).try_into().unwrap())
        } else {
            self.visit
        };
        let letter = Letter {
            kind,
            document,
            stream: StreamId::from_bytes(chance.bytes(8).try_into().unwrap()),
            seen: chance.edge(),
            claimed_ms: i64::from_ne_bytes(chance.edge().to_ne_bytes()),
        };
        self.seal(&letter, &payload).into_bytes()
    }

    /// A key for a record of somebody else, as if it were a visit of the team's.
    pub(crate) fn claims(&mut self, document: Id) -> SealedEnvelope {
        let wrap = Wrap {
            document_kind: DocumentKind::Visit.code(),
            key: self.key.clone(),
        };
        let letter = Letter {
            kind: EnvelopeKind::Wrap,
            document: DocumentId::from_bytes(document.0),
            stream: StreamId::from_bytes(*b"claiming"),
            seen: 0,
            claimed_ms: 0,
        };
        self.seal(&letter, &wrap.encode())
    }

    /// The first envelope of a run in the team's channel.
    fn seal(&mut self, letter: &Letter, payload: &[u8]) -> SealedEnvelope {
        let team = Channel::Ring(Ring::Team);
        let (epoch, epoch_key) = self.keyring.latest_epoch(team.scope().unwrap()).unwrap();
        let input = SealInput {
            kind: letter.kind,
            centre: self.membership.centre(),
            channel: team,
            document: letter.document,
            epoch,
            stream: letter.stream,
            n: 1,
            prev: EnvelopeId::NONE,
            membership: MembershipSeen {
                index: self.membership.last_index(),
                hash: self.membership.head(),
            },
            head: HeadSeen {
                incarnation: Incarnation::from_bytes([0; 16]),
                seq: letter.seen,
                chain: ChainHash::START,
            },
            claimed_ms: letter.claimed_ms,
        };
        let key = if letter.kind == EnvelopeKind::Change {
            SealKey::Document(&self.key)
        } else {
            SealKey::Epoch(epoch_key)
        };
        seal(&input, key, payload, &self.keyring.device, &mut self.dice).unwrap()
    }
}

/// A change that is not compressed, so that what is made wrong in it is what it says.
fn plain(change: &[u8]) -> Vec<u8> {
    let change = automerge::Change::from_bytes(change.to_vec()).unwrap();
    change.raw_bytes().to_vec()
}

/// Puts the insider's own actor where a change names its author, as long as it can be found.
fn claim(change: &mut [u8], device: &[u8; 16]) {
    // Checksum, kind and two lengths come before; then the parents, each of 32 bytes, and the actor's length.
    let parents = usize::from(change.get(11).copied().unwrap_or_default());
    let place = 12 + 32 * parents.min(8) + 1;
    if let Some(actor) = change.get_mut(place..place + 16) {
        actor.copy_from_slice(device);
    }
}

/// The row of a keyring as it is stored.
#[derive(serde::Deserialize)]
struct KeyringRow {
    #[serde(rename = "initials")]
    _initials: String,
    wrap: Vec<u8>,
    keyring: Vec<u8>,
}

/// What a thief with the phrase would hold.
pub(crate) fn opened(store: &MemoryStore, phrase: &str) -> Keyring {
    let rows = store
        .read(&[(Table::Keyrings, Range::All, Part::Rows)])
        .remove(0);
    let row: KeyringRow = postcard::from_bytes(&rows[0].1).unwrap();
    let wrap = KeyringWrap::decode(&row.wrap).unwrap();
    let phrase = Phrase::parse(phrase).unwrap();
    let unlock = passphrase::derive(&phrase, wrap.unlock_salt(), KdfParams::FLOOR).unwrap();
    let key = wrap.open(&UnlockKey::from_bytes(*unlock.expose())).unwrap();
    Keyring::open(&key, &row.keyring).unwrap()
}

/// All that the relay gives this device.
fn everything(keyring: &Keyring, relay: &Relay) -> PullAnswer {
    let request = PullRequest {
        membership_held: 0,
        channels: vec![(Channel::Ring(Ring::Team), 0)],
        wait_ms: 0,
    };
    let (body, path) = (request.encode(), pull_path(keyring.centre));
    let (_, _, refused) = relay.post(&path, None, &body);
    let challenge = sync_protocol::frame::Failure::decode(&refused)
        .unwrap()
        .challenge
        .unwrap();
    let signing = sync_protocol::frame::RequestSigning {
        method: "POST",
        path: &path,
        centre: keyring.centre,
        challenge,
        body: &body,
    };
    let authorization: Authorization = signing.sign(keyring.device.signing_key());
    let (status, _, answer) = relay.post(&path, Some(&authorization.header()), &body);
    assert_eq!(status, 200);
    PullAnswer::open(&answer).unwrap()
}

fn pull_path(centre: CentreId) -> String {
    format!("/v1/{centre}/pull")
}
