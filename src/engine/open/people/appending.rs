//! Records for the chain on their way to the relay, and what happens once it has them.
//!
//! It knows that the relay takes all of them or none; why they were made is the caller's.

use super::{SentInvite, not_made, not_taken, roles::PersonChange};

use sync_protocol::{
    DeviceId, ErrorCode, InviteId, MemberId, Membership, SignedRecord,
    frame::membership::MembershipRequest, membership::Payload,
};

use crate::engine::{
    command::CommandId,
    crypto::{
        enrolment::{InviteLink, InviteSecret, MailboxMessage},
        recovery::KitSecret,
    },
    effect::Effect,
    event::{Answer, NoAnswer, Rows},
    open::{
        Open,
        fetching::{Problem, read_answer},
        letting_in,
    },
    storage::key::{Key, Table},
    sync::conversation::Asked,
    turn::Turn,
    view::{Done, StorageTrouble, Trouble},
};

/// The row that keeps records until it is known whether the relay took them.
const ROW: &str = "appending";

/// Records on their way to the relay, and what their arrival answers.
///
/// Whoever has heard of a record follows it, and a relay that was put back from an old copy has not: had this tablet
/// forgotten what it sent, it would sign another record in the same place, and one list of people would be two. They
/// are durable before they are sent, and sent again until the list has gone on, with them or without.
#[derive(Debug)]
pub(crate) struct Appending {
    request: MembershipRequest,
    /// Who waits for the answer.
    pub(super) command: Option<CommandId>,
    /// What happens then; unknown if the app was started since.
    then: Option<Then>,
}

/// What happens once the relay has the records.
#[derive(Debug)]
pub(crate) enum Then {
    /// The invite's link may be shown.
    ShowLink(Box<SentInvite>),
    /// The newcomer is told, and the worker's record is made.
    Welcome(InviteId),
    /// The invite is forgotten.
    Forget(InviteId),
    /// The person's record says it too.
    Change(PersonChange),
    /// The tablet is out.
    ShutOut(DeviceId),
    /// The relay that was named is followed.
    Follow,
    /// The kit's sheets may be printed.
    ShowSheets(KitSecret),
    /// The sheets of this kit open nothing any more.
    EndSheets(MemberId),
}

impl Appending {
    /// What an earlier start sent and heard nothing of.
    pub(crate) fn read(meta: &Rows) -> Option<Self> {
        let key = Key::meta(ROW);
        let (_, row) = meta.iter().find(|(found, _)| *found == key)?;
        Some(Self {
            request: MembershipRequest::decode(row).ok()?,
            command: None,
            then: None,
        })
    }

    /// True if somebody asks for the same thing once more.
    fn is_for(&self, then: &Then) -> bool {
        match (&self.then, then) {
            (Some(Then::ShowLink(kept)), Then::ShowLink(asked)) => {
                let same_name = kept.newcomer == asked.newcomer;
                same_name && (kept.newcomer.is_some() || kept.member == asked.member)
            }
            (Some(Then::Welcome(kept)), Then::Welcome(asked))
            | (Some(Then::Forget(kept)), Then::Forget(asked)) => kept == asked,
            (Some(Then::ShutOut(kept)), Then::ShutOut(asked)) => kept == asked,
            (Some(Then::Change(kept)), Then::Change(asked)) => kept == asked,
            (Some(Then::EndSheets(kept)), Then::EndSheets(asked)) => kept == asked,
            _ => false,
        }
    }
}

impl Open {
    pub(crate) fn append(
        &mut self,
        records: Vec<SignedRecord>,
        command: CommandId,
        then: Then,
        turn: &mut Turn<'_>,
    ) {
        if self.made_up {
            turn.reply(
                command,
                Err(Trouble::NotNow(
                    "nobody joins made-up families, and nobody is shut out of them".to_owned(),
                )),
            );
            return;
        }
        let expected = self.membership.length();
        let kept = self.people.unsure.as_mut();
        // An answer that is still to come must find the records that it is about.
        let under_way = self.people.asking || self.people.keeping.is_some();
        let in_place = kept.filter(|kept| under_way || kept.request.expected == expected);
        if let Some(kept) = in_place {
            if kept.command.is_none() && kept.is_for(&then) {
                kept.command = Some(command);
            } else {
                turn.reply(command, Err(Trouble::TryAgain));
            }
            self.send_unsure(turn);
            return;
        }
        self.keep(records, Some(command), Some(then), turn);
    }

