//! Somebody who joins while things go wrong: the link, the six digits and the approval, each as often as it takes.
//!
//! The link is handed over, and the digits are compared, by people who stand next to each other.

use neutral_ground::engine::{
    command::{Command, Screen},
    form::PersonForm,
    view::{Done, Door, JoiningView, MeView, ScreenView},
    wire::{Id, Wire},
};

use crate::simulator::{
    ledger::Intent,
    setting_up::{PEOPLE, look},
    world::World,
};

/// Times that two patient people try in calm weather.
const TRIES: usize = 30;

/// The tablet that joins late in centres of this number.
pub(crate) fn number(set_up: u64, devices: usize) -> usize {
    let others = u64::try_from(devices - 1).unwrap();
    1 + usize::try_from(set_up % others).unwrap()
}

/// True if the newcomer is in.
pub(crate) fn is_in(world: &World) -> bool {
    matches!(world.devices[world.newcomer].door, Door::Open(_))
}

/// What a newcomer does who is not in: true if there was something to do.
pub(crate) fn knock(world: &mut World) -> bool {
    let device = world.newcomer;
    if !world.devices[device].asked.is_empty() {
        return false;
    }
    match &world.devices[device].door {
        // The two stand next to each other, or nobody begins.
        Door::Empty if matches!(world.devices[0].door, Door::Open(_)) => {
            let Some(link) = world.ledger.link.clone() else {
                return false;
            };
            let suggest = world.tell(device, Command::SuggestPhrase, Intent::Other);
            let Some(Ok(Done::Phrase(phrase))) = world.answer(device, suggest) else {
                return false;
            };
            world.devices[device].person.phrase.clone_from(&phrase);
            let tablet = PEOPLE[device].2.to_owned();
            let join = Command::Join {
                link,
                phrase,
                tablet,
            };
            world.tell(device, join, Intent::Join);
            true
        }
        Door::Joining(JoiningView { refused, ended, .. }) if *refused || ended.is_some() => {
            world.ledger.link = None;
            world.tell(device, Command::AbandonJoin, Intent::Other);
            true
        }
        _ => false,
    }
}

/// True if somebody looks at six digits and waits.
pub(crate) fn waits(world: &World) -> bool {
    matches!(world.devices[world.newcomer].door, Door::Joining(_))
}

/// What the first co-ordinator does for a newcomer: true if there was something to do.
pub(crate) fn welcome(world: &mut World) -> bool {
    let Door::Open(me) = world.devices[0].door.clone() else {
        return false;
    };
    if is_in(world) || !world.devices[0].asked.is_empty() {
        return false;
    }
    if world.ledger.link.is_none() {
        let mut form = invite_form(world.newcomer, &me);
        if let Some(member) = world.course.returning {
            form.name.clear();
            form.member = Some(member);
        }
        world.tell(0, Command::Invite(form), Intent::Invite);
        return true;
    }
    let Some(invite) = waiting(world) else {
        world.tell(0, Command::Look(Screen::People), Intent::Other);
        return true;
    };
    world.tell(0, Command::ApproveDevice { invite }, Intent::Other);
    true
}

/// The form that invites the person of a tablet.
pub(crate) fn invite_form(device: usize, me: &MeView) -> PersonForm {
    let (name, role, _) = PEOPLE[device];
    let is_second_tablet = name == me.name;
    PersonForm {
        name: if is_second_tablet { "" } else { name }.to_owned(),
        roles: vec![Wire(role)],
        member: is_second_tablet.then_some(me.member),
    }
}

/// The invite on the co-ordinator's screen that shows the same six digits as the newcomer's.
fn waiting(world: &World) -> Option<Id> {
    let Door::Joining(JoiningView {
        code: Some(code), ..
    }) = &world.devices[world.newcomer].door
    else {
        return None;
    };
    let ScreenView::People(people) = &world.devices[0].screen else {
        return None;
    };
    let mut invites = people.invites.iter();
    invites
        .find(|invite| invite.code.as_ref() == Some(code))
        .map(|invite| invite.id)
}

/// Lets the newcomer in now that nothing goes wrong any more.
pub(crate) fn bring_in(world: &mut World) -> Result<(), String> {
    for _ in 0..TRIES {
        if is_in(world) {
            return Ok(());
        }
        knock(world);
        world.pass(4_000);
        look(world, 0, Screen::People);
        welcome(world);
        world.pass(8_000);
    }
    let door = &world.devices[world.newcomer].door;
    Err(format!("expected the newcomer to get in, found {door:?}"))
}
