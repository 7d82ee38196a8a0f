//! An unlocked replica: keys in memory, documents open, the relay within reach or not.
//!
//! It turns commands and answers into writes, requests and views. It must not know how those are performed.

use std::collections::BTreeSet;

use sync_protocol::{CentreId, Channel, DeviceId, DocumentId, MemberId, Membership};

use crate::domain::few::Few;
use crate::engine::{
    command::{Command, CommandId, Screen},
    crypto::pin::Pin,
    doors::OpenedKeyring,
    effect::{Effect, Part, RequestId},
    event::{Drained, Event, Rows},
    library::Library,
    open::{beginning::PendingChanges, people::PeopleDesk, reading::ReadFor},
    replica::Drawn,
    storage::key::{Range, Table},
    sync::{conversation::Conversation, logbook::Logbook, outbox::Outbox, restoring::Restoring},
    turn::Turn,
    view::{Done, StorageTrouble, Trouble},
    wire::Id,
};

/// What may be read on this tablet.
mod access;
/// Reading the store after an unlock.
pub(crate) mod beginning;
/// What a command does.
pub(crate) mod commands;
/// Long documents written down whole.
mod compacting;
/// The session day: events and notes.
mod day;
/// Epoch keys between the chain and the keyring.
pub(crate) mod epochs;
/// Family files and arrangements.
pub(crate) mod families;
/// Fetching from the relay.
pub(crate) mod fetching;
/// Referrals.
pub(crate) mod intake;
/// What was received joins the log and the documents.
mod joining_log;
/// Records that let devices in.
pub(crate) mod letting_in;
/// Invented families to look around.
pub(crate) mod made_up;
/// A lapsed lease.
mod out_of_touch;
/// This device's lock as a second way to unlock.
pub(crate) mod passkey;
/// Invites and devices.
pub(crate) mod people;
/// Sessions and visits.
mod planning;
/// Opening documents from the log.
mod reading;
/// The PIN, and the keys while the tablet rests.
mod resting;
/// Bringing a relay's log back.
pub(crate) mod restoring;
/// Sealing again what another envelope's place held.
mod rewriting;
/// What failed a check.
mod setting_aside;
/// What is shown.
mod showing;
/// Devices that were shut out.
mod shut_out;
/// Summaries by kind.
mod summaries;
/// Making documents, changes and envelopes.
pub(crate) mod writing;

/// Typing is sealed after a pause of this length.
const PAUSE_MS: i64 = 2_000;

/// An unlocked replica.
pub(crate) struct Open {
    pub(crate) keyring: OpenedKeyring,
    /// What brings this person back after a rest, if they chose one.
    pub(crate) pin: Option<Pin>,
    /// When their phrase was typed, ms by this tablet's clock.
    pub(crate) phrase_at: i64,
    /// Durable changes that are in no envelope yet, of documents not opened so far.
    pub(crate) pending: PendingChanges,
    pub(crate) membership: Membership,
    pub(crate) logbook: Logbook,
    pub(crate) library: Library,
    pub(crate) outbox: Outbox,
    pub(crate) conversation: Conversation,
    pub(crate) restoring: Restoring,
    pub(crate) people: PeopleDesk,
    /// What this tablet is called.
    pub(crate) tablet: String,
    /// The demonstration store never meets a relay.
    pub(crate) made_up: bool,
    /// Whether everything was fetched once since joining.
    pub(crate) ready: bool,
    /// Fresh random bytes of this start, so that no actor is used twice.
    pub(crate) actor: [u8; 24],
    pub(crate) screen: Screen,
    pub(crate) details: Option<writing::OpenDetails>,
    /// When this tablet last met the relay, if that is too long ago for anything to be shown.
    pub(crate) out_of_touch: Option<i64>,
    pub(crate) storage_trouble: Option<StorageTrouble>,
    pub(crate) set_aside: Vec<(String, String)>,
    pub(crate) under_way: UnderWay,
}

/// What has been asked for and not answered, and what is due; nothing of it outlives a lock.
#[derive(Default)]
pub(crate) struct UnderWay {
    acknowledging: Few<u32, Vec<(CommandId, Done)>>,
    reads: Few<RequestId, ReadFor>,
    waiting: Vec<WaitingCommand>,
    seal_at: Option<i64>,
    attest: BTreeSet<Channel>,
    spoke_for_those_out: bool,
    /// Somebody has changed what this person may read, while they were in.
    has_other_rights: bool,
    /// Ciphertext that nobody here may read is kept until it is sent.
    keeps_to_send: bool,
    compacting: compacting::Compacting,
}

/// A command that needs documents which are being opened.
struct WaitingCommand {
    needs: BTreeSet<DocumentId>,
    id: CommandId,
    command: Command,
}

