//! Bringing a log back to a relay that was restored from an old copy, was replaced, or never had it.
//!
//! Any device can do it for the channels it reads; several may do it at once. The chain goes first, since the relay
//! judges everything by it; then every channel is fetched from its start, and what was not among it is sent again.

use sync_protocol::{
    EnvelopeId, ErrorCode,
    envelope::id_of,
    frame::{
        membership::{MembershipAnswer, MembershipRequest},
        push::{PushAnswer, PushCode, PushRequest},
    },
    membership::Payload,
};

use crate::{
    domain::policy,
    engine::{
        command::CommandId,
        effect::{Effect, Part},
        event::{Answer, NoAnswer, Rows},
        open::{
            Open,
            fetching::{Problem, read_answer},
            people::Then,
            reading::ReadFor,
        },
        storage::key::{Key, Range, Table},
        sync::{
            conversation::{Asked, KnownRelay},
            logbook::{Head, logged_place},
            restoring::{Again, fitting, pruned, prunes},
        },
        turn::Turn,
        view::{RelayTrouble, Trouble},
    },
};

/// Records sent at once; a request may hold 4 MiB, and the largest of them are some 100 KiB.
const RECORDS: usize = 32;

impl Open {
    /// The relay has less than it had, or something else: everything held is compared with it again.
    ///
    /// The caller commits, in one transaction with what it has learnt of the relay: a tablet that remembered the relay's
    /// new life and not what it lacks would never send it.
    pub(crate) fn begin_restoring(&mut self, turn: &mut Turn<'_>) {
        let channels = self.logbook.channels();
        self.restoring.begin(channels, turn);
        self.fetch_from_the_start(turn);
    }

    /// What the last start began is begun again: how far it had come was in memory only.
    pub(crate) fn fetch_from_the_start(&mut self, turn: &mut Turn<'_>) {
        for channel in self.restoring.among(&self.readable_channels()) {
            self.logbook.set_head(channel, Head::default(), turn);
        }
    }

    /// These rows of the log are damaged: their runs are fetched from the start, and take their places anew.
    ///
    /// A run that has not come as far as the damaged row is on its way already; to begin it anew with each page that
    /// comes would never end.
    pub(crate) fn fetch_runs_again(&mut self, damaged: &[Key], turn: &mut Turn<'_>) {
        for (run, n) in damaged.iter().filter_map(logged_place) {
            if !self.logbook.has_reached(run, n) {
                continue;
            }
            let (channel, author, _) = run;
            if author == self.device() {
                // The numbers that it has given are known again when the run has come back.
                self.logbook.own.leave(author, channel, turn);
            }
            self.logbook.cut(run, None, turn);
            self.logbook.set_head(channel, Head::default(), turn);
        }
        self.commit_what_can_wait(turn);
        if self.storage_trouble.is_none() {
            self.fetch(turn);
        }
    }

    /// How many changes held here the relay is not known to have any more, besides those never sent.
    pub(crate) fn left_to_restore(&self) -> u32 {
        let left = self
            .restoring
            .left(&self.logbook, &self.readable_channels());
        let never_sent = self
            .outbox
            .iter()
            .filter(|(_, waiting)| self.restoring.lacks(waiting.run, waiting.n));
        u32::try_from(left)
            .unwrap_or(u32::MAX)
            .saturating_sub(u32::try_from(never_sent.count()).unwrap_or(u32::MAX))
    }

    /// Asks for the chain's records, to send them.
    pub(crate) fn send_chain(&mut self, turn: &mut Turn<'_>) {
        let id = turn.read(vec![(Table::Chain, Range::All, Part::Rows)]);
        self.under_way.reads.insert(id, ReadFor::Chain);
        self.conversation.chain_is_coming();
    }

    /// Sends the chain in parts; what the relay has of them already it passes over.
    pub(crate) fn send_records(&mut self, mut rows: Rows, from: u32, turn: &mut Turn<'_>) {
        let rest = rows.split_off(rows.len().min(RECORDS));
        let body = MembershipRequest {
            expected: from,
            records: rows.into_iter().map(|(_, record)| record).collect(),
        }
        .encode();
        let id = turn.request();
        turn.effects.push(Effect::Post {
            id,
            path: format!("/v1/{}/membership", self.centre()),
            authorization: None,
            body,
        });
        self.conversation.asked(id, Asked::Chain(from, rest));
    }

