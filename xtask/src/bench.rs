//! Measurements and simulations; what they measure is in the scripts and tests they start.

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

/// How large a simulated world is; what is not asked for is the simulator's own choice.
#[derive(Debug, Default)]
pub(crate) struct World {
    /// How many worlds, one a seed.
    pub(crate) seeds: Option<u64>,
    /// Tablets in each.
    pub(crate) devices: Option<u64>,
    /// Days each goes on for.
    pub(crate) days: Option<u64>,
    /// The first seed.
    pub(crate) seed: Option<u64>,
}

/// Whole centres on a virtual clock, with everything that can go wrong between them, must end equal and lose nothing.
pub(crate) fn simulate(world: &World) -> Result<()> {
    process::step("simulate", || {
        let mut test = process::cargo([
            "test",
            "--locked",
            "--release",
            "--package",
            "neutral-ground",
            "--test",
            "native",
            "simulated_schedules",
            "--",
            "--nocapture",
        ]);
        let World {
            seeds,
            devices,
            days,
            seed,
        } = world;
        for (name, number) in [
            ("NG_SIM_SEEDS", seeds),
            ("NG_SIM_DEVICES", devices),
            ("NG_SIM_DAYS", days),
            ("NG_SEED", seed),
        ] {
            test.envs(number.map(|number| (name, number.to_string())));
        }
        process::must(&mut test)
    })
}
