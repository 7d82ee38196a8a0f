//! Measurements and simulations; what they measure is in the scripts and tests they start.

use anyhow::Result;

use crate::{app, journeys, process, relay, setup};

/// How many random schedules `simulate` plays when nothing else is asked for.
pub(crate) const CASES: u32 = 2000;

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

/// Replicas under random orders, partitions and duplicates must end equal.
pub(crate) fn simulate(cases: u32) -> Result<()> {
    process::step(&format!("simulate: {cases} random schedules"), || {
        let mut test = process::cargo([
            "test",
            "--locked",
            "--release",
            "--package",
            "neutral-ground",
            "--test",
            "native",
            "convergence",
            "--",
            "--nocapture",
        ]);
        process::must(test.env("NG_CASES", cases.to_string()))
    })
}
