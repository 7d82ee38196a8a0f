//! Reading the store after an unlock: the chain is checked again, the index opened, nothing decrypted twice.

use serde::{Deserialize, Serialize};
use sync_protocol::{Channel, DocumentId, Membership, SignedRecord};

use crate::domain::few::Few;
use crate::engine::{
    command::{CommandId, Screen},
    crypto::{
        local::{self, RowPlace},
        payload::Change,
    },
    doors::OpenedKeyring,
    effect::{Effect, Part, RequestId},
    event::{Event, Rows},
    library::Library,
    open::{
        self, Next, Open, UnderWay, epochs,
        passkey::read_passkey,
        people::{Appending, PeopleDesk, SentInvite},
        resting::read_pin,
        setting_aside::read_quarantine,
    },
    storage::key::{Key, Range, Table},
    sync::{
        conversation::{Conversation, KnownRelay},
        logbook::{Logbook, LogbookRows},
        outbox::Outbox,
        restoring::Restoring,
    },
    turn::Turn,
    view::{Done, StorageTrouble},
};

/// What one device keeps to itself, sealed under its local key.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Private {
    /// What this tablet is called.
    pub(crate) tablet: String,
    /// Whether everything was fetched once since joining.
    pub(crate) ready: bool,
    /// Invites made on this device.
    pub(crate) invites: Vec<SentInvite>,
}

/// An open keyring, waiting for the store.
pub(crate) struct Beginning {
    opened: OpenedKeyring,
    made_up: bool,
    command: Option<CommandId>,
    read: RequestId,
    screen: Screen,
    phrase_at: i64,
    /// Why the store is read again, if it is.
    trouble: Option<StorageTrouble>,
}

impl Beginning {
    /// Asks for everything that an unlocked replica keeps in memory; the phrase was typed at `phrase_at`.
    pub(crate) fn new(
        opened: OpenedKeyring,
        made_up: bool,
        command: Option<CommandId>,
        phrase_at: i64,
        turn: &mut Turn<'_>,
    ) -> Self {
        let read = turn.read(ranges(&opened));
        Self {
            opened,
            made_up,
            command,
            read,
            screen: Screen::Nothing,
            phrase_at,
            trouble: None,
        }
    }

    /// The same after a storage failure: what is in memory may be ahead of what was written.
    pub(crate) fn again(open: &Open, turn: &mut Turn<'_>) -> Self {
        let opened = open.keyring.clone();
        let read = turn.read(ranges(&opened));
        Self {
            opened,
            made_up: open.made_up,
            command: None,
            read,
            screen: open.screen,
            phrase_at: open.phrase_at,
            trouble: open.storage_trouble,
        }
    }

    /// Handles one event; gives the open replica when everything is read.
    pub(crate) fn handle(
        &mut self,
        event: Event,
        turn: &mut Turn<'_>,
    ) -> Result<Option<Box<Open>>, StorageTrouble> {
        if let Event::ReadFailed(id, trouble) = &event
            && *id == self.read
        {
            return Err(*trouble);
        }
        let Event::RowsRead(id, rows) = event else {
            return Ok(None);
        };
        if id != self.read {
            return Ok(None);
        }
        let open = self.open(rows, turn).ok_or(StorageTrouble::Failed)?;
        if let Some(command) = self.command.take() {
            turn.reply(command, Ok(Done::Saved));
        }
        Ok(Some(Box::new(open)))
    }

    fn open(&mut self, rows: Vec<Rows>, turn: &mut Turn<'_>) -> Option<Open> {
        let [
            meta,
            chain,
            log_keys,
            early,
            tips,
            heads,
            streams,
            attested,
            outbox,
            index,
            pending,
            quarantine,
        ]: [Rows; 12] = rows.try_into().ok()?;
        let membership = replay(chain)?;
        let mut keyring = self.opened.clone();
        let device = keyring.keyring.device.device_id();
        // Memory may be ahead of what was written.
        keyring.row.passkey = read_passkey(&meta, device);
        if epochs::take(&mut keyring, &membership) {
            keyring.write(turn);
        }
        let private = read_private(&meta, &keyring);
        let actor = open::fresh_actor(device, turn);
        let conversation = Conversation::new(known_relay(&meta));
        let people = PeopleDesk::new(private.invites, Appending::read(&meta));
        let logbook = Logbook::read(LogbookRows {
            tips,
            early,
            heads,
            log_keys,
            attested,
            streams,
        });
        let mut open = Open {
            library: Library::read(&index, &keyring.keyring.local),
            membership,
            logbook,
            outbox: Outbox::read(outbox),
            conversation,
            restoring: Restoring::read(&meta),
            people,
            tablet: private.tablet,
            made_up: self.made_up,
            ready: private.ready,
            actor,
            screen: self.screen,
            set_aside: quarantine.iter().filter_map(read_quarantine).collect(),
            pending: read_pending(&pending, &keyring),
            pin: read_pin(&meta, &keyring),
            phrase_at: self.phrase_at,
            keyring,
            details: None,
            out_of_touch: None,
            storage_trouble: self.trouble,
            under_way: UnderWay::default(),
        };
        open.look_at_the_lease(turn);
        if open.outbox.drop_damaged(turn) {
            // Whoever held what it was is not known: the log is compared with the relay, and what lacks is sent.
            open.begin_restoring(turn);
        }
        open.let_go_of_what_was_taken(turn);
        open.fetch_from_the_start(turn);
        open.catch_up_with_the_log(turn);
        Some(open)
    }
}

