//! How much one relay takes on this machine, over loopback: the real program, with real stores on the real disk.
//!
//! `cargo xtask bench` runs it; by hand, after a release build of the relay:
//! `cargo run --release -p sync-server --example bench [seconds] [part ...]`
//! where a part is `sqlite` or `postgres`, `moving`, `pruning` or `listening`; all of them if none is named.
//!
//! Envelopes are sealed before the clock starts: sealing is the tablets' work and not the relay's.
//! The disk's own time for one durable write bounds what a single writer can reach, so it is measured and shown beside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that goes wrong ends"
)]

mod client;
mod compacting;
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

const STORES: [&str; 2] = ["sqlite", "postgres"];
const LOADS: [&str; 3] = ["moving", "pruning", "listening"];

#[tokio::main]
async fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let seconds = words.first().and_then(|text| text.parse().ok());
    if seconds.is_some() {
        words.remove(0);
    }
    let time = Duration::from_secs(seconds.unwrap_or(5));
    let unknown = words.iter().find(|word| {
        let mut known = STORES.iter().chain(&LOADS);
        known.all(|known| known != word)
    });
    assert!(
        unknown.is_none(),
        "expected seconds and parts, found {unknown:?}"
    );
    let folder = tempfile::tempdir().unwrap();
    let disk = durable_writes(folder.path());
    println!("the disk alone, 8 KiB appended and flushed at a time: {disk:.0} writes/s");
    for store in named(&words, STORES) {
        println!("\n{store}");
        // Made late: a database is a server of its own and would weigh on what is measured before.
        let database = match store {
            "postgres" => Some(used_database().await),
            _ => None,
        };
        let file = format!("sqlite:{}", folder.path().join("relay.sqlite").display());
        let place = database.as_ref().map_or(file, database::Database::url);
        measure(&place, time, &named(&words, LOADS)).await;
    }
}

/// A database on a server that has run for a while: a new one makes the files of its log one by one, and every push
/// waits for each of them.
async fn used_database() -> database::Database {
    let database = database::Database::made().await;
    for statement in [
        "ALTER SYSTEM SET min_wal_size = '1GB'",
        "SELECT pg_reload_conf()",
        "DO $$ BEGIN FOR file IN 1..40 LOOP
             PERFORM pg_logical_emit_message(false, '', ''); PERFORM pg_switch_wal();
         END LOOP; END $$",
        "CHECKPOINT",
    ] {
        database.run(statement).await;
    }
    database
}

/// Those of the words that were given; all if none was.
fn named<const N: usize>(given: &[String], words: [&'static str; N]) -> Vec<&'static str> {
    let named = words.into_iter();
    let named: Vec<&str> = named
        .filter(|word| given.iter().any(|given| given == word))
        .collect();
    if named.is_empty() {
        words.to_vec()
    } else {
        named
    }
}

async fn measure(place: &str, time: Duration, loads: &[&str]) {
    let program = Program::start(place).await;
    let site = Arc::new(Site::open(&program.url, CENTRES).await);
    for load in loads {
        match *load {
            "moving" => {
                pushing::measure(&site, time).await;
                pulling::pages(&site, time).await;
                pulling::catch_up(&site, 2_000).await;
                pulling::catch_up(&site, 50_000).await;
            }
            "pruning" => compacting::measure(&site).await,
            _ => idle::measure(&site, &program, IDLE).await,
        }
    }
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
