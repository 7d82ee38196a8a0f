//! The end of every run: signal and room for all, every engine started anew from its disk, everything sent and fetched.

use neutral_ground::engine::{
    command::Command,
    view::{Door, Trouble},
};

use crate::simulator::{
    drawer, ledger::Intent, network::Signal, newcomer, tally::Count, world::World,
};

/// Times that everybody presses *Send now* at most.
const ROUNDS: usize = 8;

/// Heals everything; what could not be healed, in words.
pub(crate) fn heal(world: &mut World) -> Vec<String> {
    world.is_rough = false;
    for tablet in &mut world.devices {
        tablet.signal = Signal::There;
        tablet.disk.full = false;
        tablet.disk.lies_in = None;
        tablet.skew = 0;
    }
    // What is under way arrives, or is given up.
    world.pass(120_000);
    let mut sick = Vec::new();
    for device in 0..world.devices.len() {
        world.crash(device);
        let end = world.agenda.now() + 60_000;
        world.run(end, |world| {
            let door = &world.devices[device].door;
            matches!(door, Door::Locked { .. } | Door::Empty | Door::ShutOut(_))
        });
        if let Err(words) = unlock(world, device) {
            sick.push(format!("tablet {device}: {words}"));
        }
    }
    if let Err(words) = newcomer::bring_in(world) {
        sick.push(words);
    }
    send_all(world);
    finish_drafts(world);
    send_all(world);
    if let Err(words) = drawer::forget_one(world) {
        sick.push(words);
    }
    send_all(world);
    sick
}

/// Its person unlocks a tablet that was switched on.
pub(crate) fn unlock(world: &mut World, device: usize) -> Result<(), String> {
    let tablet = &world.devices[device];
    if world.is_gone(device) {
        return put_out(world, device);
    }
    if device == world.newcomer && tablet.door == Door::Empty {
        return Ok(());
    }
    let Door::Locked { people, .. } = &tablet.door else {
        return Err(format!(
            "expected the unlock screen, found {:?}",
            tablet.door
        ));
    };
    let unlock = Command::Unlock {
        device: people[0].device,
        phrase: tablet.person.phrase.clone(),
    };
    match world.ask(device, unlock, Intent::Other) {
        Some(Ok(_)) => {}
        other => return Err(format!("expected to unlock, found {other:?}")),
    }
    world.pass(2_000);
    Ok(())
}

/// Somebody who was revoked unlocks once more: their tablet hears it, and forgets everything that was theirs.
fn put_out(world: &mut World, device: usize) -> Result<(), String> {
    if let Door::Locked { people, .. } = &world.devices[device].door {
        let unlock = Command::Unlock {
            device: people[0].device,
            phrase: world.devices[device].person.phrase.clone(),
        };
        world.ask(device, unlock, Intent::Other);
        world.pass(20_000);
    }
    let door = &world.devices[device].door;
    if !matches!(door, Door::ShutOut(_)) {
        return Err(format!(
            "expected a revoked tablet to say so, found {door:?}"
        ));
    }
    world.ask(device, Command::Lock, Intent::Other);
    match &world.devices[device].door {
        Door::Empty => Ok(()),
        door => Err(format!(
            "expected a revoked tablet to be empty, found {door:?}"
        )),
    }
}

fn send_all(world: &mut World) {
    for _ in 0..ROUNDS {
        let before = world.tally.of(Count::Accepted);
        for device in world.present() {
            let outcome: Option<Result<_, Trouble>> =
                world.ask(device, Command::SendNow, Intent::Other);
            drop(outcome);
        }
        world.pass(5_000);
        let present = world.present();
        let is_quiet = present
            .iter()
            .all(|device| world.devices[*device].sync.unsent == 0);
        if is_quiet && world.tally.of(Count::Accepted) == before {
            return;
        }
    }
}

fn finish_drafts(world: &mut World) {
    let drafts: Vec<_> = world
        .ledger
        .entries
        .iter()
        .filter(|(_, entry)| !entry.is_finished)
        .map(|(id, entry)| (*id, entry.visit, entry.device))
        .collect();
    for (entry, visit, device) in drafts {
        if world.is_gone(device) {
            continue;
        }
        // An entry of which no key was ever acknowledged need not exist.
        world.ask(
            device,
            Command::FinishEntry { visit, entry },
            Intent::Finish(entry),
        );
    }
}
