//! How replicas meet: places in the log, the conversation with the relay, retries.

/// Delays between attempts.
pub(crate) mod backoff;
/// What was said to the relay and what is asked next.
pub(crate) mod conversation;
/// Where every envelope stands.
pub(crate) mod logbook;
/// What waits to be sent.
pub(crate) mod outbox;
/// What this device writes to, and how much of it came back.
pub(crate) mod own_runs;
/// What the relay has lost.
pub(crate) mod restoring;
