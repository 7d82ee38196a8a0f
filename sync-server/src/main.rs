//! Flags, logs, signals; the work is in the library.

use std::{path::Path, process::ExitCode};

use clap::{
    Parser,
    error::{ContextKind, ContextValue},
};
use sync_server::{
    Config, Listeners,
    config::{Cli, Command, LogFormat, ServeArgs, StoreUrl},
    serve_and_tell,
    store::{migrate, postgres, sqlite},
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| unquoted(error).exit());
    let outcome = match cli.command {
        Command::Serve(args) => run(&args),
        Command::Backup { store, file } => back_up(&store, &file),
        Command::Check { store } => check(&store),
        Command::Migrate { from, to } => move_over(&from, &to),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sync-server: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The same complaint without the place that it complains of, which may hold a password and goes into a log.
fn unquoted(mut error: clap::Error) -> clap::Error {
    let value = error.get(ContextKind::InvalidValue);
    if value.is_some_and(|value| value.to_string().contains("://")) {
        let hidden = ContextValue::String("…".to_owned());
        error.insert(ContextKind::InvalidValue, hidden);
    }
    error
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

fn back_up(store: &StoreUrl, file: &Path) -> Outcome {
    let StoreUrl::Sqlite(path) = store else {
        return Err("expected a SQLite store; a PostgreSQL database is saved with pg_dump".into());
    };
    println!("{}", sqlite::backup(path, file)?);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn check(store: &StoreUrl) -> Outcome {
    let found = match store {
        StoreUrl::Sqlite(path) => sqlite::audit(path)?,
        StoreUrl::Postgres(place) => postgres::audit(place).await?,
    };
    println!("{found}");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn move_over(from: &StoreUrl, to: &StoreUrl) -> Outcome {
    let (StoreUrl::Sqlite(from), StoreUrl::Postgres(to)) = (from, to) else {
        return Err("expected --from sqlite:FILE and --to postgres://…, found other kinds".into());
    };
    println!("{}", migrate::migrate(from, to).await?);
    println!("serve from the database from now on, and never again from the file");
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
