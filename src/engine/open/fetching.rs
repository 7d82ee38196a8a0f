//! Fetching from the relay: one signed request for all channels, one signed answer.

/// What an answer is worth.
mod believing;

use std::collections::BTreeSet;

use sync_protocol::{
    Channel, DeviceId, ErrorCode, Header, SignedRecord,
    envelope::id_of,
    frame::{
        ChannelPage,
        failure::Failure,
        pull::{PullAnswer, PullRequest},
    },
};

use crate::engine::{
    effect::{Effect, RequestId},
    event::{Answer, DrainTrouble, Drained, NoAnswer},
    open::{Next, Open, epochs},
    storage::key::{Key, Table},
    sync::{conversation::Asked, logbook::Head},
    turn::Turn,
    view::{Done, RelayTrouble, Trouble, ViewChange},
};

impl Open {
    /// Sends and fetches now, for a person who waits for the answer.
    pub(crate) fn send_now(&mut self, command: u32, turn: &mut Turn<'_>) {
        self.seal_everything(turn);
        if self.made_up {
            turn.reply(
                command,
                Err(Trouble::NotNow(
                    "made-up families are never sent".to_owned(),
                )),
            );
            return;
        }
        self.conversation.send_now.push(command);
        if !self.outbox.is_empty() {
            turn.effects.push(Effect::PushOutbox);
        }
        self.fetch(turn);
    }

    /// Fetches what is new, or sends a centre that only this tablet has.
    pub(crate) fn fetch(&mut self, turn: &mut Turn<'_>) {
        if self.made_up || !self.conversation.may_begin_pull() {
            return;
        }
        let membership_held = self.membership.length();
        let mut readable = self.readable_channels();
        if self.conversation.asks_why {
            readable.clear();
        }
        let device = self.device();
        self.logbook.expect_back(device, &readable, &self.outbox);
        let request = PullRequest {
            membership_held,
            channels: readable
                .into_iter()
                .map(|channel| (channel, self.logbook.head(channel).seq))
                .collect(),
            wait_ms: 0,
        };
        let path = format!("/v1/{}/pull", self.centre());
        let centre = self.centre();
        let key = self.keyring.keyring.device.signing_key();
        let id = self
            .conversation
            .post_signed(&path, centre, request.encode(), key, turn);
        self.conversation.asked(id, Asked::Pull(membership_held));
    }

    /// An answer came, or none did.
    pub(crate) fn answered(
        &mut self,
        id: RequestId,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) -> Next {
        let next = match self.conversation.answered(id) {
            Some(Asked::Pull(held)) => self.pulled(held, answer, turn),
            Some(Asked::Chain(from, rest)) => {
                self.chain_answered((from, rest), answer, turn);
                Next::Stay
            }
            Some(Asked::Again(sent)) => {
                self.again_answered(sent, answer, turn);
                Next::Stay
            }
            Some(Asked::Append) => {
                self.append_answered(answer, turn);
                Next::Stay
            }
            Some(Asked::Mailbox(invite)) => {
                self.mailbox_answered(invite, answer, turn);
                Next::Stay
            }
            None => Next::Stay,
        };
        self.answer_send_now(turn);
        next
    }

    fn pulled(
        &mut self,
        records_held: u32,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) -> Next {
        let answer = match read_answer(answer) {
            Ok(body) => {
                PullAnswer::open(&body).map_err(|_| Problem::Trouble(RelayTrouble::NotARelay))
            }
            Err(problem) => Err(problem),
        };
        match answer {
            Ok(answer) if self.conversation.asks_why => return self.hear_why(&answer, turn),
            Ok(answer) => self.take_pull(records_held, answer, turn),
            Err(Problem::Failure(failure)) if failure.challenge.is_some() => {
                if self.conversation.was_challenged(failure.challenge) {
                    self.fetch(turn);
                } else {
                    self.conversation.failed(RelayTrouble::Refused, turn);
                }
            }
            Err(Problem::Failure(failure)) => {
                let asked = self.conversation.asks_why;
                let has_a_reason =
                    matches!(failure.code, ErrorCode::Revoked | ErrorCode::Forbidden);
                self.conversation.asks_why = has_a_reason && !asked;
                if self.conversation.asks_why {
                    self.fetch(turn);
                } else {
                    self.refused(failure.code, turn);
                }
            }
            Err(Problem::Trouble(trouble)) => self.conversation.failed(trouble, turn),
        }
        Next::Stay
    }

    fn take_pull(&mut self, records_held: u32, answer: PullAnswer, turn: &mut Turn<'_>) {
        if !self.is_known(&answer, turn) {
            self.doubt_the_relay(turn);
            self.conversation.failed(RelayTrouble::WrongRelay, turn);
            self.conversation.other_relay = Some(answer.relay_key);
            return;
        }
        let readable = self.readable_channels();
        if !answer.pages.iter().all(|page| may_hold(&readable, page)) {
            self.conversation.failed(RelayTrouble::NotARelay, turn);
            return;
        }
        if self.has_gone_back(records_held, &answer) {
            self.start_over(records_held, &answer, turn);
            return;
        }
        let again = self.conversation.succeeded(answer.challenge, turn);
        self.take_records(&answer.records, turn);
        self.know_those_let_in(turn);
        self.settle_unsure(turn);
        let (mut others, mut waits) = (false, false);
        for page in answer.pages {
            let mut head = self.logbook.head(page.channel);
            let mut envelopes = Vec::with_capacity(page.envelopes.len());
            for (seq, bytes) in page.envelopes {
                if self.is_ahead_of_the_chain(&bytes) {
                    waits = true;
                    break;
                }
                if let Ok(header) = Header::parse(&bytes) {
                    self.restoring.was_shown(&header);
                    let device = self.device();
                    self.logbook.own.was_handed(device, &header, turn);
                }
                head = Head {
                    seq,
                    chain: head.chain.next(id_of(&bytes)),
                };
                envelopes.push(bytes);
            }
            others |= self.receive(envelopes, turn);
            self.logbook.set_head(page.channel, head, turn);
        }
        self.know_relay(&answer.relay_key, answer.incarnation, others, turn);
        if again || (answer.more && !waits) {
            turn.commit();
            self.fetch(turn);
            return;
        }
        if !waits && self.keeps_back(&readable) {
            self.ask_from_the_start(turn);
            return;
        }
        if !self.ready {
            self.ready = true;
            self.write_private(turn);
        }
        self.send_attests(turn);
        turn.commit();
        self.go_on_restoring(turn);
        self.compact_quietly(turn);
        self.renew_old_keys(turn);
        let centre = self.centre();
        let key = self.keyring.keyring.device.signing_key();
        self.conversation.listen(centre, key, turn);
    }

