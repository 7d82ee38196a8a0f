//! What happened in a run, counted, so that a green run that exercised nothing is seen.

use std::{collections::BTreeMap, fmt};

use sync_protocol::Membership;

/// Things worth counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Count {
    /// Events handled by engines.
    Steps,
    /// Engines dropped between two effects.
    Crashes,
    /// Commits that were asked for and not begun when the engine was dropped.
    LostCommits,
    /// Commits that were durable while their engine was dropped before it heard.
    UnheardCommits,
    /// Commits refused for want of space.
    RefusedCommits,
    /// Requests that no relay saw.
    LostRequests,
    /// Requests that were done, and whose answer nobody heard.
    LostAnswers,
    /// Requests that came to the relay twice.
    Duplicates,
    /// Requests that overtook an earlier one of the same tablet.
    Overtaken,
    /// Answers that were cut off.
    CutAnswers,
    /// Log-in pages in the relay's place.
    LoginPages,
    /// Faults of a proxy in front of the relay.
    ProxyFaults,
    /// Requests without a signal.
    NoSignal,
    /// Pushes that went on while their page was gone.
    OrphanedPushes,
    /// Envelopes that the relay took.
    Accepted,
    /// Envelopes that the relay had before.
    AlreadyThere,
    /// Envelopes that the relay refused.
    Refused,
    /// Commands that were acknowledged.
    Acknowledged,
    /// Commands that were answered with a refusal.
    TurnedDown,
    /// Commands whose answer was never heard.
    Unanswered,
    /// Key presses.
    KeyPresses,
    /// Answers that a dishonest relay changed.
    Tampered,
    /// Lies that a member told.
    Lies,
    /// Of those, lies about what was written down whole, and records and invites used again.
    Forgeries,
    /// Of their envelopes, what the relay could not tell from honest ones.
    LiesTaken,
    /// Devices revoked.
    Revocations,
    /// Members who may read other things than before, in the chain at the end.
    RoleChanges,
    /// Stores thrown away by a browser.
    Evictions,
    /// Stores put back from an old copy.
    OldProfiles,
    /// Of those two, stores with something in them that had not been sent.
    LostUnsent,
    /// Relays put back from an old copy.
    OldRelays,
    /// Relays replaced by empty ones.
    EmptiedRelays,
    /// Bodies that the relay let go of.
    Pruned,
    /// Envelopes that a tablet holds without their bodies.
    Stubs,
    /// Tablets that were out of touch for longer than their lease.
    LapsedLeases,
    /// Tabs that were frozen.
    FrozenTabs,
    /// Frozen tabs that were closed, so that another took over.
    TabsTakenOver,
}

/// Counts of one run, or of many.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(BTreeMap<Count, u64>);

impl Tally {
    /// One more.
    pub(crate) fn add(&mut self, what: Count) {
        self.add_many(what, 1);
    }

    /// So many more.
    pub(crate) fn add_many(&mut self, what: Count, many: u64) {
        *self.0.entry(what).or_default() += many;
    }

    /// How often somebody in this chain has come to read other things than before.
    pub(crate) fn count_role_changes(&mut self, membership: &Membership) {
        for member in membership.members() {
            let records = 0..membership.length();
            let mut rings: Vec<_> = records.map(|index| member.rings_at(index)).collect();
            rings.retain(|rings| !rings.is_empty());
            rings.dedup();
            let changes = u64::try_from(rings.len().saturating_sub(1)).unwrap();
            self.add_many(Count::RoleChanges, changes);
        }
    }

    /// How many.
    pub(crate) fn of(&self, what: Count) -> u64 {
        self.0.get(&what).copied().unwrap_or(0)
    }

    /// Takes in another run's counts.
    pub(crate) fn take(&mut self, other: &Self) {
        for (what, many) in &other.0 {
            self.add_many(*what, *many);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self
            .0
            .iter()
            .map(|(what, many)| format!("{what:?} {many}"))
            .collect();
        f.write_str(&words.join(", "))
    }
}