impl Open {
    /// First things after an unlock. A colleague may have heard on this tablet that its keys were ended.
    pub(crate) fn begin(&mut self, turn: &mut Turn<'_>) -> Next {
        self.commit_what_can_wait(turn);
        if self.is_shut_out() {
            return Next::Revoked;
        }
        self.look_whose_keys_are_here(turn);
        if self.storage_trouble.is_some() {
            // What would be fetched could not be kept either, and would be asked for again without a pause.
            self.conversation.wait(turn);
            self.people.look_later(turn);
        } else if !self.made_up {
            self.look_into_mailboxes(turn);
            self.fetch(turn);
            if !self.outbox.is_empty() {
                turn.effects.push(Effect::PushOutbox);
            }
        }
        Next::Stay
    }

    /// Reads documents of which the log holds more than the index knows: what a colleague fetched or wrote
    /// on this tablet, and changes that were typed and not yet sealed.
    fn catch_up_with_the_log(&mut self, turn: &mut Turn<'_>) {
        let readable = self.readable_channels();
        let behind: Vec<(Channel, DocumentId)> = self
            .logbook
            .documents()
            .filter(|(channel, document)| {
                *document != DocumentId::NONE
                    && readable.contains(channel)
                    && (self.pending.contains_key(document)
                        || self
                            .library
                            .entry(*document)
                            .map_or(0, |entry| entry.covered)
                            != self.logbook.count(*channel, *document))
            })
            .collect();
        self.read_documents(behind, turn);
    }

    /// Writes what this device keeps to itself.
    pub(crate) fn write_private(&self, turn: &mut Turn<'_>) {
        let private = Private {
            tablet: self.tablet.clone(),
            ready: self.ready,
            invites: self.people.sent.clone(),
        };
        write_private(&private, &self.keyring, turn);
    }
}

/// Adds a device's private row to the batch.
pub(crate) fn write_private(private: &Private, keyring: &OpenedKeyring, turn: &mut Turn<'_>) {
    let key = Key::private(keyring.keyring.device.device_id());
    let plain = zeroize::Zeroizing::new(postcard::to_allocvec(private).unwrap_or_default());
    let place = RowPlace {
        table: Table::Meta.name(),
        key: &key.0,
    };
    let row = local::seal_row(&keyring.keyring.local, place, &plain, turn.rng);
    turn.put(Table::Meta, key, row);
}

fn ranges(opened: &OpenedKeyring) -> Vec<(Table, Range, Part)> {
    let device = opened.keyring.device.device_id();
    vec![
        (Table::Meta, Range::All, Part::Rows),
        (Table::Chain, Range::All, Part::Rows),
        (Table::Log, Range::All, Part::Keys),
        (Table::Early, Range::All, Part::Rows),
        (Table::Tips, Range::All, Part::Rows),
        (Table::Heads, Range::All, Part::Rows),
        (Table::Streams, Range::device(device), Part::Rows),
        (Table::Attested, Range::All, Part::Rows),
        (Table::Outbox, Range::All, Part::Rows),
        (Table::Index, Range::device(device), Part::Rows),
        (Table::Pending, Range::device(device), Part::Rows),
        (Table::Quarantine, Range::All, Part::Rows),
    ]
}

fn replay(chain: Rows) -> Option<Membership> {
    let records: Vec<SignedRecord> = chain
        .into_iter()
        .map(|(_, row)| SignedRecord::parse(row))
        .collect::<Result<_, _>>()
        .ok()?;
    Membership::replay(records.iter()).ok()
}

fn known_relay(meta: &Rows) -> Option<KnownRelay> {
    let key = Key::meta("known-relay");
    meta.iter()
        .find(|(found, _)| *found == key)
        .and_then(|(_, row)| minicbor::decode(row).ok())
}

/// What this device kept to itself.
pub(crate) fn read_private(meta: &Rows, opened: &OpenedKeyring) -> Private {
    let key = Key::private(opened.keyring.device.device_id());
    let place = RowPlace {
        table: Table::Meta.name(),
        key: &key.0,
    };
    meta.iter()
        .find(|(found, _)| *found == key)
        .and_then(|(_, row)| local::open_row(&opened.keyring.local, place, row).ok())
        .and_then(|plain| postcard::from_bytes(&plain).ok())
        .unwrap_or_default()
}

/// Changes that were durable before they were in an envelope, by document, in the order of making.
pub(crate) type PendingChanges = Few<DocumentId, Vec<(Key, Vec<Vec<u8>>)>>;

fn read_pending(rows: &Rows, opened: &OpenedKeyring) -> PendingChanges {
    let mut pending = PendingChanges::default();
    for (key, row) in rows {
        let place = RowPlace {
            table: Table::Pending.name(),
            key: &key.0,
        };
        let change = local::open_row(&opened.keyring.local, place, row)
            .ok()
            .and_then(|plain| Change::decode(&plain).ok());
        if let (Some(document), Some(change)) = (key.part(16), change) {
            pending
                .or_default(DocumentId::from_bytes(document))
                .push((key.clone(), change.changes));
        }
    }
    pending
}
