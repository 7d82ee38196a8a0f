//! Bytes that once did harm, under the name of what they did.

use std::panic;

use neutral_ground::documents::{
    Document, DocumentError, DocumentKind,
    document::change_actors,
    trial::{self, Lesson},
};

use crate::fuzz::{
    changes::{chunk, compressed, real_changes},
    mutation::leb128,
};

const CHANGE: u8 = 1;
/// The column that says what each operation does: its number, then how it is written.
const ACTION: u8 = 4 << 4 | 2;

/// A change of one column and an author of sixteen ones, beside so many other actors.
fn change(column: u8, data: &[u8], others: &[[u8; 16]]) -> Vec<u8> {
    let mut body = vec![0, 16];
    body.extend([1; 16]);
    body.extend([1, 2, 0, 0]);
    body.extend(leb128(u64::try_from(others.len()).unwrap()));
    for other in others {
        body.push(16);
        body.extend(other);
    }
    body.extend([1, column]);
    body.extend(leb128(u64::try_from(data.len()).unwrap()));
    body.extend(data);
    body
}

fn is_unreadable(change: Vec<u8>) -> bool {
    let unreadable = DocumentError::ChunkUnreadable { index: 0 };
    let chunks = [change];
    change_actors(&chunks) == Err(unreadable)
        && Document::load(DocumentKind::Visit, &[7; 24], &chunks).err() == Some(unreadable)
}

#[test]
fn a_change_that_counts_a_million_million_million_operations_is_unreadable_at_once() {
    // A run of 2^60 times the same: Automerge reads each of them.
    let run = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 1];
    let body = change(ACTION, &run, &[]);
    assert!(is_unreadable(chunk(CHANGE, &body, &body)));
    assert!(is_unreadable(compressed(&body)));
    // The same of nothing at all.
    let nothing = [0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    let body = change(ACTION, &nothing, &[]);
    assert!(is_unreadable(chunk(CHANGE, &body, &body)));
}

#[test]
fn a_run_of_the_lowest_number_there_is_is_unreadable() {
    // Its sign cannot be turned round.
    let run = [
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F, 1,
    ];
    let body = change(ACTION, &run, &[]);
    assert!(is_unreadable(chunk(CHANGE, &body, &body)));
}

#[test]
fn a_few_bytes_that_unpack_to_many_are_unreadable_before_they_do() {
    let mut body = change(ACTION, &[1, 1], &[]);
    body.resize(16 * 1024 * 1024, 0);
    let small = compressed(&body);
    assert!(small.len() < 100_000, "{} bytes", small.len());
    assert!(is_unreadable(small));
}

#[test]
fn a_change_that_names_an_actor_nobody_knows_stops_the_app_at_most_twice_and_hides_nothing() {
    let body = change(ACTION, &[1, 1], &[[9; 16]]);
    let hostile = chunk(CHANGE, &body, &body);
    let mut chunks = real_changes();
    let honest = Document::load(DocumentKind::Visit, &[7; 24], &chunks)
        .unwrap()
        .heads();
    chunks.push(hostile.clone());
    let mut lesson = Lesson::default();
    let mut stops = 0;
    let (mut document, refused) = loop {
        trial::heed(&lesson);
        let load = || Document::load_without_the_refused(DocumentKind::Visit, &[7; 24], &chunks);
        match panic::catch_unwind(load) {
            Ok(loaded) => break loaded.unwrap(),
            Err(_) => stops += 1,
        }
        assert!(
            lesson.learn(&trial::on_trial()),
            "each stop teaches something"
        );
    };
    let mark = *blake3::hash(&hostile).as_bytes();
    assert!(stops <= 2 && lesson.refused.iter().all(|refused| *refused == mark));
    assert_eq!(refused, [chunks.len() - 1]);
    assert_eq!(document.heads(), honest);
    trial::heed(&Lesson::default());
}
