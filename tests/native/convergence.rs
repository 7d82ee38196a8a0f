//! Any order, duplication and partition of envelopes between three replicas ends in one view.
//!
//! A postman takes the relay's place: he keeps what he is given and hands on what he likes, in any order, twice
//! or not yet. After all is delivered the three must agree.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use ed25519_dalek::SigningKey;
use neutral_ground::{
    domain::{
        attendance::AbsenceReason, contact::ContactKind, note::EntryKind, side::Side, worker::Role,
    },
    engine::{
        command::{Command, Happening, Screen},
        storage::memory::MemoryStore,
        view::{EntryView, NextStep, ScreenView, SideView},
        wire::{Id, Wire},
    },
};
use proptest::prelude::*;
use sync_protocol::{
    ChainHash, Channel, ErrorCode, Incarnation, RecordHash, SealedEnvelope,
    frame::{
        auth::{Authorization, Challenge},
        failure::Failure,
        membership::MembershipAnswer,
        pull::{ChannelPage, PullAnswer, PullRequest},
    },
};

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    relay_process::Relay,
    tablet::{Reach, Tablet},
};

/// A centre with three tablets, as their stores lie before the partition.
struct Centre {
    stores: [MemoryStore; 3],
    phrases: [String; 3],
    otter: Id,
    wren: Id,
}

