//! Whether an answer is the relay's, and fits what it said before.
//!
//! It decides when a log has to be brought back; how that is done is in `restoring`.

use std::collections::BTreeSet;

use sync_protocol::{
    Channel, ErrorCode, Incarnation, Membership,
    envelope::id_of,
    frame::{ChannelPage, pull::PullAnswer},
};

use crate::engine::{
    open::Open,
    storage::key::{Key, Table},
    sync::{conversation::KnownRelay, logbook::encode},
    turn::Turn,
    view::RelayTrouble,
};

impl Open {
    /// The relay said no. One that has never heard of this centre, or of this device, is brought up to date.
    pub(super) fn refused(&mut self, code: ErrorCode, turn: &mut Turn<'_>) {
        let lacks_us = matches!(code, ErrorCode::UnknownCentre | ErrorCode::UnknownDevice);
        if !lacks_us || !self.conversation.may_send_chain() {
            let trouble = if code == ErrorCode::UnknownCentre {
                RelayTrouble::UnknownCentre
            } else if matches!(code, ErrorCode::SlowDown | ErrorCode::Unavailable) {
                // It has nothing against this tablet, and is asked again later.
                RelayTrouble::ServerError
            } else {
                RelayTrouble::Refused
            };
            self.conversation.failed(trouble, turn);
            return;
        }
        self.doubt_the_relay(turn);
        self.send_chain(turn);
    }

    /// What the relay had is not known to be anywhere, until one answers that has it.
    pub(super) fn doubt_the_relay(&mut self, turn: &mut Turn<'_>) {
        if self.conversation.relay.is_some() && !self.restoring.is_under_way() {
            self.begin_restoring(turn);
            turn.commit();
        }
    }

    /// The relay that this tablet knows, or the one that the chain has named since.
    pub(super) fn is_known(&mut self, answer: &PullAnswer, turn: &mut Turn<'_>) -> bool {
        let met = self.conversation.relay.as_ref().map(|relay| relay.key);
        let known = |membership: &Membership| membership.relay().or(met);
        if known(&self.membership).is_some_and(|known| known != answer.relay_key) {
            // Whoever brings them: a record proves itself, and one of these may name this relay.
            self.take_records(&answer.records, turn);
            turn.commit();
        }
        known(&self.membership).is_none_or(|known| known == answer.relay_key)
    }

    /// True if the relay has less than it had, or something else in its place.
    pub(super) fn has_gone_back(&self, records_held: u32, answer: &PullAnswer) -> bool {
        let known = self.conversation.relay.as_ref();
        known.is_some_and(|relay| relay.incarnation != answer.incarnation)
            || answer.membership_length < records_held
            || answer.pages.iter().any(|page| self.contradicts(page))
    }

    /// A channel must end where it ended or later, and what it grew by must lead to the head that is stated.
    fn contradicts(&self, page: &ChannelPage) -> bool {
        let head = self.logbook.head(page.channel);
        let mut chain = head.chain;
        let mut last = head.seq;
        for (seq, bytes) in &page.envelopes {
            chain = chain.next(id_of(bytes));
            last = *seq;
        }
        page.head_seq < head.seq || (last == page.head_seq && chain != page.head_chain)
    }

    /// The relay is not where it was: compares everything with it, once it has the chain.
    pub(super) fn start_over(
        &mut self,
        records_held: u32,
        answer: &PullAnswer,
        turn: &mut Turn<'_>,
    ) {
        let known = self.conversation.relay.as_ref();
        let the_same = known.is_some_and(|relay| relay.incarnation == answer.incarnation);
        self.begin_restoring(turn);
        self.know_relay(&answer.relay_key, answer.incarnation, false, turn);
        turn.commit();
        if the_same && self.contradicts_itself_again(turn) {
            return;
        }
        self.conversation.succeeded(answer.challenge, turn);
        if answer.membership_length < records_held {
            self.send_chain(turn);
        } else {
            self.fetch(turn);
        }
    }

    /// True if a whole fetch did not bring back what the relay had acknowledged before it was asked: what it says that
    /// it has is what others get, and this is the only place where a device can see that.
    pub(super) fn keeps_back(&self, readable: &BTreeSet<Channel>) -> bool {
        !self.restoring.is_under_way() && self.logbook.own.lacks_any(readable)
    }

    /// The relay keeps something back that it has acknowledged: everything is compared, and sent again.
    pub(super) fn ask_from_the_start(&mut self, turn: &mut Turn<'_>) {
        self.begin_restoring(turn);
        turn.commit();
        if !self.contradicts_itself_again(turn) {
            self.fetch(turn);
        }
    }

    /// A relay that contradicts itself in one life is asked again at once the first time only.
    fn contradicts_itself_again(&mut self, turn: &mut Turn<'_>) -> bool {
        let again = core::mem::replace(&mut self.restoring.tried, true);
        if again {
            self.conversation.failed(RelayTrouble::Contradicts, turn);
        }
        again
    }

    pub(super) fn know_relay(
        &mut self,
        key: &[u8; 32],
        incarnation: Incarnation,
        others: bool,
        turn: &mut Turn<'_>,
    ) {
        let known = self.conversation.relay.as_ref();
        let heard = known.and_then(|relay| relay.last_heard);
        let relay = KnownRelay {
            key: *key,
            incarnation,
            last_contact: turn.now,
            last_heard: if others { Some(turn.now) } else { heard },
            chain_length: self.membership.length(),
        };
        turn.put(Table::Meta, Key::meta("known-relay"), encode(&relay));
        self.conversation.relay = Some(relay);
        self.out_of_touch = None;
    }
}
