//! The mailboxes of this device's open invites: who waits, the two halves of the six digits, the answer.
//!
//! It knows messages as an invite's secret opens them, and nothing of the records that follow.

use super::{Candidate, LOOK_MS, SentInvite};

use sync_protocol::{
    InviteId,
    frame::mailbox::{MailboxAnswer, MailboxRequest},
    membership::InviteState,
};

use crate::domain::text::ShortLine;
use crate::engine::{
    crypto::enrolment::{ComparisonCode, InviteSecret, MailboxMessage, Nonce},
    effect::Effect,
    event::{Answer, NoAnswer},
    open::{Open, fetching::read_answer},
    sync::conversation::Asked,
    turn::Turn,
};

impl Open {
    /// Looks into the mailboxes of this device's open invites.
    pub(crate) fn look_into_mailboxes(&mut self, turn: &mut Turn<'_>) {
        let open: Vec<InviteId> = self.open_invites().map(|(invite, _)| invite).collect();
        let watching = self.conversation.online && self.conversation.visible && !open.is_empty();
        self.people.next_look = watching.then_some(turn.now + LOOK_MS);
        for invite in open {
            self.ask_mailbox(invite, None, turn);
        }
    }

    /// A mailbox was answered: notes the newcomer's keys, then its nonce, and answers in turn.
    pub(crate) fn mailbox_answered(
        &mut self,
        invite: InviteId,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) {
        let Some(answer) = read_answer(answer)
            .ok()
            .and_then(|body| MailboxAnswer::decode(&body).ok())
        else {
            return;
        };
        let Some(sent) = self
            .open_invites()
            .find(|(open, _)| *open == invite)
            .map(|(_, sent)| sent.clone())
        else {
            return;
        };
        let secret = InviteSecret::from_bytes(sent.secret);
        for bytes in &answer.messages {
            match MailboxMessage::open(&secret, bytes) {
                Ok(MailboxMessage::Hello {
                    keys,
                    commitment,
                    tablet,
                }) => {
                    let candidate = Candidate {
                        keys: *keys,
                        tablet: ShortLine::parse(&tablet).ok(),
                        commitment,
                        code: None,
                        answered: false,
                    };
                    self.people.candidates.or_insert_with(invite, || candidate);
                }
                Ok(MailboxMessage::Reveal { nonce }) => self.reveal(invite, &sent, nonce),
                Ok(
                    MailboxMessage::Answer { .. }
                    | MailboxMessage::Approved
                    | MailboxMessage::Refused,
                )
                | Err(_) => {}
            }
        }
        if self
            .people
            .candidates
            .get(&invite)
            .is_some_and(|candidate| !candidate.answered)
        {
            let nonce = Nonce::from_bytes(sent.nonce);
            self.leave_message(invite, &MailboxMessage::Answer { nonce }, turn);
            if let Some(candidate) = self.people.candidates.get_mut(&invite) {
                candidate.answered = true;
            }
        }
    }

    fn reveal(&mut self, invite: InviteId, sent: &SentInvite, nonce: Nonce) {
        let centre = self.centre();
        if let Some(candidate) = self.people.candidates.get_mut(&invite)
            && let Some(revealed) = candidate.commitment.check(nonce)
        {
            let own = Nonce::from_bytes(sent.nonce);
            candidate.code = Some(ComparisonCode::of(
                centre,
                invite,
                &candidate.keys,
                &revealed,
                &own,
            ));
        }
    }

    /// Invites of this device that nobody has used.
    pub(crate) fn open_invites(&self) -> impl Iterator<Item = (InviteId, &SentInvite)> {
        self.people.sent.iter().filter_map(|sent| {
            let invite = InviteSecret::from_bytes(sent.secret).invite();
            let open = self
                .membership
                .invite(&invite)
                .is_some_and(|known| matches!(known.state, InviteState::Open));
            open.then_some((invite, sent))
        })
    }

    pub(super) fn leave_message(
        &mut self,
        invite: InviteId,
        message: &MailboxMessage,
        turn: &mut Turn<'_>,
    ) {
        let sent = self
            .people
            .sent
            .iter()
            .find(|sent| InviteSecret::from_bytes(sent.secret).invite() == invite);
        if let Some(secret) = sent.map(|sent| InviteSecret::from_bytes(sent.secret)) {
            let sealed = message.seal(&secret, turn.rng);
            self.ask_mailbox(invite, Some(sealed), turn);
        }
    }

    fn ask_mailbox(&mut self, invite: InviteId, message: Option<Vec<u8>>, turn: &mut Turn<'_>) {
        let sent = self
            .people
            .sent
            .iter()
            .find(|sent| InviteSecret::from_bytes(sent.secret).invite() == invite);
        let Some(secret) = sent.map(|sent| InviteSecret::from_bytes(sent.secret)) else {
            return;
        };
        let body = MailboxRequest {
            token: secret.token(),
            after: 0,
            message,
        }
        .encode();
        let id = turn.request();
        turn.effects.push(Effect::Post {
            id,
            path: format!("/v1/mailbox/{invite}"),
            authorization: None,
            body,
        });
        self.conversation.asked(id, Asked::Mailbox(invite));
    }
}
