//! How much one relay takes on this machine, over loopback, with the real store on the real disk.
//!
//! `cargo run --release -p sync-server --example bench [seconds] [postgres://…]`
//!
//! Envelopes are sealed before the clock starts: sealing is the tablets' work and not the relay's.
//! The disk's own time for one durable write bounds what a single writer can reach, so it is measured and shown beside.

use std::{fs::File, io::Write as _, path::Path, sync::Arc, time::Duration};

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

/// Centres that the relay keeps; most loads use the first alone.
const CENTRES: u8 = 16;

/// So many writers, each pushing so many envelopes at a time, spread over so many centres.
#[derive(Clone, Copy)]
struct Load {
    writers: u64,
    batch: usize,
    centres: usize,
}

const LOADS: [Load; 6] = [
    load(1, 1, 1),
    load(16, 1, 1),
    load(64, 1, 1),
    load(64, 1, CENTRES as usize),
    load(1, 256, 1),
    load(4, 256, 1),
];

const fn load(writers: u64, batch: usize, centres: usize) -> Load {
    Load {
        writers,
        batch,
        centres,
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut given = std::env::args().skip(1);
    let seconds = given.next().map_or(Ok(5), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path().join("relay.sqlite"));
    if let Some(store) = given.next() {
        config.store = store.parse()?;
    }
    config.device_rate = u32::MAX;
    config.device_burst = u32::MAX;
    config.centre_quota = 1 << 60;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let relay = tokio::spawn(serve(config, listener, async {
        let _dropped = stopped.await;
    }));
    let centres = (1..=CENTRES).map(MadeUpCentre::open);
    let bench = Arc::new(Bench {
        url,
        centres: centres.collect::<Result<_, _>>()?,
        time: Duration::from_secs(seconds),
    });
    for centre in &bench.centres {
        bench.open(centre).await?;
    }
    println!("envelopes of {} bytes", bench.envelope_len()?);
    let disk = durable_writes(folder.path())?;
    println!("the disk alone, 8 KiB appended and flushed at a time: {disk:>8.0} writes/s");
    for load in LOADS {
        let rate = bench.pushes(load).await?;
        if load.writers == 1 && load.batch == 1 {
            println!("  of what the disk allows: {:>5.0} %", 100.0 * rate / disk);
        }
    }
    bench.pulls().await?;
    let _gone = stop.send(());
    relay.await??;
    Ok(())
}

struct Bench {
    url: String,
    centres: Vec<MadeUpCentre>,
    time: Duration,
}

impl Bench {
    /// The centre of a load's writer.
    fn centre(&self, number: usize) -> Outcome<&MadeUpCentre> {
        Ok(self.centres.get(number).ok_or("expected more centres")?)
    }

    fn envelope_len(&self) -> Outcome<usize> {
        let centre = self.centre(0)?;
        let mut author = Author::new(centre.admin.clone(), TEAM, 0);
        Ok(author.write(&centre.membership, PAYLOAD)?.bytes().len())
    }

    async fn open(&self, centre: &MadeUpCentre) -> Outcome<()> {
        let records = centre
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
        let url = format!("{}{}", self.url, path(centre, "membership"));
        http.post(url).body(body).send().await?.error_for_status()?;
        Ok(())
    }

    /// Puts a load on, each writer waiting for its receipt; gives envelopes a second.
    async fn pushes(self: &Arc<Self>, load: Load) -> Outcome<f64> {
        let mut ready = Vec::new();
        for writer in 0..load.writers {
            let number = usize::try_from(writer)? % load.centres;
            let stream = writer + 1000 * load.writers + 1_000_000 * load.batch as u64;
            let stream = stream + 1_000_000_000 * load.centres as u64;
            let bench = Arc::clone(self);
            ready.push(tokio::task::spawn_blocking(move || {
                let requests = requests_within(bench.time, load);
                bench.sealed(number, stream, load.batch, requests)
            }));
        }
        let mut bodies = Vec::new();
        for (writer, sealing) in ready.into_iter().enumerate() {
            bodies.push((writer % load.centres, sealing.await??));
        }
        let begun = Instant::now();
        let mut tasks = Vec::new();
        for (number, bodies) in bodies {
            let bench = Arc::clone(self);
            tasks.push(tokio::spawn(async move {
                bench.push_until_done(number, bodies).await
            }));
        }
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await??);
        }
        let rate = rate(times.len() * load.batch, begun.elapsed());
        let (writers, batch, centres) = (load.writers, load.batch, load.centres);
        println!(
            "push {writers:>3} writers x {batch:>3}, {centres:>2} centres: {rate:>8.0} envelopes/s  {}",
            spread(times)
        );
        Ok(rate)
    }

    /// Bodies of requests, in the order of one stream.
    fn sealed(
        &self,
        number: usize,
        stream: u64,
        batch: usize,
        requests: usize,
    ) -> Outcome<Vec<Vec<u8>>> {
        let centre = self.centre(number)?;
        let mut author = Author::new(centre.admin.clone(), TEAM, stream);
        let mut bodies = Vec::with_capacity(requests);
        for _ in 0..requests {
            let written: Result<Vec<SealedEnvelope>, _> = (0..batch)
                .map(|_| author.write(&centre.membership, PAYLOAD))
                .collect();
            let written = written?;
            let envelopes = written.iter().map(SealedEnvelope::bytes).collect();
            bodies.push(PushRequest { envelopes }.encode()?);
        }
        Ok(bodies)
    }

    async fn push_until_done(&self, number: usize, bodies: Vec<Vec<u8>>) -> Outcome<Vec<Duration>> {
        let http = reqwest::Client::new();
        let url = format!("{}{}", self.url, path(self.centre(number)?, "push"));
        let end = Instant::now() + self.time;
        let mut times = Vec::new();
        for body in bodies {
            let begun = Instant::now();
            if begun > end {
                break;
            }
            let request = http.post(&url).body(body).send();
            let answer = request.await?.error_for_status()?.bytes().await?;
            check_accepted(&answer)?;
            times.push(begun.elapsed());
        }
        Ok(times)
    }

    /// Reads the whole channel, page by page.
    async fn pulls(&self) -> Outcome<()> {
        let http = reqwest::Client::new();
        let made_up = self.centre(0)?;
        let path = path(made_up, "pull");
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
            let centre = made_up.membership.centre();
            let signing = RequestSigning {
                method: "POST",
                path: &path,
                centre,
                challenge,
                body: &body,
            };
            let key: &SigningKey = &made_up.admin;
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

/// A centre's call.
fn path(centre: &MadeUpCentre, call: &str) -> String {
    format!("/v1/{}/{call}", centre.membership.centre())
}

/// More than any machine of two cores takes in the time, so that the time ends a run and not the supply.
fn requests_within(time: Duration, load: Load) -> usize {
    let most = if load.batch == 1 { 12_000 } else { 40_000 };
    let seconds = usize::try_from(time.as_secs()).unwrap_or(1);
    let writers = usize::try_from(load.writers).unwrap_or(1);
    (most * seconds).div_ceil(writers * load.batch)
}

/// Durable writes a second, one after the other, of about what one commit of one envelope writes.
fn durable_writes(folder: &Path) -> Outcome<f64> {
    const WRITES: usize = 500;
    let mut file = File::create(folder.join("flushed"))?;
    let begun = Instant::now();
    for _ in 0..WRITES {
        file.write_all(&[1; 8192])?;
        file.sync_data()?;
    }
    Ok(rate(WRITES, begun.elapsed()))
}

/// Every code of the receipt; its signature is a client's business and costs its time.
fn check_accepted(receipt: &[u8]) -> Outcome<()> {
    let outcomes = receipt.get(6..receipt.len().saturating_sub(80));
    let codes = outcomes.unwrap_or_default().iter().step_by(9);
    let refused = codes.clone().filter(|code| **code != 0).count();
    if codes.count() == 0 || refused > 0 {
        return Err("expected every envelope to be accepted, found another receipt".into());
    }
    Ok(())
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
