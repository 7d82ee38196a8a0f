//! The stories of `tests/e2e`, in a real browser against a real relay.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{app, files, process, relay, setup};

/// Builds the app and the relay if asked to, then runs all journeys or the one of that name.
///
/// Journeys that kill things do so as often as `kills` says, or as they think right.
pub(crate) fn run(name: Option<&str>, kills: Option<u32>, build: bool) -> Result<()> {
    let toolkit = setup::everything()?;
    if build {
        app::build_release(&toolkit)?;
        relay::build_release()?;
    }
    process::step("journeys", || {
        let mut journeys = script("run.mjs", name)?;
        journeys.envs(kills.map(|kills| ("NG_KILLS", kills.to_string())));
        process::must(&mut journeys)
    })
}

/// Runs the journeys on what is built.
pub(crate) fn play(name: Option<&str>) -> Result<()> {
    node("run.mjs", name)
}

/// Runs a script of `tests/e2e` with Node.
pub(crate) fn node(name: &str, word: Option<&str>) -> Result<()> {
    process::must(&mut script(name, word)?)
}

fn script(name: &str, word: Option<&str>) -> Result<Command> {
    let script = files::journeys().join(name);
    if !Path::new(&script).is_file() {
        bail!("expected the script {}, found nothing", script.display());
    }
    let mut node = Command::new("node");
    node.current_dir(files::root()).arg(script).args(word);
    Ok(node)
}
