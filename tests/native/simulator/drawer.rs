//! A tablet that lay in a drawer for a month: it shows nothing and takes nothing before it has met the relay.

use neutral_ground::{
    domain::lease,
    engine::{
        command::Command,
        event::Event,
        view::{Door, RelayTrouble, ScreenView, Trouble},
    },
};

use crate::simulator::{
    fate::Fate, healing, ledger::Intent, network::Signal, tally::Count, world::World,
};

/// Puts a healed tablet into a drawer, takes it out without a signal, then with one.
pub(crate) fn forget_one(world: &mut World) -> Result<(), String> {
    let present = world.present();
    let place = Fate::new(world.plan.seed, "drawer").below(present.len() as u64);
    let device = present[usize::try_from(place).unwrap()];
    // Its clock alone has gone on: a month of everybody's would be a month of polling.
    world.devices[device].skew = lease::LEASE_MS + 120_000;
    world.devices[device].signal = Signal::Gone;
    world.crash(device);
    let end = world.agenda.now() + 60_000;
    world.run(end, |world| {
        matches!(world.devices[device].door, Door::Locked { .. })
    });
    healing::unlock(world, device)?;
    let tablet = &world.devices[device];
    if !matches!(tablet.door, Door::OutOfTouch(_)) {
        return Err(format!("expected a lapsed lease, found {:?}", tablet.door));
    }
    if !matches!(tablet.screen, ScreenView::Loading | ScreenView::Nothing) {
        return Err("expected nothing on the screen of a lapsed lease".to_owned());
    }
    let pin = "402918".to_owned();
    let refused = world.ask(device, Command::ChoosePin { pin }, Intent::Other);
    if !matches!(refused, Some(Err(Trouble::NotNow(_)))) {
        return Err(format!(
            "expected a refusal by a lapsed lease, found {refused:?}"
        ));
    }
    let unheard = world.ask(device, Command::SendNow, Intent::Other);
    if unheard != Some(Err(Trouble::NoRelay(RelayTrouble::NoSignal))) {
        return Err(format!("expected no signal, found {unheard:?}"));
    }
    world.devices[device].signal = Signal::There;
    world.feed(device, Event::Online(true));
    world.pass(20_000);
    world.devices[device].skew = 0;
    world.tally.add(Count::LapsedLeases);
    match &world.devices[device].door {
        Door::Open(_) => Ok(()),
        door => Err(format!(
            "expected the relay to open it again, found {door:?}"
        )),
    }
}
