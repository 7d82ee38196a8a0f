//! Nobody is signed in: the three doors, the unlock screen, a join that waits.
//!
//! It knows sealed keyrings; once one is open it hands over to [`Open`](crate::engine::open::Open).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sync_protocol::DeviceId;
use zeroize::Zeroizing;

use crate::engine::{
    command::{Command, CommandId},
    crypto::{
        key::{KeyringKey, UnlockKey},
        keyring::{Keyring, KeyringWrap, Standing},
        passphrase::{KdfParams, Phrase, UnlockSalt},
    },
    doors::{joining::Joining, starting::Starting},
    effect::{Effect, Part, RequestId},
    event::{Event, Rows},
    form::CentreForm,
    open::{Open, beginning::Beginning, made_up},
    storage::key::{Key, Range, Table},
    turn::Turn,
    view::{Done, Door, StorageTrouble, TileView, Trouble},
    wire::Id,
};

/// Asking to join, and waiting for the answer.
pub(crate) mod joining;
/// Starting a centre.
pub(crate) mod starting;

/// A person's keys on this tablet, as stored. The initials are in the clear: the unlock screen shows them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyringRow {
    pub(crate) initials: String,
    pub(crate) wrap: Vec<u8>,
    pub(crate) keyring: Vec<u8>,
}

/// A keyring with what is needed to store it again.
pub(crate) struct OpenedKeyring {
    pub(crate) keyring: Keyring,
    pub(crate) key: KeyringKey,
    pub(crate) row: KeyringRow,
}

impl OpenedKeyring {
    /// Seals the keyring as it is now and adds its row to the batch.
    pub(crate) fn write(&mut self, turn: &mut Turn<'_>) {
        self.row.keyring = self.keyring.seal(&self.key, turn.rng);
        let row = postcard::to_allocvec(&self.row).unwrap_or_default();
        turn.put(Table::Keyrings, Key::keyring(self.keyring.device.device_id()), row);
    }
}

/// What a step at the doors leads to.
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
    state: State,
    /// Phrases generated here: drawn by chance, so that they need no judging by their look.
    suggested: Vec<Phrase>,
}

enum State {
    /// Keyrings are being read.
    Reading(RequestId),
    /// They could not be.
    Unreadable(StorageTrouble),
    /// Zero or more people can unlock.
    Waiting(BTreeMap<DeviceId, KeyringRow>),
    /// A phrase is being turned into a key.
    Deriving(Box<Deriving>),
    /// A keyring is open and the store is being read.
    Beginning(Box<Beginning>),
    /// A join waits for approval.
    Joining(Box<Joining>),
}

struct Deriving {
    request: RequestId,
    command: CommandId,
    purpose: Purpose,
    params: KdfParams,
    salt: UnlockSalt,
    people: BTreeMap<DeviceId, KeyringRow>,
}

enum Purpose {
    Unlock { device: DeviceId, wrap: KeyringWrap, row: KeyringRow },
    Start(Box<Starting>),
    Join(Box<joining::Applying>),
}

impl Doors {
    /// Asks what this tablet holds.
    pub(crate) fn read(made_up: bool, turn: &mut Turn<'_>) -> Self {
        let id = turn.read(vec![(Table::Keyrings, Range::All, Part::Rows)]);
        Self { made_up, state: State::Reading(id), suggested: Vec::new() }
    }

    /// Storage failed: keeps the open keyring and reads everything else again.
    pub(crate) fn read_again(open: &mut Open, turn: &mut Turn<'_>) -> Self {
        let beginning = Beginning::again(open, turn);
        let state = State::Beginning(Box::new(beginning));
        Self { made_up: open.made_up, state, suggested: Vec::new() }
    }

    /// What the page shows.
    pub(crate) fn door(&self) -> Door {
        match &self.state {
            State::Reading(_) | State::Beginning(_) => Door::Opening,
            State::Unreadable(trouble) => Door::NoStorage(*trouble),
            State::Waiting(people) if people.is_empty() => Door::Empty,
            State::Waiting(people) => Door::Locked { people: tiles(people), checking: false },
            State::Deriving(deriving) if deriving.people.is_empty() => Door::Empty,
            State::Deriving(deriving) => Door::Locked { people: tiles(&deriving.people), checking: true },
            State::Joining(joining) => Door::Joining(joining.view()),
        }
    }

