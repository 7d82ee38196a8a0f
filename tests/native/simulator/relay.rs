//! The real relay's calls over its real store, without sockets: one request at a time, by the simulation's clock.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};

use axum::response::IntoResponse as _;
use ed25519_dalek::SigningKey;
use sync_protocol::{
    CentreId, Incarnation, InviteId, Membership, SignedRecord,
    frame::{Authorization, ChannelPage},
};
use sync_server::{
    Config,
    clock::Clock,
    error::RelayError,
    relay::{Relay, Stop},
    store::{Identity, Store, StoredRecord, Wanted, sqlite},
};
use tokio::{runtime::Runtime, sync::watch};

use crate::simulator::{
    fate::Fate,
    shelf::{RelayFault, Shelf},
};

/// What came back: status, whether it is binary, the bytes.
pub(crate) type Reply = (u16, bool, Vec<u8>);

/// A relay in this process.
pub(crate) struct SimulatedRelay {
    /// What it signs with.
    pub(crate) key: SigningKey,
    relay: Relay,
    store: Arc<dyn Store>,
    runtime: Runtime,
    clock: Arc<AtomicI64>,
    folder: PathBuf,
    file: PathBuf,
    stop: watch::Sender<bool>,
}

/// What a relay is and holds.
pub(crate) struct RelayCopy {
    identity: Identity,
    store: Vec<u8>,
}

/// The copy in a relay's folder.
const COPY: &str = "copy.sqlite";

/// Tells apart the folders of relays in one test program.
static RELAYS: AtomicU32 = AtomicU32::new(0);

impl SimulatedRelay {
    /// A relay with an empty store.
    pub(crate) fn new(fate: &mut Fate, fault: Option<RelayFault>) -> Self {
        let identity = Identity {
            incarnation: Incarnation::from_bytes(fate.bytes()),
            relay_secret: fate.bytes(),
        };
        Self::with_store(identity, fault, None)
    }

    /// The relay of which this is a copy, started again with what it held.
    pub(crate) fn of_copy(copy: &RelayCopy) -> Self {
        Self::with_store(copy.identity.clone(), None, Some(&copy.store))
    }

