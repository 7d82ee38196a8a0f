//! What the other commands need on a machine: found, else installed, else said in one sentence.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{files, pins, process};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Proof that the set-up was done; carries where the tools are.
pub(crate) struct Toolkit {
    /// The search path with the project's own tools first.
    pub(crate) path: OsString,
}

impl Toolkit {
    /// Gives `command` the tools, and a Trunk that asks no network.
    pub(crate) fn equip<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("PATH", &self.path)
            .env("TRUNK_OFFLINE", "true")
            // Trunk takes only `true` or `false` here, other programs take `1`.
            .env_remove("NO_COLOR")
    }
}

/// Everything that `cargo xtask run` needs.
pub(crate) fn everything_for_the_app() -> Result<Toolkit> {
    process::step("set-up: Rust packages and the browser target", || {
        wasm_target()?;
        process::must(&mut process::cargo(["fetch", "--quiet", "--locked"]))
    })?;
    process::step(
        "set-up: Node packages (wasm optimiser, Playwright, axe)",
        node_packages,
    )?;
    built_tool(
        "trunk",
        pins::TRUNK,
        &["--locked", "--no-default-features", "--features", "rustls"],
    )?;
    // Its own lock file names a package version that cannot be had; the version itself is pinned.
    built_tool("wasm-bindgen", pins::WASM_BINDGEN, &[])?;
    Ok(Toolkit {
        path: search_path()?,
    })
}

/// Everything that `cargo xtask test` needs: the above, a browser and a database server.
pub(crate) fn everything() -> Result<Toolkit> {
    process::step("set-up: Chromium and its driver", chromium)?;
    process::step("set-up: PostgreSQL", postgres)?;
    everything_for_the_app()
}

/// The first file of that name on the search path.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A tool of the build: on the path, the project's own, or one that Trunk has fetched for itself.
pub(crate) fn tool(name: &str) -> Result<PathBuf> {
    let path = search_path()?;
    let fetched = trunks_own(name);
    let mut found = env::split_paths(&path).map(|folder| folder.join(name));
    let found = found.find(|file| file.is_file());
    let Some(found) = found.or_else(|| fetched.into_iter().find(|file| file.is_file())) else {
        bail!("expected {name} on the path, found none; build with: cargo xtask run");
    };
    Ok(found)
}

/// Where Trunk keeps the tools that it fetches, on Linux and on a Mac.
fn trunks_own(name: &str) -> Vec<PathBuf> {
    let inside = match name {
        "wasm-bindgen" => format!("wasm-bindgen-{}/wasm-bindgen", pins::WASM_BINDGEN),
        other => format!("{other}-{}/bin/{other}", pins::WASM_OPT),
    };
    let home = env::home_dir().unwrap_or_default();
    let caches = [".cache/trunk", "Library/Caches/dev.trunkrs.trunk"];
    caches.map(|cache| home.join(cache).join(&inside)).into()
}

fn tools() -> PathBuf {
    files::root().join("target/tools")
}

fn search_path() -> Result<OsString> {
    let own = [
        tools().join("bin"),
        files::journeys().join("node_modules/.bin"),
    ];
    let inherited = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(
        own.into_iter().chain(env::split_paths(&inherited)),
    )?)
}

fn wasm_target() -> Result<()> {
    let sysroot = process::answer(
        Command::new("rustc")
            .current_dir(files::root())
            .args(["--print", "sysroot"]),
    );
    let Some(sysroot) = sysroot else {
        bail!("rustc is not on the path; install Rust with rustup, then run this command again");
    };
    if Path::new(&sysroot)
        .join("lib/rustlib")
        .join(WASM_TARGET)
        .join("lib")
        .is_dir()
    {
        return Ok(());
    }
    if which("rustup").is_none() {
        bail!(
            "the Rust target {WASM_TARGET} is missing; install it with: rustup target add {WASM_TARGET}"
        );
    }
    println!("    adding the Rust target {WASM_TARGET}");
    process::must(Command::new("rustup").current_dir(files::root()).args([
        "target",
        "add",
        WASM_TARGET,
    ]))
}

fn node_packages() -> Result<()> {
    let major = process::answer(Command::new("node").arg("--version")).and_then(|version| {
        version
            .trim_start_matches('v')
            .split('.')
            .next()?
            .parse::<u32>()
            .ok()
    });
    match major {
        Some(found) if found >= pins::NODE_MAJOR => {}
        Some(found) => bail!(
            "Node {} or newer is needed, found {found}; install it with your system's package manager",
            pins::NODE_MAJOR
        ),
        None => bail!(
            "Node {} or newer is needed for the wasm optimiser and the journeys; install it with: apt-get install nodejs npm",
            pins::NODE_MAJOR
        ),
    }
    let folder = files::journeys();
    if is_newer(
        &folder.join("node_modules/.package-lock.json"),
        &folder.join("package-lock.json"),
    ) {
        return Ok(());
    }
    process::must(Command::new("npm").current_dir(folder).args([
        "ci",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))
}

fn is_newer(made: &Path, source: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    match (time(made), time(source)) {
        (Some(made), Some(source)) => made >= source,
        _ => false,
    }
}

fn chromium() -> Result<()> {
    if which("chromium").is_some() && which("chromedriver").is_some() {
        return Ok(());
    }
    debian_packages(
        "Chromium and chromedriver, for the browser tests,",
        &["chromium", "chromium-driver"],
    )
}

/// The relay's tests start servers of their own out of these programs.
fn postgres() -> Result<()> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let is_there = installed
        .flatten()
        .any(|version| version.path().join("bin/initdb").is_file());
    if is_there || which("initdb").is_some() {
        return Ok(());
    }
    debian_packages(
        "PostgreSQL's programs, for the relay's tests,",
        &["postgresql"],
    )
}

/// Installs packages where that can be done, or says with which command a person can.
fn debian_packages(what: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let is_root = process::answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !Path::new("/etc/debian_version").exists() || !is_root {
        bail!(
            "{what} are needed; install them, on Debian with: apt-get update && apt-get install {names}"
        );
    }
    println!("    installing {names}");
    let apt = |words: &[&str]| {
        process::must(
            Command::new("apt-get")
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(words),
        )
    };
    apt(&["-qq", "update"])?;
    let install = ["-qq", "install", "-y", "--no-install-recommends"];
    apt(&[&install, packages].concat())
}

/// A tool of exactly this version: on the path, in `target/tools`, or built there once.
fn built_tool(name: &str, version: &str, flags: &[&str]) -> Result<()> {
    let is_right = |program: &Path| {
        process::answer(Command::new(program).arg("--version"))
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == version))
    };
    let own = tools().join("bin").join(name);
    if is_right(&own)
        || (name != "wasm-bindgen" && which(name).is_some_and(|found| is_right(&found)))
    {
        return Ok(());
    }
    if name == "wasm-bindgen"
        && which(name).is_some_and(|found| is_right(&found))
        && which("wasm-bindgen-test-runner").is_some()
    {
        return Ok(());
    }
    let package = if name == "wasm-bindgen" {
        "wasm-bindgen-cli"
    } else {
        name
    };
    process::step(
        &format!("set-up: building {package} {version}, once, some minutes"),
        || {
            let root = tools();
            let target = files::root().join("target/tools-build");
            let mut install = process::cargo([
                "install",
                package,
                "--version",
                version,
                "--debug",
                "--quiet",
                "--root",
            ]);
            process::must(
                install
                    .arg(root)
                    .arg("--target-dir")
                    .arg(target)
                    .args(flags),
            )
        },
    )
}
