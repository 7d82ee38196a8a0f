//! How much one relay takes on this machine, over loopback, with the real store on the real disk.
//!
//! `cargo run --release -p sync-server --example bench [seconds]`

use std::{sync::Arc, time::Duration};

use ed25519_dalek::SigningKey;
use sync_protocol::{
    Channel, Ring, SealedEnvelope,
    frame::{Failure, MembershipRequest, PullAnswer, PullRequest, PushRequest, RequestSigning},
    vectors::centre::{Author, MadeUpCentre},
};
use sync_server::{Config, serve};
use tokio::{net::TcpListener, sync::oneshot, time::Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const TEAM: Channel = Channel::Ring(Ring::Team);
/// About what a burst of typing makes.
const PAYLOAD: usize = 400;

#[tokio::main]
async fn main() -> Outcome<()> {
    let seconds = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(5);
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path().join("relay.sqlite"));
    config.device_rate = u32::MAX;
    config.device_burst = u32::MAX;
    config.centre_quota = u64::MAX;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let relay = tokio::spawn(serve(config, listener, async {
        let _dropped = stopped.await;
    }));
    let centre = Arc::new(MadeUpCentre::open(1)?);
    let bench = Arc::new(Bench {
        url,
        centre,
        time: Duration::from_secs(seconds),
    });
    bench.open().await?;
    println!("envelopes of {} bytes", bench.envelope_len()?);
    for (writers, batch) in [(1, 1), (16, 1), (64, 1), (1, 256), (4, 256)] {
        bench.pushes(writers, batch).await?;
    }
    bench.pulls().await?;
    let _gone = stop.send(());
    relay.await??;
    Ok(())
}

struct Bench {
    url: String,
    centre: Arc<MadeUpCentre>,
    time: Duration,
}

impl Bench {
    fn path(&self, call: &str) -> String {
        format!("/v1/{}/{call}", self.centre.membership.centre())
    }

    fn envelope_len(&self) -> Outcome<usize> {
        let mut author = Author::new(self.centre.admin.clone(), TEAM, 0);
        Ok(author
            .write(&self.centre.membership, PAYLOAD)?
            .bytes()
            .len())
    }

    async fn open(&self) -> Outcome<()> {
        let records = self
            .centre
            .records
            .iter()
            .map(|record| record.bytes().to_vec())
            .collect();
        let body = MembershipRequest {
            expected: 0,
            records,
        }
        .encode();
        let http = reqwest::Client::new();
        let url = format!("{}{}", self.url, self.path("membership"));
        http.post(url).body(body).send().await?.error_for_status()?;
        Ok(())
    }

    /// So many writers push so many envelopes at a time, each waiting for its receipt.
    async fn pushes(self: &Arc<Self>, writers: u64, batch: usize) -> Outcome<()> {
        let begun = Instant::now();
        let mut tasks = Vec::new();
        for writer in 0..writers {
            let bench = Arc::clone(self);
            let stream = writer + 1000 * writers + 1_000_000 * batch as u64;
            tasks.push(tokio::spawn(async move {
                bench.push_until_done(stream, batch).await
            }));
        }
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        let envelopes = times.len() * batch;
        let rate = rate(envelopes, begun.elapsed());
        println!(
            "push {writers:>3} writers x {batch:>3}: {rate:>8.0} envelopes/s  {}",
            spread(times)
        );
        Ok(())
    }

    async fn push_until_done(&self, stream: u64, batch: usize) -> Outcome<Vec<Duration>> {
        let http = reqwest::Client::new();
        let url = format!("{}{}", self.url, self.path("push"));
        let mut author = Author::new(self.centre.admin.clone(), TEAM, stream);
        let end = Instant::now() + self.time;
        let mut times = Vec::new();
        while Instant::now() < end {
            let written: Result<Vec<SealedEnvelope>, _> = (0..batch)
                .map(|_| author.write(&self.centre.membership, PAYLOAD))
                .collect();
            let written = written?;
            let envelopes = written.iter().map(SealedEnvelope::bytes).collect();
            let body = PushRequest { envelopes }.encode()?;
            let begun = Instant::now();
            let answer = http
                .post(&url)
                .body(body)
                .send()
                .await?
                .error_for_status()?;
            answer.bytes().await?;
            times.push(begun.elapsed());
        }
        Ok(times)
    }

    /// Reads the whole channel, page by page.
    async fn pulls(&self) -> Outcome<()> {
        let http = reqwest::Client::new();
        let path = self.path("pull");
        let url = format!("{}{path}", self.url);
        let empty = PullRequest::default().encode();
        let refused = http.post(&url).body(empty).send().await?.bytes().await?;
        let challenge = Failure::decode(&refused)?
            .challenge
            .ok_or("expected a challenge")?;
        let (mut after, mut envelopes, mut times) = (0, 0, Vec::new());
        let begun_all = Instant::now();
        while begun_all.elapsed() < self.time {
            let body = PullRequest {
                membership_held: 1,
                channels: vec![(TEAM, after)],
                wait_ms: 0,
            };
            let body = body.encode();
            let centre = self.centre.membership.centre();
            let signing = RequestSigning {
                method: "POST",
                path: &path,
                centre,
                challenge,
                body: &body,
            };
            let key: &SigningKey = &self.centre.admin;
            let proof = signing.sign(key).header();
            let begun = Instant::now();
            let request = http.post(&url).header("authorization", proof).body(body);
            let answer = request.send().await?.error_for_status()?.bytes().await?;
            times.push(begun.elapsed());
            let answer = PullAnswer::open(&answer)?;
            let page = answer.pages.iter().flat_map(|page| &page.envelopes);
            envelopes += page.clone().count();
            after = page.map(|(seq, _)| *seq).max().unwrap_or(after);
            if !answer.more {
                break;
            }
        }
        let rate = rate(envelopes, begun_all.elapsed());
        println!(
            "pull pages of 2 MB:       {rate:>8.0} envelopes/s  {}",
            spread(times)
        );
        Ok(())
    }
}

#[allow(clippy::cast_precision_loss, reason = "printed with four digits")]
fn rate(envelopes: usize, time: Duration) -> f64 {
    envelopes as f64 / time.as_secs_f64()
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |percent: usize| {
        let index = (times.len().saturating_sub(1)) * percent / 100;
        times.get(index).map_or(0.0, Duration::as_secs_f64) * 1000.0
    };
    let count = times.len();
    format!(
        "p50 {:.1} ms  p99 {:.1} ms  max {:.1} ms  ({count} requests)",
        at(50),
        at(99),
        at(100)
    )
}