    /// Written by somebody who had heard of more people than this tablet has: the records may have been appended
    /// while the relay put its answer together. It is asked for again with what follows, and not set aside.
    fn is_ahead_of_the_chain(&self, bytes: &[u8]) -> bool {
        Header::parse(bytes).is_ok_and(|header| header.membership_index >= self.membership.length())
    }

    /// New membership records: kept, checked, and the keys in them taken.
    pub(crate) fn take_records(&mut self, records: &[Vec<u8>], turn: &mut Turn<'_>) {
        let rings = self.rings();
        let mut any = false;
        for bytes in records {
            let Ok(record) = SignedRecord::parse(bytes.clone()) else {
                continue;
            };
            let index = self.membership.length();
            if self.membership.apply(&record).is_ok() {
                turn.put(Table::Chain, Key::chain(index), bytes.clone());
                any = true;
            }
        }
        if any {
            let known = &self.membership;
            let in_force = |device: &DeviceId| {
                let device = known.device(device);
                device.is_some_and(|device| device.revoked_at.is_none())
            };
            turn.resting.keep_only(in_force);
            self.look_whose_keys_are_here(turn);
            if rings.is_some() && self.rings() != rings {
                self.under_way.has_other_rights = true;
            }
        }
        if any && epochs::take(&mut self.keyring, &self.membership) {
            self.keyring.write(turn);
        }
    }

    /// True while something is fetched, or sent again.
    pub(crate) fn is_busy(&self) -> bool {
        self.conversation.is_busy() || self.restoring.busy
    }

    /// Answers those who pressed *Send now*, once nothing is under way any more.
    pub(crate) fn answer_send_now(&mut self, turn: &mut Turn<'_>) {
        if self.is_busy() || self.conversation.send_now.is_empty() {
            return;
        }
        // The answer is worded by what is unsent now, so that comes first.
        let now = ViewChange::Sync(self.sync_view());
        turn.effects.push(Effect::Show(now));
        if let Some(trouble) = self.conversation.trouble {
            for command in core::mem::take(&mut self.conversation.send_now) {
                turn.reply(command, Err(Trouble::NoRelay(trouble)));
            }
        } else if self
            .outbox
            .iter()
            .all(|(_, waiting)| waiting.refused.is_some())
        {
            for command in core::mem::take(&mut self.conversation.send_now) {
                turn.reply(command, Ok(Done::Saved));
            }
        }
    }

    /// What the push in plain JavaScript said of the relay.
    pub(crate) fn hear_drain_trouble(&mut self, drained: &Drained, turn: &mut Turn<'_>) {
        let trouble = match drained.trouble {
            None | Some(DrainTrouble::Storage) => return,
            Some(DrainTrouble::Offline) => RelayTrouble::NoSignal,
            Some(DrainTrouble::NotARelay) => RelayTrouble::NotARelay,
            Some(DrainTrouble::Refused) => RelayTrouble::Refused,
            // What it lacks is found out by asking.
            Some(DrainTrouble::UnknownCentre) => return self.fetch(turn),
            Some(DrainTrouble::ServerError) => RelayTrouble::ServerError,
        };
        self.conversation.failed(trouble, turn);
    }
}

/// Why an answer is not what was asked for.
pub(crate) enum Problem {
    /// The relay itself said no.
    Failure(Failure),
    /// Nothing, or nobody who speaks this protocol, answered.
    Trouble(RelayTrouble),
}

/// The body of a good answer.
pub(crate) fn read_answer(answer: Result<Answer, NoAnswer>) -> Result<Vec<u8>, Problem> {
    let answer = answer.map_err(|NoAnswer| Problem::Trouble(RelayTrouble::NoSignal))?;
    if !answer.binary {
        let trouble = if answer.status >= 500 {
            RelayTrouble::ServerError
        } else {
            RelayTrouble::NotARelay
        };
        return Err(Problem::Trouble(trouble));
    }
    if answer.status == 200 {
        return Ok(answer.body);
    }
    match Failure::decode(&answer.body) {
        Ok(_) if answer.status >= 500 => Err(Problem::Trouble(RelayTrouble::ServerError)),
        Ok(failure) => Err(Problem::Failure(failure)),
        Err(_) => Err(Problem::Trouble(RelayTrouble::NotARelay)),
    }
}

/// What is not for this person is not even stored: no office's ciphertext on a volunteer's tablet.
fn may_hold(readable: &BTreeSet<Channel>, page: &ChannelPage) -> bool {
    let mut envelopes = page.envelopes.iter();
    readable.contains(&page.channel)
        && envelopes.all(|(_, bytes)| {
            Header::parse(bytes).map_or(true, |header| header.channel == page.channel)
        })
}
