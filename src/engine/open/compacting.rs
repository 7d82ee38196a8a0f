//! Long documents written down whole, held against what was written, and their old envelopes let go at the relay.
//!
//! It does one document in a quiet moment and nothing that the membership would refuse. It must not be needed: a document
//! that is never compacted is long and nothing else.

use sync_protocol::{
    Channel, DocumentId, EnvelopeId, EnvelopeKind, SealedEnvelope,
    compaction::{Coverage, Covered, Order, Vouch, prune_payload},
    limits::ALONE_MS,
};

use crate::{
    documents::{Document, DocumentKind},
    engine::{
        crypto::payload::Snapshot,
        effect::Part,
        event::Rows,
        library::{
            assemble::{Fault, assemble, keys, named},
            snapshot::{
                MOST_BYTES, MOST_CHANGES, agrees, is_all_of, is_long, is_of, is_whole, open,
            },
        },
        open::{
            Open,
            reading::{ReadFor, kept},
        },
        storage::key::{Range, Table},
        sync::logbook::run,
        turn::Turn,
    },
};

/// What waits for a quiet moment.
#[derive(Default)]
pub(super) struct Compacting {
    /// Documents with something to do, and what another device said of this device's snapshot.
    due: Vec<Due>,
    /// How many envelopes a document had when it was looked at.
    looked: Vec<(DocumentId, usize)>,
}

struct Due {
    channel: Channel,
    document: DocumentId,
    attest: Option<SealedEnvelope>,
}

impl Compacting {
    /// A document has something to do; what was said of it before stays said.
    fn expect(&mut self, channel: Channel, document: DocumentId) {
        if !self.due.iter().any(|due| due.document == document) {
            self.due.push(Due {
                channel,
                document,
                attest: None,
            });
        }
    }

    /// Nothing is to be done for a document any more.
    fn forget(&mut self, document: DocumentId) {
        self.due.retain(|due| due.document != document);
    }

    /// How many envelopes a document had when it was looked at.
    fn looked(&self, document: DocumentId) -> Option<usize> {
        let mut looked = self.looked.iter();
        let found = looked.find(|(known, _)| *known == document);
        found.map(|(_, held)| *held)
    }

    /// Takes up a document that is looked at now.
    fn take_up(&mut self, document: DocumentId, held: usize) -> Option<SealedEnvelope> {
        self.looked.retain(|(known, _)| *known != document);
        self.looked.push((document, held));
        let due = self.due.iter().position(|due| due.document == document)?;
        self.due.remove(due).attest
    }
}

/// Whether an envelope of this kind changes what a document says.
pub(super) const fn is_news(kind: EnvelopeKind) -> bool {
    matches!(kind, EnvelopeKind::Change | EnvelopeKind::Wrap)
}

impl Open {
    /// A document was read whole: if it is heavy, it is looked at once.
    pub(super) fn weigh(&mut self, channel: Channel, id: DocumentId, held: &[SealedEnvelope]) {
        let bytes: usize = held.iter().map(|envelope| envelope.bytes().len()).sum();
        if bytes > MOST_BYTES && self.under_way.compacting.looked(id).is_none() {
            self.under_way.compacting.expect(channel, id);
        }
    }

    /// A snapshot by somebody else waits to be held against what is here; one that was pruned by was vouched for.
    pub(super) fn note_snapshots(
        &mut self,
        channel: Channel,
        id: DocumentId,
        envelopes: &[SealedEnvelope],
    ) {
        let mine = self.device();
        let compacting = &mut self.under_way.compacting;
        for envelope in envelopes.iter().filter(|envelope| !envelope.is_stub()) {
            let header = envelope.header();
            if header.kind == EnvelopeKind::Snapshot && header.author != mine {
                compacting.expect(channel, id);
            } else if header.kind == EnvelopeKind::Prune {
                compacting.forget(id);
            }
        }
    }

    /// Another device has held a snapshot against its own envelopes.
    pub(super) fn hear_vouch(&mut self, channel: Channel, attest: &SealedEnvelope, vouch: &Vouch) {
        let mine = self.device();
        if attest.header().author != mine && vouch.snapshot.author == mine {
            let compacting = &mut self.under_way.compacting;
            compacting.forget(vouch.document);
            compacting.due.push(Due {
                channel,
                document: vouch.document,
                attest: Some(attest.clone()),
            });
        }
    }

