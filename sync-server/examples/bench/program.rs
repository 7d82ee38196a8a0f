//! The relay's own program, as people run it.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A relay that runs, killed when this is dropped.
pub(crate) struct Program {
    /// `http://` and its address.
    pub(crate) url: String,
    child: Child,
}

impl Program {
    pub(crate) async fn start(store: &str) -> Self {
        let here = std::env::current_exe().unwrap();
        let folder = here.ancestors().nth(2).unwrap();
        let program = folder.join("sync-server");
        assert!(
            program.is_file(),
            "expected a release build of the relay in {}",
            folder.display()
        );
        let flags = ["serve", "--listen", "127.0.0.1:0", "--store", store];
        let limits = ["--centre-quota-mb=100000", "--max-centres=10000"];
        let rates = [
            "--device-rate=4000000000",
            "--device-burst=4000000000",
            "--device-pull-rate=4000000000",
            "--device-pull-burst=4000000000",
        ];
        let mut child = Command::new(program)
            .args(flags)
            .args(limits)
            .args(rates)
            .env("NEUTRAL_GROUND_LOG_FILTER", "error")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .next_line()
            .await
            .unwrap()
            .expect("expected the relay to listen");
        let url = line.strip_prefix("listening on ").unwrap().to_owned();
        Self { url, child }
    }

    /// Kilobytes of memory that are really there; 0 where the system does not say.
    pub(crate) fn memory_kb(&self) -> u64 {
        let id = self.child.id().unwrap_or_default();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.unwrap_or(0)
    }

    pub(crate) async fn stop(mut self) {
        self.child.start_kill().unwrap();
        self.child.wait().await.unwrap();
    }
}
