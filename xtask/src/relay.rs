//! Building the relay.

use std::path::PathBuf;

use anyhow::Result;

use crate::{files, process};

/// The relay as people get it, with the app of `dist/` inside. Returns the program.
pub(crate) fn build_release() -> Result<PathBuf> {
    process::step("relay: release build with the app inside", || {
        let mut build = process::cargo([
            "build",
            "--locked",
            "--release",
            "--package",
            "sync-server",
            "--features",
            "embed-app",
        ]);
        process::must(build.env("NEUTRAL_GROUND_DIST", files::dist()))
    })?;
    Ok(files::target().join("release/sync-server"))
}

/// A quick build that serves the app from a folder. Returns the program.
pub(crate) fn build_dev() -> Result<PathBuf> {
    process::step("relay: development build", || {
        process::must(&mut process::cargo([
            "build",
            "--locked",
            "--package",
            "sync-server",
        ]))
    })?;
    Ok(files::target().join("debug/sync-server"))
}
