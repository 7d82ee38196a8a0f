//! What this person may read, when that changes, and what nobody on this tablet may read any more: it is erased.
//!
//! A key that was handed over cannot be taken back. What an honest tablet does is to hold no key, no row and no
//! ciphertext of what its people may not read; the relay gives them nothing more, and what follows has other keys.

use std::collections::BTreeSet;

use sync_protocol::{Channel, DeviceId, DocumentId, RingSet, membership::Member};

use crate::domain::gather::Gather;
use crate::engine::{
    effect::Part,
    open::{Open, reading::ReadFor},
    storage::key::{Key, Range, Table},
    turn::Turn,
};

/// Tables whose rows belong to a channel, which they name first.
const BY_CHANNEL: [Table; 5] = [
    Table::Log,
    Table::Early,
    Table::Tips,
    Table::Heads,
    Table::Attested,
];

impl Open {
    /// This person's rings, if they are a member yet.
    pub(super) fn rings(&self) -> Option<RingSet> {
        self.membership.member(&self.member()).map(Member::rings)
    }

    /// True once somebody has changed what this person may read, and everything up to this batch is durable.
    ///
    /// All that is in memory follows from their rights, so all of it is read again.
    pub(super) fn has_other_rights(&self, committed: u32, turn: &Turn<'_>) -> bool {
        self.under_way.has_other_rights && committed == turn.newest_batch()
    }

    /// Erases what this person knew of documents that they may not read any more.
    pub(super) fn let_go_of_what_was_taken(&mut self, turn: &mut Turn<'_>) {
        let Some(_) = self.rings() else {
            return;
        };
        let readable = self.readable_channels();
        let entries = self.library.entries();
        let taken: Vec<DocumentId> = entries
            .filter(|(_, entry)| !readable.contains(&entry.channel))
            .map(|(document, _)| document)
            .gather();
        for document in taken {
            self.library.give_up(document);
            turn.delete(Table::Index, Key::index(self.device(), document));
            for (key, _) in self.pending.remove(&document).unwrap_or_default() {
                turn.delete(Table::Pending, key);
            }
        }
    }

    /// Asks whose keys are on this tablet.
    pub(super) fn look_whose_keys_are_here(&mut self, turn: &mut Turn<'_>) {
        let id = turn.read(vec![(Table::Keyrings, Range::All, Part::Rows)]);
        self.under_way.reads.insert(id, ReadFor::Keyrings);
    }

    /// Erases the ciphertext that none of these devices may read.
    ///
    /// What waits to be sent is not theirs to lose: its channel stays until it is sent.
    pub(super) fn let_go_of_what_nobody_reads(&mut self, here: &[DeviceId], turn: &mut Turn<'_>) {
        let mut readable = self.readable_channels();
        for device in here {
            if let Some(device) = self.membership.device(device) {
                readable.extend(self.membership.channels_readable_by(&device.member));
            }
        }
        let waiting: BTreeSet<Channel> = self.outbox.iter().map(|(_, row)| row.run.0).gather();
        self.under_way.keeps_to_send = false;
        for channel in self.logbook.channels() {
            // Everybody writes into a box that only its owner reads.
            let is_read = match channel {
                Channel::Ring(_) | Channel::Desk(_) => readable.contains(&channel),
                Channel::RingBox(_) | Channel::MemberBox(_) => true,
            };
            if is_read {
                continue;
            }
            if waiting.contains(&channel) {
                self.under_way.keeps_to_send = true;
                continue;
            }
            // Memory still knows how far it went: nobody asks before they may read it again, and then all is read anew.
            for table in BY_CHANNEL {
                turn.delete_range(table, Range::channel(channel));
            }
            for device in here {
                // Whoever may read it again writes another run: how far this one went is not known here any more.
                turn.delete(Table::Streams, Key::stream(*device, channel));
            }
        }
    }

    /// Something of the outbox was sent: what was kept for it can go.
    pub(super) fn look_again_if_all_is_sent(&mut self, turn: &mut Turn<'_>) {
        if self.under_way.keeps_to_send && self.outbox.is_empty() {
            self.look_whose_keys_are_here(turn);
        }
    }
}
