//! What waits to be sent. A row leaves only when the relay has said that it holds the envelope.

use sync_protocol::{DocumentId, SealedEnvelope};

use crate::domain::{few::Few, gather::Gather};
use crate::engine::{
    event::{Drained, Rows},
    storage::key::{Key, Table},
    sync::logbook::{Run, run},
    turn::Turn,
};

/// One waiting envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Its document.
    pub(crate) document: DocumentId,
    /// Its run.
    pub(crate) run: Run,
    /// Its place in the run.
    pub(crate) n: u64,
    /// When it was made, ms.
    pub(crate) saved_at: i64,
    /// The relay's refusal, if it refused.
    pub(crate) refused: Option<u8>,
}

/// Every waiting envelope, in order of making.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    rows: Few<Key, Waiting>,
    next: u64,
    damaged: Vec<Key>,
}

impl Outbox {
    /// Reads the outbox back.
    pub(crate) fn read(rows: Rows) -> Self {
        let mut outbox = Self::default();
        for (key, row) in rows {
            let order = key.part(0).map_or(0, u64::from_be_bytes);
            outbox.next = outbox.next.max(order + 1);
            match SealedEnvelope::parse(row) {
                Ok(envelope) => drop(outbox.rows.insert(key, waiting(&envelope))),
                Err(_) => outbox.damaged.push(key),
            }
        }
        outbox
    }

    /// Adds a finished envelope.
    pub(crate) fn add(&mut self, envelope: &SealedEnvelope, turn: &mut Turn<'_>) {
        // Orders grow across restarts even when the outbox was empty, so that a row is never mistaken for another.
        self.next = self.next.max(u64::try_from(turn.now).unwrap_or(0));
        let key = Key::outbox(self.next);
        self.next += 1;
        turn.put(Table::Outbox, key.clone(), envelope.bytes().to_vec());
        self.rows.insert(key, waiting(envelope));
    }

    /// Lets go of rows in which nothing can be read; true if there was one. What they held is in the log.
    pub(crate) fn drop_damaged(&mut self, turn: &mut Turn<'_>) -> bool {
        let damaged = core::mem::take(&mut self.damaged);
        let is_any = !damaged.is_empty();
        for key in damaged {
            turn.delete(Table::Outbox, key);
        }
        is_any
    }

    /// Where the next row will stand: every row made so far stands before it.
    pub(crate) fn end(&self) -> Key {
        Key::outbox(self.next)
    }

    /// Takes over what storage holds after a push by whoever pushed.
    ///
    /// `end` is from when storage was asked: a row made since then may have been durable only after the answer.
    pub(crate) fn keep_only(&mut self, keys: &Rows, end: &Key) {
        let held: std::collections::BTreeSet<&Key> = keys.iter().map(|(key, _)| key).gather();
        self.rows.retain(|key, _| key >= end || held.contains(key));
    }

    /// Marks what the relay refused; the rest of the rows are waiting, no more.
    pub(crate) fn mark_refused(&mut self, drained: &Drained) {
        for waiting in self.rows.values_mut() {
            waiting.refused = None;
        }
        for (key, code) in &drained.refused {
            if let Some(waiting) = self.rows.get_mut(key) {
                waiting.refused = Some(*code);
            }
        }
    }

    /// Takes a row out that was written anew.
    pub(crate) fn forget(&mut self, key: &Key, turn: &mut Turn<'_>) {
        turn.delete(Table::Outbox, key.clone());
        self.rows.remove(key);
    }

    /// The relay has said, with its signature, that it holds this envelope. Nothing waits any more once the row is gone
    /// from storage too, see [`Self::keep_only`].
    pub(crate) fn was_taken(&self, place: Run, n: u64, turn: &mut Turn<'_>) {
        for (key, waiting) in &self.rows {
            if waiting.run == place && waiting.n == n {
                turn.delete(Table::Outbox, key.clone());
            }
        }
    }

    /// Every waiting envelope, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Waiting)> {
        self.rows.iter()
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How far a run is acknowledged, of which so much is here.
    pub(crate) fn acknowledged(&self, place: Run, held: u64) -> u64 {
        let waiting = self.rows.values().filter(|waiting| waiting.run == place);
        waiting.fold(held, |n, waiting| n.min(waiting.n.saturating_sub(1)))
    }

    /// True if this envelope has not been acknowledged.
    pub(crate) fn holds(&self, place: Run, n: u64) -> bool {
        self.rows
            .values()
            .any(|waiting| waiting.run == place && waiting.n == n)
    }
}

fn waiting(envelope: &SealedEnvelope) -> Waiting {
    let header = envelope.header();
    Waiting {
        document: header.document,
        run: run(header),
        n: header.n,
        saved_at: header.claimed_ms,
        refused: None,
    }
}
