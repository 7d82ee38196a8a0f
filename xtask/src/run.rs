//! Serving app and relay on this computer.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

#[cfg(not(unix))]
use crate::process;
use crate::{app, files, relay, setup};

/// Where the app is served when nothing else is asked for.
pub(crate) const PORT: u16 = 8787;

/// Builds what people get and serves it until it is stopped.
pub(crate) fn serve(port: u16) -> Result<()> {
    must_be_free(port)?;
    let toolkit = setup::everything_for_the_app()?;
    app::build_release(&toolkit)?;
    let program = relay::build_release()?;
    let command = relay_command(&program, port, "neutral-ground.sqlite")?;
    announce(
        port,
        "Ctrl-C stops it; its data is in data/neutral-ground.sqlite",
    );
    become_program(command)
}

/// Builds quickly, serves, and builds again at every change; open pages reload by themselves.
pub(crate) fn develop(port: u16) -> Result<()> {
    must_be_free(port)?;
    let toolkit = setup::everything_for_the_app()?;
    let dist = files::root().join("target/dev-app");
    app::build_dev(&toolkit, &dist)?;
    let program = relay::build_dev()?;
    let mut command = relay_command(&program, port, "development.sqlite")?;
    let relay = command
        .arg("--app-dir")
        .arg(&dist)
        .spawn()
        .context("cannot start the relay")?;
    let watcher = app::watch(&toolkit, &dist)
        .spawn()
        .context("cannot start trunk")?;
    announce(port, "it builds again at every change; Ctrl-C stops it");
    until_one_ends([relay, watcher])
}

fn must_be_free(port: u16) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!(
            "port {port} is in use; choose another with: cargo xtask run --port {}",
            port.wrapping_add(1)
        );
    }
    Ok(())
}

fn relay_command(program: &Path, port: u16, store: &str) -> Result<Command> {
    let data = files::root().join("data");
    fs::create_dir_all(&data)
        .with_context(|| format!("cannot make the folder {}", data.display()))?;
    let mut command = Command::new(program);
    command
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .args(["--store", &format!("sqlite:{}", data.join(store).display())]);
    Ok(command)
}

fn announce(port: u16, more: &str) {
    println!("\nNeutral Ground: http://127.0.0.1:{port}\n({more})\n");
}

/// The relay takes this process's place, so that signals reach it and nothing is left behind.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("cannot start the relay")
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<()> {
    process::must(&mut command)
}

fn until_one_ends(mut children: [Child; 2]) -> Result<()> {
    let outcome = loop {
        let mut ended = None;
        for child in &mut children {
            ended = ended.or(child.try_wait()?);
        }
        if let Some(status) = ended {
            break status;
        }
        thread::sleep(Duration::from_millis(200));
    };
    for child in &mut children {
        // One of the two has ended already; stopping it again is no fault.
        let _ = child.kill();
        let _ = child.wait();
    }
    bail!("the relay or the watcher ended with {outcome}")
}
