//! Pokes to devices that listen: a hint and no data, so a lost one costs a minute and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use sync_protocol::{
    CentreId, Channel, DeviceId, ErrorCode, Ring,
    frame::{
        LiveHello, Poke,
        live::{CLOSE_EXPIRED, CLOSE_FORBIDDEN, CLOSE_MALFORMED},
    },
};
use tokio::{
    sync::{
        OwnedSemaphorePermit, Semaphore,
        broadcast::{self, error::RecvError},
    },
    time::{Instant, interval_at, timeout},
};

use crate::{
    error::RelayError,
    relay::{Relay, Unproved},
    store::CentreHeads,
};

/// Pokes that one listener may be behind.
const BEHIND: usize = 256;
/// Connections of one device that may listen at once.
const EACH: usize = 8;
/// Time for the hello to come.
const HELLO_TIME: Duration = Duration::from_secs(10);
/// Time between two pings; a listener who answered none of two is gone.
const PING_TIME: Duration = Duration::from_secs(45);
/// Standard codes: the server goes away, try again later.
const CLOSE_AWAY: u16 = 1001;
const CLOSE_LATER: u16 = 1013;

/// Who listens, centre by centre.
#[derive(Debug)]
pub struct Hub {
    centres: Mutex<BTreeMap<CentreId, Listened>>,
    seats: Arc<Semaphore>,
}

/// A centre where somebody listens, and what they were told.
#[derive(Debug)]
struct Listened {
    sender: broadcast::Sender<Poke>,
    length: u32,
    messages: u64,
    channels: BTreeMap<Channel, u64>,
    /// Connections of each device.
    devices: BTreeMap<DeviceId, usize>,
}

impl Listened {
    fn new() -> Self {
        Self {
            sender: broadcast::channel(BEHIND).0,
            length: 0,
            messages: 0,
            channels: BTreeMap::new(),
            devices: BTreeMap::new(),
        }
    }

    fn tell(&mut self, poke: Poke) {
        match poke {
            Poke::Channel { channel, seq } => {
                let told = self.channels.entry(channel).or_default();
                *told = seq.max(*told);
            }
            Poke::Membership { length } => self.length = length.max(self.length),
            Poke::Mailbox => {}
        }
        let _nobody_listens = self.sender.send(poke);
    }
}

