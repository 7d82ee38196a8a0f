//! Flags, logs, signals; the work is in the library.

use std::{path::Path, process::ExitCode};

use clap::Parser;
use sync_server::{
    Config, Listeners,
    config::{Cli, Command, LogFormat, ServeArgs},
    serve_and_tell,
    store::sqlite,
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(args) => run(&args),
        Command::Backup { store, file } => back_up(&store.path, &file),
        Command::Check { file } => check(&file),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sync-server: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(args: &ServeArgs) -> Outcome {
    start_log(args.log);
    let public = TcpListener::bind(args.listen).await?;
    let address = public.local_addr()?;
    let metrics = match args.metrics_listen {
        Some(address) => Some(TcpListener::bind(address).await?),
        None => None,
    };
    let stop = told_to_stop()?;
    let listeners = Listeners { public, metrics };
    serve_and_tell(Config::from(args), listeners, stop, || {
        println!("listening on http://{address}");
    })
    .await?;
    Ok(())
}

fn back_up(store: &Path, file: &Path) -> Outcome {
    let found = sqlite::backup(store, file)?;
    println!("{found}");
    Ok(())
}

fn check(file: &Path) -> Outcome {
    let found = sqlite::audit(file)?;
    println!("{found}");
    Ok(())
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("NEUTRAL_GROUND_LOG_FILTER")
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}

#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _unheard = tokio::signal::ctrl_c().await;
    })
}
