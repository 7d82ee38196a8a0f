//! A co-ordinator whose app lies: with the real keys of a tablet, but not with its scruples.

use automerge::{AutoCommit, ROOT, transaction::Transactable};
use neutral_ground::{
    documents::{Document, DocumentKind},
    engine::{
        crypto::{
            envelope::{self, HeadSeen, MembershipSeen, SealInput, SealKey, VerifiedEnvelope},
            key::DocumentKey,
            keyring::Keyring,
            payload::{Change, Snapshot, Wrap},
        },
        effect::Part,
        storage::key::{Range, Table},
    },
};
use sync_protocol::{
    ChainHash, Channel, DocumentId, EnvelopeId, EnvelopeKind, Incarnation, Membership,
    SealedEnvelope, SignedRecord, StreamId,
    compaction::{Coverage, Vouch},
};

use crate::{
    compaction::longest,
    fuzz::insider::opened,
    relay_process::Relay,
    tablet::{Dice, Reach, Tablet},
};

/// How a snapshot differs from what it says it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lie {
    /// A change is missing.
    LeavesOut,
    /// A change is in it that nobody sent.
    Adds,
    /// It says that it holds one envelope fewer, and means to have that one pruned all the same.
    CoversMore,
}

/// What a lying app has of a tablet.
pub(crate) struct Forger {
    keyring: Keyring,
    membership: Membership,
    channel: Channel,
    document: DocumentId,
    held: Vec<SealedEnvelope>,
    dice: Dice,
}

impl Forger {
    /// Takes everything from a tablet whose phrase it knows.
    pub(crate) fn new(tablet: &Tablet<'_>, phrase: &str) -> Self {
        let rows = tablet.store.read(&[(Table::Chain, Range::All, Part::Rows)]);
        let records: Vec<SignedRecord> = rows
            .into_iter()
            .flatten()
            .map(|(_, row)| SignedRecord::parse(row).unwrap())
            .collect();
        let (channel, document, held) = longest(tablet);
        Self {
            keyring: opened(&tablet.store, phrase),
            membership: Membership::replay(&records).unwrap(),
            channel,
            document,
            held,
            dice: Dice::new("forger"),
        }
    }

    /// Seals a snapshot that is not what it says, in a run of its own, and pushes it.
    pub(crate) fn push_snapshot(&mut self, relay: &Relay, lie: Lie) {
        let (kind, key) = self.key();
        let mut changes = self.changes(&key);
        let mut covered = self.held.clone();
        match lie {
            Lie::LeavesOut => drop(changes.pop()),
            Lie::Adds => changes.push(invented()),
            Lie::CoversMore => drop(covered.remove(1)),
        }
        let mut saved = Document::load(kind, &[7], &changes).unwrap();
        let snapshot = Snapshot {
            coverage: Coverage::of(&mut covered.iter()).unwrap(),
            heads: saved.heads(),
            save: saved.save(),
        };
        let envelope = self.seal(&key, &snapshot.encode());
        let mut body = b"NGP1".to_vec();
        body.extend(u32::try_from(envelope.bytes().len()).unwrap().to_be_bytes());
        body.extend(envelope.bytes());
        let path = format!("/v1/{}/push", self.membership.centre());
        let (status, _, answer) = relay.post(&path, None, &body);
        assert_eq!((status, answer[6]), (200, 0), "the relay cannot tell");
    }

    /// How many attests of snapshots a tablet holds.
    pub(crate) fn attests(&self, tablet: &Tablet<'_>) -> usize {
        let rows = tablet.store.read(&[(
            Table::Log,
            Range::document(self.channel, DocumentId::NONE),
            Part::Rows,
        )]);
        let rows = rows.into_iter().flatten();
        rows.filter(|(_, row)| Vouch::of(&SealedEnvelope::parse(row.clone()).unwrap()).is_some())
            .count()
    }

    fn key(&self) -> (DocumentKind, DocumentKey) {
        let wrap = self
            .held
            .iter()
            .find(|envelope| envelope.header().kind == EnvelopeKind::Wrap);
        let verified = self.verified(wrap.unwrap());
        let plain = self
            .keyring
            .epochs()
            .find_map(|(_, _, key)| verified.open(SealKey::Epoch(key)).ok());
        let wrap = Wrap::decode(&plain.unwrap()).unwrap();
        let kind = DocumentKind::from_code(wrap.document_kind).unwrap();
        (kind, wrap.key)
    }

    fn verified<'e>(&self, envelope: &'e SealedEnvelope) -> VerifiedEnvelope<'e> {
        let author = self.membership.device(&envelope.header().author).unwrap();
        VerifiedEnvelope::verify(envelope, &author.sign).unwrap()
    }

    fn changes(&self, key: &DocumentKey) -> Vec<Vec<u8>> {
        let changes = self
            .held
            .iter()
            .filter(|envelope| envelope.header().kind == EnvelopeKind::Change);
        changes
            .flat_map(|envelope| {
                let plain = self.verified(envelope).open(SealKey::Document(key));
                Change::decode(&plain.unwrap()).unwrap().changes
            })
            .collect()
    }

    fn seal(&mut self, key: &DocumentKey, payload: &[u8]) -> SealedEnvelope {
        let scope = self.channel.scope().unwrap();
        let input = SealInput {
            kind: EnvelopeKind::Snapshot,
            centre: self.membership.centre(),
            channel: self.channel,
            document: self.document,
            epoch: self.membership.epoch(scope).unwrap().epoch,
            stream: StreamId::from_bytes([77; 8]),
            n: 1,
            prev: EnvelopeId::NONE,
            membership: MembershipSeen {
                index: self.membership.last_index(),
                hash: self.membership.head(),
            },
            head: HeadSeen {
                incarnation: Incarnation::from_bytes([0; 16]),
                seq: 0,
                chain: ChainHash::START,
            },
            claimed_ms: 0,
        };
        let key = SealKey::Document(key);
        envelope::seal(&input, key, payload, &self.keyring.device, &mut self.dice).unwrap()
    }
}

/// A change that nobody sent.
fn invented() -> Vec<u8> {
    let mut other = AutoCommit::new();
    other.put(ROOT, "visit", "another").unwrap();
    other.commit();
    let change = other.get_last_local_change();
    change.unwrap().raw_bytes().to_vec()
}