fn set_up() -> Centre {
    let relay = Relay::start("convergence", at("08:00"));
    let mut ruth = Tablet::new("ruth", at("08:00"), Some(&relay));
    let desk = start_centre(&mut ruth);
    let supported = family(&mut ruth, ContactKind::Supported);
    let supervised = family(&mut ruth, ContactKind::Supervised);
    let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
    let mut amber = Tablet::new("amber", at("08:00"), Some(&relay));
    let joan = enrol(&mut ruth, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
    let priya = enrol(
        &mut ruth,
        &mut amber,
        "Priya Nair",
        Role::Supervisor,
        "Amber",
    );
    let day = session(&mut ruth);
    let ScreenView::Session(view) = ruth.look(Screen::Session(day)).clone() else {
        panic!("expected the session");
    };
    let supervisor = view
        .supervisors
        .iter()
        .find(|(_, name)| name == "Priya Nair")
        .map(|(member, _)| *member);
    let otter = book(&mut ruth, day, supported, Some(view.rooms[0].0), None);
    let wren = book(
        &mut ruth,
        day,
        supervised,
        Some(view.rooms[1].0),
        supervisor,
    );
    for _twice in 0..2 {
        for tablet in [&mut ruth, &mut teal, &mut amber] {
            tablet.ask(Command::SendNow).unwrap();
        }
    }
    Centre {
        stores: [ruth.store, teal.store, amber.store],
        phrases: [desk, joan, priya],
        otter,
        wren,
    }
}

/// Keeps every envelope, hands on what `mood` says. Their own letters people get back at once and in order: what a
/// relay has acknowledged and does not hand back it has lost.
struct Postman {
    key: SigningKey,
    held: RefCell<Vec<Vec<u8>>>,
    delivered: RefCell<BTreeMap<[u8; 16], BTreeSet<usize>>>,
    /// Bits decide what is withheld, doubled and turned round; `None` delivers all that is left.
    mood: Cell<Option<u64>>,
    seq: Cell<u64>,
}

impl Postman {
    fn new() -> Self {
        Self {
            key: SigningKey::from_bytes(&[3; 32]),
            held: RefCell::default(),
            delivered: RefCell::default(),
            mood: Cell::new(Some(0)),
            seq: Cell::new(1_000_000),
        }
    }

    fn take(&self, body: &[u8]) -> Vec<u8> {
        let mut rest = &body[4..];
        let mut answer = Vec::new();
        while let Some((length, tail)) = rest.split_first_chunk::<4>() {
            let (envelope, tail) = tail.split_at(u32::from_be_bytes(*length) as usize);
            self.held.borrow_mut().push(envelope.to_vec());
            answer.extend([0; 9]);
            rest = tail;
        }
        let count = u16::try_from(answer.len() / 9).unwrap();
        [b"NGR1".as_slice(), &count.to_be_bytes(), &answer, &[0; 80]].concat()
    }

    fn choose(&self, device: [u8; 16], channels: &[Channel]) -> BTreeMap<Channel, Vec<Vec<u8>>> {
        let held = self.held.borrow();
        let mut delivered = self.delivered.borrow_mut();
        let delivered = delivered.entry(device).or_default();
        let mut pages: BTreeMap<Channel, Vec<Vec<u8>>> = BTreeMap::new();
        let mut own = Vec::new();
        for (place, bytes) in held.iter().enumerate() {
            let envelope = SealedEnvelope::parse(bytes.clone()).unwrap();
            let channel = envelope.header().channel;
            let is_own = *envelope.header().author.as_bytes() == device;
            let mood = self.mood.get().filter(|_| !is_own);
            let luck =
                mood.map(|mood| mood.rotate_left(u32::try_from(place * 7 % 64).unwrap()) & 7);
            let withheld = luck.is_some_and(|luck| luck < 3);
            let again = luck.is_some_and(|luck| luck == 7);
            if !channels.contains(&channel) || withheld || (delivered.contains(&place) && !again) {
                continue;
            }
            delivered.insert(place);
            if is_own {
                own.push((channel, bytes.clone()));
                continue;
            }
            let page = pages.entry(channel).or_default();
            page.extend(std::iter::repeat_n(
                bytes.clone(),
                if again { 2 } else { 1 },
            ));
        }
        if self.mood.get().is_some_and(|mood| mood & 1 == 1) {
            for page in pages.values_mut() {
                page.reverse();
            }
        }
        for (channel, bytes) in own {
            pages.entry(channel).or_default().push(bytes);
        }
        pages
    }

    fn pull(&self, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        let challenge = Challenge::from_bytes([1; 56]);
        let Some(authorization) = authorization else {
            let failure = Failure {
                code: ErrorCode::ChallengeNeeded,
                message: String::new(),
                challenge: Some(challenge),
            };
            return (401, true, failure.encode());
        };
        let device = *Authorization::parse(authorization)
            .unwrap()
            .device
            .as_bytes();
        let request = PullRequest::decode(body).unwrap();
        let channels: Vec<Channel> = request
            .channels
            .iter()
            .map(|(channel, _)| *channel)
            .collect();
        let pages = self
            .choose(device, &channels)
            .into_iter()
            .map(|(channel, envelopes)| {
                let numbered = envelopes.into_iter().map(|bytes| {
                    self.seq.set(self.seq.get() + 1);
                    (self.seq.get(), bytes)
                });
                let envelopes: Vec<(u64, Vec<u8>)> = numbered.collect();
                // More than he hands over, so nobody holds his order against him.
                ChannelPage {
                    channel,
                    head_seq: self.seq.get() + 1,
                    head_chain: ChainHash::START,
                    envelopes,
                }
            });
        let answer = PullAnswer {
            relay_key: self.key.verifying_key().to_bytes(),
            incarnation: Incarnation::from_bytes([2; 16]),
            relay_ms: 0,
            challenge,
            membership_length: request.membership_held,
            membership_head: RecordHash::NONE,
            records: Vec::new(),
            pages: pages.collect(),
            more: false,
        };
        (200, true, answer.sign(&self.key))
    }
}

impl Reach for Postman {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        if path.ends_with("/push") {
            (200, true, self.take(body))
        } else if path.ends_with("/membership") {
            // He knows every centre.
            (
                200,
                true,
                MembershipAnswer {
                    length: 1,
                    head: RecordHash::NONE,
                }
                .encode(),
            )
        } else {
            self.pull(authorization, body)
        }
    }
}

/// One thing that one of the three does, and what the postman feels like at that moment.
#[derive(Clone, Debug)]
struct Move {
    tablet: usize,
    act: u8,
    mood: u64,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0_usize..3, 0_u8..9, any::<u64>()).prop_map(|(tablet, act, mood)| Move {
        tablet,
        act,
        mood,
    });
    proptest::collection::vec(one, 1..24)
}

