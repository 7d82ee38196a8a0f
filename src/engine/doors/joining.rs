//! Waiting for the answer to a join: the mailbox, the six digits, the first pull. Closing the app does not burn the invite.

use sync_protocol::{
    DeviceId, ErrorCode, Membership, SignedRecord,
    frame::{
        auth::Challenge,
        mailbox::{MailboxAnswer, MailboxRequest, MailboxState},
        pull::{PullAnswer, PullRequest},
    },
};

use crate::engine::{
    command::CommandId,
    crypto::{
        enrolment::{ComparisonCode, InviteSecret, MailboxMessage, Nonce},
        keyring::Standing,
    },
    doors::OpenedKeyring,
    effect::{Effect, Part, RequestId},
    event::{Answer, Event, NoAnswer, Rows},
    open::{
        beginning::{Beginning, read_private},
        epochs,
        fetching::{Problem, read_answer},
    },
    storage::key::{Key, Range, Table},
    sync::conversation::Conversation,
    turn::Turn,
    view::{Done, JoiningView, RelayTrouble, StorageTrouble, Trouble},
};

/// How often to ask while somebody waits, ms.
const ASK_MS: i64 = 3_000;

/// A tablet that waits for approval.
pub(crate) struct Joining {
    opened: OpenedKeyring,
    secret: InviteSecret,
    nonce: Nonce,
    /// What the tablet is called, for those who let it in.
    tablet: String,
    /// The row that says so is being read.
    reading: Option<RequestId>,
    command: Option<CommandId>,
    code: Option<ComparisonCode>,
    trouble: Option<RelayTrouble>,
    refused: bool,
    ended: Option<Trouble>,
    approved: bool,
    asked: Option<RequestId>,
    pulling: Option<RequestId>,
    conversation: Conversation,
    /// The challenge of the last refusal; one retry a refusal.
    challenge: Option<Challenge>,
}

impl Joining {
    pub(super) fn new(
        opened: OpenedKeyring,
        secret: InviteSecret,
        nonce: Nonce,
        tablet: String,
        command: Option<CommandId>,
    ) -> Self {
        Self {
            opened,
            secret,
            nonce,
            tablet,
            reading: None,
            command,
            code: None,
            trouble: None,
            refused: false,
            ended: None,
            approved: false,
            asked: None,
            pulling: None,
            conversation: Conversation::new(None),
            challenge: None,
        }
    }

    /// The new keys could not be written: says so, before anybody was asked.
    pub(super) fn not_saved(self, trouble: StorageTrouble, turn: &mut Turn<'_>) {
        if let Some(command) = self.command {
            turn.reply(command, Err(Trouble::Storage(trouble)));
        }
    }

    /// Goes on with a join after the app was closed.
    pub(crate) fn resume(opened: OpenedKeyring, turn: &mut Turn<'_>) -> Self {
        let (secret, nonce) = match &opened.keyring.standing {
            Standing::Applicant { secret, nonce } => (secret.clone(), nonce.clone()),
            // The caller resumes applicants only; a member's invite is long used and answers "unknown".
            Standing::Member(_) => (
                InviteSecret::from_bytes([0; 16]),
                Nonce::from_bytes([0; 16]),
            ),
        };
        let mut joining = Self::new(opened, secret, nonce, String::new(), None);
        let row = Range::One(Key::private(joining.device()));
        joining.reading = Some(turn.read(vec![(Table::Meta, row, Part::Rows)]));
        joining
    }

    /// The row came, or could not be read: then the tablet joins without a name.
    fn name_read(&mut self, rows: &[Rows], turn: &mut Turn<'_>) {
        self.reading = None;
        if let Some(rows) = rows.first() {
            self.tablet = read_private(rows, &self.opened).tablet;
        }
        self.ask(turn);
    }

    /// The device that asks.
    pub(crate) fn device(&self) -> DeviceId {
        self.opened.keyring.device.device_id()
    }

    /// What the page shows.
    pub(crate) fn view(&self) -> JoiningView {
        JoiningView {
            code: self.code.map(ComparisonCode::grouped),
            trouble: self.trouble,
            refused: self.refused,
            ended: self.ended.clone(),
        }
    }

