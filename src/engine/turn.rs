//! One step of the replica: the time, the dice, and what has been asked of the platform so far.

use rand_core::CryptoRng;

use crate::engine::{
    command::CommandId,
    doors::resting::Resting,
    effect::{Batch, Effect, Effects, Part, RequestId, Write},
    storage::key::{Key, Range, Table},
    view::{Done, Reply, Trouble, ViewChange},
};

/// What goes on from step to step: numbers, and writes that wait for the next batch.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    request: u32,
    batch: u32,
    generation: u32,
    put_off: Vec<Write>,
}

/// The time, the dice and the requests of one step.
pub(crate) struct Turn<'a> {
    /// Milliseconds since 1970 by this device's clock.
    pub(crate) now: i64,
    /// Random source.
    pub(crate) rng: &'a mut dyn CryptoRng,
    /// Requests so far.
    pub(crate) effects: Effects,
    /// Whose keys are in memory although nobody, or somebody else, is signed in.
    pub(crate) resting: &'a mut Resting,
    numbers: &'a mut Numbers,
    writes: Vec<Write>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(
        now: i64,
        rng: &'a mut dyn CryptoRng,
        numbers: &'a mut Numbers,
        resting: &'a mut Resting,
    ) -> Self {
        Self {
            now,
            rng,
            resting,
            effects: Effects::default(),
            numbers,
            writes: Vec::new(),
        }
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A number for a request.
    pub(crate) fn request(&mut self) -> RequestId {
        self.numbers.request = self.numbers.request.wrapping_add(1);
        RequestId(self.numbers.request)
    }

    /// Adds a write to the batch that [`Turn::commit`] will ask for.
    pub(crate) fn put(&mut self, table: Table, key: Key, row: Vec<u8>) {
        self.writes.push(Write::Put(table, key, row));
    }

    /// Adds a deletion to the batch.
    pub(crate) fn delete(&mut self, table: Table, key: Key) {
        self.writes.push(Write::Delete(table, key));
    }

    /// Adds the deletion of a range to the batch.
    pub(crate) fn delete_range(&mut self, table: Table, range: Range) {
        self.writes.push(Write::DeleteRange(table, range));
    }

    /// Leaves the writes collected so far for the next batch, which begins with them.
    pub(crate) fn put_off_writes(&mut self) {
        self.numbers.put_off.append(&mut self.writes);
    }

    /// Forgets the writes collected so far.
    pub(crate) fn forget_writes(&mut self) {
        self.writes.clear();
    }

    /// Asks for everything collected so far to be made durable in one transaction; its number.
    pub(crate) fn commit(&mut self) -> Option<u32> {
        if self.writes.is_empty() {
            return None;
        }
        self.numbers.batch = self.numbers.batch.wrapping_add(1);
        let mut writes = core::mem::take(&mut self.numbers.put_off);
        writes.append(&mut self.writes);
        let batch = Batch {
            id: self.numbers.batch,
            generation: self.numbers.generation,
            writes,
        };
        self.effects.push(Effect::Commit(batch));
        Some(self.numbers.batch)
    }

    /// The number of the batch that was asked for last.
    pub(crate) fn newest_batch(&self) -> u32 {
        self.numbers.batch
    }

    /// Storage refused a batch, and refuses all of its generation: what follows is of another one.
    ///
    /// What was put off is forgotten with it: the store is read again, and leads to the same writes.
    ///
    /// True unless that is known already. Who is signed in does not matter: storage counts for as long as the program
    /// runs.
    pub(crate) fn was_refused(&mut self, generation: u32) -> bool {
        let is_news = generation >= self.numbers.generation;
        if is_news {
            self.numbers.generation = generation.wrapping_add(1);
            self.numbers.put_off.clear();
        }
        is_news
    }

    /// Asks for rows.
    pub(crate) fn read(&mut self, ranges: Vec<(Table, Range, Part)>) -> RequestId {
        let id = self.request();
        self.effects.push(Effect::Read { id, ranges });
        id
    }

    /// Answers a command.
    pub(crate) fn reply(&mut self, command: CommandId, outcome: Result<Done, Trouble>) {
        self.effects
            .push(Effect::Show(ViewChange::Reply(Reply { command, outcome })));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::crypto::vectors::FixedRng;

    /// The names of the rows of every batch that a step asked for.
    fn batches(step: impl FnOnce(&mut Turn<'_>), numbers: &mut Numbers) -> Vec<Vec<Key>> {
        let (mut rng, mut resting) = (FixedRng::new("turn"), Resting::default());
        let mut turn = Turn::new(0, &mut rng, numbers, &mut resting);
        step(&mut turn);
        let batches = turn.effects.0.into_iter().filter_map(|effect| {
            let Effect::Commit(batch) = effect else {
                return None;
            };
            let rows = batch.writes.into_iter().filter_map(|write| match write {
                Write::Put(_, key, _) => Some(key),
                Write::Delete(..) | Write::DeleteRange(..) => None,
            });
            Some(rows.collect())
        });
        batches.collect()
    }

    fn write(turn: &mut Turn<'_>, row: &str) {
        turn.put(Table::Meta, Key::meta(row), Vec::new());
    }

    #[test]
    fn what_was_put_off_begins_the_next_batch_and_asks_for_none() {
        let numbers = &mut Numbers::default();
        let put_off = |turn: &mut Turn<'_>| {
            write(turn, "first");
            turn.put_off_writes();
            assert_eq!(turn.commit(), None);
        };
        assert!(batches(put_off, numbers).is_empty());
        let asked = batches(
            |turn| {
                write(turn, "second");
                turn.commit();
                write(turn, "third");
                turn.commit();
            },
            numbers,
        );
        let [first, second, third] = ["first", "second", "third"].map(Key::meta);
        assert_eq!(asked, [vec![first, second], vec![third]]);
    }

    #[test]
    fn what_was_put_off_is_not_written_over_a_store_that_is_read_again() {
        let numbers = &mut Numbers::default();
        let put_off = |turn: &mut Turn<'_>| {
            write(turn, "first");
            turn.put_off_writes();
            assert!(turn.was_refused(0));
            assert!(!turn.was_refused(0), "the same refusal is no news");
            write(turn, "second");
            turn.commit();
        };
        assert_eq!(batches(put_off, numbers), [vec![Key::meta("second")]]);
    }
}
