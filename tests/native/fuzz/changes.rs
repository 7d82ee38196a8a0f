//! Automerge's own bytes made wrong behind a right checksum, as an enrolled member could, and read as our records.

use std::{fs, io::Write as _, panic};

use automerge::AutoCommit;
use neutral_ground::{
    documents::{
        Document, DocumentKind,
        document::change_actors,
        record::{
            arrangement, centre, conflicts, family, note, protected, referral, session, visit,
            worker,
        },
        trial::{self, Lesson},
    },
    domain::{
        ids::MemberId,
        policy::{self, Acting},
        worker::Role,
    },
};
use sha2::{Digest as _, Sha256};

use crate::{
    fuzz::{
        mutation::{Chance, Corpus, leb128},
        run::{Notes, Target, is_the_librarys},
    },
    support::root,
};

const SNAPSHOT: u8 = 0;
const CHANGE: u8 = 1;
const COMPRESSED: u8 = 2;
/// Where a chunk's kind is; its length follows, then its body.
const KIND_AT: usize = 8;

/// Raw changes and whole saves of every kind of document.
pub(crate) struct Chunks {
    corpora: Vec<(DocumentKind, Corpus)>,
}

impl Chunks {
    pub(crate) fn make() -> Box<dyn Target> {
        let corpora = DocumentKind::ALL.iter().map(|kind| {
            let mut saved = saved(*kind);
            let mut seeds = plain_changes(&mut saved);
            seeds.push(saved.save());
            seeds.push(saved.save_nocompress());
            (*kind, Corpus::new(seeds))
        });
        Box::new(Self {
            corpora: corpora.collect(),
        })
    }
}

impl Target for Chunks {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        let place = chance.below(self.corpora.len());
        let (kind, corpus) = &mut self.corpora[place];
        let wrong = corpus.wrong(chance);
        let chunk = dress(&wrong, chance);
        notes.trying(&chunk);
        // Alone, and beside what is really there, in either order.
        let mut chunks = vec![chunk];
        if !chance.one_in(3) {
            chunks.push(saved(*kind).save());
            if chance.one_in(2) {
                chunks.reverse();
            }
        }
        if survive(*kind, &chunks) {
            notes.taken();
            corpus.keep(&wrong, chance);
        }
    }
}

/// Opens a document as the app does, started again after every panic of the library with what that one taught it.
///
/// True if every chunk was taken.
pub(crate) fn survive(kind: DocumentKind, chunks: &[Vec<u8>]) -> bool {
    let mut lesson = Lesson::default();
    let taken = loop {
        trial::heed(&lesson);
        match panic::catch_unwind(|| read_all(kind, chunks)) {
            Ok(taken) => break taken,
            Err(panic) => {
                let learned = lesson.learn(&trial::on_trial());
                if !learned || !is_the_librarys() {
                    panic::resume_unwind(panic);
                }
            }
        }
    };
    trial::heed(&Lesson::default());
    let real = saved(kind).save();
    let mark = blake3::hash(&real);
    assert!(
        !lesson.refused.contains(mark.as_bytes()),
        "what is honest is never blamed"
    );
    taken
}

/// Opens a document as the engine does: leaves out what cannot be read, then what is refused; true if nothing was.
fn read_all(kind: DocumentKind, chunks: &[Vec<u8>]) -> bool {
    let is_save = |chunk: &[u8]| chunk.get(KIND_AT) == Some(&SNAPSHOT);
    let readable = chunks
        .iter()
        .filter(|chunk| is_save(chunk) || change_actors(core::slice::from_ref(chunk)).is_ok());
    let readable: Vec<Vec<u8>> = readable.cloned().collect();
    let loaded = Document::load_without_the_refused(kind, &[77; 24], &readable);
    let (mut document, refused) = loaded.expect("what is refused is left out");
    read(&document);
    if chunks.len() > 1 {
        assert!(
            document.heads().len() <= 2,
            "what is honest is there, and perhaps one change more"
        );
    }
    let _save = document.save();
    let mut fresh = Document::create(kind, &[79; 24]).unwrap();
    for change in readable.iter().filter(|chunk| !is_save(chunk)) {
        let _refused = fresh.apply(core::slice::from_ref(change));
        read(&fresh);
    }
    refused.is_empty() && readable.len() == chunks.len()
}

