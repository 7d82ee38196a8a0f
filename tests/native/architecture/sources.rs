//! How source files begin, how long they are, what they are called.

use crate::support::{files_below, text_of};

const MOST_LINES: usize = 400;
const MOST_WORKER_LINES: usize = 150;
const SOURCES: [&str; 4] = ["src", "sync-server", "xtask", "tests"];
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = [
    "utils", "util", "helpers", "common", "manager", "service", "types", "mod",
];

#[test]
fn every_file_says_first_what_it_knows() {
    let silent = |file: &String| !text_of(file).starts_with("//!");
    let broken: Vec<_> = rust_files().into_iter().filter(silent).collect();
    assert!(
        broken.is_empty(),
        "expected `//!` at the head of:\n{}",
        broken.join("\n")
    );
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let mut broken = Vec::new();
    for file in rust_files() {
        let lines = text_of(&file).lines().count();
        if lines > MOST_LINES {
            broken.push(format!(
                "{file}: expected at most {MOST_LINES} lines, found {lines}"
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_service_worker_stays_small() {
    let lines = text_of("public/sw.js").lines().count();
    assert!(
        lines <= MOST_WORKER_LINES,
        "expected at most {MOST_WORKER_LINES} lines, found {lines}"
    );
}

#[test]
fn every_file_is_named_after_what_is_inside() {
    let is_empty = |file: &String| {
        let stem = file
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs");
        EMPTY_NAMES.contains(&stem)
    };
    let broken: Vec<_> = rust_files().into_iter().filter(is_empty).collect();
    assert!(
        broken.is_empty(),
        "names that say nothing:\n{}",
        broken.join("\n")
    );
}

#[test]
fn no_test_is_switched_off_or_glad_of_a_panic() {
    let marks = [concat!("#[", "ignore"), concat!("#[", "should_panic")];
    let is_marked = |file: &String| marks.iter().any(|mark| text_of(file).contains(mark));
    let broken: Vec<_> = rust_files().into_iter().filter(is_marked).collect();
    assert!(
        broken.is_empty(),
        "switched-off tests in:\n{}",
        broken.join("\n")
    );
}

#[test]
fn stylesheets_import_nothing_and_force_nothing() {
    let mut broken = Vec::new();
    for file in files_below("style", "css") {
        for mark in ["@import", "!important"] {
            if text_of(&file).contains(mark) {
                broken.push(format!("{file} holds {mark}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn rust_files() -> Vec<String> {
    let files: Vec<_> = SOURCES
        .iter()
        .flat_map(|folder| files_below(folder, "rs"))
        .collect();
    assert!(
        files.len() > 10,
        "expected the sources, found {} files",
        files.len()
    );
    files
}
