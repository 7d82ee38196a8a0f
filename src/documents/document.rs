//! A document as changes in and changes out.
//!
//! Holds one Automerge document of one kind. Its first change is the kind's own and never travels.
//! Only raw changes and whole saves are stored, never Automerge's bundles, which are experimental.

use std::{fmt, ops::Range};

use automerge::{
    ActorId, AutoCommit, Change, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, TextEncoding, Value,
    transaction::{CommitOptions, Transactable},
};

use super::{
    chunk,
    error::{DocumentError, WriteError},
    genesis::genesis,
    schema::DocumentKind,
    trial::{self, Standing},
};
use crate::domain::gather::put_in_order;
use crate::domain::time::Moment;

/// Where a chunk carries its checksum, and where its kind: after four bytes that name the format.
const CHECKSUM_AT: Range<usize> = 4..8;
const CHUNK_KIND_AT: usize = 8;
const SNAPSHOT: u8 = 0;

/// One document.
pub struct Document {
    kind: DocumentKind,
    doc: AutoCommit,
    /// Heads at the time local changes were last handed out.
    handed_out: Vec<ChangeHash>,
}

impl Document {
    /// A document with nothing but its first change.
    ///
    /// The actor must be fresh random bytes at every start of the engine: one that is used again
    /// after a crash could give one number to two changes, and no device would take both.
    pub fn create(kind: DocumentKind, actor: &[u8]) -> Result<Self, DocumentError> {
        Self::load(kind, actor, &[])
    }

    /// A document from everything that is held of it, in any order, in one step.
    ///
    /// A chunk is one raw change or one whole save. Changes whose predecessors are missing are kept
    /// until those come (see [`Self::is_waiting`]).
    pub fn load(
        kind: DocumentKind,
        actor: &[u8],
        chunks: &[Vec<u8>],
    ) -> Result<Self, DocumentError> {
        let mut doc = AutoCommit::new_with_encoding(TextEncoding::UnicodeCodePoint)
            .with_actor(ActorId::from(actor));
        let first = parse_change(genesis(kind)).ok_or(DocumentError::NoGenesis { kind })?;
        take_chunks(&mut doc, Some(&first), chunks, parse_chunk)?;
        let handed_out = doc.get_heads();
        Ok(Self {
            kind,
            doc,
            handed_out,
        })
    }

    /// The same, leaving out the chunks that cannot be read or contradict what is there; which ones those are.
    ///
    /// One person's wrong bytes must not hide what everybody else wrote.
    pub fn load_without_the_refused(
        kind: DocumentKind,
        actor: &[u8],
        chunks: &[Vec<u8>],
    ) -> Result<(Self, Vec<usize>), DocumentError> {
        let trouble = match Self::load(kind, actor, chunks) {
            Ok(document) => return Ok((document, Vec::new())),
            Err(trouble) => trouble,
        };
        if matches!(trouble, DocumentError::NoGenesis { .. }) {
            return Err(trouble);
        }
        let mut document = Self::create(kind, actor)?;
        let mut refused = Vec::new();
        for (index, chunk) in chunks.iter().enumerate() {
            let chunk = core::slice::from_ref(chunk);
            if take_chunks(&mut document.doc, None, chunk, parse_chunk).is_err() {
                refused.push(index);
            }
        }
        document.handed_out = document.doc.get_heads();
        Ok((document, refused))
    }

    /// Adds changes of other devices; those already there do no harm.
    pub fn apply(&mut self, changes: &[Vec<u8>]) -> Result<(), DocumentError> {
        take_chunks(&mut self.doc, None, changes, |bytes| {
            Some(vec![parse_change(bytes)?])
        })
    }

    /// The same with chunks that may be whole saves.
    pub fn merge(&mut self, chunks: &[Vec<u8>]) -> Result<(), DocumentError> {
        take_chunks(&mut self.doc, None, chunks, parse_chunk)
    }

    /// Ends the local changes made since the last call and gives their raw bytes, oldest first.
    ///
    /// Empty if nothing was changed. The moment is a claim for people to read; merging ignores it.
    pub fn commit_new(&mut self, at: Moment) -> Vec<Vec<u8>> {
        if self.doc.pending_ops() > 0 {
            self.doc
                .commit_with(CommitOptions::default().with_time(at.seconds()));
        }
        let mut made = self.doc.get_changes(&self.handed_out);
        let own = self.doc.get_actor().clone();
        made.retain(|change| *change.actor_id() == own);
        self.handed_out = self.doc.get_heads();
        made.into_iter()
            .map(|mut change| change.bytes().into_owned())
            .collect()
    }

    /// What the document holds.
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The hashes of the latest changes, sorted: two documents with equal heads are equal.
    pub fn heads(&mut self) -> Vec<[u8; 32]> {
        let mut heads: Vec<[u8; 32]> = self.doc.get_heads().iter().map(|head| head.0).collect();
        put_in_order(&mut heads, Ord::cmp);
        heads
    }

    /// Whether changes are held whose predecessors have not come yet.
    pub fn is_waiting(&mut self) -> bool {
        !self.doc.get_missing_deps(&[]).is_empty()
    }

    /// The whole document as one chunk, for a snapshot.
    pub fn save(&mut self) -> Vec<u8> {
        self.doc.save()
    }

