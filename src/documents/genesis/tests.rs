//! The files hold what the description makes, and what was released once stays as it was.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use automerge::{
    ActorId, AutoCommit, Change, ObjType, ROOT, TextEncoding,
    transaction::{CommitOptions, Transactable},
};

use super::*;
use crate::documents::schema::SCHEMA_VERSION;

/// The containers the first change makes at the root.
const fn containers(kind: DocumentKind) -> &'static [&'static str] {
    match kind {
        DocumentKind::Centre => &["rooms", "entrances", "waiting_areas"],
        DocumentKind::Worker => &["roles"],
        DocumentKind::Session => &["workers"],
        DocumentKind::Visit => &[
            "children",
            "resident",
            "visiting",
            "stagger",
            "needs",
            "collectors",
            "events",
        ],
        DocumentKind::Referral => &[
            "referrer", "children", "resident", "visiting", "forms", "needs",
        ],
        DocumentKind::FamilyFile => &["children", "resident", "visiting", "needs", "collectors"],
        DocumentKind::Arrangement => &["stagger", "conditions"],
        DocumentKind::ProtectedDetails => &["phones", "openings"],
        DocumentKind::ObservationNote => &["entries"],
    }
}

/// Makes the first change from the description.
fn made(kind: DocumentKind) -> Vec<u8> {
    let mut doc = AutoCommit::new_with_encoding(TextEncoding::UnicodeCodePoint)
        .with_actor(ActorId::from(b"neutral-ground-0".as_slice()));
    doc.put(ROOT, "kind", u64::from(kind.code())).unwrap();
    doc.put(ROOT, "schema", 1_u64).unwrap();
    for container in containers(kind) {
        doc.put_object(ROOT, *container, ObjType::Map).unwrap();
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    doc.get_last_local_change().unwrap().raw_bytes().to_vec()
}

/// The hashes of the first changes, by number of kind.
const RELEASED: [&str; 9] = [
    "d60c754ca148aa0c8a921c2faf6a36dd045329e09070cb51773e653ae012ab22",
    "f8001834edeb63091ad88f19987b7d6db776b299035bab514a4a4557b71fe064",
    "85356ec5cce72ab8b46eb89deeed7f4bd94cdccd3f000cedbb6c2c7d1c2b0f8b",
    "f16b407b921fc3e024c5fd0b315cd0be01250c0a93acf9390d19031e1cf0109b",
    "e5a74f402b629b6d260334a133870e49814983c04667f9fe122fb39ef7d66cf8",
    "f9ca1c672bc6f64743ec6d3ee3a06a92ba0a5450f77a11b975b6bca25a83050c",
    "e09b875aa7f225bb5a5319b2e61ea7a034cbbb0f743c6d462bfcddf1defdd368",
    "c55f1a91edf3bcdf902f510bd194dc5b78933b787ca2971e9d3dce84f28db398",
    "8eaaf6bb58c7256287345177e22494a44209f8e44487f5d96a603b0efc48ce10",
];

fn stem(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Centre => "centre",
        DocumentKind::Worker => "worker",
        DocumentKind::Session => "session",
        DocumentKind::Visit => "visit",
        DocumentKind::Referral => "referral",
        DocumentKind::FamilyFile => "family_file",
        DocumentKind::Arrangement => "arrangement",
        DocumentKind::ProtectedDetails => "protected_details",
        DocumentKind::ObservationNote => "observation_note",
    }
}

/// Writes the files when a new kind is added:
/// `NEUTRAL_GROUND_WRITE_GENESIS=1 cargo test --lib genesis`. It never replaces one.
#[test]
fn the_files_hold_what_the_description_makes() {
    for kind in DocumentKind::ALL.iter().copied() {
        let path = format!(
            "{}/src/documents/genesis/{}.bin",
            env!("CARGO_MANIFEST_DIR"),
            stem(kind),
        );
        let new = genesis(kind).is_empty();
        if new && std::env::var_os("NEUTRAL_GROUND_WRITE_GENESIS").is_some() {
            std::fs::write(&path, made(kind)).unwrap();
            continue;
        }
        assert_eq!(genesis(kind), made(kind), "{kind:?}");
    }
}

#[test]
fn what_was_released_stays_as_it_was() {
    let hashes: Vec<String> = DocumentKind::ALL
        .iter()
        .map(|kind| {
            let change = Change::from_bytes(genesis(*kind).to_vec()).unwrap();
            assert_eq!((change.timestamp(), change.seq()), (0, 1));
            change.hash().to_string()
        })
        .collect();
    assert_eq!(hashes, RELEASED);
    assert_eq!(
        SCHEMA_VERSION, 1,
        "a new version needs its own fixtures, never a new first change"
    );
}
