//! This device's lock: whether it can be used here, added, used to unlock, taken away.

use leptos::{prelude::*, task::spawn_local};

use super::{AppState, LockTrouble, Outcome, passkey, remembered};
use crate::{
    engine::{
        command::Command,
        crypto::{key::PasskeySecret, keyring::Passkey},
        wire::Id,
    },
    ui::message,
};

/// What came of asking this device's lock; in words where nothing did.
pub type Asked = Result<(), String>;

/// What is known of this device's lock.
#[derive(Clone, Copy, Debug)]
pub struct DeviceLock {
    /// Whether it can be used here, and why not; not known until it was looked for.
    pub here: RwSignal<Option<Result<(), LockTrouble>>>,
    /// Whether it was offered once.
    pub offered: RwSignal<bool>,
    /// A passkey that was made and has not given its secret yet.
    unfinished: StoredValue<Option<Passkey>>,
}

impl DeviceLock {
    pub(super) fn new(offered: bool) -> Self {
        Self {
            here: RwSignal::new(None),
            offered: RwSignal::new(offered),
            unfinished: StoredValue::new(None),
        }
    }

    /// Makes a passkey, or goes on with the one made before.
    async fn make(self, known_as: &str) -> Result<(Passkey, PasskeySecret), LockTrouble> {
        let unfinished = self.unfinished.try_update_value(Option::take).flatten();
        let is_second_press = unfinished.is_some();
        let made = match unfinished {
            Some(passkey) => passkey::Made {
                passkey,
                secret: None,
            },
            None => passkey::create(known_as).await?,
        };
        if let Some(secret) = made.secret {
            return Ok((made.passkey, secret));
        }
        match passkey::secret(&made.passkey).await {
            Ok(secret) => Ok((made.passkey, secret)),
            // Some browsers want a press for each question.
            Err(LockTrouble::Refused) if !is_second_press => {
                self.unfinished.set_value(Some(made.passkey));
                Err(LockTrouble::AskAgain)
            }
            Err(trouble) => {
                passkey::forget(&made.passkey);
                Err(trouble)
            }
        }
    }
}

impl AppState {
    /// Looks whether this device's lock can be used here.
    pub fn look_for_lock(&self) {
        let here = self.device_lock.here;
        spawn_local(async move { here.set(Some(passkey::support().await)) });
    }

    /// Does not offer this device's lock again.
    pub fn lock_was_offered(&self) {
        self.device_lock.offered.set(true);
        remembered::keep_lock_offered(self.store());
    }

    /// Lets this device's lock open the keys of whoever is here; the device lists it by their initials.
    pub fn add_lock(&self, initials: String, then: impl FnOnce(Asked) + 'static) {
        let app = *self;
        spawn_local(async move {
            match app.device_lock.make(&initials).await {
                Ok((passkey, secret)) => {
                    let kept = passkey.clone();
                    app.ask(Command::AddPasskey { passkey, secret }, move |outcome| {
                        if outcome.is_err() {
                            passkey::forget(&kept);
                        }
                        then(asked(outcome));
                    });
                }
                Err(trouble) => then(Err(message::lock_not_added(trouble).to_owned())),
            }
        });
    }

    /// Takes this device's lock away, here and, where it can be told, from the device.
    pub fn remove_lock(&self, passkey: Passkey, then: impl FnOnce(Asked) + 'static) {
        self.ask(Command::RemovePasskey, move |outcome| {
            if outcome.is_ok() {
                passkey::forget(&passkey);
            }
            then(asked(outcome));
        });
    }

    /// Asks this device's lock, then unlocks with what it gives; the engine may still be on its way.
    pub fn unlock_with_lock(
        &self,
        device: Id,
        passkey: Passkey,
        then: impl FnOnce(Asked) + 'static,
    ) {
        let app = *self;
        spawn_local(async move {
            match passkey::secret(&passkey).await {
                Ok(secret) => {
                    let unlock = Command::UnlockWithPasskey { device, secret };
                    app.ask(unlock, move |outcome| then(asked(outcome)));
                }
                Err(trouble) => then(Err(message::lock_not_opened(trouble).to_owned())),
            }
        });
    }
}

fn asked(outcome: Outcome) -> Asked {
    outcome
        .map(drop)
        .map_err(|trouble| message::trouble(&trouble))
}
