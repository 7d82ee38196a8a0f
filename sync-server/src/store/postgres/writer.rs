//! Few tasks that write envelopes. Whatever waits while a commit goes to disk shares the next one.

use std::sync::Arc;

use deadpool_postgres::Pool;
use tokio::sync::{mpsc, oneshot};

use crate::store::{
    EnvelopeAppend, NewEnvelopes, StoreError,
    postgres::{news::News, taken, writes},
};

/// Tasks; a centre's envelopes always go the same way, so that a node does not wait for itself.
const LANES: usize = 2;
/// Envelopes in one commit at most, give or take a batch, so that the first of them does not wait for ever.
const GROUP: usize = 1024;
/// Bytes in one statement at most, give or take a batch; PostgreSQL takes a gigabyte.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// A batch, and the way back to who waits for it.
struct Job {
    batch: NewEnvelopes,
    answer: oneshot::Sender<Result<EnvelopeAppend, StoreError>>,
}

/// The ways to the writing tasks, which end when this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    lanes: Vec<mpsc::UnboundedSender<Job>>,
}

impl Writer {
    pub(super) fn start(pool: &Pool, news: &Arc<News>) -> Self {
        let lanes = (0..LANES).map(|_| {
            let (jobs, waiting) = mpsc::unbounded_channel();
            tokio::spawn(write_groups(pool.clone(), Arc::clone(news), waiting));
            jobs
        });
        Self {
            lanes: lanes.collect(),
        }
    }

    /// Appends a batch in a transaction that others may share, and answers after the commit.
    pub(super) async fn write(&self, batch: NewEnvelopes) -> Result<EnvelopeAppend, StoreError> {
        let [first, ..] = *batch.centre.as_bytes();
        let (answer, waiting) = oneshot::channel();
        let lane = self.lanes.get(usize::from(first) % LANES);
        let lane = lane.ok_or(StoreError::Closed)?;
        lane.send(Job { batch, answer })
            .map_err(|_| StoreError::Closed)?;
        waiting.await.map_err(|_| StoreError::Closed)?
    }
}

async fn write_groups(pool: Pool, news: Arc<News>, mut waiting: mpsc::UnboundedReceiver<Job>) {
    while let Some(first) = waiting.recv().await {
        let (batches, answers) = gather(first, &mut waiting);
        match commit(&pool, &batches).await {
            Ok(group) => {
                for (answer, append) in answers.into_iter().zip(group.answers) {
                    // A caller who has gone away needs no answer.
                    let _gone = answer.send(Ok(append));
                }
                news.say(group.grown);
            }
            Err(error) => {
                tracing::error!(%error, "commit failed");
                for answer in answers {
                    let _gone = answer.send(Err(StoreError::Commit));
                }
            }
        }
    }
}

type Answers = Vec<oneshot::Sender<Result<EnvelopeAppend, StoreError>>>;

fn gather(first: Job, waiting: &mut mpsc::UnboundedReceiver<Job>) -> (Vec<NewEnvelopes>, Answers) {
    let (mut batches, mut answers) = (Vec::new(), Vec::new());
    let (mut count, mut bytes) = (0, 0);
    let mut next = Some(first);
    while let Some(job) = next {
        count += job.batch.envelopes.len();
        let sizes = job.batch.envelopes.iter();
        bytes += sizes.map(|envelope| envelope.bytes().len()).sum::<usize>();
        batches.push(job.batch);
        answers.push(job.answer);
        next = if count < GROUP && bytes < GROUP_BYTES {
            waiting.try_recv().ok()
        } else {
            None
        };
    }
    (batches, answers)
}

async fn commit(pool: &Pool, batches: &[NewEnvelopes]) -> Result<writes::Group, StoreError> {
    writes::append(&mut taken(pool).await?, batches).await
}