    /// Looks at one document, if nobody types and everything is known to be at the relay.
    pub(super) fn compact_quietly(&mut self, turn: &mut Turn<'_>) {
        if !self.is_quiet() {
            return;
        }
        let Some((channel, document)) = self.next_to_compact() else {
            return;
        };
        let range = Range::document(channel, document);
        let id = turn.read(vec![(Table::Log, range, Part::Rows)]);
        self.under_way
            .reads
            .insert(id, ReadFor::Compacting(channel, document));
    }

    fn is_quiet(&self) -> bool {
        !self.made_up
            && self.ready
            && !self.restoring.is_under_way()
            && self.outbox.is_empty()
            && self.pending.is_empty()
            && self.under_way.seal_at.is_none()
            && self.library.unsealed().is_empty()
            && !self
                .under_way
                .reads
                .values()
                .any(|read| matches!(read, ReadFor::Compacting(..)))
    }

    fn next_to_compact(&self) -> Option<(Channel, DocumentId)> {
        let due = self.under_way.compacting.due.first();
        due.map(|due| (due.channel, due.document)).or_else(|| {
            let mut documents = self.logbook.documents();
            documents.find(|(channel, document)| {
                let held = self.held_of(*channel, *document);
                held > MOST_CHANGES
                    && *document != DocumentId::NONE
                    && held
                        > self.under_way.compacting.looked(*document).unwrap_or(0) + MOST_CHANGES
                    && self.may_compact(*channel)
            })
        })
    }

    fn held_of(&self, channel: Channel, document: DocumentId) -> usize {
        usize::try_from(self.logbook.count(channel, document)).unwrap_or(usize::MAX)
    }

    fn may_compact(&self, channel: Channel) -> bool {
        let (mine, index) = (self.device(), self.membership.last_index());
        self.membership.may_compact(&mine, channel, index).is_ok()
    }

    /// A document's envelopes came: does what is next for it.
    pub(super) fn compact(
        &mut self,
        channel: Channel,
        id: DocumentId,
        rows: Rows,
        turn: &mut Turn<'_>,
    ) {
        if !self.is_quiet() {
            return;
        }
        let count = self.held_of(channel, id);
        let attest = self.under_way.compacting.take_up(id, count);
        let (held, damaged) = kept(rows);
        if !damaged.is_empty() {
            return;
        }
        let keyring = &self.keyring.keyring;
        let keys = keys(&held, keyring, &self.membership, &mut Vec::new());
        let Some(kind) = keys.first().map(|(kind, _)| *kind) else {
            return;
        };
        let mut newest: Option<Snapshot> = None;
        for envelope in held.iter().filter(|envelope| is_whole(envelope)) {
            let Some((kind, key)) = named(&keys, envelope) else {
                continue;
            };
            let opened = open(envelope, key, &self.membership)
                .and_then(|snapshot| self.compare((channel, *kind), snapshot, &held));
            match opened {
                Ok(Some(snapshot)) => {
                    self.go_on(&held, envelope, &snapshot, attest.as_ref(), turn);
                    newest = Some(snapshot);
                }
                Ok(None) => {}
                Err(fault) => self.quarantine(envelope.id(), fault.words(), envelope.bytes(), turn),
            }
        }
        if self.may_compact(channel) && is_long(&held, newest.as_ref()) {
            self.write_snapshot((channel, id, kind), &held, turn);
        }
        turn.commit();
    }

    /// Holds a snapshot against what is here of what it covers; nothing if that is not all here.
    fn compare(
        &self,
        (channel, kind): (Channel, DocumentKind),
        snapshot: Snapshot,
        held: &[SealedEnvelope],
    ) -> Result<Option<Snapshot>, Fault> {
        let holdings = self.logbook.holdings(channel);
        let has_come = |run: &Covered| {
            let mut tips = holdings.iter();
            tips.any(|(author, stream, n)| {
                (*author, *stream) == (run.author, run.stream) && *n >= run.n
            })
        };
        if !snapshot.coverage.runs().iter().all(has_come) {
            return Ok(None);
        }
        if !agrees(&snapshot.coverage, held) {
            return Err(Fault::OtherContents);
        }
        let covered: Vec<SealedEnvelope> = held
            .iter()
            .filter(|envelope| is_of(&snapshot.coverage, envelope.header()))
            .cloned()
            .collect();
        let of = assemble(&covered, &self.keyring.keyring, &self.membership);
        if of.lacks || of.locked {
            Ok(None)
        } else if is_all_of(kind, &snapshot, &of.changes) {
            Ok(Some(snapshot))
        } else {
            Err(Fault::OtherContents)
        }
    }

