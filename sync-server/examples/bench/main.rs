//! How much one relay takes on this machine, over loopback: the real program, with real stores on the real disk.
//!
//! `cargo xtask bench` runs it; by hand, after a release build of the relay:
//! `cargo run --release -p sync-server --example bench [seconds]`
//!
//! Envelopes are sealed before the clock starts: sealing is the tablets' work and not the relay's.
//! The disk's own time for one durable write bounds what a single writer can reach, so it is measured and shown beside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that goes wrong ends"
)]

mod client;
#[path = "../../tests/support/database.rs"]
mod database;
mod idle;
mod numbers;
mod program;
mod pulling;
mod pushing;

use std::{fs::File, io::Write as _, path::Path, sync::Arc, time::Duration};

use client::Site;
use numbers::rate;
use program::Program;
use tokio::time::Instant;

/// Devices that listen and do nothing.
const IDLE: usize = 10_000;
/// Enough for them, since one device may listen eight times.
const CENTRES: usize = 1_250;

#[tokio::main]
async fn main() {
    let given = std::env::args().nth(1);
    let time = given.map_or(5, |text| text.parse().expect("expected seconds"));
    let time = Duration::from_secs(time);
    let folder = tempfile::tempdir().unwrap();
    let disk = durable_writes(folder.path());
    println!("the disk alone, 8 KiB appended and flushed at a time: {disk:.0} writes/s");
    let file = format!("sqlite:{}", folder.path().join("relay.sqlite").display());
    measure("SQLite", &file, time).await;
    let database = database::Database::made().await;
    measure("PostgreSQL", &database.url(), time).await;
}

async fn measure(store: &str, place: &str, time: Duration) {
    println!("\n{store}");
    let program = Program::start(place).await;
    let site = Arc::new(Site::open(&program.url, CENTRES).await);
    pushing::measure(&site, time).await;
    pulling::pages(&site, time).await;
    for envelopes in [2_000, 50_000] {
        pulling::catch_up(&site, envelopes).await;
    }
    idle::measure(&site, &program, IDLE).await;
    program.stop().await;
}

/// Durable writes a second, one after the other, of about what one commit of one envelope writes.
fn durable_writes(folder: &Path) -> f64 {
    const WRITES: usize = 500;
    let mut file = File::create(folder.join("flushed")).unwrap();
    let begun = Instant::now();
    for _ in 0..WRITES {
        file.write_all(&[1; 8192]).unwrap();
        file.sync_data().unwrap();
    }
    rate(WRITES, begun.elapsed())
}
