//! A real PostgreSQL server for the tests of one file: made in a temporary folder, reached by a socket in it, and
//! stopped with the last test that uses it.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use tempfile::TempDir;
use tokio_postgres::{Client, Config, NoTls};

const MISSING: &str = "expected PostgreSQL's initdb and postgres in /usr/lib/postgresql/*/bin or \
     on the PATH, found none: run `apt-get install postgresql`";

static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
static NAMES: AtomicU64 = AtomicU64::new(0);

/// An empty database of its own on the server that the tests of this file share.
pub(crate) struct Database {
    server: Arc<Server>,
    name: String,
}

impl Database {
    /// A new one.
    pub(crate) async fn made() -> Self {
        let server = {
            let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let server = Arc::new(Server::start());
                *shared = Arc::downgrade(&server);
                server
            })
        };
        let name = format!("relay_{}", NAMES.fetch_add(1, Ordering::Relaxed));
        let template = Self {
            server: Arc::clone(&server),
            name: "postgres".to_owned(),
        };
        template.run(&format!("CREATE DATABASE {name}")).await;
        Self { server, name }
    }

    /// The place of a relay's store in it.
    pub(crate) fn url(&self) -> String {
        let folder = self.server.folder.path().display();
        format!("postgres:///{}?user=relay&host={folder}", self.name)
    }

    /// The same, read.
    pub(crate) fn place(&self) -> Config {
        self.url().parse().unwrap()
    }

    /// A connection that is nobody's store.
    pub(crate) async fn client(&self) -> Client {
        let (client, connection) = self.place().connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// Runs statements.
    pub(crate) async fn run(&self, sql: &str) {
        self.client().await.batch_execute(sql).await.unwrap();
    }

    /// Makes a store that nothing was pruned in what it would be, had version 1 kept it.
    pub(crate) async fn turn_back_to_version_1(&self) {
        self.run(
            "ALTER TABLE neutral_ground.envelopes DROP COLUMN received_ms;
             DROP TABLE neutral_ground.trash;
             UPDATE neutral_ground.meta SET version = 1",
        )
        .await;
    }
}

struct Server {
    folder: TempDir,
    process: Child,
}

impl Server {
    fn start() -> Self {
        let bin = programs();
        let folder = TempDir::new().unwrap();
        let is_root = folder.path().metadata().unwrap().uid() == 0;
        if is_root {
            finish(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        let flags = [
            "-U",
            "relay",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ];
        finish(
            unprivileged(is_root, &bin.join("initdb"), folder.path())
                .args(flags)
                .arg(&data),
        );
        let mut process = unprivileged(is_root, &bin.join("postgres"), folder.path())
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-c", "listen_addresses=", "-c", "max_connections=300"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut seen = String::new();
        loop {
            let line = log
                .next()
                .unwrap_or_else(|| panic!("the server ended: {seen}"));
            let line = line.unwrap();
            if line.contains("ready to accept connections") {
                break;
            }
            seen.push_str(&line);
        }
        // A server whose log nobody reads would wait for a reader one day.
        std::thread::spawn(move || log.for_each(drop));
        Self { folder, process }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It disconnects everybody, and its own children end before it does.
        let id = self.process.id().to_string();
        let told = Command::new("kill").args(["-INT", &id]).status();
        if !told.is_ok_and(|status| status.success()) {
            let _already_gone = self.process.kill();
        }
        let _status = self.process.wait();
    }
}

/// The folder with the newest server's programs.
fn programs() -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut versions: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let newest = versions.into_iter().rev().map(|(_, bin)| bin);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    newest
        .chain(on_path)
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .expect(MISSING)
}

/// PostgreSQL refuses to run as root, so there it runs as the user that its package makes.
fn unprivileged(is_root: bool, program: &Path, folder: &Path) -> Command {
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        let user = [
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--",
        ];
        command.args(user.map(OsStr::new)).arg(program);
        command
    } else {
        Command::new(program)
    };
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

fn finish(command: &mut Command) {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
}
