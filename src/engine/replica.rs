//! The state machine of one device: `handle(event, now, rng) -> Effects`.
//!
//! Handle one event, perform every effect, then the next event: nothing may be interleaved.
//!
//! ```
//! # use neutral_ground::engine::{effect::Effect, event::Event, replica::Replica};
//! # struct Dice(u8);
//! # impl rand_core::TryRng for Dice {
//! #     type Error = core::convert::Infallible;
//! #     fn try_next_u32(&mut self) -> Result<u32, Self::Error> { Ok(4) }
//! #     fn try_next_u64(&mut self) -> Result<u64, Self::Error> { Ok(4) }
//! #     fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> { self.0 += 1; out.fill(self.0); Ok(()) }
//! # }
//! # impl rand_core::TryCryptoRng for Dice {}
//! let mut replica = Replica::default();
//! let effects = replica.handle(Event::Opened { made_up: false }, 0, &mut Dice(0));
//! assert!(matches!(effects.0.first(), Some(Effect::Read { .. })), "it asks what this tablet holds");
//! ```

use rand_core::CryptoRng;
use serde::Serialize;

use crate::engine::{
    command::{Command, CommandId, Screen},
    doors::{Doors, Outcome, resting::Resting},
    effect::{Effect, Effects},
    event::Event,
    open::{Next, Open},
    turn::{Numbers, Turn},
    view::{Door, ScreenView, SyncView, ViewChange},
};

/// One device.
#[derive(Default)]
pub struct Replica {
    phase: Phase,
    numbers: Numbers,
    resting: Resting,
    drawn: Drawn,
    early: Vec<(CommandId, Command)>,
    visible: Option<bool>,
    online: Option<bool>,
}

#[derive(Default)]
enum Phase {
    /// The store is not open yet.
    #[default]
    Opening,
    /// The store cannot be opened, or another tab has it.
    Stuck(Box<Door>),
    /// Nobody is signed in.
    Doors(Box<Doors>),
    /// Somebody is.
    Open(Box<Open>),
}

impl Replica {
    /// Handles one event at `now` (ms since 1970 by this device's clock), with this random source.
    pub fn handle(&mut self, event: Event, now: i64, rng: &mut dyn CryptoRng) -> Effects {
        if let Event::Online(online) = &event {
            self.online = Some(*online);
        }
        if let Event::Visible(visible) = &event {
            self.visible = Some(*visible);
        }
        let mut numbers = core::mem::take(&mut self.numbers);
        let mut resting = core::mem::take(&mut self.resting);
        resting.look_at_the_clock(now);
        let mut turn = Turn::new(now, rng, &mut numbers, &mut resting);
        self.step(event, &mut turn);
        self.show(&mut turn);
        let effects = turn.effects;
        self.numbers = numbers;
        self.resting = resting;
        effects
    }

    fn step(&mut self, event: Event, turn: &mut Turn<'_>) {
        match (&mut self.phase, event) {
            (_, Event::Opened { made_up }) => {
                self.phase = Phase::Doors(Box::new(Doors::read(made_up, turn)));
            }
            (_, Event::NotOpened(trouble)) => self.stuck(Door::NoStorage(trouble)),
            (Phase::Opening, Event::TakenByOtherTab) => self.stuck(Door::OtherTab),
            (Phase::Opening | Phase::Stuck(_), Event::Command(id, command)) => {
                self.early.push((id, command));
            }
            (Phase::Opening | Phase::Stuck(_), _) => {}
            (Phase::Doors(doors), event) => {
                if let Event::CommitFailed { generation, .. } = event {
                    turn.was_refused(generation);
                }
                let outcome = doors.handle(event, turn);
                self.pass(outcome, turn);
            }
            (Phase::Open(open), event) => {
                let next = open.handle(event, turn);
                self.follow(&next, turn);
            }
        }
        self.replay_early(turn);
        if let Phase::Open(open) = &mut self.phase {
            open.settle(turn);
        }
    }

    fn stuck(&mut self, door: Door) {
        self.phase = Phase::Stuck(Box::new(door));
    }

