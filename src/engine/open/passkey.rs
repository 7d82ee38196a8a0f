//! This device's lock as a second way to unlock: added and taken away here, used at the doors.
//!
//! It knows the wrap that a passkey's secret opens. How a browser is asked for that secret is the platform's business.

use sync_protocol::DeviceId;

use crate::engine::{
    crypto::{
        key::PasskeySecret,
        keyring::{Passkey, PasskeyWrap},
    },
    event::Rows,
    open::Open,
    storage::key::{Key, Table},
    turn::Turn,
    view::{Done, Trouble},
};

impl Open {
    /// Wraps the keyring's key once more, for this passkey; an earlier one opens nothing from then on.
    pub(super) fn add_passkey(
        &mut self,
        passkey: Passkey,
        secret: &PasskeySecret,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let device = self.device();
        let wrap = PasskeyWrap::seal(&self.keyring.key, device, passkey, secret, turn.rng)
            .map_err(|_| Trouble::WrongPasskey)?;
        turn.put(Table::Meta, Key::passkey(device), wrap.encode());
        self.keyring.row.passkey = Some(Box::new(wrap));
        Ok(Done::Saved)
    }

    /// Destroys the wrap; whoever still has the passkey has the key to nothing.
    pub(super) fn remove_passkey(&mut self, turn: &mut Turn<'_>) -> Done {
        turn.delete(Table::Meta, Key::passkey(self.device()));
        self.keyring.row.passkey = None;
        Done::Saved
    }

    /// What this device's lock is asked with, if it opens this person's keys.
    pub(super) fn passkey(&self) -> Option<Passkey> {
        let wrap = self.keyring.row.passkey.as_ref();
        wrap.map(|wrap| wrap.passkey().clone())
    }
}

/// The wrap of a device among these rows. One that is damaged is none: the phrase opens what it opened.
pub(crate) fn read_passkey(rows: &Rows, device: DeviceId) -> Option<Box<PasskeyWrap>> {
    let key = Key::passkey(device);
    let (_, row) = rows.iter().find(|(found, _)| *found == key)?;
    PasskeyWrap::decode(row).ok().map(Box::new)
}
