//! Building the app with Trunk.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::{files, process, setup::Toolkit};

/// The app as people get it, in `dist/`.
pub(crate) fn build_release(toolkit: &Toolkit) -> Result<()> {
    process::step("app: release build", || {
        let mut build = trunk("build");
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags());
        process::must(toolkit.equip(build.arg("--release")))
    })
}

/// The flags of `.cargo/config.toml`, which these replace, and one for each registry: where the builder keeps sources
/// is nobody's business, costs every visitor a kilobyte, and would make the size depend on the machine.
fn flags() -> String {
    let mut flags = vec!["--cfg erase_components".to_owned()];
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.map(|home| home.join("registry").join("src"));
    let registries = sources.and_then(|sources| sources.read_dir().ok());
    for registry in registries.into_iter().flatten().flatten() {
        let path = registry.path().display().to_string();
        // The variable is split at spaces; a build from such a path is only larger.
        if !path.contains(char::is_whitespace) {
            flags.push(format!("--remap-path-prefix={path}/="));
        }
    }
    flags.join(" ")
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
