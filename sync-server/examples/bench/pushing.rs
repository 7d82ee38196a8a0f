//! Pushes: single ones and batches, to one centre and to many.

use std::{sync::Arc, time::Duration};

use sync_protocol::{
    SealedEnvelope,
    frame::PushRequest,
    vectors::centre::{Author, signing_key},
};
use tokio::time::Instant;

use crate::{
    client::{Site, TEAM, path},
    numbers::{line, rate, spread},
};

/// About what a burst of typing makes.
pub(crate) const PAYLOAD: usize = 400;

/// So many writers, each pushing so many envelopes at a time, spread over so many centres.
#[derive(Clone, Copy)]
struct Load {
    writers: usize,
    batch: usize,
    centres: usize,
    aim: &'static str,
}

const fn load(writers: usize, batch: usize, centres: usize, aim: &'static str) -> Load {
    Load {
        writers,
        batch,
        centres,
        aim,
    }
}

const LOADS: [Load; 7] = [
    load(1, 1, 1, ""),
    load(64, 1, 1, "SQLite 3,000/s, PostgreSQL 200/s; p99 50 ms"),
    load(64, 1, 64, "3,000/s; p99 50 ms"),
    load(64, 1, 1_000, "3,000/s; p99 50 ms"),
    load(4, 256, 1, "SQLite 15,000/s"),
    load(4, 256, 64, "SQLite 15,000/s"),
    load(4, 256, 1_000, "SQLite 15,000/s"),
];

/// Puts every load on, each writer waiting for its receipt.
pub(crate) async fn measure(site: &Arc<Site>, time: Duration) {
    for (number, load) in LOADS.into_iter().enumerate() {
        let mut sealing = Vec::new();
        for writer in 0..load.writers {
            let site = Arc::clone(site);
            let stream = u64::try_from((number + 1) * 100_000 + writer).unwrap();
            let seal = move || sealed(&site, load, writer, stream, requests_within(time, load));
            sealing.push(tokio::task::spawn_blocking(seal));
        }
        let mut bodies = Vec::new();
        for sealed in sealing {
            bodies.push(sealed.await.unwrap());
        }
        let begun = Instant::now();
        let writers: Vec<_> = bodies
            .into_iter()
            .map(|bodies| tokio::spawn(push(Arc::clone(site), bodies, begun + time)))
            .collect();
        let mut times = Vec::new();
        for writer in writers {
            times.extend(writer.await.unwrap());
        }
        let rate = rate(times.len() * load.batch, begun.elapsed());
        let (writers, batch, centres) = (load.writers, load.batch, load.centres);
        let what = format!("push {writers} writers x {batch}, {centres} centres");
        line(
            &what,
            &format!("{rate:.0} envelopes/s  {}", spread(times)),
            load.aim,
        );
    }
}

/// A writer's requests in the order it sends them: to each of its centres in turn.
fn sealed(
    site: &Site,
    load: Load,
    writer: usize,
    stream: u64,
    requests: usize,
) -> Vec<(usize, Vec<u8>)> {
    let own = (writer % load.centres..load.centres).step_by(load.writers.min(load.centres));
    let mut authors: Vec<(usize, Author)> = own
        .map(|centre| (centre, Author::new(signing_key(1), TEAM, stream)))
        .collect();
    let mut bodies = Vec::with_capacity(requests);
    while bodies.len() < requests {
        for (number, author) in &mut authors {
            let centre = site.centres.get(*number).unwrap();
            bodies.push((*number, batch(author, centre, load.batch)));
        }
    }
    bodies
}

/// The next envelopes of a stream as one body.
pub(crate) fn batch(
    author: &mut Author,
    centre: &sync_protocol::Membership,
    count: usize,
) -> Vec<u8> {
    let written: Vec<SealedEnvelope> = (0..count)
        .map(|_| author.write(centre, PAYLOAD).unwrap())
        .collect();
    let envelopes = written.iter().map(SealedEnvelope::bytes).collect();
    PushRequest { envelopes }.encode().unwrap()
}

async fn push(site: Arc<Site>, bodies: Vec<(usize, Vec<u8>)>, end: Instant) -> Vec<Duration> {
    let http = reqwest::Client::new();
    let mut times = Vec::new();
    for (number, body) in bodies {
        let begun = Instant::now();
        if begun > end {
            break;
        }
        let centre = site.centres.get(number).unwrap();
        send(&http, &site.url, centre, body).await;
        times.push(begun.elapsed());
    }
    times
}

/// Pushes a body; every envelope of it must be accepted.
pub(crate) async fn send(
    http: &reqwest::Client,
    url: &str,
    centre: &sync_protocol::Membership,
    body: Vec<u8>,
) {
    let to = format!("{url}{}", path(centre, "push"));
    let answer = http.post(to).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let receipt = answer.bytes().await.unwrap();
    // The receipt's signature is a client's business and costs its time.
    let outcomes = receipt.get(6..receipt.len() - 80).unwrap();
    assert!(
        outcomes.iter().step_by(9).all(|code| *code == 0),
        "expected all accepted"
    );
}

/// More than two cores take in the time, so that the time ends a run and not the supply.
fn requests_within(time: Duration, load: Load) -> usize {
    let most = if load.batch == 1 { 12_000 } else { 40_000 };
    let seconds = usize::try_from(time.as_secs()).unwrap();
    (most * seconds).div_ceil(load.writers * load.batch)
}
