//! Opening documents from the log: one read, one load a document, whatever it is needed for.

use std::collections::BTreeSet;

use sync_protocol::{Channel, DocumentId, SealedEnvelope};

use crate::domain::{few::Few, gather::Gather};
use crate::{
    documents::Document,
    engine::{
        effect::Part,
        event::Rows,
        library::{
            assemble::{self, Assembled, Fault},
            record::Opened,
        },
        open::{Open, compacting::is_news},
        storage::key::{Key, Range, Table},
        summary::Summary,
        sync::{logbook::log_key, restoring::Again},
        turn::Turn,
    },
};

/// What rows were asked for.
pub(super) enum ReadFor {
    /// To open or refresh these documents.
    Documents(Vec<(Channel, DocumentId)>),
    /// To see what is still in the outbox, of what was in it before this key when storage was asked.
    OutboxKeys(Key),
    /// To send the chain.
    Chain,
    /// To find what the relay lacks.
    LogKeys,
    /// To send these envelopes again.
    Again(Vec<Again>),
    /// To send these again, with what shows that some have no body any more.
    Prunes(Vec<(Again, Vec<u8>)>),
    /// To seal again what the relay knows otherwise.
    Conflicting,
    /// To see whose keys are here.
    Keyrings,
    /// To write this document down whole, or to hold such a snapshot against it.
    Compacting(Channel, DocumentId),
}

impl ReadFor {
    /// The documents that are being read.
    fn documents(&self) -> &[(Channel, DocumentId)] {
        match self {
            Self::Documents(documents) => documents,
            Self::OutboxKeys(_)
            | Self::Chain
            | Self::LogKeys
            | Self::Again(_)
            | Self::Prunes(_)
            | Self::Conflicting
            | Self::Keyrings
            | Self::Compacting(..) => &[],
        }
    }
}

impl Open {
    /// Channels this person may read.
    pub(crate) fn readable_channels(&self) -> BTreeSet<Channel> {
        self.membership
            .channels_readable_by(&self.member())
            .into_iter()
            .gather()
    }

    /// Asks for the envelopes of these documents.
    pub(crate) fn read_documents(
        &mut self,
        documents: Vec<(Channel, DocumentId)>,
        turn: &mut Turn<'_>,
    ) {
        if documents.is_empty() {
            return;
        }
        let ranges = documents.iter().map(|(channel, document)| {
            (Table::Log, Range::document(*channel, *document), Part::Rows)
        });
        let id = turn.read(ranges.collect());
        self.under_way
            .reads
            .insert(id, ReadFor::Documents(documents));
    }

    /// Opens documents that a command or a screen needs; those already asked for are not asked for twice.
    pub(crate) fn want(&mut self, documents: &BTreeSet<DocumentId>, turn: &mut Turn<'_>) {
        let closed = self.library.closed_among(documents);
        let coming: BTreeSet<DocumentId> = self
            .under_way
            .reads
            .values()
            .flat_map(ReadFor::documents)
            .map(|(_, document)| *document)
            .gather();
        let wanted = closed.difference(&coming).filter_map(|document| {
            self.library
                .entry(*document)
                .map(|entry| (entry.channel, *document))
        });
        let wanted: Vec<_> = wanted.collect();
        self.read_documents(wanted, turn);
    }

    /// Rows of the log came: opens the documents, brings summaries up to date, wakes waiting commands.
    pub(crate) fn documents_read(
        &mut self,
        documents: &[(Channel, DocumentId)],
        rows: Vec<Rows>,
        turn: &mut Turn<'_>,
    ) {
        for ((channel, document), rows) in documents.iter().zip(rows) {
            let (held, damaged) = kept(rows);
            if damaged.is_empty() {
                self.open_document(*channel, *document, &held, turn);
            } else {
                self.mend(*channel, *document, &damaged, turn);
            }
        }
        self.commit_what_can_wait(turn);
        self.wake_waiting(turn);
    }

