//! Connections: accepting them, a time limit on headers, and an end that lets requests finish.

use std::{fmt, io, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    time::{interval, timeout},
};

use crate::{
    assets::App,
    config::Config,
    crowd::Crowd,
    metrics,
    patience::Patient,
    relay::{Relay, Stop},
    router,
    store::{self, StoreError},
};

/// Time for running requests once the relay is told to stop.
const STOP_TIME: Duration = Duration::from_secs(10);
/// Time between two looks for mailboxes that have ended.
const PURGE_TIME: Duration = Duration::from_mins(5);
/// Bytes of a request's head; none of ours needs more than a tenth of it.
const HEAD_LIMIT: usize = 16 * 1024;

/// Connections for metrics.
const OPERATORS: usize = 16;
/// The answer to one connection too many.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-length: 0\r\n\
    connection: close\r\n\r\n";

/// Where the relay listens.
#[derive(Debug)]
pub struct Listeners {
    /// The app and the relay's calls.
    pub public: TcpListener,
    /// Metrics, for the operator alone.
    pub metrics: Option<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(public: TcpListener) -> Self {
        Self {
            public,
            metrics: None,
        }
    }
}

/// Why the relay could not run.
#[derive(Debug)]
pub enum ServeError {
    /// The store could not be opened.
    Store(StoreError),
    /// The folder with the app could not be read.
    App(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::App(error) => write!(f, "expected a folder with the app, found: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Runs the relay until `stop` is done. A listener that is bound may be spoken to at once.
pub async fn serve(
    config: Config,
    listeners: impl Into<Listeners>,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    serve_and_tell(config, listeners, stop, || ()).await
}

/// Runs the relay until `stop` is done; calls `ready` once, when its store is open.
pub async fn serve_and_tell(
    config: Config,
    listeners: impl Into<Listeners>,
    stop: impl Future<Output = ()>,
    ready: impl FnOnce(),
) -> Result<(), ServeError> {
    let listeners = listeners.into();
    let app = App::open(config.app_dir.as_deref()).map_err(ServeError::App)?;
    let store = store::open(&config.store)
        .await
        .map_err(ServeError::Store)?;
    let (stopping, stopped) = watch::channel(false);
    let stop_word = Stop::new(stopped);
    let relay = Arc::new(Relay::new(store, &config, stop_word.clone()));
    let public = router::public(Arc::clone(&relay), Arc::new(app), &config);
    let manners = Manners {
        crowd: Crowd::new(config.max_connections, config.max_connections_per_address),
        header_time: config.header_time,
        write_time: config.write_time,
    };
    let mut tasks = vec![
        tokio::spawn(accept(
            listeners.public,
            public,
            manners.clone(),
            stop_word.clone(),
        )),
        tokio::spawn(purge(Arc::clone(&relay), stop_word.clone())),
        tokio::spawn(watch(Arc::clone(&relay), stop_word.clone())),
    ];
    if let Some(listener) = listeners.metrics {
        let routes = metrics::router(Arc::clone(&relay));
        let manners = Manners {
            crowd: Crowd::new(OPERATORS, 0),
            ..manners
        };
        tasks.push(tokio::spawn(accept(listener, routes, manners, stop_word)));
    }
    tracing::info!(app = app_source(&config), "relay ready");
    ready();
    stop.await;
    tracing::info!("relay stopping");
    let _nobody_listens = stopping.send(true);
    for task in tasks {
        let _panicked = task.await;
    }
    tracing::info!("relay stopped");
    Ok(())
}

const fn app_source(config: &Config) -> &'static str {
    if config.app_dir.is_some() {
        "folder"
    } else {
        "built in"
    }
}

/// What is asked of a connection.
#[derive(Clone, Debug)]
struct Manners {
    crowd: Crowd,
    header_time: Duration,
    write_time: Duration,
}

async fn accept(listener: TcpListener, routes: Router, manners: Manners, mut stop: Stop) {
    // Every connection holds a sender, so the receiver ends when the last of them does.
    let (alive, mut all_ended) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.told() => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let Some(place) = manners.crowd.let_in(address.ip()) else {
                    turn_away(&stream);
                    continue;
                };
                let (routes, stop, alive) = (routes.clone(), stop.clone(), alive.clone());
                let manners = manners.clone();
                tokio::spawn(async move {
                    converse(stream, routes, &manners, stop).await;
                    drop((place, alive));
                });
            }
            Err(error) => {
                // Out of file handles, mostly: others must end before the next can begin.
                tracing::warn!(%error, "connection not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    drop(alive);
    if timeout(STOP_TIME, all_ended.recv()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Says in passing that it is full: whoever is too many gets no task and no memory.
fn turn_away(stream: &TcpStream) {
    let _deaf = stream.try_write(FULL);
}

/// Serves one connection; when the relay is to stop, the request that runs is its last.
async fn converse(stream: TcpStream, routes: Router, manners: &Manners, mut stop: Stop) {
    let _slower_without = stream.set_nodelay(true);
    let stream = Patient::new(stream, manners.write_time);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(manners.header_time)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes))
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.told() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}

async fn watch(relay: Arc<Relay>, mut stop: Stop) {
    tokio::select! {
        () = relay.watch_neighbours() => {}
        () = stop.told() => {}
    }
}

async fn purge(relay: Arc<Relay>, mut stop: Stop) {
    let mut ticks = interval(PURGE_TIME);
    loop {
        tokio::select! {
            _ = ticks.tick() => relay.purge().await,
            () = stop.told() => return,
        }
    }
}
