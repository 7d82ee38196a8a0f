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
    metrics,
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
    let public = router::public(Arc::clone(&relay), Arc::new(app), config.body_time);
    let header_time = config.header_time;
    let mut tasks = vec![
        tokio::spawn(accept(
            listeners.public,
            public,
            header_time,
            stop_word.clone(),
        )),
        tokio::spawn(purge(Arc::clone(&relay), stop_word.clone())),
        tokio::spawn(watch(Arc::clone(&relay), stop_word.clone())),
    ];
    if let Some(listener) = listeners.metrics {
        let routes = metrics::router(Arc::clone(&relay));
        tasks.push(tokio::spawn(accept(
            listener,
            routes,
            header_time,
            stop_word,
        )));
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

async fn accept(listener: TcpListener, routes: Router, header_time: Duration, mut stop: Stop) {
    // Every connection holds a sender, so the receiver ends when the last of them does.
    let (alive, mut all_ended) = mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.told() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let (routes, stop, alive) = (routes.clone(), stop.clone(), alive.clone());
                tokio::spawn(async move {
                    converse(stream, routes, header_time, stop).await;
                    drop(alive);
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

/// Serves one connection; when the relay is to stop, the request that runs is its last.
async fn converse(stream: TcpStream, routes: Router, header_time: Duration, mut stop: Stop) {
    let _slower_without = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
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
