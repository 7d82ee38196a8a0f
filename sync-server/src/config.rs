//! What can be set: flags, each also an environment variable.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::clock::Clock;

/// Enough for a slow line; too short to hold thousands of connections open for nothing.
const HEADER_TIME: Duration = Duration::from_secs(30);
const BODY_TIME: Duration = Duration::from_secs(15);

/// The relay of Neutral Ground: keeps and hands on sealed envelopes that it cannot read.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the relay until it is told to stop
    Serve(ServeArgs),
    /// Copy a store to a new file while it is in use, and prove the copy
    Backup {
        /// The store to copy
        #[arg(
            long,
            env = "NEUTRAL_GROUND_STORE",
            default_value = "sqlite:data/relay.sqlite"
        )]
        store: StoreUrl,
        /// The new file
        file: PathBuf,
    },
    /// Prove a store file: integrity, every chain, every membership, counts
    Check {
        /// The file
        file: PathBuf,
    },
}

/// How to run.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port for the app and the relay's calls; TLS is a reverse proxy's work
    #[arg(long, env = "NEUTRAL_GROUND_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// Where everything is kept
    #[arg(
        long,
        env = "NEUTRAL_GROUND_STORE",
        default_value = "sqlite:data/relay.sqlite"
    )]
    pub store: StoreUrl,
    /// Serve the app from this folder instead of the one built in
    #[arg(long, env = "NEUTRAL_GROUND_APP_DIR")]
    pub app_dir: Option<PathBuf>,
    /// Address and port for `/metrics`; without it there are none
    #[arg(long, env = "NEUTRAL_GROUND_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// Megabytes that one centre may keep
    #[arg(long, env = "NEUTRAL_GROUND_CENTRE_QUOTA_MB", default_value_t = 2048)]
    pub centre_quota_mb: u64,
    /// Centres that this relay may keep; opening one more is refused
    #[arg(long, env = "NEUTRAL_GROUND_MAX_CENTRES", default_value_t = 1000)]
    pub max_centres: u32,
    /// Envelopes a second that one device may push for long
    #[arg(long, env = "NEUTRAL_GROUND_DEVICE_RATE", default_value_t = 500)]
    pub device_rate: u32,
    /// Envelopes that one device may push at once, after a time offline
    #[arg(long, env = "NEUTRAL_GROUND_DEVICE_BURST", default_value_t = 20_000)]
    pub device_burst: u32,
    /// How the log on stderr is written
    #[arg(long, env = "NEUTRAL_GROUND_LOG", default_value = "text")]
    pub log: LogFormat,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Where a store is: `sqlite:` and a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreUrl {
    /// The SQLite file.
    pub path: PathBuf,
}

/// A place that no store of this version is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreUrlError;

impl fmt::Display for StoreUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected sqlite: and the path of a file")
    }
}

impl std::error::Error for StoreUrlError {}

impl FromStr for StoreUrl {
    type Err = StoreUrlError;

    fn from_str(text: &str) -> Result<Self, StoreUrlError> {
        let path = text.strip_prefix("sqlite:").ok_or(StoreUrlError)?;
        if path.is_empty() {
            return Err(StoreUrlError);
        }
        Ok(Self {
            path: PathBuf::from(path),
        })
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.path.display())
    }
}

/// What the relay itself needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The store's file.
    pub store: StoreUrl,
    /// A folder with the app, instead of the one built in.
    pub app_dir: Option<PathBuf>,
    /// Bytes that one centre may keep.
    pub centre_quota: u64,
    /// Centres that the relay may keep.
    pub max_centres: u32,
    /// Envelopes a second that one device may push for long.
    pub device_rate: u32,
    /// Envelopes that one device may push at once.
    pub device_burst: u32,
    /// Time for the head of a request to arrive, which is also how long an idle connection stays.
    pub header_time: Duration,
    /// Time between two parts of a request's body.
    pub body_time: Duration,
    /// The time.
    pub clock: Clock,
}

impl Config {
    /// The defaults, with the store in this file.
    pub fn new(store: impl Into<PathBuf>) -> Self {
        Self {
            store: StoreUrl { path: store.into() },
            app_dir: None,
            centre_quota: 2048 * 1024 * 1024,
            max_centres: 1000,
            device_rate: 500,
            device_burst: 20_000,
            header_time: HEADER_TIME,
            body_time: BODY_TIME,
            clock: Clock::system(),
        }
    }
}

impl From<&ServeArgs> for Config {
    fn from(args: &ServeArgs) -> Self {
        Self {
            store: args.store.clone(),
            app_dir: args.app_dir.clone(),
            centre_quota: args.centre_quota_mb.saturating_mul(1024 * 1024),
            max_centres: args.max_centres,
            device_rate: args.device_rate,
            device_burst: args.device_burst,
            header_time: HEADER_TIME,
            body_time: BODY_TIME,
            clock: Clock::system(),
        }
    }
}
