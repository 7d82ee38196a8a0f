//! What was written into a place that another envelope holds at the relay, because this profile was put back from an
//! old copy: it is sealed again into a new run, and the run's own envelopes are fetched in its place.
//!
//! It knows envelopes of this device that still wait; nobody else can have seen them.

use sync_protocol::{EnvelopeKind, SealedEnvelope, frame::push::PushCode};

use crate::domain::few::Few;
use crate::engine::{
    crypto::envelope::SealKey,
    effect::Part,
    event::Rows,
    library::assemble,
    open::{Open, compacting::is_news, reading::ReadFor},
    storage::key::{Key, Range, Table},
    sync::logbook::{Head, Run, Tip, run},
    turn::Turn,
};

impl Open {
    /// Reads what waits in runs that the relay knows otherwise, to write it anew.
    pub(crate) fn leave_conflicting_runs(&mut self, turn: &mut Turn<'_>) {
        let mut first: Few<Run, u64> = Few::default();
        for (_, waiting) in self.outbox.iter() {
            if waiting.refused == Some(CONFLICT) && waiting.run.1 == self.device() {
                let n = first.or_insert_with(waiting.run, || waiting.n);
                *n = waiting.n.min(*n);
            }
        }
        if first.is_empty()
            || self
                .under_way
                .reads
                .values()
                .any(|read| matches!(read, ReadFor::Conflicting))
        {
            return;
        }
        for (channel, author, stream) in first.keys() {
            if self.logbook.own.stream(*channel) == Some(*stream) {
                self.logbook.own.leave(*author, *channel, turn);
            }
        }
        turn.commit();
        let rows = self.outbox.iter().filter(|(_, waiting)| {
            let from = first.get(&waiting.run);
            from.is_some_and(|n| waiting.n >= *n)
        });
        let rows = rows.map(|(key, _)| (Table::Outbox, Range::One(key.clone()), Part::Rows));
        let id = turn.read(rows.collect());
        self.under_way.reads.insert(id, ReadFor::Conflicting);
    }

    /// Seals what was read again into a new run, all of it in one batch, and asks for what the relay has instead.
    pub(crate) fn conflicting_read(&mut self, rows: Vec<Rows>, turn: &mut Turn<'_>) {
        let rows = rows.into_iter().flatten();
        let envelopes = rows.filter_map(|(key, row)| Some((key, SealedEnvelope::parse(row).ok()?)));
        let mut runs: Few<Run, Few<u64, (Key, SealedEnvelope)>> = Few::default();
        for (key, envelope) in envelopes {
            let header = envelope.header();
            let (run, n) = (run(header), header.n);
            runs.or_default(run).insert(n, (key, envelope));
        }
        for (run, envelopes) in runs {
            let envelopes: Vec<_> = envelopes.into_values().collect();
            self.rewrite(run, &envelopes, turn);
        }
        turn.commit();
        self.fetch(turn);
    }

    /// Nothing of a run is taken out unless all of it could be opened.
    fn rewrite(&mut self, run: Run, envelopes: &[(Key, SealedEnvelope)], turn: &mut Turn<'_>) {
        // What was said of the log, or made of it, was said of this run: it is not written anew.
        let written = envelopes
            .iter()
            .map(|(_, envelope)| envelope)
            .filter(|envelope| is_news(envelope.header().kind));
        let contents =
            written.map(|envelope| Some((envelope.header(), self.own_payload(envelope)?)));
        let Some(contents) = contents.collect::<Option<Vec<_>>>() else {
            return;
        };
        if let Some(header) = envelopes.first().map(|(_, envelope)| envelope.header()) {
            let before = header.n.saturating_sub(1);
            let tip = (before > 0).then_some(Tip {
                n: before,
                id: header.prev,
            });
            self.logbook.cut(run, tip, turn);
        }
        for (key, envelope) in envelopes {
            self.outbox.forget(key, turn);
            self.logbook.take_out(envelope.header(), turn);
        }
        for (header, payload) in contents {
            // Its key was there a moment ago, when it was opened.
            let sealed = self.seal(header.kind, header.channel, header.document, &payload, turn);
            debug_assert!(sealed.is_ok(), "what was opened can be sealed");
        }
        self.logbook.set_head(run.0, Head::default(), turn);
    }

    fn own_payload(&self, envelope: &SealedEnvelope) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        let header = envelope.header();
        let verified = assemble::verify(envelope, &self.membership).ok()?;
        let key = if header.kind == EnvelopeKind::Change {
            SealKey::Document(self.document_key(header.document)?)
        } else {
            let scope = header.channel.scope()?;
            SealKey::Epoch(self.keyring.keyring.epoch(scope, header.epoch)?)
        };
        verified.open(key).ok()
    }
}

/// The push code of a place that another envelope holds.
const CONFLICT: u8 = PushCode::Conflict.number();
