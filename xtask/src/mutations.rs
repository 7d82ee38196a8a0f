//! Rules broken on purpose, one at a time, in a copy of the tree: the simulator must notice each.
//!
//! The list is `tests/native/simulator/mutations.txt`: for each rule its name, a file, what is found there exactly
//! once, and what stands there instead; `BROKEN` in it is true while the rule is to be broken. The switch exists in
//! the copy only, so that one build serves every rule.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    files,
    simulate::{self, World},
};

const LIST: &str = "tests/native/simulator/mutations.txt";

/// What a build of the tests needs of the tree.
const PARTS: [&str; 11] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "rust-toolchain.toml",
    ".clippy.toml",
    "docs",
    "public",
    "src",
    "sync-server",
    "tests",
    "xtask",
];

/// What stands in the list for "this rule is to be broken".
const SWITCH: &str = "BROKEN";

/// Seeds after which a broken rule counts as unnoticed.
const MOST_SEEDS: u64 = 200;

struct Mutation {
    rule: String,
    file: String,
    find: String,
    replace: String,
}

/// Applies every mutation to one copy of the tree, each asleep until its number is asked for, and simulates with one
/// after the other until it is noticed; `only` picks those whose rule holds this text.
pub(crate) fn play(only: Option<&str>, seeds: Option<u64>) -> Result<()> {
    let root = files::root();
    let mutations = parse(&files::read_text(&root.join(LIST))?)?;
    let copy = root.join("target/mutations/tree");
    copy_tree(&root, &copy)?;
    for (number, mutation) in mutations.iter().enumerate() {
        apply(&copy, number, mutation)?;
    }
    let seeds = seeds.unwrap_or(MOST_SEEDS);
    let (mut passed, mut failed) = (0, 0);
    for (number, Mutation { rule, .. }) in mutations.iter().enumerate() {
        if only.is_some_and(|text| !rule.contains(text)) {
            continue;
        }
        let words = noticed(&root, &copy, number, seeds)?;
        if words.is_some() {
            passed += 1;
        } else {
            failed += 1;
        }
        let words = words.unwrap_or_else(|| format!("NOT NOTICED in {seeds} seeds"));
        println!("| {rule} | {words} |");
    }
    fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))?;
    println!("\n{passed} passed, {failed} failed");
    if failed > 0 {
        bail!("{failed} broken rules were not noticed");
    }
    Ok(())
}

/// After how many seeds it was noticed and by which check; nothing if it was not.
fn noticed(root: &Path, copy: &Path, number: usize, seeds: u64) -> Result<Option<String>> {
    let world = World {
        seeds: Some(seeds),
        devices: Some(6),
        days: Some(3),
        seed: Some(1),
    };
    let mut command = simulate::run(copy, &world);
    command
        // A folder of its own: the copy's programs have the names of the tree's, and would pass for them.
        .env("CARGO_TARGET_DIR", root.join("target/mutations/build"))
        .env("NG_BROKEN", number.to_string())
        .env("NG_SIM_UNTIL_FAILURE", "true")
        .env("NG_SIM_THREADS", "1")
        .stderr(Stdio::inherit());
    let output = command.output().context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let first = said.lines().find(|line| line.starts_with("seed "));
    if output.status.success() {
        return Ok(None);
    }
    let Some(first) = first else {
        bail!("expected a failing seed, found:\n{said}");
    };
    let short: String = first.chars().take(150).collect();
    Ok(Some(short.replace('|', "/")))
}

fn copy_tree(root: &Path, copy: &Path) -> Result<()> {
    for part in PARTS {
        let from = root.join(part);
        if from.is_file() {
            copy_file(&from, &copy.join(part))?;
        } else if from.is_dir() {
            for file in files::files_below(&from)? {
                let below: PathBuf = file.strip_prefix(root)?.to_path_buf();
                if !below
                    .components()
                    .any(|part| part.as_os_str() == "node_modules")
                {
                    copy_file(&file, &copy.join(below))?;
                }
            }
        }
    }
    Ok(())
}

/// A file that is the same already is left alone, so that what stands on it is not built again.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let bytes = files::read(from)?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    files::write(to, &bytes)
}

fn apply(copy: &Path, number: usize, mutation: &Mutation) -> Result<()> {
    let Mutation {
        rule,
        file,
        find,
        replace,
    } = mutation;
    let path = copy.join(file);
    let text = files::read_text(&path)?;
    let found = text.matches(find.as_str()).count();
    if found != 1 {
        bail!("expected what `{rule}` changes once in {file}, found it {found} times");
    }
    let asked = format!("std::env::var(\"NG_BROKEN\").is_ok_and(|number| number == \"{number}\")");
    let replace = replace.replace(SWITCH, &asked);
    files::write(&path, text.replacen(find, &replace, 1).as_bytes())
}

/// Blocks of `rule:`, `file:`, lines after `-` to find and lines after `+` in their place.
fn parse(list: &str) -> Result<Vec<Mutation>> {
    let mut mutations: Vec<Mutation> = Vec::new();
    for line in list.lines() {
        if let Some(rule) = line.strip_prefix("rule: ") {
            mutations.push(Mutation {
                rule: rule.to_owned(),
                file: String::new(),
                find: String::new(),
                replace: String::new(),
            });
            continue;
        }
        let Some(mutation) = mutations.last_mut() else {
            continue;
        };
        if let Some(file) = line.strip_prefix("file: ") {
            file.clone_into(&mut mutation.file);
        } else if let Some(text) = line.strip_prefix('-') {
            add_line(&mut mutation.find, text);
        } else if let Some(text) = line.strip_prefix('+') {
            add_line(&mut mutation.replace, text);
        } else if !line.is_empty() {
            bail!("expected `rule: `, `file: `, `-` or `+` in {LIST}, found `{line}`");
        }
    }
    Ok(mutations)
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn a_list_is_read_back_with_its_lines_as_they_are() {
        let list = "# words\n\nrule: a\nfile: b.rs\n-  one\n-  two\n+  three\n";
        let list = list.trim_start_matches("# words\n\n");
        let mutations = parse(list).unwrap();
        assert_eq!(mutations.len(), 1);
        assert_eq!(mutations[0].find, "  one\n  two");
        assert_eq!(mutations[0].replace, "  three");
        assert!(parse("rule: a\nsomething else").is_err());
    }

    #[test]
    fn every_mutation_of_the_list_still_fits_the_tree() {
        let root = files::root();
        let mutations = parse(&files::read_text(&root.join(LIST)).unwrap()).unwrap();
        assert!(mutations.len() >= 10);
        for mutation in mutations {
            let text = files::read_text(&root.join(&mutation.file)).unwrap();
            let found = text.matches(&mutation.find).count();
            assert_eq!(found, 1, "{}", mutation.rule);
            assert!(mutation.replace.contains(SWITCH), "{}", mutation.rule);
        }
    }
}
