//! A phrase on its way to a key, and what the key is then for.
//!
//! It knows phrases before they are derived and wraps after; the derivation itself is an effect.

use super::{Doors, KeyringRow, OpenedKeyring, Outcome, Saving, State, applying::Applying};

use sync_protocol::DeviceId;
use zeroize::Zeroizing;

use crate::domain::few::Few;
use crate::engine::{
    command::{Command, CommandId},
    crypto::{
        key::{PasskeySecret, UnlockKey},
        keyring::{KeyringWrap, Standing},
        passphrase::{KdfParams, Phrase, UnlockSalt},
    },
    doors::{joining::Joining, rebuilding::Rebuilding, starting::Starting},
    effect::{Effect, RequestId},
    form::{CentreForm, RebuildForm, parse::sheets::RebuildDraft},
    open::beginning::Beginning,
    turn::Turn,
    view::{Done, Trouble},
};

pub(super) struct Deriving {
    pub(super) request: RequestId,
    pub(super) command: CommandId,
    purpose: Purpose,
    params: KdfParams,
    salt: UnlockSalt,
    pub(super) people: Few<DeviceId, KeyringRow>,
}

pub(super) enum Purpose {
    Unlock {
        device: DeviceId,
        wrap: KeyringWrap,
        row: KeyringRow,
    },
    Start(Box<Starting>),
    Join(Box<Applying>),
    Rebuild(Box<RebuildDraft>),
}

impl Doors {
    pub(super) fn start(
        &mut self,
        id: CommandId,
        centre: &CentreForm,
        phrase: &str,
        turn: &mut Turn<'_>,
    ) {
        match Starting::parse(centre) {
            Ok(starting) => {
                self.begin_deriving(id, phrase, Purpose::Start(Box::new(starting)), turn);
            }
            Err(errors) => turn.reply(id, Err(Trouble::Form(errors))),
        }
    }

    pub(super) fn join(
        &mut self,
        id: CommandId,
        link: &str,
        phrase: &str,
        tablet: &str,
        turn: &mut Turn<'_>,
    ) {
        match Applying::parse(link, tablet) {
            Ok(applying) => {
                self.begin_deriving(id, phrase, Purpose::Join(Box::new(applying)), turn);
            }
            Err(trouble) => turn.reply(id, Err(trouble)),
        }
    }

    /// Comes in with two sheets. A tablet that others use would mix their keys with those of a centre come back.
    pub(super) fn rebuild(
        &mut self,
        id: CommandId,
        form: &RebuildForm,
        phrase: &str,
        turn: &mut Turn<'_>,
    ) {
        if !matches!(&self.state, State::Waiting(people) if people.is_empty()) {
            let why =
                "this tablet is in use; take one on which nobody has joined or started a centre";
            return turn.reply(id, Err(Trouble::NotNow(why.to_owned())));
        }
        match form.parse() {
            Ok(draft) => {
                self.begin_deriving(id, phrase, Purpose::Rebuild(Box::new(draft)), turn);
            }
            Err(errors) => turn.reply(id, Err(Trouble::Form(errors))),
        }
    }

    pub(super) fn unlock(
        &mut self,
        id: CommandId,
        device: DeviceId,
        phrase: &str,
        turn: &mut Turn<'_>,
    ) {
        let State::Waiting(people) = &self.state else {
            turn.reply(
                id,
                Err(Trouble::NotNow("nothing is locked here".to_owned())),
            );
            return;
        };
        let row = people.get(&device).cloned();
        let wrap = row
            .as_ref()
            .and_then(|row| KeyringWrap::decode(&row.wrap).ok());
        let (Some(row), Some(wrap), Ok(phrase)) = (row, wrap, Phrase::parse(phrase)) else {
            turn.reply(id, Err(Trouble::WrongPhrase));
            return;
        };
        let (params, salt) = (wrap.params(), wrap.unlock_salt());
        self.derive(
            id,
            &phrase,
            params,
            salt,
            Purpose::Unlock { device, wrap, row },
            turn,
        );
    }

    /// What this device's lock gave needs no deriving: it opens the wrap or it does not.
    pub(super) fn unlock_with_passkey(
        &mut self,
        id: CommandId,
        device: DeviceId,
        secret: &PasskeySecret,
        turn: &mut Turn<'_>,
    ) {
        let State::Waiting(people) = &self.state else {
            let why = "nothing is locked here".to_owned();
            return turn.reply(id, Err(Trouble::NotNow(why)));
        };
        let opened = people.get(&device).and_then(|row| {
            let key = row.passkey.as_ref()?.open(device, secret).ok()?;
            OpenedKeyring::open(key, row.clone(), device)
        });
        match opened {
            Some(opened) => self.unlocked(id, opened, turn),
            None => turn.reply(id, Err(Trouble::WrongPasskey)),
        }
    }

