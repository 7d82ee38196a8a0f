//! How fast one device may push and pull: buckets of tokens, full enough for a long time offline.
//!
//! What a device says of others' envelopes has a bucket of its own, so that a busy device still vouches for them.
//! Revoking is no push: it goes into the membership chain, which nothing here slows down.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use sync_protocol::{DeviceId, EnvelopeKind};

/// So many a second for long, and so many at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    per_second: f64,
    burst: f64,
}

impl Allowance {
    pub(super) fn new(per_second: u32, burst: u32) -> Self {
        Self {
            per_second: f64::from(per_second),
            burst: f64::from(burst.max(1)),
        }
    }
}

/// Buckets of all devices that pushed or pulled lately.
#[derive(Debug)]
pub(super) struct Rates {
    pushes: Allowance,
    pulls: Allowance,
    buckets: Mutex<BTreeMap<(DeviceId, Lane), Bucket>>,
}

/// What must not wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    /// What people write.
    Writing,
    /// What keeps the log in order.
    Keeping,
    /// What is fetched.
    Fetching,
}

impl Lane {
    const fn of(kind: EnvelopeKind) -> Self {
        match kind {
            EnvelopeKind::Change
            | EnvelopeKind::Wrap
            | EnvelopeKind::Drop
            | EnvelopeKind::Snapshot => Self::Writing,
            EnvelopeKind::Attest | EnvelopeKind::Erase | EnvelopeKind::Prune => Self::Keeping,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at_ms: i64,
}

impl Rates {
    pub(super) fn new(pushes: Allowance, pulls: Allowance) -> Self {
        Self {
            pushes,
            pulls,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token for an envelope of this kind; false if there is none.
    pub(super) fn push(&self, device: DeviceId, kind: EnvelopeKind, now_ms: i64) -> bool {
        self.take(device, Lane::of(kind), now_ms)
    }

    /// Takes a token for a pull; false if there is none.
    pub(super) fn pull(&self, device: DeviceId, now_ms: i64) -> bool {
        self.take(device, Lane::Fetching, now_ms)
    }

    fn take(&self, device: DeviceId, lane: Lane, now_ms: i64) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let full = Bucket {
            tokens: self.allowance(lane).burst,
            at_ms: now_ms,
        };
        let bucket = buckets.entry((device, lane)).or_insert(full);
        *bucket = self.refilled(lane, *bucket, now_ms);
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }

    /// Forgets buckets that are full again.
    pub(super) fn purge(&self, now_ms: i64) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.retain(|(_, lane), bucket| {
            self.refilled(*lane, *bucket, now_ms).tokens < self.allowance(*lane).burst
        });
    }

    const fn allowance(&self, lane: Lane) -> Allowance {
        match lane {
            Lane::Writing | Lane::Keeping => self.pushes,
            Lane::Fetching => self.pulls,
        }
    }

    fn refilled(&self, lane: Lane, bucket: Bucket, now_ms: i64) -> Bucket {
        let allowance = self.allowance(lane);
        let passed = now_ms.saturating_sub(bucket.at_ms).clamp(0, 86_400_000);
        let seconds = f64::from(u32::try_from(passed).unwrap_or(0)) / 1000.0;
        let tokens = (bucket.tokens + seconds * allowance.per_second).min(allowance.burst);
        Bucket {
            tokens,
            at_ms: now_ms,
        }
    }
}
