//! Letting go of a long run: one prune that moves every body of a document to the trash, and who waits for it.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use sync_protocol::{
    DocumentId, EnvelopeKind, Membership, Ring, SealedEnvelope,
    envelope::STUB_LEN,
    frame::{MembershipRequest, PushRequest},
    vectors::centre::{Author, MadeUpCentre, signing_key},
};
use tokio::time::Instant;

use crate::{
    client::{Site, TEAM, path},
    numbers::{line, spread},
    pushing::{batch, send},
};

/// Envelopes of a document that nobody wrote down whole for long.
const LONG: usize = 5_000;
/// Documents, one after the other.
const ROUNDS: u8 = 10;
/// Streams that no other load has.
const STREAM: u64 = 1 << 40;

/// Prunes documents while another centre goes on writing.
pub(crate) async fn measure(site: &Site) {
    let http = reqwest::Client::new();
    let centre = &opened(site, &http).await;
    let neighbour = site.centres.first().unwrap();
    let mut writer = Author::new(signing_key(1), TEAM, STREAM);
    let (mut times, mut others) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let prune = filled(site, centre, &http, round).await;
        let over = AtomicBool::new(false);
        let pruning = async {
            let begun = Instant::now();
            send(&http, &site.url, centre, prune).await;
            times.push(begun.elapsed());
            over.store(true, Ordering::Relaxed);
        };
        let beside = write_until(&over, site, neighbour, &mut writer);
        let ((), waited) = tokio::join!(pruning, beside);
        others.extend(waited);
    }
    assert_eq!(
        stubs(site, centre, &http).await,
        LONG * usize::from(ROUNDS),
        "everything covered went to the trash"
    );
    line(&format!("prune of {LONG} envelopes"), &spread(times), "");
    line(
        "single pushes of another centre beside it",
        &spread(others),
        "",
    );
}

/// A centre with a second co-ordinator, for it takes two to let go.
async fn opened(site: &Site, http: &reqwest::Client) -> Membership {
    let mut made = MadeUpCentre::open(1).unwrap();
    made.enrol(3, [Ring::Office, Ring::Team]).unwrap();
    let records = made.records.into_iter();
    let body = MembershipRequest {
        expected: 0,
        records: records
            .map(sync_protocol::SignedRecord::into_bytes)
            .collect(),
    };
    let to = format!("{}{}", site.url, path(&made.membership, "membership"));
    let answer = http.post(to).body(body.encode()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    made.membership
}

/// Stores a long run of one document, its snapshot and the second voice; gives the push that lets go of it.
async fn filled(site: &Site, centre: &Membership, http: &reqwest::Client, round: u8) -> Vec<u8> {
    let document = DocumentId::from_bytes([round; 16]);
    let stream = u64::from(round);
    let mut first = Author::new(signing_key(1), TEAM, stream);
    let mut second = Author::new(signing_key(3), TEAM, stream);
    let mut written: Vec<SealedEnvelope> = (0..LONG)
        .map(|_| {
            first
                .write_as(centre, EnvelopeKind::Change, document)
                .unwrap()
        })
        .collect();
    let [snapshot, attest, prune] = first.compact(centre, &mut second, &written).unwrap();
    written.extend([snapshot, attest]);
    for some in written.chunks(250) {
        send(http, &site.url, centre, body(some)).await;
    }
    body(&[prune])
}

fn body(envelopes: &[SealedEnvelope]) -> Vec<u8> {
    let envelopes = envelopes.iter().map(SealedEnvelope::bytes).collect();
    PushRequest { envelopes }.encode().unwrap()
}

async fn write_until(
    over: &AtomicBool,
    site: &Site,
    centre: &Membership,
    author: &mut Author,
) -> Vec<Duration> {
    let http = reqwest::Client::new();
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let body = batch(author, centre, 1);
        let begun = Instant::now();
        send(&http, &site.url, centre, body).await;
        times.push(begun.elapsed());
    }
    times
}

/// Envelopes of the centre that are without their bodies.
async fn stubs(site: &Site, centre: &Membership, http: &reqwest::Client) -> usize {
    let (mut after, mut count) = (0, 0);
    loop {
        let answer = site.pull(http, centre, after).await;
        let page = answer.pages.iter().flat_map(|page| &page.envelopes);
        let gone = page.clone().filter(|(_, bytes)| bytes.len() == STUB_LEN);
        count += gone.count();
        after = page.map(|(seq, _)| *seq).max().unwrap_or(after);
        if !answer.more {
            return count;
        }
    }
}
