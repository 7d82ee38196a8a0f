//! One tablet's way to the relay: what becomes of each request and of its answer.

use crate::simulator::{
    fate::Fate,
    tally::{Count, Tally},
};

/// What the tablet is surrounded by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The relay is within reach, on the whole.
    There,
    /// Nothing is.
    Gone,
    /// A log-in page answers everything.
    LoginPage,
}

/// What the tablet hears in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// What the relay answered to the first copy.
    Answer,
    /// The first half of it.
    HalfOfIt,
    /// Nothing, after so many milliseconds.
    Nothing(u64),
    /// A page of somebody else's, after so many milliseconds.
    Page {
        /// When.
        after: u64,
        /// Its status.
        status: u16,
    },
}

/// What becomes of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    /// When copies of it come to the relay, from now.
    pub(crate) arrivals: Vec<u64>,
    /// What is heard.
    pub(crate) heard: Heard,
}

/// How long a page waits for an answer.
const PATIENCE: u64 = 30_000;

/// Decides what becomes of a request. On a calm network nothing is lost, but everything takes its time.
pub(crate) fn passage(signal: Signal, rough: bool, fate: &mut Fate, tally: &mut Tally) -> Passage {
    match signal {
        Signal::There if rough => rough_passage(fate, tally),
        Signal::There => Passage {
            arrivals: vec![fate.between(5, 120)],
            heard: Heard::Answer,
        },
        Signal::Gone => {
            tally.add(Count::NoSignal);
            nowhere(Heard::Nothing(fate.between(10, 3_000)))
        }
        Signal::LoginPage => {
            tally.add(Count::LoginPages);
            nowhere(page(200, fate))
        }
    }
}

fn rough_passage(fate: &mut Fate, tally: &mut Tally) -> Passage {
    let first = if fate.chance(80) {
        fate.between(2_000, 20_000)
    } else {
        fate.between(5, 600)
    };
    let mut passage = Passage {
        arrivals: vec![first],
        heard: Heard::Answer,
    };
    match fate.below(1000) {
        0..50 => {
            tally.add(Count::LostRequests);
            passage = nowhere(Heard::Nothing(PATIENCE));
        }
        50..130 => {
            tally.add(Count::LostAnswers);
            passage.heard = Heard::Nothing(PATIENCE);
        }
        130..160 => {
            tally.add(Count::CutAnswers);
            passage.heard = Heard::HalfOfIt;
        }
        160..175 => {
            tally.add(Count::ProxyFaults);
            passage = nowhere(page(503, fate));
        }
        _ => {}
    }
    if !passage.arrivals.is_empty() && fate.chance(120) {
        tally.add(Count::Duplicates);
        passage.arrivals.push(first + fate.between(0, 40_000));
    }
    passage
}

fn page(status: u16, fate: &mut Fate) -> Heard {
    Heard::Page {
        after: fate.between(20, 900),
        status,
    }
}

const fn nowhere(heard: Heard) -> Passage {
    Passage {
        arrivals: Vec::new(),
        heard,
    }
}