fn act(tablet: &mut Tablet<'_>, centre: &Centre, act: u8) {
    let side = if act.is_multiple_of(2) {
        Side::Visiting
    } else {
        Side::Resident
    };
    let outcome = match act {
        0 | 1 => tablet.ask(Command::Record {
            visit: centre.otter,
            what: Happening::Arrived(Wire(side)),
        }),
        2 => tablet.ask(Command::Record {
            visit: centre.otter,
            what: Happening::HandedToVisiting,
        }),
        3 => tablet.ask(Command::Record {
            visit: centre.wren,
            what: Happening::HandedToResident,
        }),
        4 | 5 => {
            let reason = Wire(AbsenceReason::CancelledLate);
            let what = Happening::NotComing {
                side: Wire(side),
                reason,
                words: "rang the hall".to_owned(),
            };
            tablet.ask(Command::Record {
                visit: centre.wren,
                what,
            })
        }
        6 => match tablet.visit(centre.otter).row.undo {
            Some(undo) => tablet.ask(Command::Undo {
                visit: centre.otter,
                event: undo.event,
            }),
            None => return,
        },
        // A supervisor types; from anybody else it is refused, which changes nothing.
        _ => {
            let refused = tablet.ask(Command::TypeEntry {
                visit: centre.wren,
                entry: Id([act; 16]),
                kind: Wire(EntryKind::Observed),
                occurred_at: tablet.now,
                speaker: String::new(),
                text: format!("seen at {}", tablet.now),
            });
            if refused.is_err() {
                return;
            }
            tablet.ask(Command::FinishEntry {
                visit: centre.wren,
                entry: Id([act; 16]),
            })
        }
    };
    outcome.unwrap();
}

/// What everybody must see alike: the facts of the day and the next step.
fn facts(tablet: &mut Tablet<'_>) -> Vec<(String, SideView, SideView, NextStep)> {
    let rows = tablet.today().visits.into_iter();
    rows.map(|row| (row.family_code, row.resident, row.visiting, row.next))
        .collect()
}

fn entries(tablet: &mut Tablet<'_>, visit: Id) -> Vec<EntryView> {
    tablet
        .visit(visit)
        .note
        .map(|note| note.entries)
        .unwrap_or_default()
}

#[test]
fn any_order_duplication_and_partition_converges_to_one_view() {
    let centre = set_up();
    let cases = std::env::var("NG_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(24);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(moves in moves())| {
        let postman = Postman::new();
        let mut tablets: Vec<Tablet<'_>> = Vec::new();
        for (place, store) in centre.stores.iter().enumerate() {
            let mut tablet = Tablet::with_store(&format!("case-{place}"), at("09:30"), None, store.clone());
            tablet.forget_the_relay();
            tablet.unlock(&centre.phrases[place]).unwrap();
            tablet.signal(Some(&postman));
            tablets.push(tablet);
        }
        for one in &moves {
            let tablet = &mut tablets[one.tablet];
            tablet.pass(61_000);
            postman.mood.set(Some(one.mood));
            act(tablet, &centre, one.act);
            tablet.ask(Command::SendNow).unwrap();
        }
        let end = tablets.iter().map(|tablet| tablet.now).max().unwrap();
        for _ in 0..3 {
            for tablet in &mut tablets {
                postman.mood.set(None);
                tablet.now = end;
                tablet.ask(Command::SendNow).unwrap();
            }
        }
        let [ruth, teal, amber] = &mut tablets[..] else { panic!("three tablets") };
        let day = facts(ruth);
        prop_assert_eq!(&day, &facts(teal));
        prop_assert_eq!(&day, &facts(amber));
        prop_assert_eq!(entries(ruth, centre.wren), entries(amber, centre.wren));
        prop_assert!(entries(teal, centre.wren).is_empty());
        for tablet in [ruth, teal, amber] {
            prop_assert_eq!(tablet.sync.set_aside, 0);
            prop_assert_eq!(tablet.sync.unsent, 0);
        }
    });
}