    /// Handles one event; gives the beginning of an unlocked replica once the chain holds this device.
    pub(crate) fn handle(&mut self, event: Event, turn: &mut Turn<'_>) -> Option<Beginning> {
        if matches!(
            event,
            Event::TimePassed | Event::Online(true) | Event::Visible(true)
        ) {
            self.ask_again(turn);
            return None;
        }
        if let Event::RowsRead(id, rows) = &event
            && self.reading == Some(*id)
        {
            self.name_read(rows, turn);
        }
        if let Event::ReadFailed(id, _) = &event
            && self.reading == Some(*id)
        {
            self.name_read(&[], turn);
        }
        let Event::Answered(id, answer) = event else {
            return None;
        };
        if self.asked == Some(id) {
            self.asked = None;
            self.mailbox_answered(answer, turn);
            return None;
        }
        if self.pulling == Some(id) {
            self.pulling = None;
            return self.pulled(answer, turn);
        }
        None
    }

    fn ask_again(&mut self, turn: &mut Turn<'_>) {
        if self.refused || self.ended.is_some() || self.reading.is_some() {
            return;
        }
        if self.approved {
            self.pull(turn);
        } else if self.asked.is_none() {
            self.ask(turn);
        }
        turn.effects.push(Effect::WakeAt(turn.now + ASK_MS));
    }

    /// Looks into the mailbox; what is missing there is left by the reader of the answer.
    pub(super) fn ask(&mut self, turn: &mut Turn<'_>) {
        self.post(None, turn);
        turn.effects.push(Effect::WakeAt(turn.now + ASK_MS));
    }

    fn leave(&mut self, message: &MailboxMessage, turn: &mut Turn<'_>) {
        let sealed = message.seal(&self.secret, turn.rng);
        self.post(Some(sealed), turn);
    }

    fn post(&mut self, message: Option<Vec<u8>>, turn: &mut Turn<'_>) {
        let body = MailboxRequest {
            token: self.secret.token(),
            after: 0,
            message,
        }
        .encode();
        let id = turn.request();
        let path = format!("/v1/mailbox/{}", self.secret.invite());
        turn.effects.push(Effect::Post {
            id,
            path,
            authorization: None,
            body,
        });
        self.asked = Some(id);
    }

    fn mailbox_answered(&mut self, answer: Result<Answer, NoAnswer>, turn: &mut Turn<'_>) {
        let answer = read_answer(answer).and_then(|body| {
            MailboxAnswer::decode(&body).map_err(|_| Problem::Trouble(RelayTrouble::NotARelay))
        });
        match answer {
            Ok(answer) => self.read_mailbox(&answer, turn),
            Err(Problem::Trouble(trouble)) => self.fail(trouble, turn),
            Err(Problem::Failure(failure)) => {
                let trouble = match failure.code {
                    ErrorCode::UnknownInvite | ErrorCode::WrongToken => Trouble::LinkUnknown,
                    ErrorCode::MailboxClosed => Trouble::LinkExpired,
                    ErrorCode::MailboxFull => Trouble::LinkUsed,
                    ErrorCode::Malformed
                    | ErrorCode::ChallengeNeeded
                    | ErrorCode::ChallengeExpired
                    | ErrorCode::Signature
                    | ErrorCode::Forbidden
                    | ErrorCode::UnknownDevice
                    | ErrorCode::Revoked
                    | ErrorCode::UnknownCentre
                    | ErrorCode::UnknownPath
                    | ErrorCode::WrongMethod
                    | ErrorCode::Timeout
                    | ErrorCode::MembershipMoved
                    | ErrorCode::TooLarge
                    | ErrorCode::MembershipRefused
                    | ErrorCode::SlowDown
                    | ErrorCode::Unavailable
                    | ErrorCode::Quota => Trouble::NoRelay(RelayTrouble::Refused),
                };
                self.give_up(trouble, turn);
            }
        }
    }

