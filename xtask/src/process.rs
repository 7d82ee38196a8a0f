//! Starting other programs and saying so.

use std::{
    ffi::OsStr,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::files;

/// Cargo as it was called, in the repository's root.
pub(crate) fn cargo<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(files::root()).args(words);
    command
}

/// Runs to the end with its output shown; an exit code other than 0 is an error.
pub(crate) fn must(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("`{}` ended with {status}", words_of(command));
    }
    Ok(())
}

/// The same, but what it says is shown only if it fails.
pub(crate) fn must_quietly(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` ended with {}\n{said}",
            words_of(command),
            output.status
        );
    }
    Ok(())
}

/// What the program prints, or `None` when it is absent or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Says what begins, does it, says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {name}");
    let start = now();
    let outcome = work();
    let seconds = start.elapsed().as_secs_f32();
    match &outcome {
        Ok(_) => println!("    {name}: done in {seconds:.1} s"),
        Err(trouble) => println!("    {name}: FAILED after {seconds:.1} s: {trouble:#}"),
    }
    outcome
}

/// The clock: a build tool tells people how long things take.
#[allow(
    clippy::disallowed_methods,
    reason = "the ban guards the app's pure layers, not its build tool"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn words_of(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let arguments = command.get_args().map(OsStr::to_string_lossy);
    std::iter::once(program)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
