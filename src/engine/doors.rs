//! Nobody is signed in: the three doors, the unlock screen, a join that waits.
//!
//! It knows sealed keyrings; once one is open it hands over to [`Open`](crate::engine::open::Open).

use sync_protocol::DeviceId;

use crate::domain::{few::Few, gather::Gather};
use crate::engine::{
    command::{Command, CommandId},
    crypto::passphrase::Phrase,
    doors::{
        calibrating::Calibration,
        deriving::Deriving,
        joining::Joining,
        rebuilding::{Rebuilding, Step},
    },
    effect::{Part, RequestId},
    event::{Event, Rows},
    open::{Open, beginning::Beginning, made_up, passkey::read_passkey},
    storage::key::{Key, Range, Table},
    turn::Turn,
    view::{Done, Door, StorageTrouble, TileView, Trouble},
    wire::Id,
};

/// Asking to join by an invite.
pub(crate) mod applying;
mod calibrating;
mod deriving;
/// Waiting for the answer to a join.
pub(crate) mod joining;
mod opened_keyring;
/// Coming into a centre of which every tablet is lost.
pub(crate) mod rebuilding;
/// Keys in memory while a tablet is locked.
pub(crate) mod resting;
/// Starting a centre.
pub(crate) mod starting;

pub(crate) use opened_keyring::{KeyringRow, OpenedKeyring};

/// What a step at the doors leads to.
// Lives for one step; a kept command is moved once.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Outcome {
    /// Stay at the doors.
    Stay,
    /// This command is for somebody who is signed in; keep it until then.
    Keep(CommandId, Command),
    /// Somebody is signed in.
    Enter(Box<Open>),
}

/// Nobody is signed in.
pub(crate) struct Doors {
    made_up: bool,
    /// Whose keys here were ended and erased, if nobody has read of it yet: their initials.
    shut_out: Option<String>,
    state: State,
    /// Phrases generated here: drawn by chance, so that they need no judging by their look.
    suggested: Vec<Phrase>,
    calibration: Calibration,
}

enum State {
    /// Keyrings are being read.
    Reading(RequestId),
    /// They could not be.
    Unreadable(StorageTrouble),
    /// Zero or more people can unlock.
    Waiting(Few<DeviceId, KeyringRow>),
    /// A phrase is being turned into a key.
    Deriving(Box<Deriving>),
    /// A keyring is open and the store is being read.
    Beginning(Box<Beginning>),
    /// The keys of a join are being written.
    Saving(Box<Saving>),
    /// A join waits for approval.
    Joining(Box<Joining>),
    /// Two sheets are shown to the relay.
    Rebuilding(Box<Rebuilding>),
}

/// A join that nobody has been told of: until its keys are durable, the link is not used.
struct Saving {
    batch: Option<u32>,
    joining: Joining,
    people: Few<DeviceId, KeyringRow>,
}

impl Doors {
    /// Asks what this tablet holds.
    pub(crate) fn read(made_up: bool, turn: &mut Turn<'_>) -> Self {
        let id = turn.read(vec![
            (Table::Keyrings, Range::All, Part::Rows),
            (Table::Meta, Range::passkeys(), Part::Rows),
            (Table::Meta, Range::One(Key::meta(SHUT_OUT)), Part::Rows),
        ]);
        Self {
            made_up,
            shut_out: None,
            state: State::Reading(id),
            suggested: Vec::new(),
            calibration: Calibration::default(),
        }
    }

    /// Storage failed: keeps the open keyring and reads everything else again.
    pub(crate) fn read_again(open: &mut Open, turn: &mut Turn<'_>) -> Self {
        let beginning = Beginning::again(open, turn);
        let state = State::Beginning(Box::new(beginning));
        Self {
            made_up: open.made_up,
            shut_out: None,
            state,
            suggested: Vec::new(),
            calibration: Calibration::default(),
        }
    }

    /// What the page shows.
    pub(crate) fn door(&self, turn: &Turn<'_>) -> Door {
        let locked = |people, checking| locked(people, turn.resting.devices(), checking);
        match &self.state {
            State::Reading(_) | State::Beginning(_) => Door::Opening,
            State::Unreadable(trouble) => Door::NoStorage(*trouble),
            State::Waiting(people) => match &self.shut_out {
                Some(initials) => Door::ShutOut(initials.clone()),
                None => locked(people, false),
            },
            State::Deriving(deriving) => locked(&deriving.people, true),
            State::Saving(saving) => locked(&saving.people, true),
            State::Rebuilding(_) => Door::Empty,
            State::Joining(joining) => Door::Joining(joining.view()),
        }
    }