    /// The relay has a part of the chain, or refused it.
    pub(crate) fn chain_answered(
        &mut self,
        (from, rest): (u32, Rows),
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) {
        let answer = read_answer(answer).and_then(|body| {
            MembershipAnswer::decode(&body).map_err(|_| Problem::Trouble(RelayTrouble::NotARelay))
        });
        match answer {
            Ok(_) if !rest.is_empty() => {
                let sent = u32::try_from(RECORDS).unwrap_or(u32::MAX);
                self.send_records(rest, from.saturating_add(sent), turn);
            }
            Ok(_) => {
                self.conversation.chain_was_taken();
                if !self.outbox.is_empty() {
                    turn.effects.push(Effect::PushOutbox);
                }
                self.fetch(turn);
            }
            Err(Problem::Failure(failure)) if failure.code == ErrorCode::MembershipMoved => {
                self.conversation.failed(RelayTrouble::OtherHistory, turn);
            }
            Err(Problem::Trouble(trouble)) => self.conversation.failed(trouble, turn),
            Err(Problem::Failure(_)) => self.conversation.failed(RelayTrouble::Refused, turn),
        }
    }

    /// Everything that the relay has was fetched: finds what it lacks, sends it, or is done.
    pub(crate) fn go_on_restoring(&mut self, turn: &mut Turn<'_>) {
        let channels = self.restoring.among(&self.readable_channels());
        if channels.is_empty() || self.restoring.busy {
            return;
        }
        let next = self.restoring.next();
        if !next.is_empty() {
            let (asked, keys): (Vec<Again>, Vec<_>) = next.into_iter().unzip();
            let ranges = keys
                .into_iter()
                .map(|key| (Table::Log, Range::One(key), Part::Rows));
            let id = turn.read(ranges.collect());
            self.under_way.reads.insert(id, ReadFor::Again(asked));
            self.restoring.busy = true;
            return;
        }
        let behind = self.restoring.channels_behind(&self.logbook, &channels);
        if behind.is_empty() {
            self.restoring.end(&channels, turn);
            turn.commit();
            return;
        }
        let ranges = behind.into_iter().map(|channel| {
            let prefix = Range::Prefix(channel.to_bytes().to_vec());
            (Table::Log, prefix, Part::Keys)
        });
        let id = turn.read(ranges.collect());
        self.under_way.reads.insert(id, ReadFor::LogKeys);
        self.restoring.busy = true;
    }

    /// The keys of the log came.
    pub(crate) fn log_keys_read(&mut self, rows: Vec<Rows>, turn: &mut Turn<'_>) {
        self.restoring.busy = false;
        self.restoring.miss(rows.into_iter().flatten().collect());
        if self.restoring.next().is_empty() {
            // Nothing can be sent of what is said to be held: the rows are gone from this tablet.
            let channels = self.restoring.among(&self.readable_channels());
            self.restoring.end(&channels, turn);
            turn.commit();
        } else {
            self.go_on_restoring(turn);
        }
    }

    /// Envelopes to send again came. With those that have no body any more go the prunes that let it go.
    pub(crate) fn again_read(&mut self, asked: Vec<Again>, rows: Vec<Rows>, turn: &mut Turn<'_>) {
        let first = asked.first().map(|again| again.run);
        let batch = fitting(asked, rows);
        if batch.is_empty() {
            self.restoring.busy = false;
            if let Some(run) = first {
                self.restoring.refuse(run);
            }
            self.go_on_restoring(turn);
            return;
        }
        let pruned = pruned(&batch);
        if pruned.is_empty() {
            self.send_again(batch, Vec::new(), turn);
            return;
        }
        let ranges = pruned.into_iter().map(|(channel, document)| {
            (Table::Log, Range::document(channel, document), Part::Rows)
        });
        let id = turn.read(ranges.collect());
        self.under_way.reads.insert(id, ReadFor::Prunes(batch));
    }

