//! A tablet's virtual disk: whole batches, strictly in order, with a quota and a power switch.
//!
//! It does what the browser's store does: a batch is durable as a whole or not at all, batches that wait together share
//! one transaction, and after a refusal nothing of that generation is written.

use std::collections::VecDeque;

use neutral_ground::engine::{
    effect::{Batch, Part, RequestId, Write},
    event::Event,
    storage::{
        key::{Range, Table},
        memory::MemoryStore,
    },
    view::StorageTrouble,
};

use crate::simulator::tally::{Count, Tally};

/// Work for the disk.
enum Job {
    Commit(Batch),
    Read(RequestId, Vec<(Table, Range, Part)>),
}

/// A virtual disk.
#[derive(Default)]
pub(crate) struct Disk {
    /// What is durable.
    pub(crate) rows: MemoryStore,
    /// No room for another row.
    pub(crate) full: bool,
    /// A fault to be noticed: after so many commits with something to send, one is acknowledged and dropped.
    pub(crate) lies_in: Option<u32>,
    jobs: VecDeque<Job>,
    failed_generation: Option<u32>,
}

impl Disk {
    /// A disk that holds this.
    pub(crate) fn holding(rows: MemoryStore) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// Takes a batch; true if the disk was idle.
    pub(crate) fn commit(&mut self, batch: Batch) -> bool {
        self.jobs.push_back(Job::Commit(batch));
        self.jobs.len() == 1
    }

    /// Takes a question; true if the disk was idle.
    pub(crate) fn read(&mut self, id: RequestId, ranges: Vec<(Table, Range, Part)>) -> bool {
        self.jobs.push_back(Job::Read(id, ranges));
        self.jobs.len() == 1
    }

    /// True if there is more to do.
    pub(crate) fn is_busy(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// The engine is gone, and what it had only asked for with it.
    pub(crate) fn lose_power(&mut self, tally: &mut Tally) {
        let commits = self
            .jobs
            .drain(..)
            .filter(|job| matches!(job, Job::Commit(_)));
        tally.add_many(Count::LostCommits, u64::try_from(commits.count()).unwrap());
        self.failed_generation = None;
    }

    /// Does the next thing; what the engine is to hear of it.
    pub(crate) fn work(&mut self, tally: &mut Tally) -> Vec<Event> {
        let batches = self.batches();
        if !batches.is_empty() {
            return self.commit_together(batches, tally);
        }
        match self.jobs.pop_front() {
            Some(Job::Read(id, ranges)) => vec![Event::RowsRead(id, self.rows.read(&ranges))],
            Some(Job::Commit(_)) | None => Vec::new(),
        }
    }

    fn batches(&mut self) -> Vec<Batch> {
        let mut batches = Vec::new();
        while let Some(Job::Commit(_)) = self.jobs.front() {
            if let Some(Job::Commit(batch)) = self.jobs.pop_front() {
                batches.push(batch);
            }
        }
        batches
    }

    fn commit_together(&mut self, batches: Vec<Batch>, tally: &mut Tally) -> Vec<Event> {
        let failed = self.failed_generation;
        let (stale, fresh): (Vec<Batch>, Vec<Batch>) = batches
            .into_iter()
            .partition(|batch| failed.is_some_and(|failed| batch.generation <= failed));
        let mut events: Vec<Event> = stale
            .iter()
            .map(|batch| failure(batch, StorageTrouble::Failed))
            .collect();
        let grows = |batch: &Batch| {
            batch
                .writes
                .iter()
                .any(|write| matches!(write, Write::Put(..)))
        };
        if self.full && fresh.iter().any(grows) {
            tally.add(Count::RefusedCommits);
            self.failed_generation = fresh.iter().map(|batch| batch.generation).max().max(failed);
            events.extend(
                fresh
                    .iter()
                    .map(|batch| failure(batch, StorageTrouble::Full)),
            );
            return events;
        }
        for batch in fresh {
            if !self.lies_about(&batch) {
                self.rows.commit(&batch);
            }
            events.push(Event::Committed(batch.id));
        }
        events
    }

    /// Counts down on batches with something to send: those are the ones that people were told are safe.
    fn lies_about(&mut self, batch: &Batch) -> bool {
        let is_work = |write: &Write| matches!(write, Write::Put(Table::Outbox, ..));
        if !batch.writes.iter().any(is_work) {
            return false;
        }
        let left = self.lies_in.take();
        self.lies_in = left.and_then(|left| left.checked_sub(1));
        left == Some(0)
    }
}

fn failure(batch: &Batch, trouble: StorageTrouble) -> Event {
    Event::CommitFailed {
        batch: batch.id,
        generation: batch.generation,
        trouble,
    }
}
