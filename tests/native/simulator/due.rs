//! What becomes due in a simulated world.

use std::rc::Rc;

use neutral_ground::engine::{effect::RequestId, event::Event};

use crate::simulator::{network::Heard, relay::Reply};

/// What becomes due.
// A few dozen exist at a time.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Due {
    /// An engine hears something, if it is still the same engine.
    Engine(usize, u32, Event),
    /// A disk does its next piece of work.
    Disk(usize, u32),
    /// An engine asked to be woken.
    Wake(usize, u32, i64),
    /// A copy of a request comes to the relay; the first one's answer is heard, or not.
    Arrival(Rc<Request>, Option<Heard>),
    /// A tablet hears what became of a request.
    Heard(usize, Asker, Option<Reply>),
    /// A person does something.
    Person(usize),
    /// A tablet's surroundings change.
    Weather(usize),
    /// Somebody makes room on a disk.
    Room(usize),
    /// A tablet is switched on again.
    Restart(usize),
    /// What this centre suffers goes on.
    Misfortune,
    /// A frozen tab goes on, if it is still the same.
    Thaw(usize, u32),
}

/// Who waits for an answer.
#[derive(Clone, Copy)]
pub(crate) enum Asker {
    /// The engine of this life.
    Engine(u32, RequestId),
    /// The push of this number.
    Drain(u64),
}

/// A request on its way.
pub(crate) struct Request {
    pub(crate) device: usize,
    pub(crate) number: u64,
    pub(crate) asker: Asker,
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Due {
    /// What it is and of which tablet, so that two runs of one seed can be compared.
    pub(crate) fn named(&self) -> (u8, usize) {
        match self {
            Due::Engine(device, ..) => (0, *device),
            Due::Disk(device, _) => (1, *device),
            Due::Wake(device, ..) => (2, *device),
            Due::Arrival(request, _) => (3, request.device),
            Due::Heard(device, ..) => (4, *device),
            Due::Person(device) => (5, *device),
            Due::Weather(device) => (6, *device),
            Due::Room(device) => (7, *device),
            Due::Restart(device) => (8, *device),
            Due::Misfortune => (9, 0),
            Due::Thaw(device, _) => (10, *device),
        }
    }
}
