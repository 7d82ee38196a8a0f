//! The documents this member can open: an index row for each, and the few that are open.
//!
//! It knows keys and summaries; it must not know the relay.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sync_protocol::{Channel, DeviceId, DocumentId, Header, StreamId};

use crate::domain::{few::Few, gather::Gather};
use crate::{
    documents::{Document, DocumentKind},
    engine::{
        crypto::{
            key::{DocumentKey, LocalKey},
            local::{self, RowPlace},
        },
        event::Rows,
        library::record::Opened,
        storage::key::{Key, Table},
        summary::Summary,
        sync::logbook::{Run, run},
        turn::Turn,
    },
};

/// From envelopes to a document.
pub(crate) mod assemble;
/// What an open document says.
pub(crate) mod record;
/// Snapshots held against what they are of.
pub(crate) mod snapshot;

/// At most this many documents are open at once.
const MOST_OPEN: usize = 200;

/// One document of the index.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its channel.
    pub(crate) channel: Channel,
    /// Its kind and key, once its wrap has come.
    pub(crate) known: Option<(DocumentKind, DocumentKey)>,
    /// Envelopes of the log that the summary covers.
    pub(crate) covered: u32,
    /// What lists need.
    pub(crate) summary: Option<Summary>,
    /// The last envelope that changed it.
    pub(crate) last: Option<(Run, u64)>,
    /// When it was last changed, ms, as its author claims.
    pub(crate) changed_at: i64,
}

impl Entry {
    /// Takes the envelope with this header as the last that changed it.
    pub(crate) fn changed_by(&mut self, header: &Header) {
        self.last = Some((run(header), header.n));
        self.changed_at = header.claimed_ms;
    }
}

/// The stored form of an [`Entry`], sealed under the member's local key.
#[derive(Serialize, Deserialize)]
struct EntryRow {
    channel: Vec<u8>,
    known: Option<(u8, [u8; 32])>,
    covered: u32,
    summary: Option<Summary>,
    last: Option<([u8; 16], [u8; 8], u64)>,
    changed_at: i64,
}

/// An open document.
pub(crate) struct Live {
    /// The Automerge document.
    pub(crate) document: Document,
    /// What it says, parsed.
    pub(crate) opened: Opened,
    /// Changes made here and in no envelope yet, with their rows in [`Table::Pending`].
    pub(crate) unsealed: Vec<Vec<u8>>,
    /// The rows of `unsealed`.
    pub(crate) pending: Vec<Key>,
    used: u64,
}

/// The index and the open documents.
#[derive(Default)]
pub(crate) struct Library {
    entries: BTreeMap<DocumentId, Entry>,
    /// In order. Every screen asks for the few people and the centre, among thousands of visits and notes.
    by_kind: Vec<(u8, DocumentId)>,
    open: Few<DocumentId, Live>,
    uses: u64,
}

impl Library {
    /// Reads the index back. A row that does not open is left out: its document is read again from the log.
    pub(crate) fn read(rows: &Rows, local: &LocalKey) -> Self {
        let mut library = Self::default();
        for (key, row) in rows {
            let document = key.part(16).map(DocumentId::from_bytes);
            if let Some((document, entry)) = document.zip(open_entry(key, row, local)) {
                library.entries.insert(document, entry);
                library.keep_by_kind(document);
            }
        }
        library
    }

    /// A document's entry.
    pub(crate) fn entry(&self, document: DocumentId) -> Option<&Entry> {
        self.entries.get(&document)
    }

    /// True if a document's key is held and it could be read when last tried.
    pub(crate) fn can_open(&self, document: DocumentId) -> bool {
        self.entries.get(&document).is_some_and(|entry| {
            entry.known.is_some() && !matches!(entry.summary, Some(Summary::Unreadable(_)))
        })
    }

    /// A document's entry, to change; a blank one if it is new.
    pub(crate) fn entry_mut(&mut self, document: DocumentId, channel: Channel) -> &mut Entry {
        self.entries.entry(document).or_insert(Entry {
            channel,
            known: None,
            covered: 0,
            summary: None,
            last: None,
            changed_at: 0,
        })
    }

    /// Says what lists need of a document.
    pub(crate) fn summarise(&mut self, document: DocumentId, channel: Channel, summary: Summary) {
        self.entry_mut(document, channel).summary = Some(summary);
        self.keep_by_kind(document);
    }

    fn keep_by_kind(&mut self, document: DocumentId) {
        let known = self
            .entries
            .get(&document)
            .and_then(|entry| entry.known.as_ref());
        if let Some((kind, _)) = known
            && let Err(place) = self.by_kind.binary_search(&(kind.code(), document))
        {
            self.by_kind.insert(place, (kind.code(), document));
        }
    }

    /// Forgets a document that is not what goes by this name.
    pub(crate) fn give_up(&mut self, document: DocumentId) {
        self.entries.remove(&document);
        self.open.remove(&document);
    }

