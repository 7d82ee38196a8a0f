//! Counts, and nothing but counts: no ids, no sizes of single things, no times of single people.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, extract::State, http::header, routing::get};
use sync_protocol::frame::PushCode;

use crate::relay::Relay;

/// Counts since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    pushed: [AtomicU64; PushCode::ALL.len()],
    pulls: AtomicU64,
    pulled: AtomicU64,
    appends: AtomicU64,
    messages: AtomicU64,
    live: AtomicU64,
}

impl Metrics {
    /// One envelope pushed.
    pub(crate) fn pushed(&self, code: PushCode) {
        if let Some(count) = self.pushed.get(usize::from(code.number())) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// One pull answered, with so many envelopes.
    pub(crate) fn pulled(&self, envelopes: usize) {
        self.pulls.fetch_add(1, Ordering::Relaxed);
        self.pulled.fetch_add(envelopes as u64, Ordering::Relaxed);
    }

    /// One append to a membership chain.
    pub(crate) fn appended(&self) {
        self.appends.fetch_add(1, Ordering::Relaxed);
    }

    /// One message left in a mailbox.
    pub(crate) fn left_message(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    /// One device begins to listen.
    pub(crate) fn listening(&self) {
        self.live.fetch_add(1, Ordering::Relaxed);
    }

    /// One device ends listening.
    pub(crate) fn left(&self) {
        self.live.fetch_sub(1, Ordering::Relaxed);
    }

    /// The counts as text that Prometheus reads.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        text.push_str("# TYPE relay_envelopes_pushed_total counter\n");
        for (code, count) in PushCode::ALL.iter().zip(&self.pushed) {
            let name = outcome(*code);
            let _infallible = writeln!(
                text,
                "relay_envelopes_pushed_total{{outcome=\"{name}\"}} {}",
                read(count)
            );
        }
        let singles = [
            ("relay_pulls_total", "counter", &self.pulls),
            ("relay_envelopes_pulled_total", "counter", &self.pulled),
            ("relay_membership_appends_total", "counter", &self.appends),
            ("relay_mailbox_messages_total", "counter", &self.messages),
            ("relay_live_connections", "gauge", &self.live),
        ];
        for (name, kind, count) in singles {
            let _infallible = writeln!(text, "# TYPE {name} {kind}\n{name} {}", read(count));
        }
        text
    }
}

/// The one route of the port for metrics.
pub(crate) fn router(relay: Arc<Relay>) -> Router {
    Router::new().route("/metrics", get(show)).with_state(relay)
}

async fn show(
    State(relay): State<Arc<Relay>>,
) -> ([(header::HeaderName, &'static str); 1], String) {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, relay.metrics.text())
}

const fn outcome(code: PushCode) -> &'static str {
    match code {
        PushCode::Accepted => "accepted",
        PushCode::Duplicate => "duplicate",
        PushCode::Conflict => "conflict",
        PushCode::Gap => "gap",
        PushCode::StaleEpoch => "stale_epoch",
        PushCode::Quota => "quota",
        PushCode::Revoked => "revoked",
        PushCode::Malformed => "malformed",
        PushCode::Forbidden => "forbidden",
        PushCode::TooLarge => "too_large",
        PushCode::UnknownCentre => "unknown_centre",
        PushCode::Signature => "signature",
        PushCode::UnknownMembership => "unknown_membership",
        PushCode::SlowDown => "slow_down",
    }
}