    /// Whether both say the same, container by container.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        says_the_same((&self.doc, &ROOT), (&other.doc, &ROOT))
    }

    /// The actors of all changes but the first, which is nobody's.
    pub fn actors(&mut self) -> Vec<Vec<u8>> {
        let first = parse_change(genesis(self.kind)).map(|change| change.hash());
        let changes = self.doc.get_changes(&[]);
        let changes = changes.iter().filter(|change| Some(change.hash()) != first);
        changes
            .map(|change| change.actor_id().to_bytes().to_vec())
            .collect()
    }

    /// For reading records.
    pub(super) const fn reading(&self) -> &AutoCommit {
        &self.doc
    }

    /// For the verbs of one kind.
    pub(super) fn writing(&mut self, kind: DocumentKind) -> Result<&mut AutoCommit, WriteError> {
        if self.kind == kind {
            return Ok(&mut self.doc);
        }
        Err(WriteError::OtherKind {
            expected: kind,
            found: self.kind,
        })
    }
}

/// Documents are made of maps, texts and single values; anything else counts as a difference.
fn says_the_same(
    (one, here): (&AutoCommit, &ObjId),
    (other, there): (&AutoCommit, &ObjId),
) -> bool {
    let names: Vec<String> = one.keys(here).collect();
    let same = |name: &String| {
        let (Ok(Some((a, part))), Ok(Some((b, same_part)))) = (
            one.get(here, name.as_str()),
            other.get(there, name.as_str()),
        ) else {
            return false;
        };
        a == b
            && match a {
                Value::Object(ObjType::Map) => says_the_same((one, &part), (other, &same_part)),
                Value::Object(ObjType::Text) => one.text(&part).ok() == other.text(&same_part).ok(),
                Value::Object(_) => false,
                Value::Scalar(_) => true,
            }
    };
    names == other.keys(there).collect::<Vec<_>>() && names.iter().all(same)
}

/// The actor of each raw change, in order, so that a receiver can hold it against its envelope.
pub fn change_actors(changes: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, DocumentError> {
    let changes = parse_changes(changes)?;
    Ok(changes
        .iter()
        .map(|change| change.actor_id().to_bytes().to_vec())
        .collect())
}

/// Reads chunks and applies them: all in one step, but for those that are suspected of stopping the program.
fn take_chunks(
    doc: &mut AutoCommit,
    first: Option<&Change>,
    chunks: &[Vec<u8>],
    parse: fn(&[u8]) -> Option<Vec<Change>>,
) -> Result<(), DocumentError> {
    let standings = trial::begin(chunks);
    let numbered = || chunks.iter().enumerate().zip(&standings);
    if let Some(((index, _), _)) = numbered().find(|(_, is)| **is == Standing::Refused) {
        return Err(DocumentError::ChunkUnreadable { index });
    }
    let read = |index: usize, chunk: &[u8]| {
        let changes = parse(chunk).ok_or(DocumentError::ChunkUnreadable { index })?;
        Ok((index, changes))
    };
    let good = numbered().filter(|(_, is)| **is == Standing::Good);
    let good = good.map(|((index, chunk), _)| read(index, chunk));
    let good: Vec<_> = good.collect::<Result<_, _>>()?;
    take(doc, first, &good)?;
    for ((index, chunk), _) in numbered().filter(|(_, is)| **is == Standing::Suspect) {
        trial::begin_alone(chunk);
        take(doc, None, &[read(index, chunk)?])?;
        // Some mistakes show only when everything is read again.
        let again = AutoCommit::load(&doc.save());
        trial::end();
        again.map_err(|_| DocumentError::ChunkRefused { index })?;
    }
    Ok(())
}

/// Applies everything in one step, which is what makes a long history open quickly.
///
/// Only if that is refused does it go one by one, to name the chunk at fault.
fn take(
    doc: &mut AutoCommit,
    first: Option<&Change>,
    held: &[(usize, Vec<Change>)],
) -> Result<(), DocumentError> {
    let parts = held.iter().flat_map(|(_, part)| part);
    let all: Vec<Change> = first.into_iter().chain(parts).cloned().collect();
    if doc.apply_changes_batch(all).is_ok() {
        return Ok(());
    }
    let mut last = 0;
    for (index, part) in held {
        last = *index;
        let part: Vec<Change> = first.into_iter().chain(part).cloned().collect();
        doc.apply_changes(part)
            .map_err(|_| DocumentError::ChunkRefused { index: last })?;
    }
    Err(DocumentError::ChunkRefused { index: last })
}

fn parse_changes(changes: &[Vec<u8>]) -> Result<Vec<Change>, DocumentError> {
    let numbered = changes.iter().enumerate().zip(trial::begin(changes));
    numbered
        .map(|((index, bytes), standing)| {
            let good = match standing {
                Standing::Good => parse_change(bytes),
                Standing::Suspect => {
                    trial::begin_alone(bytes);
                    parse_change(bytes)
                }
                Standing::Refused => None,
            };
            good.ok_or(DocumentError::ChunkUnreadable { index })
        })
        .collect()
}

/// The changes of one chunk: one raw change, or all changes of a save.
fn parse_chunk(chunk: &[u8]) -> Option<Vec<Change>> {
    if chunk.get(CHUNK_KIND_AT) != Some(&SNAPSHOT) {
        return Some(vec![parse_change(chunk)?]);
    }
    if !chunk::is_bounded(chunk) {
        return None;
    }
    let mut saved = AutoCommit::load(chunk).ok()?;
    Some(saved.get_changes(&[]))
}

/// One raw change whose checksum, the beginning of its hash, is right; the library does not ask.
fn parse_change(bytes: &[u8]) -> Option<Change> {
    if !chunk::is_bounded(bytes) {
        return None;
    }
    let change = Change::from_bytes(bytes.to_vec()).ok()?;
    let checksum = change.raw_bytes().get(CHECKSUM_AT)?;
    change.hash().0.starts_with(checksum).then_some(change)
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({:?})", self.kind)
    }
}

#[cfg(test)]
mod tests;
