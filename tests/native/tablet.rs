//! A tablet without a browser: the real engine, a store in memory, and the relay within reach or not.

use std::collections::VecDeque;

use neutral_ground::engine::{
    command::{Command, Screen},
    crypto::passphrase::{self, KdfParams, Phrase, UnlockSalt},
    effect::{Batch, Effect, Part, Write},
    event::{Answer, DrainTrouble, Drained, Event, NoAnswer},
    replica::Replica,
    storage::{
        key::{Key, Range, Table},
        memory::MemoryStore,
    },
    view::{
        Done, Door, ScreenView, StorageTrouble, SyncView, TodayView, Trouble, ViewChange, VisitView,
    },
    wire::Id,
};
use zeroize::Zeroizing;

/// Bytes that look random and are the same for the same seed.
pub(crate) struct Dice(blake3::OutputReader);

impl Dice {
    pub(crate) fn new(seed: &str) -> Self {
        Self(blake3::Hasher::new().update(seed.as_bytes()).finalize_xof())
    }
}

impl rand_core::TryRng for Dice {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Dice {}

/// Whatever answers a tablet's requests: status, whether the answer is binary, and the answer.
pub(crate) trait Reach {
    fn post(&self, path: &str, authorization: Option<&str>, body: &[u8]) -> (u16, bool, Vec<u8>);
}

/// One tablet.
pub(crate) struct Tablet<'r> {
    pub(crate) replica: Replica,
    pub(crate) store: MemoryStore,
    pub(crate) now: i64,
    pub(crate) door: Door,
    pub(crate) sync: SyncView,
    pub(crate) screen: ScreenView,
    /// There is no room for another row.
    pub(crate) full: bool,
    /// How long a guess at the usual cost takes here, ms.
    pub(crate) guess_ms: i64,
    /// Answers to requests whose path ends with this are held back until [`Tablet::let_go`].
    pub(crate) holds: Option<&'static str>,
    held: Vec<Event>,
    relay: Option<&'r dyn Reach>,
    dice: Dice,
    replies: Vec<(u32, Result<Done, Trouble>)>,
    next_command: u32,
    wake: Option<i64>,
}

impl<'r> Tablet<'r> {
    /// A tablet switched on for the first time.
    pub(crate) fn new(name: &str, now: i64, relay: Option<&'r dyn Reach>) -> Self {
        Self::with_store(name, now, relay, MemoryStore::default())
    }

    /// A tablet with what another run of it left in its store.
    pub(crate) fn with_store(
        name: &str,
        now: i64,
        relay: Option<&'r dyn Reach>,
        store: MemoryStore,
    ) -> Self {
        let mut tablet = Self {
            replica: Replica::default(),
            store,
            now,
            door: Door::Opening,
            sync: SyncView::default(),
            screen: ScreenView::Nothing,
            full: false,
            guess_ms: 0,
            holds: None,
            held: Vec::new(),
            relay,
            dice: Dice::new(name),
            replies: Vec::new(),
            next_command: 1,
            wake: None,
        };
        tablet.switch_on(false);
        tablet
    }

    /// A cold start: what was in memory is gone, the store is as it was.
    pub(crate) fn switch_on(&mut self, made_up: bool) {
        self.replica = Replica::default();
        self.sync = SyncView::default();
        self.screen = ScreenView::Nothing;
        self.wake = None;
        self.feed(Event::Opened { made_up });
        self.feed(Event::Online(self.relay.is_some()));
    }

    /// Takes the tablet out of signal, or back into it.
    pub(crate) fn signal(&mut self, relay: Option<&'r dyn Reach>) {
        self.relay = relay;
        self.feed(Event::Online(relay.is_some()));
    }

    /// Forgets which relay it met, so that another may take its place.
    pub(crate) fn forget_the_relay(&mut self) {
        let key = Key::meta("known-relay");
        let writes = vec![Write::Delete(Table::Meta, key)];
        self.store.commit(&Batch {
            id: 0,
            generation: 0,
            writes,
        });
    }

    /// Gives a command and waits for its answer.
    pub(crate) fn ask(&mut self, command: Command) -> Result<Done, Trouble> {
        let id = self.tell(command);
        self.answer(id).expect("every command is answered")
    }

    /// Gives a command whose answer may come later; its number.
    pub(crate) fn tell(&mut self, command: Command) -> u32 {
        let id = self.next_command;
        self.next_command += 1;
        self.feed(Event::Command(id, command));
        id
    }

    /// The answer to a command, if it has come.
    pub(crate) fn answer(&mut self, id: u32) -> Option<Result<Done, Trouble>> {
        let place = self.replies.iter().position(|(reply, _)| *reply == id)?;
        Some(self.replies.remove(place).1)
    }

    /// The answers that were held back come.
    pub(crate) fn let_go(&mut self) {
        self.holds = None;
        for heard in core::mem::take(&mut self.held) {
            self.feed(heard);
        }
    }

    /// Gives a command that makes something.
    pub(crate) fn make(&mut self, command: Command) -> Id {
        match self.ask(command) {
            Ok(Done::Created(id)) => id,
            other => panic!("expected something new, found {other:?}"),
        }
    }

    /// Looks at a screen.
    pub(crate) fn look(&mut self, screen: Screen) -> &ScreenView {
        self.ask(Command::Look(screen)).unwrap();
        &self.screen
    }

