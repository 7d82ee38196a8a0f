//! The real relay in this process, on a port of its own, over real HTTP and real SQLite.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread::JoinHandle,
};

use tokio::sync::oneshot;

use crate::tablet::Reach;

/// A running relay; stops when dropped.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    folder: PathBuf,
    clock: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Starts a relay with an empty store and a clock that stands at `now`, and waits until it answers.
    pub(crate) fn start(name: &str, now: i64) -> Self {
        Self::over(folder_of(name), now)
    }

    /// Keeps a backup of this relay's store as it is now, for [`Relay::restored`].
    pub(crate) fn back_up(&self, name: &str) -> PathBuf {
        let folder = folder_of(name);
        sync_server::store::sqlite::backup(
            &self.folder.join("relay.sqlite"),
            &folder.join("relay.sqlite"),
        )
        .unwrap();
        folder
    }

    /// Starts a relay over a backup.
    pub(crate) fn restored(backup: PathBuf, now: i64) -> Self {
        Self::over(backup, now)
    }

    fn over(folder: PathBuf, now: i64) -> Self {
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let mut config = sync_server::Config::new(folder.join("relay.sqlite"));
        let clock = Arc::new(AtomicI64::new(now));
        let hands = Arc::clone(&clock);
        config.clock = sync_server::clock::Clock::new(move || hands.load(Ordering::SeqCst));
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let stop = async {
                    // A dropped sender means stop as well.
                    drop(stopped.await);
                };
                ready.send(address).unwrap();
                sync_server::serve(config, listener, stop).await.unwrap();
            });
        });
        let address = is_ready.recv().unwrap();
        Self {
            address,
            folder,
            clock,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Lets its clock go on.
    pub(crate) fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// The operator's own proof of what it keeps.
    pub(crate) fn audit(&self) -> sync_server::store::audit::Audit {
        sync_server::store::sqlite::audit(&self.folder.join("relay.sqlite")).unwrap()
    }

    /// Every byte of the relay's files, its write-ahead log included.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
        }
        bytes
    }
}

fn folder_of(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("ng-native-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Reach for Relay {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        let mut request = ureq::post(format!("http://{}{path}", self.address))
            .config()
            .http_status_as_error(false)
            .build()
            .content_type("application/octet-stream");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let mut answer = request.send(body).unwrap();
        let kind = answer
            .headers()
            .get("content-type")
            .and_then(|kind| kind.to_str().ok());
        let binary = kind.is_some_and(|kind| kind.starts_with("application/octet-stream"));
        (
            answer.status().as_u16(),
            binary,
            answer.body_mut().read_to_vec().unwrap(),
        )
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
        let _left_behind = std::fs::remove_dir_all(&self.folder);
    }
}