    /// Sends envelopes again, with a proof of this device, since some may be old.
    pub(crate) fn send_again(
        &mut self,
        batch: Vec<(Again, Vec<u8>)>,
        of_pruned: Vec<Rows>,
        turn: &mut Turn<'_>,
    ) {
        let shown = prunes(of_pruned);
        let batch = batch
            .into_iter()
            .map(|(again, bytes)| (Some(again), bytes))
            .chain(shown.into_iter().map(|bytes| (None, bytes)));
        let batch: Vec<(Option<Again>, Vec<u8>)> = batch.collect();
        let envelopes = batch.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let body = PushRequest { envelopes }.encode().unwrap_or_default();
        let sent = batch
            .into_iter()
            .map(|(again, bytes)| (again, id_of(&bytes)));
        let sent = sent.collect();
        let centre = self.centre();
        let path = format!("/v1/{centre}/push");
        let key = self.keyring.keyring.device.signing_key();
        let id = self
            .conversation
            .post_signed(&path, centre, body, key, turn);
        self.conversation.asked(id, Asked::Again(sent));
    }

    /// The relay's receipt for what was sent again.
    pub(crate) fn again_answered(
        &mut self,
        sent: Vec<(Option<Again>, EnvelopeId)>,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) {
        self.restoring.busy = false;
        let ids: Vec<EnvelopeId> = sent.iter().map(|(_, id)| *id).collect();
        let answer = read_answer(answer).and_then(|body| {
            self.conversation
                .relay
                .as_ref()
                .and_then(KnownRelay::verifying_key)
                .and_then(|key| PushAnswer::open(&body, self.centre(), &ids, &key).ok())
                .ok_or(Problem::Trouble(RelayTrouble::NotARelay))
        });
        let answer = match answer {
            Ok(answer) => answer,
            Err(Problem::Failure(failure)) if failure.challenge.is_some() => {
                self.conversation.was_challenged(failure.challenge);
                self.fetch(turn);
                return;
            }
            Err(Problem::Trouble(trouble)) => return self.conversation.failed(trouble, turn),
            Err(Problem::Failure(_)) => {
                return self.conversation.failed(RelayTrouble::Refused, turn);
            }
        };
        let mut is_held_up = false;
        for ((again, _), outcome) in sent.into_iter().zip(answer.outcomes) {
            // A prune that went along to be shown is sent again when it is its turn.
            let Some(again) = again else {
                continue;
            };
            match outcome.code {
                PushCode::Accepted | PushCode::Duplicate => {
                    self.restoring.is_there(again.run, again.n);
                    // It may wait in the outbox too, from where the relay would not take it again of somebody who is out.
                    self.outbox.was_taken(again.run, again.n, turn);
                }
                // The relay has lost more meanwhile, or has no room: the next fetch tells, and tries again.
                PushCode::Gap
                | PushCode::Quota
                | PushCode::UnknownCentre
                | PushCode::UnknownMembership
                | PushCode::SlowDown => {
                    is_held_up = true;
                    break;
                }
                PushCode::Conflict
                | PushCode::StaleEpoch
                | PushCode::Revoked
                | PushCode::Malformed
                | PushCode::Forbidden
                | PushCode::TooLarge
                | PushCode::Signature => self.restoring.refuse(again.run),
            }
        }
        if turn.commit().is_some() {
            self.look_what_waits(turn);
        }
        if is_held_up {
            return self.conversation.failed(RelayTrouble::ServerError, turn);
        }
        if self.restoring.next().is_empty() && !self.outbox.is_empty() {
            turn.effects.push(Effect::PushOutbox);
        }
        self.go_on_restoring(turn);
    }

    /// A co-ordinator says that the relay which answers is the one to use from now on.
    pub(crate) fn use_this_relay(
        &mut self,
        command: CommandId,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let relay = self.conversation.other_relay.ok_or_else(|| {
            Trouble::NotNow("no other relay has answered; press Send now and look again".to_owned())
        })?;
        let record = self.sign(&self.membership, Payload::RelayChange { relay }, turn)?;
        self.append(vec![record], command, Then::Follow, turn);
        Ok(())
    }
}
