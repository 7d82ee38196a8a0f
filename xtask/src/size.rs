//! What a first visit downloads, against the budget.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::{compress, files};

/// The pieces of a first visit, and whether the unlock screen needs them.
const PIECES: [(&str, bool, Belongs); 7] = [
    ("page", true, |name| name == "index.html"),
    ("styles", true, |name| has_extension(name, "css")),
    ("start and outbox scripts", true, |name| {
        ["boot.js", "fresh_log.js", "outbox.js"].contains(&name)
    }),
    ("page glue", true, |name| {
        name.starts_with("neutral-ground") && has_extension(name, "js")
    }),
    ("page wasm", true, |name| {
        name.starts_with("neutral-ground") && has_extension(name, "wasm")
    }),
    ("engine glue", false, |name| {
        name.starts_with("engine") && has_extension(name, "js")
    }),
    ("engine wasm", false, |name| {
        name.starts_with("engine") && has_extension(name, "wasm")
    }),
];

/// The part that the doors are in, which is what a new visitor sees.
const DOORS: &str = "aside";

type Belongs = fn(&str) -> bool;

#[derive(Deserialize)]
struct Budget {
    total: usize,
    unlock: usize,
    /// Of each part that is fetched when it is wanted.
    parts: BTreeMap<String, usize>,
}

/// Prints the sizes of `dist/` and fails when one is over its budget.
pub(crate) fn check() -> Result<()> {
    let budget: Budget = toml::from_str(&files::read_text(
        &files::root().join("xtask/size-budget.toml"),
    )?)?;
    let (mut unlock, mut total) = (0, 0);
    println!("{:<44}{:>10}{:>10}", "", "raw", "brotli");
    for (piece, before_unlock, belongs) in PIECES {
        let (raw, small) = measure(&files::dist(), belongs)?;
        if raw == 0 {
            bail!("expected a file for `{piece}` in dist/, found none");
        }
        println!("{piece:<44}{raw:>10}{small:>10}");
        total += small;
        unlock += if before_unlock { small } else { 0 };
    }
    say("total before the unlock screen is usable", unlock);
    say("total before Today is usable", total);
    let parts = fetched_when_wanted(&files::dist())?;
    let doors = unlock + parts.get(DOORS).copied().unwrap_or_default();
    say("total before the doors, for a new visitor", doors);
    hold("before the unlock screen is usable", unlock, budget.unlock)?;
    hold("before the doors are there", doors, budget.unlock)?;
    hold("before Today is usable", total, budget.total)?;
    if !parts.keys().eq(budget.parts.keys()) {
        bail!(
            "expected the parts {:?} in dist/, found {:?}",
            budget.parts.keys(),
            parts.keys()
        );
    }
    for (part, budget) in budget.parts {
        let found = parts.get(&part).copied().unwrap_or_default();
        hold(&format!("of the part `{part}`"), found, budget)?;
    }
    Ok(())
}

/// Prints the files of the parts that are fetched when they are wanted. Answers what each part costs who comes for it
/// alone: its own file and what it has in common with others.
fn fetched_when_wanted(dist: &Path) -> Result<BTreeMap<String, usize>> {
    let mut parts = BTreeMap::new();
    println!("\nfetched when wanted, and kept for offline use");
    for path in files::files_below(dist)? {
        let name = path.strip_prefix(dist)?.to_string_lossy();
        if let Some(users) = users(&name) {
            let bytes = files::read(&path)?;
            let small = compress::brotli(&bytes)?.len();
            println!("{:<44}{:>10}{small:>10}", users.join(" and "), bytes.len());
            for user in users {
                *parts.entry(user.to_owned()).or_default() += small;
            }
        }
    }
    for (part, small) in &parts {
        say(&format!("total of `{part}`"), *small);
    }
    Ok(parts)
}

/// The parts that need a file of this name: `part-aside-desk-0123456789abcdef.wasm` is of two.
fn users(name: &str) -> Option<Vec<&str>> {
    let stem = name.strip_prefix("part-")?.strip_suffix(".wasm")?;
    let (users, _digest) = stem.rsplit_once('-')?;
    Some(users.split('-').collect())
}

fn measure(dist: &Path, belongs: Belongs) -> Result<(usize, usize)> {
    let (mut raw, mut small) = (0, 0);
    for path in files::files_below(dist)? {
        let name = path.strip_prefix(dist)?.to_string_lossy();
        if belongs(&name) {
            let bytes = files::read(&path)?;
            raw += bytes.len();
            small += compress::brotli(&bytes)?.len();
        }
    }
    Ok((raw, small))
}

fn has_extension(name: &str, wanted: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == wanted)
}

fn say(what: &str, small: usize) {
    println!("{what:<44}{:>10}{small:>10}", "");
}

fn hold(what: &str, found: usize, budget: usize) -> Result<()> {
    if found > budget {
        bail!("expected at most {budget} bytes {what}, found {found}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::users;

    #[test]
    fn a_part_of_two_names_both() {
        let found = users("part-aside-desk-0123456789abcdef.wasm");
        assert_eq!(found, Some(vec!["aside", "desk"]));
        assert_eq!(users("part-desk-0123456789abcdef.wasm.br"), None);
        assert_eq!(users("engine-0123456789abcdef_bg.wasm"), None);
    }
}