/// What a step asks of its caller.
pub(crate) enum Next {
    /// Stay unlocked.
    Stay,
    /// Nobody is signed in any more.
    Lock,
    /// Forget what is in memory and read it again: storage failed, or this person may read other things now.
    Again,
    /// The relay says that this device has no more rights.
    Revoked,
}

impl Open {
    /// Handles one event.
    pub(crate) fn handle(&mut self, event: Event, turn: &mut Turn<'_>) -> Next {
        match event {
            Event::Command(id, Command::Lock) => {
                self.seal_everything(turn);
                self.finish(id, Done::Saved, turn);
                self.conversation.stop_listening(turn);
                self.rest(turn);
                return Next::Lock;
            }
            Event::Command(id, command) => self.obey(id, command, turn),
            Event::Committed(batch) => {
                self.committed(batch, turn);
                if self.has_other_rights(batch, turn) {
                    return Next::Again;
                }
            }
            Event::CommitFailed {
                trouble,
                generation,
                ..
            } => {
                self.commit_failed(trouble, turn);
                if turn.was_refused(generation) {
                    return Next::Again;
                }
            }
            Event::RowsRead(id, rows) => self.rows_read(id, rows, turn),
            Event::ReadFailed(id, trouble) => {
                self.under_way.reads.remove(&id);
                self.conversation.chain_has_come();
                self.restoring.busy = false;
                self.storage_trouble = Some(trouble);
            }
            Event::Answered(id, answer) => return self.answered(id, answer, turn),
            Event::Poked(_) => self.fetch(turn),
            Event::LiveClosed { refused } => {
                if self.conversation.live_closed(refused) {
                    self.fetch(turn);
                }
            }
            Event::OutboxDrained(drained) => self.drained(&drained, turn),
            Event::TimePassed => self.time_passed(turn),
            Event::Online(online) => self.online(online, turn),
            Event::Visible(visible) => self.visible(visible, turn),
            Event::Opened { .. }
            | Event::NotOpened(_)
            | Event::TakenByOtherTab
            | Event::Derived(..) => {}
        }
        Next::Stay
    }

    /// Ends a step: opens what the screen needs, asks to be woken when something is due.
    pub(crate) fn settle(&mut self, turn: &mut Turn<'_>) {
        let wanted = self.wanted(turn.now);
        self.want(&wanted, turn);
        self.keep_initials(turn);
        let due = [
            self.under_way.seal_at,
            self.conversation.next_attempt(),
            self.people.next_look(),
        ];
        if let Some(at) = due.into_iter().flatten().min() {
            turn.effects.push(Effect::WakeAt(at));
        }
    }

    /// The unlock screen shows initials; a newcomer's are known once their own record has come.
    fn keep_initials(&mut self, turn: &mut Turn<'_>) {
        let member = Id(*self.member().as_bytes());
        let known = self.worker(member).map(|worker| worker.initials.clone());
        if let Some(initials) = known.filter(|initials| *initials != self.keyring.row.initials) {
            self.keyring.row.initials = initials;
            self.keyring.write(turn);
            self.commit_what_can_wait(turn);
        }
    }

    /// Writes what follows from reading the store. On a tablet without room it waits for the next thing that has to be
    /// written: a refusal has everything read again, which would lead to the same writes without a pause.
    fn commit_what_can_wait(&self, turn: &mut Turn<'_>) {
        if self.storage_trouble.is_some() {
            turn.put_off_writes();
        } else {
            turn.commit();
        }
    }

    /// Shows what changed since the last step.
    pub(crate) fn show(&self, drawn: &mut Drawn, turn: &mut Turn<'_>) {
        drawn.door(self.door(), turn);
        drawn.sync(self.sync_view(), turn);
        drawn.screen(self.screen, self.screen_view(turn.now), turn);
    }

    /// This device.
    pub(crate) fn device(&self) -> DeviceId {
        self.keyring.keyring.device.device_id()
    }

    /// This person.
    pub(crate) fn member(&self) -> MemberId {
        self.keyring.keyring.member().unwrap_or(NOBODY)
    }

    /// This centre.
    pub(crate) fn centre(&self) -> CentreId {
        self.membership.centre()
    }

    /// Makes the step's writes durable and answers the command when they are.
    pub(crate) fn finish(&mut self, command: CommandId, done: Done, turn: &mut Turn<'_>) {
        match turn.commit() {
            Some(batch) => self
                .under_way
                .acknowledging
                .or_default(batch)
                .push((command, done)),
            None => turn.reply(command, Ok(done)),
        }
    }

