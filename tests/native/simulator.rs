//! Whole centres on one virtual clock: real engines, the real relay's rules, and everything that can go wrong between.
//!
//! Every run is made from one seed, and ends with "heal, sync all, check". A failing run is made smaller, and the
//! command that repeats it is printed. `NG_SIM_SEEDS`, `NG_SIM_DEVICES`, `NG_SIM_DAYS`, `NG_SIM_ACTS` and `NG_SEED`
//! ask for other runs.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a person looks for one of many screens, and a new one is none of theirs"
)]

mod adversary;
mod agenda;
mod device;
mod disk;
mod drawer;
mod due;
mod fate;
mod forged;
mod forger;
mod found;
mod harvest;
mod healing;
mod invariants;
pub(crate) mod keys;
mod ledger;
mod liar;
mod misfortune;
mod morning;
mod network;
mod newcomer;
mod office;
mod outbox;
mod person;
mod plan;
mod relay;
mod revocation;
mod screens;
mod setting_up;
mod shelf;
mod tally;
mod traffic;
mod truthful;
mod weather;
mod world;

use ed25519_dalek::SigningKey;
use sync_protocol::{
    CentreId,
    frame::{Challenge, RequestSigning},
};

use crate::simulator::{
    adversary::Trick,
    harvest::harvest,
    outbox::OutboxFault,
    plan::{Outcome, Plan, run, setting},
    shelf::RelayFault,
    tally::Count,
};

/// What a loop over seeds must have met, or it has proved nothing.
const MUST_HAPPEN: [Count; 29] = [
    Count::Crashes,
    Count::LostCommits,
    Count::UnheardCommits,
    Count::RefusedCommits,
    Count::LostRequests,
    Count::LostAnswers,
    Count::Duplicates,
    Count::Overtaken,
    Count::LoginPages,
    Count::NoSignal,
    Count::AlreadyThere,
    Count::Acknowledged,
    Count::KeyPresses,
    Count::Lies,
    Count::LiesTaken,
    Count::Forgeries,
    Count::Revocations,
    Count::RoleChanges,
    Count::Evictions,
    Count::OldProfiles,
    Count::LostUnsent,
    Count::OldRelays,
    Count::EmptiedRelays,
    Count::Pruned,
    Count::Stubs,
    Count::LapsedLeases,
    Count::FrozenTabs,
    Count::TabsTakenOver,
    Count::Tampered,
];