    /// Vouches for a snapshot that is right, or prunes by one that somebody else has vouched for.
    fn go_on(
        &mut self,
        held: &[SealedEnvelope],
        envelope: &SealedEnvelope,
        snapshot: &Snapshot,
        attest: Option<&SealedEnvelope>,
        turn: &mut Turn<'_>,
    ) {
        let header = envelope.header();
        let (channel, mine) = (header.channel, self.device());
        if !self.may_compact(channel) || self.is_pruned_by(envelope.id(), held) {
            return;
        }
        let vouch = Vouch::for_snapshot(envelope, snapshot.coverage.clone());
        if let Some(attest) = attest.filter(|attest| Vouch::of(attest).as_ref() == Some(&vouch)) {
            self.prune(channel, header.document, attest, turn);
            return;
        }
        let index = self.membership.last_index();
        let alone = self.membership.compacts_alone(&mine, channel, index);
        if header.author != mine {
            let run = run(header);
            if !self.logbook.was_attested_by(mine, run, header.n) {
                self.vouch(channel, &vouch, turn);
                let claim = [(run.1, run.2, header.n)];
                self.logbook.hear_attest(channel, mine, &claim, turn);
            }
        } else if alone
            && turn.now >= header.claimed_ms.saturating_add(ALONE_MS)
            && let Some(attest) = self.vouch(channel, &vouch, turn)
        {
            self.prune(channel, header.document, &attest, turn);
        }
    }

    fn is_pruned_by(&self, snapshot: EnvelopeId, held: &[SealedEnvelope]) -> bool {
        let mut prunes = held.iter();
        prunes.any(|prune| {
            Order::of(prune, &self.membership)
                .is_some_and(|order| order.vouch.snapshot.id == snapshot)
        })
    }

    fn vouch(
        &mut self,
        channel: Channel,
        vouch: &Vouch,
        turn: &mut Turn<'_>,
    ) -> Option<SealedEnvelope> {
        let (kind, payload) = (EnvelopeKind::Attest, vouch.encode());
        let attest = self.draw_up(kind, channel, DocumentId::NONE, &payload, turn);
        let attest = attest.ok()?;
        self.post(attest.clone(), turn);
        Some(attest)
    }

    /// A prune that the relay would refuse would hold up all that this device writes, so it is judged here first.
    fn prune(
        &mut self,
        channel: Channel,
        document: DocumentId,
        attest: &SealedEnvelope,
        turn: &mut Turn<'_>,
    ) {
        let payload = prune_payload(attest);
        let prune = self.draw_up(EnvelopeKind::Prune, channel, document, &payload, turn);
        if let Ok(prune) = prune
            && Order::of(&prune, &self.membership).is_some()
        {
            self.post(prune, turn);
        }
    }

    /// Writes a document down whole, if what would be written is exactly what is held and shown.
    fn write_snapshot(
        &mut self,
        (channel, id, kind): (Channel, DocumentId, DocumentKind),
        held: &[SealedEnvelope],
        turn: &mut Turn<'_>,
    ) {
        let of = assemble(held, &self.keyring.keyring, &self.membership);
        // What could not be read may be what a later version can: it must not go.
        if of.lacks || of.locked || !of.faults.is_empty() {
            return;
        }
        let Some((mut made, coverage)) = Document::load(kind, &self.actor, &of.changes)
            .ok()
            .zip(Coverage::of(&mut held.iter()))
        else {
            return;
        };
        let snapshot = Snapshot {
            coverage,
            heads: made.heads(),
            save: made.save(),
        };
        let shown = self.library.live_mut(id).is_none_or(|live| {
            live.document.heads() == snapshot.heads && live.document.says_the_same_as(&made)
        });
        if shown && is_all_of(kind, &snapshot, &of.changes) {
            let payload = snapshot.encode();
            // One that is too large for an envelope stays as long as it is.
            let _too_large = self.seal(EnvelopeKind::Snapshot, channel, id, &payload, turn);
        } else {
            let short: String = id.to_string().chars().take(8).collect();
            let words = "it was not written down whole, since that would not have been the same";
            self.set_aside.push((short, words.to_owned()));
        }
    }
}
