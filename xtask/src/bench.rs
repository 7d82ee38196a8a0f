//! Measurements and long searches; what they measure is in the scripts and tests they start.

use anyhow::Result;

use crate::{app, journeys, process, relay, setup, simulate::native_test};

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

/// Hostile bytes for one target or all of them, so many seconds each; without a number, the rounds of the tests.
pub(crate) fn fuzz(target: Option<&String>, seconds: Option<u64>, seed: Option<u64>) -> Result<()> {
    process::step("fuzz", || {
        let mut test = native_test("fuzz::hostile_bytes");
        test.envs(target.map(|target| ("NG_FUZZ_TARGET", target.clone())));
        for (name, number) in [("NG_FUZZ_SECONDS", seconds), ("NG_FUZZ_SEED", seed)] {
            test.envs(number.map(|number| (name, number.to_string())));
        }
        process::must(&mut test)
    })
}
