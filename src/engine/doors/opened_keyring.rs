//! A person's keys on this tablet: the sealed row, and the keyring while it is open.
//!
//! It knows how the row is sealed and stored; who opens it is the doors' business.

use serde::{Deserialize, Serialize};

use crate::engine::{
    crypto::{key::KeyringKey, keyring::Keyring},
    storage::key::{Key, Table},
    turn::Turn,
};

/// A person's keys on this tablet, as stored. The initials are in the clear: the unlock screen shows them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyringRow {
    pub(crate) initials: String,
    pub(crate) wrap: Vec<u8>,
    pub(crate) keyring: Vec<u8>,
}

/// A keyring with what is needed to store it again.
#[derive(Clone)]
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
        turn.put(
            Table::Keyrings,
            Key::keyring(self.keyring.device.device_id()),
            row,
        );
    }
}