impl Hub {
    /// Room for so many who listen.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            centres: Mutex::default(),
            seats: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
        }
    }

    /// A seat for one more, if there is one; it is free again when this is dropped.
    pub(crate) fn seat(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.seats).try_acquire_owned().ok()
    }

    /// Whether one more of this device's connections may listen. A tablet has one; a tab that was closed a moment
    /// ago may leave another.
    fn may_listen(&self, centre: CentreId, device: DeviceId) -> bool {
        let mut centres = self.lock();
        let listened = centres.entry(centre).or_insert_with(Listened::new);
        let here = listened.devices.entry(device).or_default();
        *here += 1;
        *here <= EACH
    }

    fn left(&self, centre: CentreId, device: DeviceId) {
        let mut centres = self.lock();
        let Some(listened) = centres.get_mut(&centre) else {
            return;
        };
        if let Some(here) = listened.devices.get_mut(&device) {
            *here -= 1;
            if *here == 0 {
                listened.devices.remove(&device);
            }
        }
    }

    /// Pokes everyone of a centre who listens.
    pub(crate) fn poke(&self, centre: CentreId, poke: Poke) {
        if let Some(listened) = self.lock().get_mut(&centre) {
            listened.tell(poke);
        }
    }

    /// Centres where somebody listens.
    pub(crate) fn listened(&self) -> BTreeSet<CentreId> {
        self.lock().keys().copied().collect()
    }

    /// Pokes for everything that has grown beyond what the listeners were told.
    ///
    /// The first time that is everything there is: who began to listen a moment ago may have pulled a moment before.
    pub(crate) fn catch_up(&self, heads: &CentreHeads) {
        let mut centres = self.lock();
        let Some(listened) = centres.get_mut(&heads.centre) else {
            return;
        };
        let length = heads.length;
        if length > listened.length {
            listened.tell(Poke::Membership { length });
        }
        if heads.messages > listened.messages {
            listened.messages = heads.messages;
            listened.tell(Poke::Mailbox);
        }
        for (channel, seq) in heads.channels.iter().copied() {
            if listened
                .channels
                .get(&channel)
                .is_none_or(|told| *told < seq)
            {
                listened.tell(Poke::Channel { channel, seq });
            }
        }
    }

    fn listen(&self, centre: CentreId) -> broadcast::Receiver<Poke> {
        self.lock()
            .entry(centre)
            .or_insert_with(Listened::new)
            .sender
            .subscribe()
    }

    /// Forgets a centre where nobody listens any more.
    fn forget(&self, centre: CentreId) {
        let mut centres = self.lock();
        if centres
            .get(&centre)
            .is_some_and(|listened| listened.sender.receiver_count() == 0)
        {
            centres.remove(&centre);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CentreId, Listened>> {
        self.centres.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves one live connection until either side ends it.
pub(crate) async fn serve(relay: Arc<Relay>, centre: CentreId, path: String, socket: WebSocket) {
    let mut socket = socket;
    let code = match hello(&relay, centre, &path, &mut socket).await {
        Ok(device) => {
            relay.metrics.listening();
            let pokes = relay.hub.listen(centre);
            let code = if relay.hub.may_listen(centre, device) {
                pass_on(&relay, centre, device, pokes, &mut socket).await
            } else {
                drop(pokes);
                Some(CLOSE_LATER)
            };
            relay.hub.left(centre, device);
            relay.hub.forget(centre);
            relay.metrics.left();
            code
        }
        Err(code) => Some(code),
    };
    if let Some(code) = code {
        let frame = CloseFrame {
            code,
            reason: "".into(),
        };
        let _already_gone = socket.send(Message::Close(Some(frame))).await;
    }
}

/// The device that says hello, or the code to close with.
async fn hello(
    relay: &Relay,
    centre: CentreId,
    path: &str,
    socket: &mut WebSocket,
) -> Result<DeviceId, u16> {
    let first = timeout(HELLO_TIME, socket.recv()).await;
    let Ok(Some(Ok(Message::Binary(bytes)))) = first else {
        return Err(CLOSE_MALFORMED);
    };
    let LiveHello(authorization) = LiveHello::decode(&bytes).map_err(|_| CLOSE_MALFORMED)?;
    let state = relay.centre(centre).await.map_err(|_| CLOSE_FORBIDDEN)?;
    let authorization = Some(authorization);
    let request = Unproved {
        method: "GET",
        path,
        centre,
        body: &[],
        authorization,
    };
    let device = relay.prove(&state, request).map_err(|error| match error {
        RelayError::Unproved(ErrorCode::ChallengeExpired, _) => CLOSE_EXPIRED,
        RelayError::Unproved(..)
        | RelayError::Code(_)
        | RelayError::Codec(_)
        | RelayError::Membership(_)
        | RelayError::Store(_)
        | RelayError::Random => CLOSE_FORBIDDEN,
    })?;
    if device.revoked_at.is_some() {
        return Err(CLOSE_FORBIDDEN);
    }
    Ok(device.id)
}

/// Passes pokes on; gives the code to close with, if there is anybody left to hear it.
async fn pass_on(
    relay: &Relay,
    centre: CentreId,
    device: DeviceId,
    mut pokes: broadcast::Receiver<Poke>,
    socket: &mut WebSocket,
) -> Option<u16> {
    let mut stop = relay.stop.clone();
    let mut pings = interval_at(Instant::now() + PING_TIME, PING_TIME);
    let mut unanswered = 0;
    loop {
        let message = tokio::select! {
            poke = pokes.recv() => match poke {
                Ok(poke) => match wants(relay, centre, device, poke) {
                    Wants::Poke => Message::Binary(poke.encode().to_vec().into()),
                    Wants::Nothing => continue,
                    Wants::Out => return Some(CLOSE_FORBIDDEN),
                },
                // The client pulls when it connects again, so nothing is lost.
                Err(RecvError::Lagged(_) | RecvError::Closed) => return Some(CLOSE_LATER),
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_) | Message::Binary(_))) => {
                    unanswered = 0;
                    continue;
                }
            },
            _ = pings.tick() => {
                unanswered += 1;
                if unanswered > 2 {
                    return None;
                }
                Message::Ping(Vec::new().into())
            }
            () = stop.told() => return Some(CLOSE_AWAY),
        };
        if socket.send(message).await.is_err() {
            return None;
        }
    }
}

/// What a poke means to one device.
enum Wants {
    Poke,
    Nothing,
    Out,
}

fn wants(relay: &Relay, centre: CentreId, device: DeviceId, poke: Poke) -> Wants {
    let Some(state) = relay.kept(centre) else {
        return Wants::Out;
    };
    let membership = &state.membership;
    if !membership.device_active_at(&device, membership.last_index()) {
        return Wants::Out;
    }
    let concerned = match poke {
        Poke::Channel { channel, .. } => membership.may_read(&device, channel).is_ok(),
        Poke::Membership { .. } => true,
        Poke::Mailbox => membership
            .may_read(&device, Channel::Ring(Ring::Admin))
            .is_ok(),
    };
    if concerned {
        Wants::Poke
    } else {
        Wants::Nothing
    }
}
