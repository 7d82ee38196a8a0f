//! Answers to a real engine, from a relay that signs anything, with envelopes of a member who seals anything.
//!
//! Whatever was heard, the app must go on: by itself, or started again after a panic of the document library.

use std::{
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
};

use ed25519_dalek::SigningKey;
use neutral_ground::{
    documents::trial::{self, Lesson},
    domain::{contact::ContactKind, side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        event::Event,
        storage::memory::MemoryStore,
        view::{Door, ScreenView},
        wire::{Id, Wire},
    },
};
use sync_protocol::{
    ChainHash, Channel, Incarnation, Ring,
    frame::{ChannelPage, PullAnswer},
};

use crate::{
    centre::{at, book, enrol, family, session, start_centre},
    fuzz::{
        insider::Insider,
        mutation::{Chance, Corpus},
        run::{Notes, Target, is_the_librarys},
    },
    relay_process::Relay,
    tablet::{Reach, Tablet},
};

/// Rounds that one tablet lives through before it must prove that it can still be used.
const LIFE: u64 = 12;

/// A relay that passes on what the real one says, or something like it.
struct Liar {
    relay: Relay,
    key: SigningKey,
    is_honest: RefCell<bool>,
    told: RefCell<u32>,
    chance: RefCell<Chance>,
    insider: RefCell<Insider>,
    tried: RefCell<Vec<u8>>,
}

/// The tablet under attack.
pub(crate) struct Answers {
    liar: &'static Liar,
    /// As it was before the first lie, and as it was stored last.
    first_store: MemoryStore,
    store: MemoryStore,
    phrase: String,
    otter: Id,
    running: Option<Tablet<'static>>,
    /// What its earlier starts died of.
    lesson: Lesson,
    rounds: u64,
}

impl Answers {
    pub(crate) fn make() -> Box<dyn Target> {
        let relay = Relay::start("fuzz-answers", at("08:00"));
        let mut ruth = Tablet::new("ruth", at("08:00"), Some(&relay));
        let phrase = start_centre(&mut ruth);
        let file = family(&mut ruth, ContactKind::Supported);
        let mut teal = Tablet::new("teal", at("08:00"), Some(&relay));
        let joan = enrol(&mut ruth, &mut teal, "Joan Tibbs", Role::Volunteer, "Teal");
        let day = session(&mut ruth);
        let ScreenView::Session(view) = ruth.look(Screen::Session(day)).clone() else {
            panic!("expected the session");
        };
        let otter = book(&mut ruth, day, file, Some(view.rooms[0].0), None);
        for _twice in 0..2 {
            ruth.ask(Command::SendNow).unwrap();
            teal.ask(Command::SendNow).unwrap();
        }
        let what = Happening::Arrived(Wire(Side::Visiting));
        teal.ask(Command::Record { visit: otter, what }).unwrap();
        teal.ask(Command::SendNow).unwrap();
        let insider = Insider::spy(&teal, &joan, &relay, otter);
        ruth.forget_the_relay();
        let store = ruth.store.clone();
        drop((ruth, teal));
        let liar = Liar {
            relay,
            key: SigningKey::from_bytes(&[3; 32]),
            is_honest: RefCell::new(true),
            told: RefCell::new(0),
            chance: RefCell::new(Chance::new(0, "", 0)),
            insider: RefCell::new(insider),
            tried: RefCell::default(),
        };
        Box::new(Self {
            // Tablets borrow their relay; this one lives as long as the process that it was made for.
            liar: Box::leak(Box::new(liar)),
            first_store: store.clone(),
            store,
            phrase,
            otter,
            running: None,
            lesson: Lesson::default(),
            rounds: 0,
        })
    }

    /// A cold start over what was last stored; in honest company, or it would never begin.
    fn start(&self) -> Tablet<'static> {
        let was_honest = self.liar.is_honest.replace(true);
        let mut tablet = Tablet::with_store("fuzzed", at("09:30"), None, self.store.clone());
        tablet.unlock(&self.phrase).unwrap();
        tablet.signal(Some(self.liar));
        tablet.ask(Command::Look(Screen::Today)).unwrap();
        self.liar.is_honest.replace(was_honest);
        tablet
    }

    /// Does something with the tablet; started again after each panic of the library, as the page would.
    fn go_on(&mut self, what: impl Fn(&Self, &mut Tablet<'static>)) {
        loop {
            let mut running = self.running.take();
            let ended = panic::catch_unwind(AssertUnwindSafe(|| {
                what(self, running.get_or_insert_with(|| self.start()));
            }));
            match ended {
                Ok(()) => {
                    self.running = running;
                    return;
                }
                Err(panic) => {
                    if !is_the_librarys() || !self.lesson.learn(&trial::on_trial()) {
                        panic::resume_unwind(panic);
                    }
                    trial::heed(&self.lesson);
                    // What was stored before the panic is stored.
                    if let Some(dead) = running {
                        self.store = dead.store;
                    }
                }
            }
        }
    }

    /// The tablet still shows its day, takes something new, sends it, and does so after a cold start.
    fn prove_use(&mut self) {
        self.liar.is_honest.replace(true);
        let (otter, phrase) = (self.otter, self.phrase.clone());
        self.go_on(|this, tablet| {
            tablet.pass(3_600_000);
            for _twice in 0..2 {
                assert!(tablet.today().session.is_some(), "the day is shown");
                // Whoever may write to the visit may have spoilt it, so this may be refused, in words.
                let what = Happening::Arrived(Wire(Side::Resident));
                let _refused = tablet.ask(Command::Record { visit: otter, what });
                session(tablet);
                let sent = tablet.ask(Command::SendNow);
                let unsent = tablet.sync.unsent;
                assert!(
                    sent.is_ok() && unsent == 0,
                    "{sent:?}, {unsent} unsent, {:?}",
                    tablet.sync
                );
                tablet.switch_on(false);
                let is_locked = matches!(tablet.door, Door::Locked { .. });
                assert!(is_locked, "the tablet asks for its phrase");
                tablet.unlock(&phrase).unwrap();
                tablet.signal(Some(this.liar));
            }
        });
        self.running = None;
        self.store = self.first_store.clone();
        self.lesson = Lesson::default();
        trial::heed(&self.lesson);
    }
}

