//! The PIN: chosen here, kept sealed beside the person's other secrets, and handed to the doors when the tablet rests.

use crate::engine::{
    crypto::{
        local::{self, RowPlace},
        pin::{Pin, PinError},
    },
    doors::OpenedKeyring,
    event::Rows,
    form::{FieldError, Problem},
    open::Open,
    storage::key::{Key, Table},
    turn::Turn,
    view::{Done, Trouble},
};

impl Open {
    /// Chooses the six digits that unlock again after a rest; they take the place of earlier ones.
    pub(crate) fn choose_pin(&mut self, typed: &str, turn: &mut Turn<'_>) -> Result<Done, Trouble> {
        let pin = Pin::choose(typed).map_err(|why| {
            let problem = match why {
                PinError::NotSixDigits => Problem::NotAPin,
                PinError::Easy => Problem::EasyPin,
            };
            Trouble::Form(vec![FieldError {
                field: "pin".to_owned(),
                problem,
            }])
        })?;
        let key = Key::pin(self.device());
        let place = RowPlace {
            table: Table::Meta.name(),
            key: &key.0,
        };
        let row = local::seal_row(&self.keyring.keyring.local, place, pin.expose(), turn.rng);
        turn.put(Table::Meta, key, row);
        self.pin = Some(pin);
        Ok(Done::Saved)
    }

    /// Leaves the keys with those who rest, if there is a PIN to come back with.
    pub(crate) fn rest(&mut self, turn: &mut Turn<'_>) {
        if let Some(pin) = self.pin.take() {
            turn.resting.rest(self.keyring.clone(), pin, self.phrase_at);
        }
    }
}

/// The PIN that was chosen on this tablet, if one was.
pub(super) fn read_pin(meta: &Rows, opened: &OpenedKeyring) -> Option<Pin> {
    let key = Key::pin(opened.keyring.device.device_id());
    let place = RowPlace {
        table: Table::Meta.name(),
        key: &key.0,
    };
    let (_, row) = meta.iter().find(|(found, _)| *found == key)?;
    let digits = local::open_row(&opened.keyring.local, place, row).ok()?;
    Pin::parse(core::str::from_utf8(&digits).ok()?)
}