#[test]
fn simulated_schedules_end_equal_and_lose_nothing() {
    let first: u64 = setting("NG_SEED", 1);
    let seeds: u64 = setting("NG_SIM_SEEDS", 3);
    let sum = harvest(first..first + seeds, Plan::of_seed);
    println!("acknowledged writes looked for: {}", sum.writes);
    println!("{}", sum.tally);
    println!("{} passed, {} failed", sum.passed, sum.failed);
    assert_eq!(sum.failed, 0, "see above for the commands that repeat them");
    if seeds >= 50 {
        for what in MUST_HAPPEN {
            assert!(
                sum.tally.of(what) > 0,
                "expected {what:?} to happen, found none"
            );
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let plan = Plan {
        days: 1,
        acts: 10,
        ..Plan::of_seed(99)
    };
    let (one, other) = (run(&plan), run(&plan));
    assert_eq!(one.violations, []);
    assert_eq!(one.trace, other.trace);
}

/// Simulations remember which signatures held, and under which key for what.
#[test]
fn a_signature_that_held_is_not_believed_of_anything_else() {
    let key = |secret| SigningKey::from_bytes(&[secret; 32]);
    let asks = |body| RequestSigning {
        method: "POST",
        path: "/v1/pull",
        centre: CentreId::from_bytes([1; 32]),
        challenge: Challenge::from_bytes([2; 56]),
        body,
    };
    let signature = asks(b"all").sign(&key(3)).signature;
    let holds = |body, signature, secret| {
        let key = key(secret).verifying_key();
        asks(body).verify(signature, &key).is_ok()
    };
    let mut altered = signature;
    altered[0] ^= 1;
    for _ in 0..2 {
        assert!(holds(b"all", &signature, 3));
        assert!(!holds(b"more", &signature, 3), "other bytes");
        assert!(!holds(b"all", &signature, 4), "another key");
        assert!(!holds(b"all", &altered, 3), "another signature");
    }
}

/// The first seeds with a fault; at least one of them must break this rule.
fn is_noticed(rule: &str, with_fault: impl Fn(Plan) -> Plan) {
    let mut found = Vec::new();
    for seed in 1..=8 {
        let plan = with_fault(Plan {
            devices: 3,
            days: 1,
            acts: 30,
            ..Plan::of_seed(seed)
        });
        let Outcome { violations, .. } = run(&plan);
        if let Some(violation) = violations.iter().find(|found| found.rule == rule) {
            println!("noticed by seed {seed}: {rule}: {}", violation.says);
            return;
        }
        found.extend(violations);
    }
    panic!("expected {rule} to be broken, found {found:?}");
}

#[test]
fn a_disk_that_acknowledges_what_it_drops_is_noticed() {
    is_noticed("I1", |plan| Plan {
        lying_disk: Some((1, 4)),
        ..plan
    });
}

#[test]
fn a_push_that_takes_silence_for_success_is_noticed() {
    is_noticed("badge", |plan| Plan {
        outbox_fault: Some(OutboxFault::ForgetsUnanswered),
        ..plan
    });
}

#[test]
fn a_push_that_takes_a_login_page_for_the_relay_is_noticed() {
    // It is mended by the next fetch; that the tablet said so meanwhile is not.
    is_noticed("badge", |plan| Plan {
        outbox_fault: Some(OutboxFault::BelievesAnyPage),
        ..plan
    });
}

/// Each run has many times twenty pushes. Nobody brings back what a liar sent, so there is none.
#[test]
fn a_relay_that_now_and_then_acknowledges_what_it_discards_gets_it_again() {
    for seed in 1..=8 {
        let outcome = run(&Plan {
            devices: 3,
            days: 1,
            acts: 30,
            relay_fault: Some(RelayFault::Discards(20)),
            misfortune: None,
            ..Plan::of_seed(seed)
        });
        assert_eq!(outcome.violations, [], "seed {seed}");
    }
}

#[test]
fn a_relay_that_keeps_half_of_what_it_acknowledges_is_noticed_by_the_tablets_themselves() {
    is_noticed("panic", |plan| Plan {
        relay_fault: Some(RelayFault::Discards(2)),
        ..plan
    });
}

#[test]
fn a_relay_that_keeps_a_doubled_push_twice_is_noticed() {
    is_noticed("I5", |plan| Plan {
        relay_fault: Some(RelayFault::TakesTwice),
        ..plan
    });
}

#[test]
fn a_relay_that_skips_envelopes_is_noticed_by_the_tablets_themselves() {
    is_noticed("panic", |plan| Plan {
        relay_fault: Some(RelayFault::Skips(9)),
        ..plan
    });
}

/// Runs of each trick until it was played; not every day gives occasion to each.
fn plays(tricks: &[Trick]) {
    for trick in tricks {
        let played = (5..30).any(|seed| {
            let outcome = run(&Plan {
                days: 1,
                trick: Some(*trick),
                ..Plan::of_seed(seed)
            });
            assert_eq!(outcome.violations, [], "{trick:?}");
            outcome.tally.of(Count::Tampered) > 0
        });
        assert!(played, "{trick:?} was played");
    }
}

#[test]
fn a_relay_that_withholds_reorders_and_replays_does_no_lasting_harm() {
    plays(&Trick::HARMLESS);
}

#[test]
fn a_relay_that_alters_what_it_hands_on_gets_nothing_in() {
    plays(&Trick::HARMFUL);
}