impl Target for Answers {
    fn round(&mut self, chance: &mut Chance, notes: &mut Notes) {
        self.rounds += 1;
        self.liar.chance.replace(chance.clone());
        self.liar.prepare(notes);
        let poke = chance.bytes(25);
        let is_poke = chance.one_in(3);
        self.liar.is_honest.replace(false);
        self.liar.told.replace(0);
        self.go_on(|_, tablet| {
            if is_poke {
                tablet.feed(Event::Poked(poke.clone()));
            }
            tablet.feed(Event::Visible(true));
            tablet.pass(61_000);
        });
        if *self.liar.told.borrow() > 0 {
            notes.taken();
        }
        if self.rounds.is_multiple_of(LIFE) {
            self.prove_use();
        }
    }
}

impl Liar {
    /// What the next lies are made of, written down before they are told.
    fn prepare(&self, notes: &mut Notes) {
        let mut chance = self.chance.borrow_mut();
        let envelope = self.insider.borrow_mut().wrong(&mut chance);
        notes.trying(&envelope);
        self.tried.replace(envelope);
    }

    fn lie(&self, path: &str, status: u16, body: Vec<u8>) -> (u16, bool, Vec<u8>) {
        let mut chance = self.chance.borrow_mut();
        match chance.below(8) {
            0 => {
                let noise = chance.below(200);
                (
                    *chance.pick(&[200, 204, 302, 401, 403, 404, 500, 503]),
                    chance.one_in(2),
                    chance.bytes(noise),
                )
            }
            1 => {
                let corpus = Corpus::new(vec![body]);
                (status, true, corpus.wrong(&mut chance))
            }
            _ if path.ends_with("/pull") && status == 200 => (
                200,
                true,
                self.wrong_pull(&body, &mut chance).sign(&self.key),
            ),
            _ => (status, true, body),
        }
    }

    /// A good answer of the real relay with some of it changed, and what the insider made in it.
    fn wrong_pull(&self, body: &[u8], chance: &mut Chance) -> PullAnswer {
        let mut answer = PullAnswer::open(body).unwrap();
        answer.relay_key = self.key.verifying_key().to_bytes();
        let seq = if chance.one_in(3) {
            chance.edge()
        } else {
            1_000
        };
        let mut envelopes = vec![(seq, self.tried.borrow().clone())];
        if chance.one_in(3) {
            let noise = chance.below(900);
            envelopes.push((chance.edge(), chance.bytes(noise)));
        }
        let team = Channel::Ring(Ring::Team);
        let head_seq = if chance.one_in(2) { chance.edge() } else { seq };
        let page = answer.pages.iter_mut().find(|page| page.channel == team);
        match page {
            Some(page) => page.envelopes.extend(envelopes),
            None => answer.pages.push(ChannelPage {
                channel: team,
                head_seq,
                head_chain: ChainHash::START,
                envelopes,
            }),
        }
        if chance.one_in(4) {
            for page in &mut answer.pages {
                page.head_seq = chance.edge();
                let corpus = Corpus::new(vec![vec![9; 40]]);
                for (seq, bytes) in &mut page.envelopes {
                    *seq = chance.edge();
                    if chance.one_in(2) {
                        crate::fuzz::mutation::mutate(bytes, &corpus.real(chance), chance);
                    }
                }
            }
        }
        if chance.one_in(4) {
            answer.incarnation = Incarnation::from_bytes(chance.bytes(16).try_into().unwrap());
            answer.relay_ms = i64::from_ne_bytes(chance.edge().to_ne_bytes());
        }
        if chance.one_in(4) {
            answer.membership_length = u32::try_from(chance.edge() >> 32).unwrap();
            let noise = chance.below(300);
            answer.records.push(chance.bytes(noise));
        }
        answer.more = chance.one_in(3);
        answer
    }
}

impl Reach for Liar {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>) {
        let (status, binary, answer) = self.relay.post(path, authorization, body);
        // It says "more" as often as it likes, but not for ever: the test must end.
        let told = self.told.replace_with(|told| *told + 1);
        if *self.is_honest.borrow() || told > 6 || path.ends_with("/push") {
            let pulled = path.ends_with("/pull") && status == 200;
            let answer = if pulled {
                self.signed_again(&answer)
            } else {
                answer
            };
            return (status, binary, answer);
        }
        self.lie(path, status, answer)
    }
}

impl Liar {
    fn signed_again(&self, body: &[u8]) -> Vec<u8> {
        let mut answer = PullAnswer::open(body).unwrap();
        answer.relay_key = self.key.verifying_key().to_bytes();
        answer.sign(&self.key)
    }
}