    fn read_mailbox(&mut self, answer: &MailboxAnswer, turn: &mut Turn<'_>) {
        self.trouble = None;
        if answer.centre != self.opened.keyring.centre {
            self.give_up(Trouble::LinkUnknown, turn);
            return;
        }
        let opened = answer
            .messages
            .iter()
            .filter_map(|bytes| MailboxMessage::open(&self.secret, bytes).ok());
        let messages: Vec<MailboxMessage> = opened.collect();
        let mine = self.opened.keyring.device.public_keys();
        let first = messages.iter().find_map(|message| match message {
            MailboxMessage::Hello { keys, .. } => Some(keys.as_ref()),
            MailboxMessage::Answer { .. }
            | MailboxMessage::Reveal { .. }
            | MailboxMessage::Approved
            | MailboxMessage::Refused => None,
        });
        if first.is_some_and(|keys| *keys != mine) {
            self.give_up(Trouble::LinkUsed, turn);
            return;
        }
        match answer.state {
            MailboxState::Open => {}
            MailboxState::Used => self.approved = true,
            MailboxState::Cancelled if messages.contains(&MailboxMessage::Refused) => {
                self.refused = true;
            }
            MailboxState::Cancelled => return self.give_up(Trouble::LinkCancelled, turn),
            MailboxState::Expired => return self.give_up(Trouble::LinkExpired, turn),
        }
        if first.is_none() && answer.state == MailboxState::Open {
            let hello = MailboxMessage::Hello {
                keys: Box::new(mine),
                commitment: self.nonce.commitment(),
                tablet: self.tablet.clone(),
            };
            self.leave(&hello, turn);
            return;
        }
        if let Some(command) = self.command.take() {
            turn.reply(command, Ok(Done::Saved));
        }
        for message in &messages {
            self.hear(message, &messages, turn);
        }
        if self.approved {
            self.pull(turn);
        }
    }

    fn hear(&mut self, message: &MailboxMessage, all: &[MailboxMessage], turn: &mut Turn<'_>) {
        match message {
            MailboxMessage::Answer { nonce } => {
                let keys = self.opened.keyring.device.public_keys();
                let centre = self.opened.keyring.centre;
                self.code = Some(ComparisonCode::of(
                    centre,
                    self.secret.invite(),
                    &keys,
                    &self.nonce.own(),
                    nonce,
                ));
                let reveal = MailboxMessage::Reveal {
                    nonce: self.nonce.clone(),
                };
                if !all.contains(&reveal) {
                    self.leave(&reveal, turn);
                }
            }
            MailboxMessage::Approved => self.approved = true,
            MailboxMessage::Refused => self.refused = true,
            MailboxMessage::Hello { .. } | MailboxMessage::Reveal { .. } => {}
        }
    }

    fn pull(&mut self, turn: &mut Turn<'_>) {
        if self.pulling.is_some() {
            return;
        }
        let request = PullRequest::default().encode();
        let centre = self.opened.keyring.centre;
        let path = format!("/v1/{centre}/pull");
        let key = self.opened.keyring.device.signing_key();
        self.pulling = Some(
            self.conversation
                .post_signed(&path, centre, request, key, turn),
        );
    }

    fn pulled(
        &mut self,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) -> Option<Beginning> {
        let answer = read_answer(answer).and_then(|body| {
            PullAnswer::open(&body).map_err(|_| Problem::Trouble(RelayTrouble::NotARelay))
        });
        match answer {
            Ok(answer) => self.enter(&answer, turn),
            Err(Problem::Failure(failure)) => {
                let fresh = failure.challenge != self.challenge;
                self.challenge = failure.challenge;
                if failure.challenge.is_some()
                    && fresh
                    && self.conversation.was_challenged(failure.challenge)
                {
                    self.pull(turn);
                }
                None
            }
            Err(Problem::Trouble(trouble)) => {
                self.fail(trouble, turn);
                None
            }
        }
    }

    /// The chain must begin with the record that the link names and must hold this device.
    fn enter(&mut self, answer: &PullAnswer, turn: &mut Turn<'_>) -> Option<Beginning> {
        let records: Vec<SignedRecord> = answer
            .records
            .iter()
            .filter_map(|bytes| SignedRecord::parse(bytes.clone()).ok())
            .collect();
        let membership = Membership::replay(records.iter()).ok()?;
        if membership.centre() != self.opened.keyring.centre
            || membership.device(&self.device()).is_none()
        {
            self.fail(RelayTrouble::WrongRelay, turn);
            return None;
        }
        for (index, bytes) in (0..).zip(&answer.records) {
            turn.put(Table::Chain, Key::chain(index), bytes.clone());
        }
        epochs::take(&mut self.opened, &membership);
        self.opened.write(turn);
        turn.commit();
        let opened = self.opened.clone();
        Some(Beginning::new(opened, false, None, turn.now, turn))
    }

    fn fail(&mut self, trouble: RelayTrouble, turn: &mut Turn<'_>) {
        self.trouble = Some(trouble);
        turn.effects.push(Effect::WakeAt(turn.now + ASK_MS));
    }

    /// The invite will never work: says why, also to a page that was opened later.
    fn give_up(&mut self, why: Trouble, turn: &mut Turn<'_>) {
        self.ended = Some(why.clone());
        if let Some(command) = self.command.take() {
            turn.reply(command, Err(why));
        }
    }
}
