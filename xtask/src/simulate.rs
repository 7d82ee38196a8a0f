//! Whole centres on a virtual clock, many seeds of them; what happens in one is in `tests/native/simulator`.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{files, process};

/// Seeds of the run that is part of every check.
const SEEDS_OF_THE_GATE: u64 = 200;

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

/// Every world must end equal and lose nothing.
pub(crate) fn simulate(world: &World) -> Result<()> {
    process::step("simulate", || {
        process::must(&mut run(&files::root(), world))
    })
}

/// The run that is part of every check.
pub(crate) fn gate() -> Result<()> {
    let world = World {
        seeds: Some(SEEDS_OF_THE_GATE),
        devices: Some(6),
        days: Some(3),
        seed: None,
    };
    process::must(&mut run(&files::root(), &world))
}

/// The command that simulates the tree in this folder.
pub(crate) fn run(tree: &Path, world: &World) -> Command {
    let mut test = native_test("simulated_schedules");
    test.current_dir(tree);
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
    test
}

/// One of the native tests, optimised and with its checks, and with its own words on the screen.
pub(crate) fn native_test(name: &str) -> Command {
    process::cargo([
        "test",
        "--locked",
        "--profile",
        "simulate",
        "--package",
        "neutral-ground",
        "--test",
        "native",
        name,
        "--",
        "--nocapture",
    ])
}