    /// Opens one document from all its envelopes and the changes made here that are in none.
    pub(crate) fn open_document(
        &mut self,
        channel: Channel,
        id: DocumentId,
        envelopes: &[SealedEnvelope],
        turn: &mut Turn<'_>,
    ) {
        if self.lies_elsewhere(channel, id, envelopes, turn) {
            return;
        }
        let Assembled {
            known,
            mut changes,
            origins,
            faults,
            lacks,
            locked: _,
        } = assemble::assemble(envelopes, &self.keyring.keyring, &self.membership);
        let held: Few<_, _> = envelopes
            .iter()
            .map(|envelope| (envelope.id(), envelope))
            .gather();
        let mut damaged = Vec::new();
        for (envelope, fault) in faults {
            let Some(envelope) = held.get(&envelope) else {
                continue;
            };
            if matches!(fault, Fault::Signature | Fault::OtherChain) {
                // It held when it joined the log.
                damaged.push(log_key(envelope.header()));
            } else {
                self.quarantine(envelope.id(), fault.words(), envelope.bytes(), turn);
            }
        }
        if !damaged.is_empty() {
            return self.mend(channel, id, &damaged, turn);
        }
        let count = self.logbook.count(channel, id);
        self.weigh(channel, id, envelopes);
        let latest = envelopes
            .iter()
            .filter(|envelope| is_news(envelope.header().kind))
            .max_by_key(|envelope| (envelope.header().claimed_ms, envelope.header().n));
        let entry = self.library.entry_mut(id, channel);
        entry.covered = count;
        if let Some(header) = latest.map(SealedEnvelope::header) {
            entry.changed_by(header);
        }
        let Some((kind, key)) = known else {
            // The wrap has not come yet: the document opens when it does.
            return;
        };
        entry.known = Some((kind, key));
        if let Some(live) = self.library.live_mut(id) {
            // What is open may be ahead of what was read.
            let applied = live.document.merge(&changes).is_ok();
            live.opened = Opened::read(&live.document);
            if applied || !live.unsealed.is_empty() {
                return self.summarise(id, turn);
            }
        }
        if lacks {
            return self.leave_unreadable(channel, id, NOT_WHOLE, turn);
        }
        let pending = self.pending.remove(&id).unwrap_or_default();
        changes.extend(
            pending
                .iter()
                .flat_map(|(_, changes)| changes.iter().cloned()),
        );
        let loaded = Document::load_without_the_refused(kind, &self.actor, &changes);
        let Ok((document, refused)) = loaded else {
            return self.leave_unreadable(channel, id, "it cannot be read", turn);
        };
        let contradicting = refused.into_iter().filter_map(|index| origins.get(index));
        for envelope in contradicting {
            let bytes = held.get(envelope).map_or(&[][..], |held| held.bytes());
            self.quarantine(*envelope, Fault::Contradicts.words(), bytes, turn);
        }
        let opened = Opened::read(&document);
        let live = self.library.keep_open(id, document, opened);
        for (key, changes) in pending {
            live.unsealed.extend(changes);
            live.pending.push(key);
        }
        if !live.unsealed.is_empty() {
            // Without room it would be refused again, and read again, without a pause.
            let pause = self.storage_trouble.map_or(0, |_| WITHOUT_ROOM_MS);
            self.under_way.seal_at.get_or_insert(turn.now + pause);
        }
        self.summarise(id, turn);
    }

    /// These rows of a document are not what joined the log. It is shown again when it is whole: to leave out what they
    /// held could hide that a child was collected.
    fn mend(&mut self, channel: Channel, id: DocumentId, damaged: &[Key], turn: &mut Turn<'_>) {
        self.fetch_runs_again(damaged, turn);
        self.leave_unreadable(channel, id, NOT_WHOLE, turn);
    }

    fn leave_unreadable(
        &mut self,
        channel: Channel,
        id: DocumentId,
        words: &str,
        turn: &mut Turn<'_>,
    ) {
        let unreadable = Summary::Unreadable(words.to_owned());
        self.library.summarise(id, channel, unreadable);
        self.library
            .write_entry(id, self.device(), &self.keyring.keyring.local, turn);
    }

    fn wake_waiting(&mut self, turn: &mut Turn<'_>) {
        for waiting in core::mem::take(&mut self.under_way.waiting) {
            if self.library.closed_among(&waiting.needs).is_empty() {
                self.obey(waiting.id, waiting.command, turn);
            } else if self.is_coming(&waiting.needs) {
                self.under_way.waiting.push(waiting);
            } else {
                turn.reply(waiting.id, Err(crate::engine::open::writing::gone()));
            }
        }
    }

    /// True if every closed one of these documents is being read.
    fn is_coming(&self, documents: &BTreeSet<DocumentId>) -> bool {
        self.library.closed_among(documents).iter().all(|document| {
            let coming = |read: &ReadFor| read.documents().iter().any(|(_, id)| id == document);
            self.under_way.reads.values().any(coming)
        })
    }
}

/// How long a tablet without room waits before it tries to seal what was typed, ms.
const WITHOUT_ROOM_MS: i64 = 60_000;

/// Why a document is not shown of which something is elsewhere, or damaged here.
const NOT_WHOLE: &str = "a part of it is not on this tablet yet";

/// The envelopes, whole or not, that these rows of the log hold, and the keys of rows that hold another or none.
pub(super) fn kept(rows: Rows) -> (Vec<SealedEnvelope>, Vec<Key>) {
    let (mut held, mut damaged) = (Vec::new(), Vec::new());
    for (key, row) in rows {
        match SealedEnvelope::parse_kept(row) {
            Ok(envelope) if log_key(envelope.header()) == key => held.push(envelope),
            _ => damaged.push(key),
        }
    }
    (held, damaged)
}
