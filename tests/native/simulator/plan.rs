//! What a run is to be, how it is run, and how a failing one is made smaller before it is shown.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use neutral_ground::domain::time::{ClockTime, Day, Moment};
use neutral_ground::engine::event::Event;

use crate::simulator::{
    adversary::Trick,
    due::Due,
    healing::heal,
    invariants::{self, Violation},
    liar::Lie,
    misfortune::{self, Misfortune},
    morning,
    outbox::OutboxFault,
    shelf::RelayFault,
    tally::Tally,
    world::World,
};

/// One run.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Where all chance comes from.
    pub(crate) seed: u64,
    /// Tablets, from 3 to 8.
    pub(crate) devices: usize,
    /// Session days.
    pub(crate) days: u32,
    /// Acts of each person on each day.
    pub(crate) acts: u32,
    /// Engines dropped, in a thousand effects.
    pub(crate) crashes: u64,
    /// Disks filling up, in a thousand changes of the weather.
    pub(crate) full_disks: u64,
    /// A disk that lies: the tablet, and after how many commits.
    pub(crate) lying_disk: Option<(usize, u32)>,
    /// A broken push.
    pub(crate) outbox_fault: Option<OutboxFault>,
    /// A broken relay.
    pub(crate) relay_fault: Option<RelayFault>,
    /// A dishonest one.
    pub(crate) trick: Option<Trick>,
    /// What befalls the centre.
    pub(crate) misfortune: Option<Misfortune>,
    /// The only lie that is told, if one is.
    pub(crate) lie: Option<Lie>,
    /// Somebody came and went many times before the first morning, and people think over each letter they write, so that
    /// records grow long enough to be written down whole.
    pub(crate) long_records: bool,
}

impl Plan {
    /// The ordinary run of a seed.
    pub(crate) fn of_seed(seed: u64) -> Self {
        Self {
            seed,
            devices: setting("NG_SIM_DEVICES", 4),
            days: setting("NG_SIM_DAYS", 2),
            acts: setting("NG_SIM_ACTS", 12),
            // Some centres have worse tablets than others.
            crashes: [2, 4, 12][usize::try_from(seed % 3).unwrap()],
            full_disks: [50, 200][usize::try_from(seed % 2).unwrap()],
            lying_disk: None,
            outbox_fault: None,
            relay_fault: None,
            trick: Trick::of_seed(seed),
            misfortune: Misfortune::of_seed(seed),
            lie: None,
            long_records: seed % 31 == 6,
        }
    }
}

/// A number from the environment.
pub(crate) fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    let set = std::env::var(name).ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The command that repeats a run.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "NG_SEED={} NG_SIM_SEEDS=1 NG_SIM_DEVICES={} NG_SIM_DAYS={} NG_SIM_ACTS={} \
             cargo test --profile simulate -p neutral-ground --test native simulated_schedules -- --nocapture",
            self.seed, self.devices, self.days, self.acts
        )
    }
}

/// What came of a run.
pub(crate) struct Outcome {
    /// What is broken; empty if all is well.
    pub(crate) violations: Vec<Violation>,
    /// What happened.
    pub(crate) tally: Tally,
    /// The same for two runs of one plan.
    pub(crate) trace: String,
    /// Writes that were acknowledged and looked for.
    pub(crate) writes: usize,
}

/// The day of this number.
pub(crate) fn day_name(number: u32) -> String {
    format!("2026-03-{:02}", 2 + number)
}

/// A time of the day of this number, ms since 1970.
pub(crate) fn moment(day: u32, clock: &str) -> u64 {
    let day = Day::parse(&day_name(day)).unwrap();
    let moment = Moment::from_uk(day, ClockTime::parse(clock).unwrap());
    u64::try_from(moment.ms()).unwrap()
}

/// Runs a plan to its end; a panic on the way is a finding like any other.
pub(crate) fn run(plan: &Plan) -> Outcome {
    let plan = plan.clone();
    catch_unwind(AssertUnwindSafe(|| run_through(plan))).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Outcome {
            violations: vec![Violation {
                rule: "panic",
                says: words.unwrap_or_default(),
            }],
            tally: Tally::default(),
            trace: String::new(),
            writes: 0,
        }
    })
}

fn run_through(plan: Plan) -> Outcome {
    let mut world = morning::begin(plan);
    if let Some((device, after)) = world.plan.lying_disk {
        world.devices[device].disk.lies_in = Some(after);
    }
    for day in 0..world.plan.days {
        live_through(&mut world, day);
    }
    lift_lids(&mut world);
    let sick = heal(&mut world).into_iter();
    let mut violations: Vec<_> = sick.map(|says| Violation { rule: "I1", says }).collect();
    let lasting_harm = world
        .plan
        .trick
        .is_some_and(|trick| Trick::HARMFUL.contains(&trick));
    if lasting_harm {
        violations = invariants::check_safety(&mut world);
    } else if violations.is_empty() {
        violations = invariants::check(&mut world);
    }
    violations.append(&mut world.untruths);
    Outcome {
        violations,
        trace: world.trace(),
        writes: world.ledger.writes(),
        tally: world.tally,
    }
}

/// A morning, on which things go wrong, and the quiet rest of the day.
fn live_through(world: &mut World, day: u32) {
    world.run(moment(day, "08:00"), |_| false);
    lift_lids(world);
    misfortune::prepare(world, day);
    world.run(moment(day, "09:00"), |_| false);
    world.is_rough = true;
    for device in 0..world.devices.len() {
        // Half of the people come on a day; whoever opens the hall always does, and whoever is new or loses their store.
        let must_come = device == 0 || device == world.newcomer || misfortune::needs(world, device);
        let comes = must_come || world.power.chance(500);
        let acts = if comes { world.plan.acts } else { 0 };
        world.devices[device].person.begin_day(acts);
        let wait = world.power.below(2_400_000);
        world.agenda.after(wait, Due::Person(device));
        let wait = world.network.below(1_200_000);
        world.agenda.after(wait, Due::Weather(device));
    }
    world.run(moment(day, "12:00"), |_| false);
    world.is_rough = false;
    for device in 0..world.devices.len() {
        let life = world.devices[device].life;
        misfortune::thaw(world, device, life);
        world.feed(device, Event::Visible(false));
    }
    world.pass(300_000);
    world.is_night = true;
}

/// Timers that ran out at night fire in the morning.
fn lift_lids(world: &mut World) {
    world.is_night = false;
    for device in 0..world.devices.len() {
        let life = world.devices[device].life;
        world.engine_hears(device, life, Event::TimePassed);
    }
}

/// A smaller plan that breaks the same rule, if there is one.
pub(crate) fn shrink(plan: &Plan, rule: &str) -> Plan {
    let mut least = plan.clone();
    loop {
        let smaller = [
            Plan {
                days: least.days / 2,
                ..least.clone()
            },
            Plan {
                acts: least.acts / 2,
                ..least.clone()
            },
            Plan {
                acts: least.acts * 3 / 4,
                ..least.clone()
            },
            Plan {
                devices: least.devices - 1,
                ..least.clone()
            },
        ];
        let still = smaller.into_iter().find(|plan| {
            let sensible = plan.days > 0 && plan.acts > 0 && plan.devices >= 3;
            sensible && run(plan).violations.iter().any(|found| found.rule == rule)
        });
        match still {
            Some(smaller) => least = smaller,
            None => return least,
        }
    }
}