    fn with_store(identity: Identity, fault: Option<RelayFault>, held: Option<&[u8]>) -> Self {
        let number = RELAYS.fetch_add(1, Ordering::Relaxed);
        let folder = files().join(format!("ng-simulated-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("relay.sqlite");
        if let Some(held) = held {
            std::fs::write(&file, held).unwrap();
        }
        let key = SigningKey::from_bytes(&identity.relay_secret);
        let store: Arc<dyn Store> = Arc::new(Shelf::new(&file, identity, fault));
        let clock = Arc::new(AtomicI64::new(0));
        let (relay, stop) = open(&store, &file, &clock);
        Self {
            key,
            relay,
            store,
            runtime: tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap(),
            clock,
            folder,
            file,
            stop,
        }
    }

    /// Keeps a copy of everything as it is now, in place of an earlier one.
    pub(crate) fn back_up(&self) {
        let copy = self.folder.join(COPY);
        let _none_before = std::fs::remove_file(&copy);
        sqlite::backup(&self.file, &copy).unwrap();
    }

    /// Everything as it is now, for other simulations to go on from.
    pub(crate) fn copy(&self) -> RelayCopy {
        self.back_up();
        RelayCopy {
            identity: self.store.identity(),
            store: std::fs::read(self.folder.join(COPY)).unwrap(),
        }
    }

    /// The copy takes the store's place: everything since is lost, and a new life begins.
    pub(crate) fn put_back(&mut self, fate: &mut Fate) {
        let file = self.folder.join("restored.sqlite");
        std::fs::rename(self.folder.join(COPY), &file).unwrap();
        self.live_again(file, fate);
    }

    /// An empty store takes its place: nothing is left but the key.
    pub(crate) fn start_over(&mut self, fate: &mut Fate) {
        self.live_again(self.folder.join("empty.sqlite"), fate);
    }

    fn live_again(&mut self, file: PathBuf, fate: &mut Fate) {
        let identity = Identity {
            incarnation: Incarnation::from_bytes(fate.bytes()),
            relay_secret: self.key.to_bytes(),
        };
        self.store = Arc::new(Shelf::new(&file, identity, None));
        (self.relay, self.stop) = open(&self.store, &file, &self.clock);
        self.file = file;
    }

    /// Tells this life of the relay from others.
    pub(crate) fn incarnation(&self) -> Incarnation {
        self.store.identity().incarnation
    }

    /// Answers one request as the route table does.
    pub(crate) fn post(
        &self,
        now: u64,
        path: &str,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Reply {
        self.clock
            .store(i64::try_from(now).unwrap(), Ordering::Relaxed);
        self.runtime.block_on(async {
            match self.call(path, authorization, body).await {
                Ok(bytes) => (200, true, bytes),
                Err(error) => {
                    let response = error.into_response();
                    let status = response.status().as_u16();
                    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
                    (status, true, body.unwrap().to_vec())
                }
            }
        })
    }

    async fn call(
        &self,
        path: &str,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<Vec<u8>, RelayError> {
        let mut words = path.trim_start_matches("/v1/").split('/');
        let (first, second) = (words.next().unwrap(), words.next().unwrap());
        if first == "mailbox" {
            return self
                .relay
                .mailbox(InviteId::parse_hex(second).unwrap(), body)
                .await;
        }
        let centre = CentreId::parse_hex(first).unwrap();
        match second {
            "push" => {
                let authorization = authorization.map(Authorization::parse).transpose()?;
                self.relay.push(centre, path, body, authorization).await
            }
            "pull" => {
                let authorization = authorization.map(Authorization::parse).transpose()?;
                self.relay.pull(centre, path, body, authorization).await
            }
            "membership" => self.relay.append_membership(centre, body).await,
            other => panic!("expected a call of the relay, found {other:?}"),
        }
    }

    /// The membership records as they were signed.
    pub(crate) fn records(&self, centre: CentreId) -> Vec<Vec<u8>> {
        let records = self
            .runtime
            .block_on(self.store.membership(centre))
            .unwrap();
        records
            .into_iter()
            .map(|StoredRecord { bytes, .. }| bytes)
            .collect()
    }

    /// The membership as the relay's records replay to it.
    pub(crate) fn membership(&self, centre: CentreId) -> Membership {
        let records: Vec<SignedRecord> = self
            .records(centre)
            .into_iter()
            .map(|bytes| SignedRecord::parse(bytes).unwrap())
            .collect();
        Membership::replay(&records).unwrap()
    }

    /// Everything in every channel that a member may read.
    pub(crate) fn channels(&self, centre: CentreId) -> Vec<ChannelPage> {
        let membership = self.membership(centre);
        let mut channels: Vec<_> = membership
            .members()
            .flat_map(|member| membership.channels_readable_by(&member.id))
            .map(|channel| (channel, 0))
            .collect();
        channels.sort_unstable();
        channels.dedup();
        let wanted = Wanted {
            centre,
            channels,
            budget: usize::MAX / 2,
        };
        self.runtime
            .block_on(self.store.pages(wanted))
            .unwrap()
            .pages
    }

    /// Every byte of the relay's files, its write-ahead log included.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(&self.folder).unwrap();
        files
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect()
    }

    /// The operator's own proof of the file: how many envelopes there are, and how many bodies in the trash.
    pub(crate) fn audit(&self) -> Result<(u64, u64), String> {
        sqlite::audit(&self.file)
            .map(|audit| (audit.envelopes, audit.trash))
            .map_err(|error| error.to_string())
    }
}

fn open(
    store: &Arc<dyn Store>,
    file: &Path,
    clock: &Arc<AtomicI64>,
) -> (Relay, watch::Sender<bool>) {
    let mut config = Config::new(file.to_path_buf());
    let hands = Arc::clone(clock);
    config.clock = Clock::new(move || hands.load(Ordering::Relaxed));
    let (stop, stopped) = watch::channel(false);
    let relay = Relay::new(Arc::clone(store), &config, Stop::new(stopped));
    (relay, stop)
}

impl Drop for SimulatedRelay {
    fn drop(&mut self) {
        let _left_behind = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where the relay's files lie: in memory where the system has such a place, since waiting for a disk shows nothing
/// here. The relay's computer never loses its power in a simulation; what a kill does to the real file is tested
/// with real processes.
fn files() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// The code of each envelope in an answer to a push of `count`; `None` if these are not such an answer's bytes.
pub(crate) fn push_codes(answer: &[u8], count: usize) -> Option<Vec<u8>> {
    const HEAD: usize = 6;
    const ITEM: usize = 9;
    const TAIL: usize = 64 + 16;
    let whole = answer.len() == HEAD + ITEM * count + TAIL && answer.starts_with(b"NGR1");
    let counted = || u16::from_be_bytes([answer[4], answer[5]]);
    (whole && usize::from(counted()) == count)
        .then(|| (0..count).map(|item| answer[HEAD + ITEM * item]).collect())
}
