//! Every check there is, cheap ones first.

use std::{process::Command, time::Duration};

use anyhow::{Context as _, Result, bail};

use crate::{app, journeys, process, relay, setup, setup::Toolkit, simulate, size};

const DENY: [&str; 3] = ["--", "-D", "warnings"];
const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// What a gate's failure means for the gates after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The others still tell something.
    Alone,
    /// Those that stand on it cannot run.
    Foundation,
    /// Stands on the foundations.
    Upper,
}

struct Gate {
    name: &'static str,
    weight: Weight,
    run: fn(&Toolkit) -> Result<()>,
}

const GATES: [Gate; 11] = [
    Gate {
        name: "format",
        weight: Weight::Alone,
        run: |_| cargo(&["fmt", "--all", "--check"], &[]),
    },
    Gate {
        name: "clippy on the host",
        weight: Weight::Alone,
        run: |_| {
            cargo(
                &["clippy", "--locked", "--workspace", "--all-targets"],
                &DENY,
            )
        },
    },
    Gate {
        name: "clippy in the browser",
        weight: Weight::Alone,
        run: |_| {
            wasm(
                &[
                    "clippy",
                    "--locked",
                    "--package",
                    "neutral-ground",
                    "--lib",
                    "--bins",
                    "--test",
                    "web",
                ],
                &DENY,
            )
        },
    },
    Gate {
        name: "documentation",
        weight: Weight::Alone,
        run: |_| documentation(),
    },
    Gate {
        name: "tests on the host",
        weight: Weight::Alone,
        run: |_| cargo(&["test", "--locked", "--workspace"], &[]),
    },
    Gate {
        name: "simulated centres",
        weight: Weight::Alone,
        run: |_| simulate::gate(),
    },
    Gate {
        name: "tests in the browser",
        weight: Weight::Alone,
        run: web_tests,
    },
    Gate {
        name: "app",
        weight: Weight::Foundation,
        run: app::build_release,
    },
    Gate {
        name: "size",
        weight: Weight::Upper,
        run: |_| size::check(),
    },
    Gate {
        name: "relay",
        weight: Weight::Upper,
        run: |_| relay::build_release().map(drop),
    },
    Gate {
        name: "journeys",
        weight: Weight::Upper,
        run: |_| journeys::play(None),
    },
];

enum Outcome {
    Passed,
    Failed(String),
    Skipped,
}

/// Runs every gate, goes on after a failure where that tells more, and ends with the sum.
pub(crate) fn run_all() -> Result<()> {
    let toolkit = setup::everything().context("the set-up failed")?;
    let mut grounded = true;
    let mut results = Vec::new();
    for gate in GATES {
        let start = process::now();
        let outcome = if gate.weight == Weight::Upper && !grounded {
            Outcome::Skipped
        } else {
            match process::step(gate.name, || (gate.run)(&toolkit)) {
                Ok(()) => Outcome::Passed,
                Err(trouble) => Outcome::Failed(format!("{trouble:#}")),
            }
        };
        if gate.weight == Weight::Foundation && !matches!(outcome, Outcome::Passed) {
            grounded = false;
        }
        results.push((gate.name, start.elapsed(), outcome));
    }
    sum_up(&results)
}

fn sum_up(results: &[(&str, Duration, Outcome)]) -> Result<()> {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    println!("\n{:<38}{:>9}", "step", "seconds");
    for (name, time, outcome) in results {
        let words = match outcome {
            Outcome::Passed => {
                passed += 1;
                String::new()
            }
            Outcome::Failed(why) => {
                failed += 1;
                format!("  FAILED: {why}")
            }
            Outcome::Skipped => {
                skipped += 1;
                "  skipped: it stands on a step that failed".to_owned()
            }
        };
        println!("{name:<38}{:>9.1}{words}", time.as_secs_f32());
    }
    if skipped > 0 {
        println!("\n{passed} passed, {failed} failed, {skipped} skipped");
    } else {
        println!("\n{passed} passed, {failed} failed");
    }
    if failed > 0 {
        bail!("{failed} of {} steps failed", results.len());
    }
    Ok(())
}

fn cargo(words: &[&str], tail: &[&str]) -> Result<()> {
    process::must(process::cargo(words).args(tail))
}

fn wasm(words: &[&str], tail: &[&str]) -> Result<()> {
    process::must(process::cargo(words).args(WASM).args(tail))
}

fn documentation() -> Result<()> {
    let strict = |command: &mut Command| process::must(command.env("RUSTDOCFLAGS", "-D warnings"));
    strict(&mut process::cargo([
        "doc",
        "--locked",
        "--workspace",
        "--lib",
        "--no-deps",
    ]))?;
    strict(
        process::cargo([
            "doc",
            "--locked",
            "--package",
            "neutral-ground",
            "--lib",
            "--no-deps",
        ])
        .args(WASM),
    )
}

fn web_tests(toolkit: &Toolkit) -> Result<()> {
    let driver =
        setup::which("chromedriver").context("chromedriver was installed by the set-up")?;
    let mut test = process::cargo([
        "test",
        "--locked",
        "--package",
        "neutral-ground",
        "--test",
        "web",
    ]);
    test.args(WASM)
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    process::must(toolkit.equip(&mut test))
}
