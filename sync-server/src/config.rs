//! What can be set: flags, each also an environment variable.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tokio_postgres::config::SslMode;

use crate::clock::Clock;

/// Enough for a slow line; too short to hold thousands of connections open for nothing.
const HEADER_TIME: Duration = Duration::from_secs(30);
const BODY_TIME: Duration = Duration::from_secs(15);
/// A tablet that went out of reach is not waited for longer than this.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// Ten thousand that listen, and as many that ask.
const MAX_CONNECTIONS: usize = 20_000;
const MAX_LIVE: usize = 12_000;
/// Thirty-two pushes of the largest kind, or sixteen thousand small ones.
const PUSH_MEMORY: usize = 256 * 1024 * 1024;

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
            hide_env_values = true,
            default_value = "sqlite:data/relay.sqlite"
        )]
        store: StoreUrl,
        /// The new file
        file: PathBuf,
    },
    /// Prove a store: integrity, every chain, every membership, counts, a digest of all of it
    Check {
        /// A SQLite file, or a place as for --store
        #[arg(value_parser = file_or_url)]
        store: StoreUrl,
    },
    /// Copy a SQLite store that no relay uses into an empty PostgreSQL database, and prove the copy byte by byte
    Migrate {
        /// The store to copy: `sqlite:` and the path of a file
        #[arg(long)]
        from: StoreUrl,
        /// The database to fill: `postgres://user@host/database`
        #[arg(long, env = "NEUTRAL_GROUND_STORE", hide_env_values = true)]
        to: StoreUrl,
    },
}

fn file_or_url(text: &str) -> Result<StoreUrl, StoreUrlError> {
    match text.parse() {
        Err(StoreUrlError::Unknown) if !text.is_empty() => Ok(StoreUrl::Sqlite(text.into())),
        parsed => parsed,
    }
}

/// How to run.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port for the app and the relay's calls; TLS is a reverse proxy's work
    #[arg(long, env = "NEUTRAL_GROUND_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,
    /// Where everything is kept: `sqlite:` and the path of a file, for one relay alone; or
    /// `postgres://user@host/database`, for several relays over one database.
    ///
    /// PostgreSQL 14 or later (tested with 15), a database of its own whose role may create a schema, `fsync` and
    /// `synchronous_commit` not off. The relay speaks no TLS to it: use a socket
    /// (`postgres://user@/database?host=/run/postgresql`), this machine or a private network,
    /// and no pooler that swaps connections between statements, since it listens for notices.
    #[arg(
        long,
        env = "NEUTRAL_GROUND_STORE",
        hide_env_values = true,
        default_value = "sqlite:data/relay.sqlite",
        verbatim_doc_comment
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
    /// Pulls a second that one device may make for long
    #[arg(long, env = "NEUTRAL_GROUND_DEVICE_PULL_RATE", default_value_t = 10)]
    pub device_pull_rate: u32,
    /// Pulls that one device may make at once; with full pages these fetch two gigabytes
    #[arg(long, env = "NEUTRAL_GROUND_DEVICE_PULL_BURST", default_value_t = 1000)]
    pub device_pull_burst: u32,
    /// Connections at once; one more is told to come back later
    #[arg(long, env = "NEUTRAL_GROUND_MAX_CONNECTIONS", default_value_t = MAX_CONNECTIONS)]
    pub max_connections: usize,
    /// Connections at once from one address; 0 is no limit, since behind a proxy all come from the proxy's
    #[arg(
        long,
        env = "NEUTRAL_GROUND_MAX_CONNECTIONS_PER_ADDRESS",
        default_value_t = 0
    )]
    pub max_connections_per_address: usize,
    /// Devices that may listen for news at once; others look by themselves every minute
    #[arg(long, env = "NEUTRAL_GROUND_MAX_LIVE", default_value_t = MAX_LIVE)]
    pub max_live: usize,
    /// Megabytes of pushes in memory at once, those that wait for the store included
    #[arg(long, env = "NEUTRAL_GROUND_PUSH_MEMORY_MB", default_value_t = PUSH_MEMORY / (1024 * 1024))]
    pub push_memory_mb: usize,
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

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreUrl {
    /// `sqlite:` and the path of a file.
    Sqlite(PathBuf),
    /// `postgres://…`, a database that several nodes may share.
    Postgres(Box<tokio_postgres::Config>),
}

/// A place that no store of this version is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreUrlError {
    /// Neither kind of place.
    Unknown,
    /// Begins like a PostgreSQL place and does not go on like one; it is not repeated, since it may hold a password.
    Postgres,
    /// Asks for TLS, which the relay does not speak to its database.
    Tls,
}

impl fmt::Display for StoreUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "expected sqlite: and the path of a file, or postgres:// and a place",
            Self::Postgres => "expected postgres://user@host/database, found another form",
            Self::Tls => {
                "expected a database on this machine or a private network, found a demand for TLS"
            }
        })
    }
}

impl std::error::Error for StoreUrlError {}

impl FromStr for StoreUrl {
    type Err = StoreUrlError;

    fn from_str(text: &str) -> Result<Self, StoreUrlError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let place: tokio_postgres::Config =
                text.parse().map_err(|_| StoreUrlError::Postgres)?;
            if !matches!(place.get_ssl_mode(), SslMode::Disable | SslMode::Prefer) {
                return Err(StoreUrlError::Tls);
            }
            return Ok(Self::Postgres(Box::new(place)));
        }
        match text.strip_prefix("sqlite:") {
            Some("") | None => Err(StoreUrlError::Unknown),
            Some(path) => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(place) => {
                write!(f, "postgres://…/{}", place.get_dbname().unwrap_or_default())
            }
        }
    }
}

/// What the relay itself needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where everything is kept.
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
    /// Pulls a second that one device may make for long.
    pub device_pull_rate: u32,
    /// Pulls that one device may make at once.
    pub device_pull_burst: u32,
    /// Connections at once.
    pub max_connections: usize,
    /// Connections at once from one address; 0 is no limit.
    pub max_connections_per_address: usize,
    /// Devices that may listen at once.
    pub max_live: usize,
    /// Bytes of pushes that may be in memory at once. Other calls have room of their own, so that a flood of pushes
    /// stands in nobody's way who revokes, joins or reads.
    pub push_memory: usize,
    /// Time that an answer may wait for its client to read on.
    pub write_time: Duration,
    /// Time for the head of a request to arrive, which is also how long an idle connection stays.
    pub header_time: Duration,
    /// Time between two parts of a request's body.
    pub body_time: Duration,
    /// The time.
    pub clock: Clock,
}

impl Config {
    /// The defaults, with a SQLite store in this file.
    pub fn new(store: impl Into<PathBuf>) -> Self {
        Self {
            store: StoreUrl::Sqlite(store.into()),
            app_dir: None,
            centre_quota: 2048 * 1024 * 1024,
            max_centres: 1000,
            device_rate: 500,
            device_burst: 20_000,
            device_pull_rate: 10,
            device_pull_burst: 1000,
            max_connections: MAX_CONNECTIONS,
            max_connections_per_address: 0,
            max_live: MAX_LIVE,
            push_memory: PUSH_MEMORY,
            write_time: WRITE_TIME,
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
            device_pull_rate: args.device_pull_rate,
            device_pull_burst: args.device_pull_burst,
            max_connections: args.max_connections,
            max_connections_per_address: args.max_connections_per_address,
            max_live: args.max_live,
            push_memory: args.push_memory_mb.saturating_mul(1024 * 1024),
            write_time: WRITE_TIME,
            header_time: HEADER_TIME,
            body_time: BODY_TIME,
            clock: Clock::system(),
        }
    }
}
