//! The one thread that writes. Whatever waits while a commit goes to disk shares the next one.

use std::{sync::mpsc, thread};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use crate::store::StoreError;

/// Jobs in one commit at most, so that the first of them does not wait for ever.
const GROUP: usize = 512;

/// Tells a waiting caller what became of its work, once the commit that holds it is known.
type Report = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Work inside the open transaction.
type Job = Box<dyn FnOnce(&Connection) -> Report + Send>;

/// The way to the writing thread, which ends when this is dropped.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(mut connection: Connection) -> Result<Self, StoreError> {
        let (jobs, waiting) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                while let Ok(first) = waiting.recv() {
                    commit_group(&mut connection, first, &waiting);
                }
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Does work in a transaction that others may share, and answers after the commit.
    ///
    /// Work that fails is undone alone; if the commit fails, everybody in the group hears it.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, waiting) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = in_savepoint(connection, work);
            Box::new(move |committed| {
                // A caller who has gone away needs no answer.
                let _gone = answer.send(committed.and(result));
            })
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job).map_err(|_| StoreError::Closed)?;
        waiting.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

fn commit_group(connection: &mut Connection, first: Job, waiting: &mpsc::Receiver<Job>) {
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return refuse(first, &error),
    };
    let mut reports = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        reports.push(job(&transaction));
        next = if reports.len() < GROUP {
            waiting.try_recv().ok()
        } else {
            None
        };
    }
    let committed = transaction.commit();
    if let Err(error) = &committed {
        tracing::error!(%error, "commit failed");
    }
    let held = committed.is_ok();
    for report in reports {
        report(if held {
            Ok(())
        } else {
            Err(StoreError::Commit)
        });
    }
}

/// Dropping the job drops the way back to its caller, who hears `Closed`.
fn refuse(job: Job, error: &rusqlite::Error) {
    tracing::error!(%error, "transaction failed");
    drop(job);
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("SAVEPOINT job")?.execute([])?;
    let result = work(connection);
    if result.is_err() {
        connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    connection.prepare_cached("RELEASE job")?.execute([])?;
    result
}
