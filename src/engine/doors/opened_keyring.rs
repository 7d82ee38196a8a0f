//! A person's keys on this tablet: the sealed row, and the keyring while it is open.
//!
//! It knows how the row is sealed and stored; who opens it is the doors' business.

use serde::{Deserialize, Serialize};
use sync_protocol::DeviceId;

use crate::engine::{
    crypto::{
        key::KeyringKey,
        keyring::{Keyring, PasskeyWrap},
    },
    storage::key::{Key, Table},
    turn::Turn,
};

/// A person's keys on this tablet, as stored. The initials are in the clear: the unlock screen shows them.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyringRow {
    pub(crate) initials: String,
    pub(crate) wrap: Vec<u8>,
    pub(crate) keyring: Vec<u8>,
    /// The second way to unlock, if this person added it; has a row of its own.
    #[serde(skip)]
    pub(crate) passkey: Option<Box<PasskeyWrap>>,
}

/// A keyring with what is needed to store it again.
#[derive(Clone)]
pub(crate) struct OpenedKeyring {
    pub(crate) keyring: Keyring,
    pub(crate) key: KeyringKey,
    pub(crate) row: KeyringRow,
}

impl OpenedKeyring {
    /// The keyring in a row, if this is its key and the row this device's.
    pub(crate) fn open(key: KeyringKey, row: KeyringRow, device: DeviceId) -> Option<Self> {
        let keyring = Keyring::open(&key, &row.keyring).ok()?;
        let opened = Self { keyring, key, row };
        (opened.keyring.device.device_id() == device).then_some(opened)
    }

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