    /// Handles one event.
    pub(crate) fn handle(&mut self, event: Event, turn: &mut Turn<'_>) -> Outcome {
        match (&mut self.state, event) {
            (State::Reading(id), Event::RowsRead(read, rows)) if *id == read => self.keyrings_read(rows, turn),
            (State::Reading(id), Event::ReadFailed(read, trouble)) if *id == read => {
                self.state = State::Unreadable(trouble);
                Outcome::Stay
            }
            (State::Reading(_) | State::Beginning(_), Event::Command(id, command)) => Outcome::Keep(id, command),
            (State::Waiting(_) | State::Joining(_), Event::Command(id, command)) => self.obey(id, command, turn),
            (State::Deriving(_), Event::Command(id, command)) => match command {
                Command::Unlock { .. } | Command::StartCentre { .. } | Command::Join { .. } => {
                    turn.reply(id, Err(Trouble::NotNow("the phrase is being checked; one moment".to_owned())));
                    Outcome::Stay
                }
                command => Outcome::Keep(id, command),
            },
            (State::Deriving(deriving), Event::Derived(id, key)) if deriving.request == id => self.derived(key, turn),
            (State::Deriving(deriving), Event::ReadFailed(id, trouble)) if deriving.request == id => {
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
            (State::Joining(joining), event) => match joining.handle(event, turn) {
                Some(beginning) => {
                    self.state = State::Beginning(Box::new(beginning));
                    Outcome::Stay
                }
                None => Outcome::Stay,
            },
            _ => Outcome::Stay,
        }
    }

    fn keyrings_read(&mut self, mut rows: Vec<Rows>, turn: &mut Turn<'_>) -> Outcome {
        let rows = rows.pop().unwrap_or_default();
        let people = rows.into_iter().filter_map(|(key, row)| {
            Some((DeviceId::from_bytes(key.part(0)?), postcard::from_bytes(&row).ok()?))
        });
        let people: BTreeMap<DeviceId, KeyringRow> = people.collect();
        if self.made_up {
            return self.enter_made_up(people, turn);
        }
        self.state = State::Waiting(people);
        Outcome::Stay
    }

    /// The demonstration store opens by itself: it holds nothing that needs protecting.
    fn enter_made_up(&mut self, people: BTreeMap<DeviceId, KeyringRow>, turn: &mut Turn<'_>) -> Outcome {
        let command = made_up::COMMAND;
        match people.first_key_value() {
            Some((device, _)) => {
                let device = *device;
                self.state = State::Waiting(people);
                self.unlock(command, device, made_up::PHRASE, turn);
            }
            None => {
                self.state = State::Waiting(people);
                self.start(command, &made_up::centre(), made_up::PHRASE, turn);
            }
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
            }
            Command::StartCentre { centre, phrase } => self.start(id, &centre, &phrase, turn),
            Command::Join { link, phrase, tablet } => self.join(id, &link, &phrase, &tablet, turn),
            Command::Unlock { device, phrase } => self.unlock(id, DeviceId::from_bytes(device.0), &phrase, turn),
            Command::AbandonJoin => self.abandon_join(id, turn),
            Command::Lock => turn.reply(id, Ok(Done::Saved)),
            command => return Outcome::Keep(id, command),
        }
        Outcome::Stay
    }

    fn start(&mut self, id: CommandId, centre: &CentreForm, phrase: &str, turn: &mut Turn<'_>) {
        match Starting::parse(centre) {
            Ok(starting) => self.begin_deriving(id, phrase, Purpose::Start(Box::new(starting)), turn),
            Err(errors) => turn.reply(id, Err(Trouble::Form(errors))),
        }
    }

    fn join(&mut self, id: CommandId, link: &str, phrase: &str, tablet: &str, turn: &mut Turn<'_>) {
        match joining::Applying::parse(link, tablet) {
            Ok(applying) => self.begin_deriving(id, phrase, Purpose::Join(Box::new(applying)), turn),
            Err(trouble) => turn.reply(id, Err(trouble)),
        }
    }

    fn unlock(&mut self, id: CommandId, device: DeviceId, phrase: &str, turn: &mut Turn<'_>) {
        let State::Waiting(people) = &self.state else {
            turn.reply(id, Err(Trouble::NotNow("nothing is locked here".to_owned())));
            return;
        };
        let row = people.get(&device).cloned();
        let wrap = row.as_ref().and_then(|row| KeyringWrap::decode(&row.wrap).ok());
        let (Some(row), Some(wrap), Ok(phrase)) = (row, wrap, Phrase::parse(phrase)) else {
            turn.reply(id, Err(Trouble::WrongPhrase));
            return;
        };
        let (params, salt) = (wrap.params(), wrap.unlock_salt());
        self.derive(id, &phrase, params, salt, Purpose::Unlock { device, wrap, row }, turn);
    }