    /// Signs somebody in again whose keys are in memory.
    pub(super) fn come_back(
        &mut self,
        id: CommandId,
        device: DeviceId,
        pin: &str,
        turn: &mut Turn<'_>,
    ) {
        if !matches!(self.state, State::Waiting(_)) {
            let why = "nothing is locked here".to_owned();
            return turn.reply(id, Err(Trouble::NotNow(why)));
        }
        match turn.resting.wake(device, pin) {
            Ok(person) => {
                let beginning = Beginning::new(
                    person.keyring,
                    self.made_up,
                    Some(id),
                    person.phrase_at,
                    turn,
                );
                self.state = State::Beginning(Box::new(beginning));
            }
            Err(left) => turn.reply(id, Err(Trouble::WrongPin { left })),
        }
    }

    fn begin_deriving(
        &mut self,
        id: CommandId,
        phrase: &str,
        purpose: Purpose,
        turn: &mut Turn<'_>,
    ) {
        let phrase = match Phrase::parse(phrase) {
            Ok(phrase) if self.is_strong(&phrase) => phrase,
            _ => {
                turn.reply(id, Err(Trouble::WeakPhrase));
                return;
            }
        };
        let params = if self.made_up {
            KdfParams::FLOOR
        } else {
            self.calibration.params()
        };
        let salt = UnlockSalt::random(turn.rng);
        self.derive(id, &phrase, params, salt, purpose, turn);
    }

    fn is_strong(&self, phrase: &Phrase) -> bool {
        let generated = self
            .suggested
            .iter()
            .any(|known| known.expose() == phrase.expose());
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
        let people = if let State::Waiting(people) = &mut self.state {
            core::mem::take(people)
        } else {
            Few::default()
        };
        let request = turn.request();
        let phrase = Zeroizing::new(phrase.expose().to_owned());
        turn.effects.push(Effect::Derive {
            id: request,
            phrase,
            salt: *salt.as_bytes(),
            params,
        });
        let deriving = Deriving {
            request,
            command,
            purpose,
            params,
            salt,
            people,
        };
        self.state = State::Deriving(Box::new(deriving));
    }

    pub(super) fn derived(&mut self, key: &Zeroizing<[u8; 32]>, turn: &mut Turn<'_>) -> Outcome {
        let State::Deriving(deriving) =
            core::mem::replace(&mut self.state, State::Waiting(Few::default()))
        else {
            return Outcome::Stay;
        };
        let unlock = UnlockKey::from_bytes(**key);
        let Deriving {
            command,
            purpose,
            params,
            salt,
            people,
            ..
        } = *deriving;
        match purpose {
            Purpose::Unlock { device, wrap, row } => {
                let key = wrap.open(&unlock).ok();
                if let Some(opened) = key.and_then(|key| OpenedKeyring::open(key, row, device)) {
                    self.unlocked(command, opened, turn);
                } else {
                    turn.reply(command, Err(Trouble::WrongPhrase));
                    self.state = State::Waiting(people);
                }
                Outcome::Stay
            }
            Purpose::Start(starting) => {
                if let Some(open) =
                    starting.start(self.made_up, command, &unlock, params, salt, turn)
                {
                    return Outcome::Enter(open);
                }
                turn.forget_writes();
                turn.reply(
                    command,
                    Err(Trouble::NotNow(
                        "the centre could not be made; try again".to_owned(),
                    )),
                );
                Outcome::Stay
            }
            Purpose::Rebuild(draft) => {
                let rebuilding = Rebuilding::begin(*draft, command, (&unlock, params, salt), turn);
                self.state = State::Rebuilding(Box::new(rebuilding));
                Outcome::Stay
            }
            Purpose::Join(applying) => {
                let joining = applying.apply(command, &unlock, params, salt, turn);
                let batch = turn.commit();
                self.state = State::Saving(Box::new(Saving {
                    batch,
                    joining,
                    people,
                }));
                Outcome::Stay
            }
        }
    }

    fn unlocked(&mut self, command: CommandId, opened: OpenedKeyring, turn: &mut Turn<'_>) {
        turn.resting.forget(opened.keyring.device.device_id());
        self.state = match &opened.keyring.standing {
            Standing::Applicant { .. } => {
                turn.reply(command, Ok(Done::Saved));
                State::Joining(Box::new(Joining::resume(opened, turn)))
            }
            Standing::Member(_) => State::Beginning(Box::new(Beginning::new(
                opened,
                self.made_up,
                Some(command),
                turn.now,
                turn,
            ))),
        };
    }
}

/// While one phrase is being checked another is turned away; anything else is kept for who comes in.
pub(super) fn wait_for_the_phrase(id: CommandId, command: Command, turn: &mut Turn<'_>) -> Outcome {
    if matches!(
        command,
        Command::Unlock { .. }
            | Command::UnlockWithPin { .. }
            | Command::UnlockWithPasskey { .. }
            | Command::StartCentre { .. }
            | Command::Join { .. }
            | Command::Rebuild { .. }
    ) {
        let why = "the phrase is being checked; one moment".to_owned();
        turn.reply(id, Err(Trouble::NotNow(why)));
        return Outcome::Stay;
    }
    Outcome::Keep(id, command)
}
