//! What the Markdown files promise exists.

use crate::support::{files_below, root, text_of};

/// Made by commands, so absent in a fresh clone.
const MADE: [&str; 3] = ["data/", "dist/", "target/"];
const KNOWN_ENDINGS: [&str; 14] = [
    "rs",
    "md",
    "toml",
    "js",
    "mjs",
    "css",
    "html",
    "json",
    "png",
    "svg",
    "lock",
    "webmanifest",
    "sql",
    "hex",
];

#[test]
fn every_path_in_the_documents_exists() {
    let mut broken = Vec::new();
    for file in files_below("", "md") {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for path in paths_in(&text_of(&file)) {
            let exists = root().join(&path).exists() || root().join(folder).join(&path).exists();
            if !exists && !MADE.iter().any(|made| path.starts_with(made)) {
                broken.push(format!("{file}: `{path}`"));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "paths that do not exist:\n{}",
        broken.join("\n")
    );
}

#[test]
fn the_reader_of_documents_knows_a_path_from_other_code() {
    let text = "See `src/lib.rs` and `sync-server/`, not `POST /v1/push`, `text/html` or `cargo xtask run`; `a.b()`.\n\
                ```\nno `src/gone.rs` here\n```\n`Cargo.toml`";
    assert_eq!(paths_in(text), ["src/lib.rs", "sync-server/", "Cargo.toml"]);
}

/// What stands in single backticks, outside fenced blocks, and looks like a path of this repository.
fn paths_in(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, block) in text.split("```").enumerate() {
        if at % 2 == 0 {
            let quoted = block
                .lines()
                .flat_map(|line| line.split('`').skip(1).step_by(2));
            paths.extend(quoted.filter(|word| is_path(word)).map(str::to_owned));
        }
    }
    paths
}

fn is_path(word: &str) -> bool {
    let plain = |next: char| next.is_ascii_alphanumeric() || "._-/".contains(next);
    if word.is_empty() || word.starts_with('/') || !word.chars().all(plain) {
        return false;
    }
    let head = word.split('/').next().unwrap_or_default();
    let ending = word.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_ours = word.contains('/') && root().join(head).is_dir();
    let is_file = KNOWN_ENDINGS.contains(&ending)
        && (word.contains('/') || word.starts_with(|c: char| c.is_ascii_alphanumeric()));
    is_ours || is_file
}