/// Every reader of records there is; what cannot be read is an error and never a panic.
fn read(document: &Document) {
    let acting = Acting {
        member: MemberId::from_bytes([1; 16]),
        roles: [Role::Coordinator].into_iter().collect(),
    };
    let permit = policy::may_open_protected(&acting).unwrap();
    let _ = (
        arrangement::read(document),
        centre::read(document),
        family::read(document),
    );
    let _ = (
        note::read(document),
        note::entries(document),
        referral::read(document),
    );
    let _ = (
        protected::read(document, permit),
        protected::subject(document),
    );
    let _ = (protected::openings(document), session::read(document));
    let _ = (
        visit::read(document),
        visit::events(document),
        worker::read(document),
    );
    let _ = conflicts(document);
}

/// A kind's document as a released version saved it.
fn saved(kind: DocumentKind) -> AutoCommit {
    let path = root().join(format!(
        "tests/fixtures/documents/0.1-{:02}.bin",
        kind.code()
    ));
    AutoCommit::load(&fs::read(path).unwrap()).unwrap()
}

/// Its changes, none of them compressed.
fn plain_changes(document: &mut AutoCommit) -> Vec<Vec<u8>> {
    let changes = document.get_changes(&[]);
    changes
        .iter()
        .map(|change| change.raw_bytes().to_vec())
        .collect()
}

/// Changes as they travel.
pub(crate) fn real_changes() -> Vec<Vec<u8>> {
    let changes = saved(DocumentKind::Visit).get_changes(&[]);
    let travelling = changes
        .into_iter()
        .map(|mut change| change.bytes().into_owned());
    travelling.collect()
}

/// Puts the right length and checksum before a body, and compresses some as Automerge would.
pub(crate) fn dress(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    if chance.one_in(8) || bytes.len() <= KIND_AT {
        return bytes.to_vec();
    }
    let kind = if chance.one_in(16) {
        bytes[KIND_AT]
    } else {
        bytes[KIND_AT] & 1
    };
    let body = &bytes[KIND_AT + 1..];
    let length = body.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    let body = body.get(length..).unwrap_or_default();
    if kind == CHANGE && chance.one_in(4) {
        return compressed(body);
    }
    chunk(kind, body, body)
}

/// A change as Automerge compresses it: the checksum is of what was compressed.
pub(crate) fn compressed(body: &[u8]) -> Vec<u8> {
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflater.write_all(body).unwrap();
    chunk(COMPRESSED, &deflater.finish().unwrap(), body)
}

/// A chunk of this kind whose checksum is right.
pub(crate) fn chunk(kind: u8, body: &[u8], sums: &[u8]) -> Vec<u8> {
    let summed = if kind == COMPRESSED { CHANGE } else { kind };
    let mut hash = Sha256::new();
    hash.update([summed]);
    hash.update(leb128(u64::try_from(sums.len()).unwrap()));
    hash.update(sums);
    let mut bytes = vec![0x85, 0x6F, 0x4A, 0x83];
    bytes.extend_from_slice(&hash.finalize()[..4]);
    bytes.push(kind);
    bytes.extend(leb128(u64::try_from(body.len()).unwrap()));
    bytes.extend_from_slice(body);
    bytes
}

#[test]
fn what_is_dressed_without_being_changed_is_what_it_was() {
    let mut visit = saved(DocumentKind::Visit);
    for change in plain_changes(&mut visit) {
        let body_at = KIND_AT
            + 1
            + change[KIND_AT + 1..]
                .iter()
                .take_while(|byte| **byte >= 0x80)
                .count()
            + 1;
        assert_eq!(
            chunk(CHANGE, &change[body_at..], &change[body_at..]),
            change
        );
        assert!(read_all(
            DocumentKind::Visit,
            &[compressed(&change[body_at..])]
        ));
    }
    let whole = visit.save_nocompress();
    assert_eq!(whole[KIND_AT], SNAPSHOT);
    assert!(survive(DocumentKind::Visit, &[whole]));
}
