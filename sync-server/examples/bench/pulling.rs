//! Pulls: a small page of one centre among few or many, and catching up after an absence.

use std::{sync::Arc, time::Duration};

use sync_protocol::{
    Membership,
    vectors::centre::{Author, signing_key},
};
use tokio::time::Instant;

use crate::{
    client::{Site, TEAM},
    numbers::{line, rate, spread},
    pushing::{batch, send},
};

/// Tablets that pull at once.
const READERS: usize = 16;
/// What a tablet missed in a morning.
const MISSED: u64 = 20;

/// A page of what was missed, asked for again and again by tablets of one, 64 or 1,000 centres.
pub(crate) async fn pages(site: &Arc<Site>, time: Duration) {
    // Where the channels end is asked once and is not what is measured.
    let known = Arc::new(before_the_ends(site, 1_000).await);
    for centres in [1, 64, 1_000] {
        let begun = Instant::now();
        let end = begun + time;
        let readers: Vec<_> = (0..READERS)
            .map(|reader| {
                let (site, known) = (Arc::clone(site), Arc::clone(&known));
                tokio::spawn(async move { read(&site, &known[..centres], reader, end).await })
            })
            .collect();
        let mut times = Vec::new();
        for reader in readers {
            times.extend(reader.await.unwrap());
        }
        let rate = rate(times.len(), begun.elapsed());
        let what = format!("pull {READERS} readers, {MISSED} new, {centres} centres");
        line(
            &what,
            &format!("{rate:.0} pages/s  {}", spread(times)),
            "p99 50 ms",
        );
    }
}

/// What a tablet had before it missed something, in each of so many centres.
async fn before_the_ends(site: &Site, centres: usize) -> Vec<u64> {
    let http = reqwest::Client::new();
    let mut known = Vec::with_capacity(centres);
    for centre in &site.centres[..centres] {
        let answer = site.pull(&http, centre, u64::MAX / 4).await;
        let head = answer.pages.first().map_or(0, |page| page.head_seq);
        known.push(head.saturating_sub(MISSED));
    }
    known
}

/// Pulls in one centre after the other, each with what was known of it.
async fn read(site: &Site, known: &[u64], reader: usize, end: Instant) -> Vec<Duration> {
    let http = reqwest::Client::new();
    let mut times = Vec::new();
    let centres = site.centres.iter().zip(known).cycle().skip(reader);
    for (centre, after) in centres.step_by(READERS) {
        let begun = Instant::now();
        if begun > end {
            break;
        }
        site.pull(&http, centre, *after).await;
        times.push(begun.elapsed());
    }
    times
}

/// A tablet that was away takes everything, page by page.
pub(crate) async fn catch_up(site: &Site, envelopes: usize) {
    let http = reqwest::Client::new();
    // A centre that no other load has written to.
    let number = site.centres.len() - 1 - usize::from(envelopes > 2_000);
    let centre = site.centres.get(number).unwrap();
    fill(site, centre, &http, envelopes).await;
    let (mut after, mut count, mut times) = (0, 0, Vec::new());
    let begun_all = Instant::now();
    loop {
        let begun = Instant::now();
        let answer = site.pull(&http, centre, after).await;
        times.push(begun.elapsed());
        let page = answer.pages.iter().flat_map(|page| &page.envelopes);
        count += page.clone().count();
        after = page.map(|(seq, _)| *seq).max().unwrap_or(after);
        if !answer.more {
            break;
        }
    }
    assert_eq!(count, envelopes, "everything was fetched");
    let took = begun_all.elapsed().as_secs_f64() * 1000.0;
    let what = format!("catch-up of {envelopes} envelopes, relay's part");
    let aim = if envelopes == 2_000 {
        "2 round trips"
    } else {
        ""
    };
    line(
        &what,
        &format!("{took:.0} ms in pages  {}", spread(times)),
        aim,
    );
}

async fn fill(site: &Site, centre: &Membership, http: &reqwest::Client, envelopes: usize) {
    let mut author = Author::new(signing_key(1), TEAM, 1);
    let mut left = envelopes;
    while left > 0 {
        let count = left.min(250);
        send(http, &site.url, centre, batch(&mut author, centre, count)).await;
        left -= count;
    }
}
