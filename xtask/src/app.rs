//! Building the app with Trunk.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{files, process, setup::Toolkit};

/// The app as people get it, in `dist/`.
pub(crate) fn build_release(toolkit: &Toolkit) -> Result<()> {
    process::step("app: release build", || {
        process::must(toolkit.equip(trunk("build").arg("--release")))
    })
}

/// A quick, large build for work on the app.
pub(crate) fn build_dev(toolkit: &Toolkit, dist: &Path) -> Result<()> {
    process::step("app: development build", || {
        process::must(toolkit.equip(trunk("build").arg("--dist").arg(dist)))
    })
}

/// A command that builds again at every change.
pub(crate) fn watch(toolkit: &Toolkit, dist: &Path) -> Command {
    let mut command = trunk("watch");
    toolkit.equip(command.arg("--dist").arg(dist));
    command
}

fn trunk(verb: &str) -> Command {
    let mut command = Command::new("trunk");
    command.current_dir(files::root()).arg(verb);
    command
}