    /// Every entry.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (DocumentId, &Entry)> {
        self.entries
            .iter()
            .map(|(document, entry)| (*document, entry))
    }

    /// How many documents have a summary.
    pub(crate) fn count(&self) -> usize {
        let entries = self.entries.values();
        entries.filter(|entry| entry.summary.is_some()).count()
    }

    /// The summaries of documents of a kind, in the order of their names. A document that was of this kind once may
    /// be among them with another summary.
    pub(crate) fn of_kind(&self, kind: DocumentKind) -> Vec<(DocumentId, &Summary)> {
        let code = kind.code();
        let start = self.by_kind.partition_point(|(before, _)| *before < code);
        let end = self.by_kind.partition_point(|(before, _)| *before <= code);
        let names = self.by_kind.get(start..end).unwrap_or_default().iter();
        names
            .filter_map(|(_, name)| Some((*name, self.entries.get(name)?.summary.as_ref()?)))
            .gather()
    }

    /// An open document.
    pub(crate) fn live(&self, document: DocumentId) -> Option<&Live> {
        self.open.get(&document)
    }

    /// An open document, to change.
    pub(crate) fn live_mut(&mut self, document: DocumentId) -> Option<&mut Live> {
        self.uses += 1;
        let uses = self.uses;
        let live = self.open.get_mut(&document)?;
        live.used = uses;
        Some(live)
    }

    /// What an open document says.
    pub(crate) fn opened(&self, document: DocumentId) -> Option<&Opened> {
        self.open.get(&document).map(|live| &live.opened)
    }

    /// Keeps a document open; the one unused longest is closed, unless it has changes that are in no envelope.
    pub(crate) fn keep_open(
        &mut self,
        id: DocumentId,
        document: Document,
        opened: Opened,
    ) -> &mut Live {
        self.close_least_used();
        self.uses += 1;
        let used = self.uses;
        let live = Live {
            document,
            opened,
            unsealed: Vec::new(),
            pending: Vec::new(),
            used,
        };
        self.open.remove(&id);
        self.open.or_insert_with(id, || live)
    }

    /// Documents with changes that are in no envelope yet.
    pub(crate) fn unsealed(&self) -> Vec<DocumentId> {
        let unsealed = self
            .open
            .iter()
            .filter(|(_, live)| !live.unsealed.is_empty());
        unsealed.map(|(document, _)| *document).collect()
    }

    /// Which of these are not open.
    pub(crate) fn closed_among(&self, documents: &BTreeSet<DocumentId>) -> BTreeSet<DocumentId> {
        documents
            .iter()
            .filter(|document| !self.open.contains_key(document))
            .copied()
            .gather()
    }

    /// Adds a document's index row to the batch.
    pub(crate) fn write_entry(
        &self,
        document: DocumentId,
        device: DeviceId,
        local: &LocalKey,
        turn: &mut Turn<'_>,
    ) {
        let Some(entry) = self.entries.get(&document) else {
            return;
        };
        let row = EntryRow {
            channel: entry.channel.to_bytes().to_vec(),
            known: entry
                .known
                .as_ref()
                .map(|(kind, key)| (kind.code(), *key.expose())),
            covered: entry.covered,
            summary: entry.summary.clone(),
            last: entry
                .last
                .map(|((_, author, stream), n)| (*author.as_bytes(), *stream.as_bytes(), n)),
            changed_at: entry.changed_at,
        };
        let key = Key::index(device, document);
        let plain = zeroize::Zeroizing::new(postcard::to_allocvec(&row).unwrap_or_default());
        let place = RowPlace {
            table: Table::Index.name(),
            key: &key.0,
        };
        let sealed = local::seal_row(local, place, &plain, turn.rng);
        turn.put(Table::Index, key, sealed);
    }

    fn close_least_used(&mut self) {
        if self.open.len() < MOST_OPEN {
            return;
        }
        let idle = self
            .open
            .iter()
            .filter(|(_, live)| live.unsealed.is_empty());
        if let Some(document) = idle
            .min_by_key(|(_, live)| live.used)
            .map(|(document, _)| *document)
        {
            self.open.remove(&document);
        }
    }
}

fn open_entry(key: &Key, row: &[u8], local: &LocalKey) -> Option<Entry> {
    let place = RowPlace {
        table: Table::Index.name(),
        key: &key.0,
    };
    let plain = local::open_row(local, place, row).ok()?;
    let row: EntryRow = postcard::from_bytes(&plain).ok()?;
    let channel = Channel::parse(row.channel.as_slice()).ok()?;
    let known = match row.known {
        Some((code, key)) => Some((DocumentKind::from_code(code)?, DocumentKey::from_bytes(key))),
        None => None,
    };
    let last = row.last.map(|(author, stream, n)| {
        (
            (
                channel,
                DeviceId::from_bytes(author),
                StreamId::from_bytes(stream),
            ),
            n,
        )
    });
    Some(Entry {
        channel,
        known,
        covered: row.covered,
        summary: row.summary,
        last,
        changed_at: row.changed_at,
    })
}