    /// Appends what nobody has asked for.
    pub(super) fn append_by_itself(&mut self, records: Vec<SignedRecord>, turn: &mut Turn<'_>) {
        self.keep(records, None, None, turn);
    }

    /// True while records are on their way, or it is not known whether they arrived.
    pub(super) fn is_appending(&self) -> bool {
        self.made_up || self.people.unsure.is_some()
    }

    fn keep(
        &mut self,
        records: Vec<SignedRecord>,
        command: Option<CommandId>,
        then: Option<Then>,
        turn: &mut Turn<'_>,
    ) {
        let records = records.into_iter().map(SignedRecord::into_bytes);
        let request = MembershipRequest {
            expected: self.membership.length(),
            records: records.collect(),
        };
        turn.put(Table::Meta, Key::meta(ROW), request.encode());
        self.people.unsure = Some(Appending {
            request,
            command,
            then,
        });
        self.people.keeping = turn.commit();
    }

    /// The records are durable here and may be sent.
    pub(crate) fn kept(&mut self, batch: u32, turn: &mut Turn<'_>) {
        if self.people.keeping == Some(batch) {
            self.people.keeping = None;
            self.settle_unsure(turn);
            turn.commit();
        }
    }

    /// They could not be kept, so they were not sent.
    pub(crate) fn not_kept(&mut self, trouble: StorageTrouble, turn: &mut Turn<'_>) {
        let unsure = self
            .people
            .unsure
            .take_if(|_| self.people.keeping.is_some());
        if let Some(command) = unsure.and_then(|unsure| unsure.command) {
            turn.reply(command, Err(Trouble::Storage(trouble)));
        }
        self.people.keeping = None;
    }

    /// True while it is not known whether the relay has taken the record that lets this invite's tablet in.
    pub(super) fn may_have_let_in(&self, wanted: InviteId) -> bool {
        let unsure = self.people.unsure.iter();
        let records = unsure.flat_map(|kept| &kept.request.records);
        let records = records.filter_map(|bytes| SignedRecord::parse(bytes.clone()).ok());
        let mut payloads = records.filter_map(|record| Some(record.record().ok()?.payload));
        payloads.any(|payload| {
            matches!(payload, Payload::DeviceAdd { invite: Some(invite), .. } if invite == wanted)
        })
    }

    fn send_unsure(&mut self, turn: &mut Turn<'_>) {
        let unsure = self.people.unsure.as_ref();
        let in_place = unsure.filter(|unsure| unsure.request.expected == self.membership.length());
        let Some(unsure) = in_place else {
            return;
        };
        if self.people.asking || self.people.keeping.is_some() {
            return;
        }
        let id = turn.request();
        turn.effects.push(Effect::Post {
            id,
            path: format!("/v1/{}/membership", self.centre()),
            authorization: None,
            body: unsure.request.encode(),
        });
        self.people.asking = true;
        self.conversation.asked(id, Asked::Append);
    }

    /// A fetch has brought the list up to date: records that are not in it are sent again, if their place is free.
    pub(crate) fn settle_unsure(&mut self, turn: &mut Turn<'_>) {
        let length = self.membership.length();
        let passed = |unsure: &mut Appending| unsure.request.expected < length;
        let asking = self.people.asking || self.people.keeping.is_some();
        match self
            .people
            .unsure
            .take_if(|unsure| !asking && passed(unsure))
        {
            Some(passed) => {
                turn.delete(Table::Meta, Key::meta(ROW));
                if let Some(command) = passed.command {
                    turn.reply(command, Err(Trouble::TryAgain));
                }
                if let Some(Then::ShowLink(sent)) = passed.then {
                    self.know_link(*sent, turn);
                }
            }
            None => self.send_unsure(turn),
        }
    }

