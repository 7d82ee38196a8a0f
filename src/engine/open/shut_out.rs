//! Devices that were shut out: this one, or a colleague's on the same tablet.
//!
//! Keys and rows of theirs are erased here, on the record that says so and on nobody's word. What they wrote before and
//! could not send is not theirs alone: it is in the tablet's log, and whoever still may sends it for them.

use sync_protocol::{
    DeviceId,
    frame::{pull::PullAnswer, push::PushCode},
};

use crate::engine::{
    doors::{KeyringRow, note_shut_out},
    event::{Drained, Rows},
    open::{Next, Open},
    storage::key::{Key, Range, Table},
    turn::Turn,
    view::RelayTrouble,
};

impl Open {
    /// True once the chain says that this device has no more rights.
    pub(crate) fn is_shut_out(&self) -> bool {
        self.is_out(&self.device())
    }

    fn is_out(&self, device: &DeviceId) -> bool {
        let known = self.membership.device(device);
        known.is_some_and(|device| device.revoked_at.is_some())
    }

    /// The relay said that this device was shut out, or may not read what it did. Its word erases nothing; the record of
    /// whoever may say so does.
    pub(super) fn hear_why(&mut self, answer: &PullAnswer, turn: &mut Turn<'_>) -> Next {
        self.conversation.asks_why = false;
        self.take_records(&answer.records, turn);
        turn.commit();
        if self.is_shut_out() {
            return Next::Revoked;
        }
        if !self.under_way.has_other_rights {
            self.conversation.failed(RelayTrouble::Refused, turn);
        }
        Next::Stay
    }

    /// Removes everything of this person from this tablet.
    pub(crate) fn wipe_own_rows(&mut self, turn: &mut Turn<'_>) {
        erase(self.device(), turn);
        note_shut_out(&self.keyring.row.initials, turn);
        turn.commit();
    }

    /// The keys on this tablet came: those of colleagues who are out are erased, and what only they could read.
    pub(super) fn keyrings_read(&mut self, rows: Rows, turn: &mut Turn<'_>) {
        let mut here = Vec::new();
        for (key, row) in rows {
            let Some(device) = key.part(0).map(DeviceId::from_bytes) else {
                continue;
            };
            if self.is_out(&device) {
                erase(device, turn);
                let row = postcard::from_bytes(&row);
                note_shut_out(
                    &row.map_or_else(|_| String::new(), |row: KeyringRow| row.initials),
                    turn,
                );
            } else {
                here.push(device);
            }
        }
        self.let_go_of_what_nobody_reads(&here, turn);
        turn.commit();
    }

    /// The relay takes nothing from those who are out by itself. What they wrote before that, on this tablet, is sent
    /// with the proof of who is here; one comparison of the log a start is enough for all of it.
    pub(super) fn speak_for_those_out(&mut self, drained: &Drained, turn: &mut Turn<'_>) {
        let revoked = PushCode::Revoked.number();
        if drained.refused.iter().any(|(_, code)| *code == revoked)
            && !self.restoring.is_under_way()
            && !core::mem::replace(&mut self.under_way.spoke_for_those_out, true)
        {
            self.begin_restoring(turn);
            turn.commit();
            self.fetch(turn);
        }
    }
}

/// Everything that only these keys open.
fn erase(device: DeviceId, turn: &mut Turn<'_>) {
    turn.delete(Table::Keyrings, Key::keyring(device));
    turn.delete(Table::Meta, Key::private(device));
    turn.delete(Table::Meta, Key::pin(device));
    turn.delete(Table::Meta, Key::passkey(device));
    turn.delete_range(Table::Index, Range::device(device));
    turn.delete_range(Table::Pending, Range::device(device));
    turn.delete_range(Table::Streams, Range::device(device));
}