    /// Handles one event.
    pub(crate) fn handle(&mut self, event: Event, turn: &mut Turn<'_>) -> Outcome {
        if let Event::Derived(id, _) = &event
            && self.calibration.ends_with(*id, turn.now)
        {
            return Outcome::Stay;
        }
        match (&mut self.state, event) {
            (State::Reading(id), Event::RowsRead(read, rows)) if *id == read => {
                self.keyrings_read(rows, turn)
            }
            (State::Reading(id), Event::ReadFailed(read, trouble)) if *id == read => {
                self.state = State::Unreadable(trouble);
                Outcome::Stay
            }
            (State::Reading(_) | State::Beginning(_), Event::Command(id, command)) => {
                Outcome::Keep(id, command)
            }
            (State::Waiting(_) | State::Joining(_), Event::Command(id, command)) => {
                self.obey(id, command, turn)
            }
            (
                State::Deriving(_) | State::Saving(_) | State::Rebuilding(_),
                Event::Command(id, command),
            ) => deriving::wait_for_the_phrase(id, command, turn),
            (State::Deriving(deriving), Event::Derived(id, key)) if deriving.request == id => {
                self.derived(&key, turn)
            }
            (State::Deriving(deriving), Event::ReadFailed(id, trouble))
                if deriving.request == id =>
            {
                turn.reply(deriving.command, Err(Trouble::Storage(trouble)));
                self.state = State::Waiting(core::mem::take(&mut deriving.people));
                Outcome::Stay
            }
            (State::Beginning(beginning), event) => match beginning.handle(event, turn) {
                Ok(Some(open)) => Outcome::Enter(open),
                Ok(None) => Outcome::Stay,
                Err(trouble) => {
                    self.state = State::Unreadable(trouble);
                    Outcome::Stay
                }
            },
            (State::Saving(saving), event) => {
                if let Some(outcome) = saving.outcome(&event) {
                    self.keys_written(outcome, turn);
                }
                Outcome::Stay
            }
            (State::Joining(joining), event) => {
                if let Some(beginning) = joining.handle(event, turn) {
                    self.state = State::Beginning(Box::new(beginning));
                }
                Outcome::Stay
            }
            (State::Rebuilding(rebuilding), event) => match rebuilding.handle(event, turn) {
                Step::Wait => Outcome::Stay,
                Step::GiveUp => {
                    self.state = State::Waiting(Few::default());
                    Outcome::Stay
                }
                Step::Enter(open) => Outcome::Enter(open),
            },
            _ => Outcome::Stay,
        }
    }

    /// Asks to join, or leaves everything as it was: with room on the tablet the same link works.
    fn keys_written(&mut self, outcome: Result<(), StorageTrouble>, turn: &mut Turn<'_>) {
        let waiting = State::Waiting(Few::default());
        let State::Saving(saving) = core::mem::replace(&mut self.state, waiting) else {
            return;
        };
        let Saving {
            mut joining,
            people,
            ..
        } = *saving;
        self.state = match outcome {
            Ok(()) => {
                joining.ask(turn);
                State::Joining(Box::new(joining))
            }
            Err(trouble) => {
                joining.not_saved(trouble, turn);
                State::Waiting(people)
            }
        };
    }

    fn keyrings_read(&mut self, mut rows: Vec<Rows>, turn: &mut Turn<'_>) -> Outcome {
        let note = rows.pop().and_then(|mut rows| rows.pop());
        self.shut_out = note.map(|(_, initials)| String::from_utf8_lossy(&initials).into_owned());
        let passkeys = rows.pop().unwrap_or_default();
        let rows = rows.pop().unwrap_or_default();
        let people = rows.into_iter().filter_map(|(key, row)| {
            let device = DeviceId::from_bytes(key.part(0)?);
            let mut row: KeyringRow = postcard::from_bytes(&row).ok()?;
            row.passkey = read_passkey(&passkeys, device);
            Some((device, row))
        });
        let people: Few<DeviceId, KeyringRow> = people.gather();
        if self.made_up {
            return self.enter_made_up(people, turn);
        }
        if let Some(initials) = self.shut_out.as_ref().filter(|_| people.is_empty()) {
            erase_everything(initials, turn);
        }
        self.state = State::Waiting(people);
        Outcome::Stay
    }

    /// The demonstration store opens by itself: it holds nothing that needs protecting.
    fn enter_made_up(&mut self, people: Few<DeviceId, KeyringRow>, turn: &mut Turn<'_>) -> Outcome {
        let command = made_up::COMMAND;
        let first = people.first().map(|(device, _)| *device);
        self.state = State::Waiting(people);
        if let Some(device) = first {
            self.unlock(command, device, made_up::PHRASE, turn);
        } else {
            self.start(command, &made_up::centre(), made_up::PHRASE, turn);
        }
        Outcome::Stay
    }