    fn committed(&mut self, batch: u32, turn: &mut Turn<'_>) {
        self.storage_trouble = None;
        self.kept(batch, turn);
        for (command, done) in self
            .under_way
            .acknowledging
            .remove(&batch)
            .unwrap_or_default()
        {
            turn.reply(command, Ok(done));
        }
        self.push(turn);
    }

    fn commit_failed(&mut self, trouble: StorageTrouble, turn: &mut Turn<'_>) {
        self.storage_trouble = Some(trouble);
        self.not_kept(trouble, turn);
        for (command, _) in core::mem::take(&mut self.under_way.acknowledging)
            .into_values()
            .flatten()
        {
            turn.reply(command, Err(Trouble::Storage(trouble)));
        }
    }

    fn rows_read(&mut self, id: RequestId, mut rows: Vec<Rows>, turn: &mut Turn<'_>) {
        match self.under_way.reads.remove(&id) {
            Some(ReadFor::Documents(documents)) => self.documents_read(&documents, rows, turn),
            Some(ReadFor::Chain) => {
                self.conversation.chain_has_come();
                self.send_records(rows.pop().unwrap_or_default(), 0, turn);
            }
            Some(ReadFor::LogKeys) => {
                self.log_keys_read(rows, turn);
                self.answer_send_now(turn);
            }
            Some(ReadFor::Again(asked)) => {
                self.again_read(asked, rows, turn);
                self.answer_send_now(turn);
            }
            Some(ReadFor::Prunes(batch)) => self.send_again(batch, rows, turn),
            Some(ReadFor::OutboxKeys(end)) => {
                self.outbox.keep_only(&rows.pop().unwrap_or_default(), &end);
                self.look_again_if_all_is_sent(turn);
                self.answer_send_now(turn);
            }
            Some(ReadFor::Conflicting) => self.conflicting_read(rows, turn),
            Some(ReadFor::Keyrings) => self.keyrings_read(rows.pop().unwrap_or_default(), turn),
            Some(ReadFor::Compacting(channel, document)) => {
                let rows = rows.pop().unwrap_or_default();
                self.compact(channel, document, rows, turn);
            }
            None => {}
        }
    }

    fn drained(&mut self, drained: &Drained, turn: &mut Turn<'_>) {
        self.outbox.mark_refused(drained);
        self.leave_conflicting_runs(turn);
        self.speak_for_those_out(drained, turn);
        self.hear_drain_trouble(drained, turn);
        self.look_what_waits(turn);
    }

    /// Storage is what knows which rows are left, whoever took others out.
    fn look_what_waits(&mut self, turn: &mut Turn<'_>) {
        let id = turn.read(vec![(Table::Outbox, Range::All, Part::Keys)]);
        self.under_way
            .reads
            .insert(id, ReadFor::OutboxKeys(self.outbox.end()));
    }

    fn time_passed(&mut self, turn: &mut Turn<'_>) {
        let now = turn.now;
        let is_due = |at: Option<i64>| at.is_some_and(|at| at <= now);
        if is_due(self.under_way.seal_at) {
            self.seal_everything(turn);
        }
        if is_due(self.conversation.next_attempt()) {
            self.push(turn);
            self.fetch(turn);
        }
        if is_due(self.people.next_look()) {
            self.look_into_mailboxes(turn);
        }
    }

    fn online(&mut self, online: bool, turn: &mut Turn<'_>) {
        self.conversation.online = online;
        if online {
            self.push(turn);
            self.fetch(turn);
            self.look_into_mailboxes(turn);
        } else {
            self.conversation.stop_listening(turn);
        }
    }

    fn visible(&mut self, visible: bool, turn: &mut Turn<'_>) {
        self.conversation.visible = visible;
        if visible {
            self.push(turn);
            self.fetch(turn);
            self.look_into_mailboxes(turn);
        } else {
            self.seal_everything(turn);
            self.conversation.stop_listening(turn);
        }
    }

    /// Asks the page or the service worker to push, if there is something to push and somewhere to push it.
    fn push(&mut self, turn: &mut Turn<'_>) {
        if !self.made_up && !self.outbox.is_empty() {
            turn.effects.push(Effect::PushOutbox);
        }
    }
}

/// A keyring is opened for members only; an applicant's stays at the doors.
const NOBODY: MemberId = MemberId::from_bytes([0; 16]);

/// An actor for Automerge: this device's id, then bytes that no other start has used.
pub(crate) fn fresh_actor(device: DeviceId, turn: &mut Turn<'_>) -> [u8; 24] {
    let mut actor = [0; 24];
    let (head, tail) = actor.split_at_mut(16);
    head.copy_from_slice(device.as_bytes());
    tail.copy_from_slice(&turn.random::<8>());
    actor
}
