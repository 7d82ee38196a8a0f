//! Records for the chain on their way to the relay, and what happens once it has them.
//!
//! It knows that the relay takes all of them or none; why they were made is the caller's.

use super::{SentInvite, not_taken};

use sync_protocol::{
    ErrorCode, InviteId, Membership, Record, SignedRecord,
    frame::membership::MembershipRequest,
    membership::{InviteState, Payload},
};

use crate::engine::{
    command::CommandId,
    crypto::enrolment::{InviteLink, InviteSecret, MailboxMessage},
    effect::Effect,
    event::{Answer, NoAnswer},
    open::{
        Open,
        fetching::{Problem, read_answer},
    },
    sync::conversation::Asked,
    turn::Turn,
    view::{Done, Trouble},
};

/// Records on their way to the relay, and what their arrival answers.
#[derive(Debug)]
pub(crate) struct Appending {
    pub(crate) records: Vec<SignedRecord>,
    pub(crate) command: CommandId,
    pub(crate) then: Then,
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
    /// The relay that was named is followed.
    Follow,
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
                    "nobody can join made-up families".to_owned(),
                )),
            );
            return;
        }
        let request = MembershipRequest {
            expected: self.membership.length(),
            records: records
                .iter()
                .map(|record| record.bytes().to_vec())
                .collect(),
        };
        let id = turn.request();
        let path = format!("/v1/{}/membership", self.centre());
        turn.effects.push(Effect::Post {
            id,
            path,
            authorization: None,
            body: request.encode(),
        });
        self.conversation.asked(
            id,
            Asked::Append(Box::new(Appending {
                records,
                command,
                then,
            })),
        );
    }

    /// The relay answered an append.
    pub(crate) fn append_answered(
        &mut self,
        appending: Appending,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) {
        let Appending {
            records,
            command,
            then,
        } = appending;
        match read_answer(answer) {
            Ok(_) => {
                let bytes: Vec<Vec<u8>> =
                    records.into_iter().map(SignedRecord::into_bytes).collect();
                self.take_records(&bytes, turn);
                self.appended(command, then, turn);
            }
            Err(Problem::Failure(failure)) => {
                let trouble = if failure.code == ErrorCode::MembershipMoved {
                    self.fetch(turn);
                    Trouble::TryAgain
                } else {
                    not_taken()
                };
                turn.reply(command, Err(trouble));
            }
            Err(Problem::Trouble(trouble)) => turn.reply(command, Err(Trouble::NoRelay(trouble))),
        }
    }

    fn appended(&mut self, command: CommandId, then: Then, turn: &mut Turn<'_>) {
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
                self.people.sent.push(*sent);
                self.write_private(turn);
                let done = Done::Invited {
                    fragment: link.fragment().to_string(),
                    expires_at,
                };
                self.finish(command, done, turn);
                self.look_into_mailboxes(turn);
            }
            Then::Welcome(invite) => {
                self.leave_message(invite, &MailboxMessage::Approved, turn);
                self.people.candidates.remove(&invite);
                let made = self.make_worker(invite, turn);
                self.write_private(turn);
                match made {
                    Ok(()) => self.finish(command, Done::Saved, turn),
                    Err(trouble) => turn.reply(command, Err(trouble)),
                }
            }
            Then::Follow => {
                self.finish(command, Done::Saved, turn);
                self.fetch(turn);
            }
            Then::Forget(invite) => {
                self.people.candidates.remove(&invite);
                self.people
                    .sent
                    .retain(|sent| InviteSecret::from_bytes(sent.secret).invite() != invite);
                self.write_private(turn);
                self.finish(command, Done::Saved, turn);
            }
        }
    }

    /// Writes down who was let in by the relay without this tablet hearing of it: its answer was lost, or this
    /// tablet was switched off before it came. Without that record nobody would ever learn the newcomer's name.
    pub(crate) fn know_those_let_in(&mut self, turn: &mut Turn<'_>) {
        let nameless = self
            .people
            .sent
            .iter()
            .filter(|sent| sent.newcomer.is_some())
            .map(|sent| InviteSecret::from_bytes(sent.secret).invite())
            .filter(|invite| {
                let known = self.membership.invite(invite);
                known.is_some_and(|known| matches!(known.state, InviteState::Used { .. }))
            });
        let nameless: Vec<InviteId> = nameless.collect();
        for invite in nameless {
            self.people.candidates.remove(&invite);
            if self.make_worker(invite, turn).is_ok() {
                self.write_private(turn);
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
        let record = Record {
            index: chain.length(),
            prev: chain.head(),
            signer: self.device(),
            claimed_ms: turn.now,
            payload,
        };
        SignedRecord::sign(&record, self.keyring.keyring.device.signing_key())
            .map_err(|_| not_taken())
    }
}
