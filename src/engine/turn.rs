//! One step of the replica: the time, the dice, and what has been asked of the platform so far.

use rand_core::CryptoRng;

use crate::engine::{
    command::CommandId,
    doors::resting::Resting,
    effect::{Batch, Effect, Effects, Part, RequestId, Write},
    storage::key::{Key, Range, Table},
    view::{Done, Reply, Trouble, ViewChange},
};

/// Numbers that go on from step to step.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    request: u32,
    batch: u32,
    generation: u32,
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
        let batch = Batch {
            id: self.numbers.batch,
            generation: self.numbers.generation,
            writes: core::mem::take(&mut self.writes),
        };
        self.effects.push(Effect::Commit(batch));
        Some(self.numbers.batch)
    }

    /// Storage refused a batch, and refuses all of its generation: what follows is of another one.
    ///
    /// True unless that is known already. Who is signed in does not matter: storage counts for as long as the program
    /// runs.
    pub(crate) fn was_refused(&mut self, generation: u32) -> bool {
        let is_news = generation >= self.numbers.generation;
        if is_news {
            self.numbers.generation = generation.wrapping_add(1);
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
