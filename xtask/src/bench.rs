//! Measurements; what they measure is in the scripts and tests they start.

use anyhow::Result;

use crate::{app, journeys, process, relay, setup};

/// The app in the browser, then the relay alone.
pub(crate) fn bench() -> Result<()> {
    let toolkit = setup::everything()?;
    app::build_release(&toolkit)?;
    relay::build_release()?;
    process::step("bench: app in the browser", || {
        journeys::node("bench.mjs", None)
    })?;
    process::step("bench: relay", || {
        process::must(&mut process::cargo([
            "run",
            "--quiet",
            "--locked",
            "--release",
            "--package",
            "sync-server",
            "--example",
            "bench",
        ]))
    })
}
