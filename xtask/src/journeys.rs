//! The stories of `tests/e2e`, in a real browser against a real relay.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{app, files, process, relay, setup};

/// Builds the app and the relay if asked to, then runs all journeys or the one of that name.
pub(crate) fn run(name: Option<&str>, build: bool) -> Result<()> {
    let toolkit = setup::everything()?;
    if build {
        app::build_release(&toolkit)?;
        relay::build_release()?;
    }
    process::step("journeys", || play(name))
}

/// Runs the journeys on what is built.
pub(crate) fn play(name: Option<&str>) -> Result<()> {
    node("run.mjs", name)
}

/// Runs a script of `tests/e2e` with Node.
pub(crate) fn node(script: &str, word: Option<&str>) -> Result<()> {
    let script = files::journeys().join(script);
    if !Path::new(&script).is_file() {
        bail!("expected the script {}, found nothing", script.display());
    }
    process::must(
        Command::new("node")
            .current_dir(files::root())
            .arg(script)
            .args(word),
    )
}