    fn obey(&mut self, id: CommandId, command: Command, turn: &mut Turn<'_>) -> Outcome {
        match command {
            Command::SuggestPhrase => {
                let phrase = Phrase::generate(turn.rng);
                let words: Vec<&str> = phrase.words().collect();
                turn.reply(id, Ok(Done::Phrase(words.join(" "))));
                self.suggested.push(phrase);
                self.calibration.begin(turn);
            }
            Command::StartCentre { centre, phrase } => self.start(id, &centre, &phrase, turn),
            Command::Join {
                link,
                phrase,
                tablet,
            } => self.join(id, &link, &phrase, &tablet, turn),
            // Nobody's centre is known here: only whether they are two whole sheets.
            Command::TrySheets(form) => {
                let whole = form.parse().map(|_| Done::Saved);
                turn.reply(id, whole.map_err(Trouble::Form));
            }
            Command::Rebuild { form, phrase } => self.rebuild(id, &form, &phrase, turn),
            Command::Unlock { device, phrase } => {
                self.unlock(id, DeviceId::from_bytes(device.0), &phrase, turn);
            }
            Command::UnlockWithPin { device, pin } => {
                self.come_back(id, DeviceId::from_bytes(device.0), &pin, turn);
            }
            Command::UnlockWithPasskey { device, secret } => {
                self.unlock_with_passkey(id, DeviceId::from_bytes(device.0), &secret, turn);
            }
            Command::AbandonJoin => self.abandon_join(id, turn),
            Command::Lock => self.was_read(id, turn),
            command @ (Command::Look(_)
            | Command::FillWithMadeUpFamilies
            | Command::TakeReferral(_)
            | Command::DecideRisk { .. }
            | Command::AcceptReferral { .. }
            | Command::DeclineReferral { .. }
            | Command::ChangeArrangement { .. }
            | Command::OpenProtectedDetails { .. }
            | Command::CloseProtectedDetails
            | Command::ChoosePin { .. }
            | Command::AddPasskey { .. }
            | Command::RemovePasskey
            | Command::ChangeCentre(_)
            | Command::PlanSession(_)
            | Command::BookVisit(_)
            | Command::Invite(_)
            | Command::CancelInvite { .. }
            | Command::ApproveDevice { .. }
            | Command::RefuseDevice { .. }
            | Command::ChangePerson(_)
            | Command::HasLeft { .. }
            | Command::ShutOut { .. }
            | Command::MakeSheets
            | Command::Record { .. }
            | Command::Undo { .. }
            | Command::TypeEntry { .. }
            | Command::FinishEntry { .. }
            | Command::SendNow
            | Command::UseThisRelay) => return Outcome::Keep(id, command),
        }
        Outcome::Stay
    }

    /// What was said at the door was read, and is not said again.
    fn was_read(&mut self, id: CommandId, turn: &mut Turn<'_>) {
        if self.shut_out.take().is_some() {
            turn.delete(Table::Meta, Key::meta(SHUT_OUT));
            turn.commit();
        }
        turn.reply(id, Ok(Done::Saved));
    }

    fn abandon_join(&mut self, id: CommandId, turn: &mut Turn<'_>) {
        let State::Joining(joining) = &self.state else {
            turn.reply(id, Ok(Done::Saved));
            return;
        };
        turn.delete(Table::Keyrings, Key::keyring(joining.device()));
        turn.commit();
        turn.reply(id, Ok(Done::Saved));
        *self = Self::read(self.made_up, turn);
    }
}

impl Saving {
    /// What became of the keys, once that is known.
    fn outcome(&self, event: &Event) -> Option<Result<(), StorageTrouble>> {
        let (batch, outcome) = if let Event::CommitFailed { batch, trouble, .. } = event {
            (batch, Err(*trouble))
        } else if let Event::Committed(batch) = event {
            (batch, Ok(()))
        } else {
            return None;
        };
        (self.batch == Some(*batch)).then_some(outcome)
    }
}

/// Nobody here can open any of it, and another centre may be joined: nothing of this one stays.
fn erase_everything(initials: &str, turn: &mut Turn<'_>) {
    for table in Table::ALL {
        turn.delete_range(table, Range::All);
    }
    note_shut_out(initials, turn);
    turn.commit();
}

/// Whoever comes to this tablet next is told whose keys were ended.
pub(crate) fn note_shut_out(initials: &str, turn: &mut Turn<'_>) {
    let initials = initials.as_bytes().to_vec();
    turn.put(Table::Meta, Key::meta(SHUT_OUT), initials);
}

/// The row that is there until somebody has read that keys were ended here.
const SHUT_OUT: &str = "shut-out";

fn locked(people: &Few<DeviceId, KeyringRow>, resting: Vec<Id>, checking: bool) -> Door {
    if people.is_empty() {
        return Door::Empty;
    }
    let tiles = people.iter().map(|(device, row)| TileView {
        device: Id(*device.as_bytes()),
        initials: row.initials.clone(),
        passkey: row.passkey.as_ref().map(|wrap| wrap.passkey().clone()),
    });
    Door::Locked {
        people: tiles.collect(),
        resting,
        checking,
    }
}
