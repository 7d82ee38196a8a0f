//! What a first visit downloads, against the budget.

use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::{compress, files};

/// The parts of a first visit, and whether the unlock screen needs them.
const PARTS: [(&str, bool, Belongs); 7] = [
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

type Belongs = fn(&str) -> bool;

#[derive(Deserialize)]
struct Budget {
    total: usize,
    unlock: usize,
}

/// Prints the sizes of `dist/` and fails when one is over its budget.
pub(crate) fn check() -> Result<()> {
    let budget: Budget = toml::from_str(&files::read_text(
        &files::root().join("xtask/size-budget.toml"),
    )?)?;
    let (mut unlock, mut total) = (0, 0);
    println!("{:<44}{:>10}{:>10}", "", "raw", "brotli");
    for (part, before_unlock, belongs) in PARTS {
        let (raw, small) = measure(&files::dist(), belongs)?;
        if raw == 0 {
            bail!("expected a file for `{part}` in dist/, found none");
        }
        println!("{part:<44}{raw:>10}{small:>10}");
        total += small;
        unlock += if before_unlock { small } else { 0 };
    }
    println!(
        "{:<44}{:>10}{unlock:>10}",
        "total before the unlock screen is usable", ""
    );
    println!(
        "{:<44}{:>10}{total:>10}",
        "total before Today is usable", ""
    );
    hold("before the unlock screen is usable", unlock, budget.unlock)?;
    hold("before Today is usable", total, budget.total)
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

fn hold(what: &str, found: usize, budget: usize) -> Result<()> {
    if found > budget {
        bail!("expected at most {budget} bytes {what}, found {found}");
    }
    Ok(())
}