    /// Today's session.
    pub(crate) fn today(&mut self) -> TodayView {
        let found = self.look(Screen::Today);
        let ScreenView::Today(today) = found else {
            panic!("expected today, found {found:?}");
        };
        today.clone()
    }

    /// One visit.
    pub(crate) fn visit(&mut self, visit: Id) -> VisitView {
        let found = self.look(Screen::Visit(visit));
        let ScreenView::Visit(view) = found else {
            panic!("expected a visit, found {found:?}");
        };
        view.clone()
    }

    /// Lets time pass; what was due is done.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end = self.now + ms;
        while let Some(at) = self.wake.filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.wake = None;
            self.feed(Event::TimePassed);
        }
        self.now = end;
    }

    /// Unlocks the only person's keys.
    pub(crate) fn unlock(&mut self, phrase: &str) -> Result<Done, Trouble> {
        let Door::Locked { people, .. } = &self.door else {
            panic!("expected the unlock screen, found {:?}", self.door);
        };
        let device = people[0].device;
        self.ask(Command::Unlock {
            device,
            phrase: phrase.to_owned(),
        })
    }

    /// Handles one event and performs every effect, then what those lead to.
    pub(crate) fn feed(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let effects = self.replica.handle(event, self.now, &mut self.dice);
            for effect in effects.0 {
                events.extend(self.perform(effect));
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Commit(batch) if self.full => Some(Event::CommitFailed {
                batch: batch.id,
                generation: batch.generation,
                trouble: StorageTrouble::Full,
            }),
            Effect::Commit(batch) => {
                self.store.commit(&batch);
                Some(Event::Committed(batch.id))
            }
            Effect::Read { id, ranges } => Some(Event::RowsRead(id, self.store.read(&ranges))),
            Effect::Derive {
                id, phrase, salt, ..
            } => {
                self.now += self.guess_ms;
                let phrase = Phrase::parse(&phrase).unwrap();
                // The cheapest cost that is allowed: these tests prove what happens, not how long a guess takes.
                let key =
                    passphrase::derive(&phrase, UnlockSalt::from_bytes(salt), KdfParams::FLOOR)
                        .unwrap();
                Some(Event::Derived(id, Zeroizing::new(*key.expose())))
            }
            Effect::Post {
                id,
                path,
                authorization,
                body,
            } => {
                let answer = self
                    .relay
                    .map(|relay| relay.post(&path, authorization.as_deref(), &body));
                let answer = answer.map(|(status, binary, body)| Answer {
                    status,
                    binary,
                    body,
                });
                let heard = Event::Answered(id, answer.ok_or(NoAnswer));
                if self.holds.is_some_and(|end| path.ends_with(end)) {
                    self.held.push(heard);
                    return None;
                }
                Some(heard)
            }
            Effect::PushOutbox => Some(Event::OutboxDrained(self.drain())),
            Effect::WakeAt(at) => {
                self.wake = Some(at);
                None
            }
            Effect::Show(change) => {
                self.show(change);
                None
            }
            Effect::Listen { .. } | Effect::StopListening => None,
        }
    }

    fn show(&mut self, change: ViewChange) {
        match change {
            ViewChange::Door(door) => self.door = door,
            ViewChange::Sync(sync) => self.sync = sync,
            ViewChange::Screen(screen) => self.screen = screen,
            ViewChange::Reply(reply) => self.replies.push((reply.command, reply.outcome)),
        }
    }

    /// What `public/outbox.js` does, over the same wire.
    fn drain(&mut self) -> Drained {
        let Some(relay) = self.relay else {
            return Drained {
                refused: Vec::new(),
                trouble: Some(DrainTrouble::Offline),
            };
        };
        let rows = self
            .store
            .read(&[(Table::Outbox, Range::All, Part::Rows)])
            .remove(0);
        if rows.is_empty() {
            return Drained::default();
        }
        let row = self
            .store
            .read(&[(Table::Meta, Range::One(Key::meta("relay")), Part::Rows)])
            .remove(0);
        let row = String::from_utf8(row[0].1.clone()).unwrap();
        let centre = row
            .split("\"centre\":\"")
            .nth(1)
            .unwrap()
            .trim_end_matches("\"}")
            .to_owned();
        let mut body = b"NGP1".to_vec();
        for (_, envelope) in &rows {
            body.extend(u32::try_from(envelope.len()).unwrap().to_be_bytes());
            body.extend(envelope);
        }
        let (status, _, answer) = relay.post(&format!("/v1/{centre}/push"), None, &body);
        if status != 200 {
            return Drained {
                refused: Vec::new(),
                trouble: Some(DrainTrouble::Refused),
            };
        }
        assert_eq!(&answer[..4], b"NGR1");
        let mut refused = Vec::new();
        for (place, (key, _)) in rows.into_iter().enumerate() {
            let code = answer[6 + 9 * place];
            if code < 2 {
                let writes = vec![Write::Delete(Table::Outbox, key)];
                self.store.commit(&Batch {
                    id: 0,
                    generation: 0,
                    writes,
                });
            } else {
                refused.push((key, code));
            }
        }
        Drained {
            refused,
            trouble: None,
        }
    }
}