    /// The relay answered an append.
    pub(crate) fn append_answered(
        &mut self,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) {
        self.people.asking = false;
        let Some(mut unsure) = self.people.unsure.take() else {
            return;
        };
        let command = unsure.command.take();
        let Err(problem) = read_answer(answer) else {
            turn.delete(Table::Meta, Key::meta(ROW));
            self.take_records(&unsure.request.records, turn);
            match unsure.then {
                Some(then) => self.appended(command, then, turn),
                None => drop(turn.commit()),
            }
            return;
        };
        let trouble = match problem {
            Problem::Failure(failure) if is_final(failure.code) => {
                turn.delete(Table::Meta, Key::meta(ROW));
                turn.commit();
                not_taken()
            }
            Problem::Failure(failure) => {
                self.people.unsure = Some(unsure);
                if failure.code == ErrorCode::MembershipMoved {
                    // Where nobody waits, the next fetch finds out soon enough.
                    if command.is_some() {
                        self.fetch(turn);
                    }
                    Trouble::TryAgain
                } else {
                    not_taken()
                }
            }
            Problem::Trouble(trouble) => {
                self.people.unsure = Some(unsure);
                Trouble::NoRelay(trouble)
            }
        };
        if let Some(command) = command {
            turn.reply(command, Err(trouble));
        }
    }

    /// An invite whose record is in the list: its link can be shown, and its mailbox looked into.
    fn know_link(&mut self, sent: SentInvite, turn: &mut Turn<'_>) {
        let invite = InviteSecret::from_bytes(sent.secret).invite();
        if self.membership.invite(&invite).is_some() {
            self.people.sent.push(sent);
            self.write_private(turn);
        }
    }

    /// Makes the step durable, and answers whoever still waits for it when it is.
    fn done(&mut self, command: Option<CommandId>, done: Done, turn: &mut Turn<'_>) {
        match command {
            Some(command) => self.finish(command, done, turn),
            None => drop(turn.commit()),
        }
    }

    /// The chain has what was asked; if the record could not be written, that is said.
    fn done_if(
        &mut self,
        written: Result<(), Trouble>,
        command: Option<CommandId>,
        turn: &mut Turn<'_>,
    ) {
        match (written, command) {
            (Err(trouble), Some(command)) => {
                turn.commit();
                turn.reply(command, Err(trouble));
            }
            _ => self.done(command, Done::Saved, turn),
        }
    }

    fn appended(&mut self, command: Option<CommandId>, then: Then, turn: &mut Turn<'_>) {
        match then {
            Then::ShowLink(sent) => {
                let secret = InviteSecret::from_bytes(sent.secret);
                let expires_at = self
                    .membership
                    .invite(&secret.invite())
                    .map_or(turn.now, |invite| invite.expires_ms);
                let link = InviteLink {
                    centre: self.centre(),
                    secret,
                };
                self.know_link(*sent, turn);
                let done = Done::Invited {
                    fragment: link.fragment().to_string(),
                    expires_at,
                };
                self.done(command, done, turn);
                self.look_into_mailboxes(turn);
            }
            Then::Welcome(invite) => {
                self.leave_message(invite, &MailboxMessage::Approved, turn);
                let candidate = self.people.candidates.remove(&invite);
                let made = self.write_down(invite, candidate, turn);
                self.write_private(turn);
                self.done_if(made, command, turn);
            }
            Then::Change(change) => {
                let written = self.write_change(&change, turn);
                self.done_if(written, command, turn);
            }
            Then::ShutOut(_) | Then::EndSheets(_) => self.done(command, Done::Saved, turn),
            Then::ShowSheets(secret) => {
                let sheets = secret.sheets(self.centre(), turn.rng);
                let sheets = sheets.map(|sheet| sheet.words().to_string());
                self.done(command, Done::Sheets(sheets), turn);
            }
            Then::Follow => {
                self.done(command, Done::Saved, turn);
                self.fetch(turn);
            }
            Then::Forget(invite) => {
                self.people.candidates.remove(&invite);
                self.people
                    .sent
                    .retain(|sent| InviteSecret::from_bytes(sent.secret).invite() != invite);
                self.write_private(turn);
                self.done(command, Done::Saved, turn);
            }
        }
    }

    /// Signs the record that follows the last one of a chain.
    pub(crate) fn sign(
        &self,
        chain: &Membership,
        payload: Payload,
        turn: &Turn<'_>,
    ) -> Result<SignedRecord, Trouble> {
        letting_in::sign(chain, &self.keyring.keyring, payload, turn.now).map_err(not_made)
    }
}

/// Whether a relay that says this will not take the same records later either.
const fn is_final(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Malformed | ErrorCode::TooLarge | ErrorCode::MembershipRefused
    )
}