    fn pass(&mut self, outcome: Outcome, turn: &mut Turn<'_>) {
        match outcome {
            Outcome::Stay => {}
            Outcome::Keep(id, command) => self.early.push((id, command)),
            Outcome::Enter(mut open) => {
                open.conversation.online = self.online.unwrap_or(true);
                open.conversation.visible = self.visible.unwrap_or(true);
                let next = open.begin(turn);
                self.phase = Phase::Open(open);
                self.follow(&next, turn);
            }
        }
    }

    fn follow(&mut self, next: &Next, turn: &mut Turn<'_>) {
        let Phase::Open(open) = &mut self.phase else {
            return;
        };
        match next {
            Next::Stay => {}
            Next::Lock => self.phase = Phase::Doors(Box::new(Doors::read(open.made_up, turn))),
            Next::Again => {
                self.early.append(&mut open.unanswered(turn));
                let doors = Doors::read_again(open, turn);
                self.phase = Phase::Doors(Box::new(doors));
            }
            Next::Revoked => {
                open.wipe_own_rows(turn);
                self.phase = Phase::Doors(Box::new(Doors::read(false, turn)));
            }
        }
    }

    /// Commands that came while the store was being read are obeyed as soon as somebody can.
    fn replay_early(&mut self, turn: &mut Turn<'_>) {
        for (id, command) in core::mem::take(&mut self.early) {
            match &mut self.phase {
                Phase::Opening | Phase::Stuck(_) => self.early.push((id, command)),
                Phase::Doors(doors) => {
                    let outcome = doors.handle(Event::Command(id, command), turn);
                    self.pass(outcome, turn);
                }
                Phase::Open(open) => {
                    let next = open.handle(Event::Command(id, command), turn);
                    self.follow(&next, turn);
                }
            }
        }
    }

    fn show(&mut self, turn: &mut Turn<'_>) {
        match &self.phase {
            Phase::Opening => {}
            Phase::Stuck(door) => self.drawn.door(door.as_ref().clone(), turn),
            Phase::Doors(doors) => {
                self.drawn.forget_all_but_the_door();
                self.drawn.door(doors.door(turn), turn);
            }
            Phase::Open(open) => open.show(&mut self.drawn, turn),
        }
    }
}

/// What the page was last told, so that only changes cross.
///
/// It is kept as the bytes that cross: a copy and a comparison of every view, field by field, would be a good part of
/// the engine's code.
#[derive(Default)]
pub(crate) struct Drawn {
    door: Vec<u8>,
    sync: Vec<u8>,
    screen: Vec<u8>,
}

impl Drawn {
    pub(crate) fn door(&mut self, door: Door, turn: &mut Turn<'_>) {
        if is_news(&mut self.door, &door) {
            turn.effects.push(Effect::Show(ViewChange::Door(door)));
        }
    }

    pub(crate) fn sync(&mut self, sync: SyncView, turn: &mut Turn<'_>) {
        if is_news(&mut self.sync, &sync) {
            turn.effects.push(Effect::Show(ViewChange::Sync(sync)));
        }
    }

    /// The page forgets what it drew when it looks at another screen, even if the view is the same.
    pub(crate) fn screen(&mut self, looking: Screen, view: ScreenView, turn: &mut Turn<'_>) {
        let drawn = (looking, view);
        if is_news(&mut self.screen, &drawn) {
            turn.effects.push(Effect::Show(ViewChange::Screen(drawn.1)));
        }
    }

    /// What was shown to one person is not assumed to be on the screen of the next.
    fn forget_all_but_the_door(&mut self) {
        self.sync.clear();
        self.screen.clear();
    }
}

/// True if what is shown now differs from what was shown last, in place of which it is kept.
fn is_news(last: &mut Vec<u8>, shown: &impl Serialize) -> bool {
    let bytes = postcard::to_allocvec(shown).unwrap_or_default();
    let is_news = *last != bytes;
    *last = bytes;
    is_news
}

/// A replica holds keys; none of them is printed.
impl core::fmt::Debug for Replica {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let phase = match self.phase {
            Phase::Opening => "opening",
            Phase::Stuck(_) => "stuck",
            Phase::Doors(_) => "nobody signed in",
            Phase::Open(_) => "open",
        };
        write!(f, "Replica({phase})")
    }
}
