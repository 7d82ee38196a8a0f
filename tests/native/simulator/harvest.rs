//! Many seeds at once, one world a thread at a time: worlds share nothing, so their order says nothing.

use std::{
    ops::Range,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use crate::simulator::{
    invariants::Violation,
    plan::{Outcome, Plan, run, setting, shrink},
    tally::Tally,
};

/// What came of many seeds.
#[derive(Default)]
pub(crate) struct Sum {
    /// Seeds after which all was well.
    pub(crate) passed: u64,
    /// The others.
    pub(crate) failed: u64,
    /// Acknowledged writes that were looked for.
    pub(crate) writes: usize,
    /// What happened.
    pub(crate) tally: Tally,
}

/// Failing runs that are made smaller before they are shown; the others are only named.
const SHOWN: u64 = 3;

/// Runs every seed, on as many threads as the computer has or `NG_SIM_THREADS` says; with `NG_SIM_UNTIL_FAILURE` only
/// until the first that fails.
pub(crate) fn harvest(seeds: Range<u64>, plan: impl Fn(u64) -> Plan + Sync) -> Sum {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads: usize = setting("NG_SIM_THREADS", cores);
    let until_failure = setting("NG_SIM_UNTIL_FAILURE", false);
    let count = seeds.end - seeds.start;
    let next = AtomicU64::new(seeds.start);
    let sum = Mutex::new(Sum::default());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let plan = plan(seed);
                    let outcome = run(&plan);
                    let mut sum = sum.lock().unwrap();
                    sum.take(&plan, &outcome, until_failure);
                    if until_failure && sum.failed > 0 {
                        next.store(seeds.end, Ordering::Relaxed);
                    }
                    sum.tell(count);
                }
            });
        }
    });
    sum.into_inner().unwrap()
}

impl Sum {
    fn take(&mut self, plan: &Plan, outcome: &Outcome, until_failure: bool) {
        self.tally.take(&outcome.tally);
        self.writes += outcome.writes;
        if outcome.violations.is_empty() {
            self.passed += 1;
            return;
        }
        self.failed += 1;
        let Violation { rule, says } = &outcome.violations[0];
        println!("seed {} breaks {rule}: {says}", plan.seed);
        if self.failed <= SHOWN && !until_failure {
            show_smaller(plan, rule);
        } else {
            println!("  repeat: {plan}");
        }
    }

    /// Says now and then how far it is.
    fn tell(&self, count: u64) {
        let done = self.passed + self.failed;
        if count >= 20 && done.is_multiple_of(count / 20) {
            println!("{done} of {count} seeds done, {} failed", self.failed);
        }
    }
}

/// Shows a failing run as small as it gets.
fn show_smaller(plan: &Plan, rule: &str) {
    let least = shrink(plan, rule);
    for found in run(&least).violations.iter().take(6) {
        println!("  {}: {}", found.rule, found.says);
    }
    println!("  repeat: {least}");
}
