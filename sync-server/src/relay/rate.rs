//! How fast one device may push: a bucket of tokens, full enough for a long time offline.
//!
//! What a device says of others' envelopes has a bucket of its own, so that a busy device still vouches for them.
//! Revoking is no push: it goes into the membership chain, which nothing here slows down.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use sync_protocol::{DeviceId, EnvelopeKind};

/// Buckets of all devices that pushed lately.
#[derive(Debug)]
pub(super) struct Rates {
    per_second: f64,
    burst: f64,
    buckets: Mutex<BTreeMap<(DeviceId, Lane), Bucket>>,
}

/// What must not wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    /// What people write.
    Writing,
    /// What keeps the log in order.
    Keeping,
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
    pub(super) fn new(per_second: u32, burst: u32) -> Self {
        Self {
            per_second: f64::from(per_second),
            burst: f64::from(burst.max(1)),
            buckets: Mutex::default(),
        }
    }

    /// Takes a token; false if there is none.
    pub(super) fn take(&self, device: DeviceId, kind: EnvelopeKind, now_ms: i64) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let full = Bucket {
            tokens: self.burst,
            at_ms: now_ms,
        };
        let bucket = buckets.entry((device, Lane::of(kind))).or_insert(full);
        *bucket = self.refilled(*bucket, now_ms);
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }

    /// Forgets buckets that are full again.
    pub(super) fn purge(&self, now_ms: i64) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.retain(|_, bucket| self.refilled(*bucket, now_ms).tokens < self.burst);
    }

    fn refilled(&self, bucket: Bucket, now_ms: i64) -> Bucket {
        let passed = now_ms.saturating_sub(bucket.at_ms).clamp(0, 86_400_000);
        let seconds = f64::from(u32::try_from(passed).unwrap_or(0)) / 1000.0;
        let tokens = (bucket.tokens + seconds * self.per_second).min(self.burst);
        Bucket {
            tokens,
            at_ms: now_ms,
        }
    }
}
