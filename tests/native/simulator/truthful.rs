//! What a tablet says of itself while a run goes on: "nothing unsent" only when the relay has said that it holds it all.

use neutral_ground::engine::{
    effect::Part,
    storage::key::{Range, Table},
    view::{Done, Door, Trouble},
};
use sync_protocol::envelope::id_of;

use crate::simulator::{
    adversary::Trick, device::Device, invariants::Violation, misfortune::Misfortune, plan::Plan,
    world::World,
};

/// Where a row's key names the author, after channel and document.
const AUTHOR_AT: usize = 17 + 16;

/// Whether a tablet says that everything was sent.
fn says_all_is_sent(world: &World, device: usize) -> bool {
    let tablet = &world.devices[device];
    matches!(tablet.door, Door::Open(_)) && tablet.sync.unsent == 0
}

/// After every step: no row waits on the disk of a tablet that says nothing waits.
pub(crate) fn check_outbox(world: &mut World, device: usize) {
    if !says_all_is_sent(world, device) {
        return;
    }
    let disk = &world.devices[device].disk.rows;
    let waiting = disk
        .read(&[(Table::Outbox, Range::All, Part::Keys)])
        .remove(0)
        .len();
    if waiting > 0 {
        let says = format!("tablet {device} says that all is sent while {waiting} rows wait");
        note(world, says);
    }
}

/// Now and then: the relay has said of every envelope of this device that it holds it, and has not lost it since, as far
/// as this tablet can know.
pub(crate) fn check_log(world: &mut World, device: usize) {
    if !says_all_is_sent(world, device) {
        return;
    }
    let tablet = &world.devices[device];
    let author = *tablet.id().as_bytes();
    let log = tablet
        .disk
        .rows
        .read(&[(Table::Log, Range::All, Part::Keys)])
        .remove(0);
    let own = log
        .into_iter()
        .filter(|(key, _)| key.part(AUTHOR_AT) == Some(author));
    let own: Vec<_> = own
        .map(|(key, _)| (Table::Log, Range::One(key), Part::Rows))
        .collect();
    let own = tablet.disk.rows.read(&own);
    let unheard = own
        .iter()
        .flatten()
        .map(|(_, bytes)| id_of(bytes))
        .filter(|id| {
            let is_lost = tablet.knows_of_loss && world.ledger.lost.contains(id);
            is_lost || !world.ledger.receipts.contains(id)
        });
    let unheard = unheard.count();
    if unheard > 0 {
        let says =
            format!("tablet {device} says that all is sent, but {unheard} envelopes are not");
        note(world, says);
    }
}

/// How long after room was made a tablet may go on saying that there is none: what was on its way is answered.
const GRACE: u64 = 120_000;

/// With every answer: a tablet whose disk takes writes again says so.
pub(crate) fn check_room(
    untruths: &mut Vec<Violation>,
    tablet: &Device,
    device: usize,
    now: u64,
    outcome: &Result<Done, Trouble>,
) {
    let refused = matches!(outcome, Err(Trouble::Storage(_)));
    if refused && !tablet.disk.full && now > tablet.room_since + GRACE && untruths.is_empty() {
        let says = format!("tablet {device} refuses to write long after room was made");
        untruths.push(Violation { rule: "room", says });
    }
}

/// With every word about what was set aside: it is the lies of a member or of the relay, never what came in another order.
pub(crate) fn check_aside(
    untruths: &mut Vec<Violation>,
    plan: &Plan,
    lies: usize,
    device: usize,
    set_aside: u32,
) {
    let is_altered = plan
        .trick
        .is_some_and(|trick| Trick::HARMFUL.contains(&trick));
    // Whoever writes on an old copy of a store writes twice in one place, until it is sealed again.
    let writes_twice = plan.misfortune == Some(Misfortune::OldProfile);
    let honest = usize::try_from(set_aside).unwrap() > lies && !writes_twice;
    if honest && !is_altered && plan.relay_fault.is_none() && untruths.is_empty() {
        let says = format!("tablet {device} set aside {set_aside}, of which {lies} are lies");
        untruths.push(Violation {
            rule: "aside",
            says,
        });
    }
}

/// The first lie is enough.
fn note(world: &mut World, says: String) {
    if world.untruths.is_empty() {
        let rule = "badge";
        world.untruths.push(Violation { rule, says });
    }
}
