//! The project's own commands: `cargo xtask` and a name.
//!
//! Knows which command does what; how each is done is in the module of its name.

mod app;
mod bench;
mod compress;
mod files;
mod gates;
mod hooks;
mod journeys;
mod mutations;
mod pins;
mod process;
mod relay;
mod run;
mod setup;
mod simulate;
mod size;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  run [--dev] [--port N]      set up, build app and relay, serve both on this computer
  test                        set up, then every check there is
  ci                          the same, with the time of each step at the end
  journeys [NAME] [--no-build] [--kills N]
                              the stories in a real browser against a real relay
  size                        what a first visit downloads, against xtask/size-budget.toml
  bench                       how fast it is, in the browser and at the relay
  simulate [--seeds N] [--devices D] [--days K] [--seed S]
                              whole centres on a virtual clock, with crashes and bad networks
  simulate --mutations [RULE] [--seeds N]
                              the same on copies with a rule broken; each must be noticed
  fuzz [TARGET] [--seconds N] [--seed S]
                              hostile bytes for everything that reads bytes of others
  setup                       only the set-up: targets, tools, browser

Called by Trunk (see Trunk.toml):
  styles                      one stylesheet out of style/
  precache                    names, digests, build id, compressed siblings";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.split_first() {
        Some((command, rest)) if !asks_for_help(&words) => dispatch(command, rest),
        _ => {
            println!("{HELP}");
            Ok(())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("error: {trouble:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whatever else is said: who asks what a command does must not set it going.
fn asks_for_help(words: &[String]) -> bool {
    words.first().is_none_or(|command| command == "help")
        || has_flag(words, "--help")
        || has_flag(words, "-h")
}

fn dispatch(command: &str, words: &[String]) -> Result<()> {
    match command {
        "run" if has_flag(words, "--dev") => run::develop(port(words)?),
        "run" => run::serve(port(words)?),
        "test" | "ci" => gates::run_all(),
        "journeys" => {
            let name = words.first().filter(|word| !word.starts_with("--"));
            let kills = number_after(words, "--kills")?;
            let build = !has_flag(words, "--no-build");
            journeys::run(name.map(String::as_str), kills, build)
        }
        "size" => {
            app::build_release(&setup::everything_for_the_app()?)?;
            size::check()
        }
        "bench" => bench::bench(),
        "simulate" if has_flag(words, "--mutations") => {
            let mut after = words.iter().skip_while(|word| *word != "--mutations");
            let only = after.nth(1).filter(|word| !word.starts_with("--"));
            mutations::play(only.map(String::as_str), number_after(words, "--seeds")?)
        }
        "simulate" => simulate::simulate(&simulate::World {
            seeds: number_after(words, "--seeds")?,
            devices: number_after(words, "--devices")?,
            days: number_after(words, "--days")?,
            seed: number_after(words, "--seed")?,
        }),
        "fuzz" => bench::fuzz(
            words.first().filter(|word| !word.starts_with("--")),
            number_after(words, "--seconds")?,
            number_after(words, "--seed")?,
        ),
        "setup" => setup::everything().map(drop),
        "styles" => hooks::styles::write(),
        "precache" => hooks::precache::write(),
        other => bail!("expected a command of the list below, found `{other}`\n\n{HELP}"),
    }
}

fn port(words: &[String]) -> Result<u16> {
    Ok(number_after(words, "--port")?.unwrap_or(run::PORT))
}

fn has_flag(words: &[String], flag: &str) -> bool {
    words.iter().any(|word| word == flag)
}

fn number_after<N: std::str::FromStr>(words: &[String], flag: &str) -> Result<Option<N>>
where
    N::Err: std::error::Error + Send + Sync + 'static,
{
    let Some(at) = words.iter().position(|word| word == flag) else {
        return Ok(None);
    };
    let Some(found) = words.get(at + 1) else {
        bail!("expected a number after {flag}, found nothing");
    };
    let number = found
        .parse()
        .with_context(|| format!("expected a number after {flag}, found `{found}`"))?;
    Ok(Some(number))
}

#[cfg(test)]
mod tests {
    use super::asks_for_help;

    #[test]
    fn help_is_heard_behind_every_command_and_sets_nothing_going() {
        let heard = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            asks_for_help(&words)
        };
        for line in ["help", "--help", "-h", "run --help", "run --port 1 -h"] {
            assert!(heard(line), "{line}");
        }
        for line in ["run", "run --dev", "journeys help", "fuzz --seconds 3"] {
            assert!(!heard(line), "{line}");
        }
    }
}