    fn begin_deriving(&mut self, id: CommandId, phrase: &str, purpose: Purpose, turn: &mut Turn<'_>) {
        let phrase = match Phrase::parse(phrase) {
            Ok(phrase) if self.is_strong(&phrase) => phrase,
            _ => {
                turn.reply(id, Err(Trouble::WeakPhrase));
                return;
            }
        };
        let params = if self.made_up { KdfParams::FLOOR } else { KdfParams::USUAL };
        let salt = UnlockSalt::random(turn.rng);
        self.derive(id, &phrase, params, salt, purpose, turn);
    }

    fn is_strong(&self, phrase: &Phrase) -> bool {
        let generated = self.suggested.iter().any(|known| known.expose() == phrase.expose());
        self.made_up || generated || phrase.check_strength().is_ok()
    }

    fn derive(
        &mut self,
        command: CommandId,
        phrase: &Phrase,
        params: KdfParams,
        salt: UnlockSalt,
        purpose: Purpose,
        turn: &mut Turn<'_>,
    ) {
        let people = match &mut self.state {
            State::Waiting(people) => core::mem::take(people),
            _ => BTreeMap::new(),
        };
        let request = turn.request();
        let phrase = Zeroizing::new(phrase.expose().to_owned());
        turn.effects.push(Effect::Derive { id: request, phrase, salt: *salt.as_bytes(), params });
        let deriving = Deriving { request, command, purpose, params, salt, people };
        self.state = State::Deriving(Box::new(deriving));
    }

    fn derived(&mut self, key: Zeroizing<[u8; 32]>, turn: &mut Turn<'_>) -> Outcome {
        let State::Deriving(deriving) = core::mem::replace(&mut self.state, State::Waiting(BTreeMap::new())) else {
            return Outcome::Stay;
        };
        let unlock = UnlockKey::from_bytes(*key);
        let Deriving { command, purpose, params, salt, people, .. } = *deriving;
        match purpose {
            Purpose::Unlock { device, wrap, row } => {
                let opened = wrap.open(&unlock).and_then(|key| {
                    let keyring = Keyring::open(&key, &row.keyring)?;
                    Ok(OpenedKeyring { keyring, key, row })
                });
                match opened {
                    Ok(opened) if opened.keyring.device.device_id() == device => self.unlocked(command, opened, turn),
                    _ => {
                        turn.reply(command, Err(Trouble::WrongPhrase));
                        self.state = State::Waiting(people);
                    }
                }
                Outcome::Stay
            }
            Purpose::Start(starting) => {
                match starting.start(self.made_up, command, &unlock, params, salt, turn) {
                    Some(open) => Outcome::Enter(open),
                    None => {
                        turn.forget_writes();
                        turn.reply(command, Err(Trouble::NotNow("the centre could not be made; try again".to_owned())));
                        Outcome::Stay
                    }
                }
            }
            Purpose::Join(applying) => {
                let joining = applying.apply(command, &unlock, params, salt, turn);
                self.state = State::Joining(Box::new(joining));
                Outcome::Stay
            }
        }
    }

    fn unlocked(&mut self, command: CommandId, opened: OpenedKeyring, turn: &mut Turn<'_>) {
        self.state = match &opened.keyring.standing {
            Standing::Applicant { .. } => {
                turn.reply(command, Ok(Done::Saved));
                State::Joining(Box::new(Joining::resume(opened, turn)))
            }
            Standing::Member(_) => {
                State::Beginning(Box::new(Beginning::new(opened, self.made_up, Some(command), turn)))
            }
        };
    }

    fn abandon_join(&mut self, id: CommandId, turn: &mut Turn<'_>) {
        let State::Joining(joining) = &self.state else {
            turn.reply(id, Ok(Done::Saved));
            return;
        };
        turn.delete(Table::Keyrings, Key::keyring(joining.device()));
        turn.commit(0);
        turn.reply(id, Ok(Done::Saved));
        *self = Self::read(self.made_up, turn);
    }
}

fn tiles(people: &BTreeMap<DeviceId, KeyringRow>) -> Vec<TileView> {
    let tiles = people.iter().map(|(device, row)| TileView {
        device: Id(*device.as_bytes()),
        initials: row.initials.clone(),
    });
    tiles.collect()
}
