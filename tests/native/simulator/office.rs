//! What a co-ordinator does at the desk: referrals to families, tomorrow's session, its visits.

use neutral_ground::{
    domain::{contact::ContactKind, worker::Role},
    engine::{
        command::{Command, Screen},
        form::{PersonForm, SessionForm, VisitForm},
        view::{Door, PersonRow, ScreenView, SessionView},
        wire::{Id, Wire},
    },
};

use crate::{
    centre::{arrangement, referral, risk},
    simulator::{
        ledger::{Intent, Stage},
        misfortune::Misfortune,
        plan,
        setting_up::PEOPLE,
        world::World,
    },
};

/// One act at the desk.
pub(crate) fn act(world: &mut World, device: usize) {
    let roll = world.devices[device].person.fate.below(100);
    if device == 0 && roll < 30 && change_roles(world) {
        return;
    }
    match roll {
        0..35 => take_families_on(world, device),
        35..55 => plan_a_session(world, device),
        55..90 => book_a_visit(world, device),
        _ => {
            let screens = [
                Screen::Work,
                Screen::Families,
                Screen::Referrals,
                Screen::People,
            ];
            let screen = *world.devices[device].person.fate.pick(&screens);
            world.tell(device, Command::Look(screen), Intent::Other);
        }
    }
}

/// Makes somebody who is on the screen a co-ordinator, or one of the team again; true if somebody was.
///
/// Only the first co-ordinator does: whoever else is one may be none any more in a moment.
fn change_roles(world: &mut World) -> bool {
    // What a liar among the team may not do, a co-ordinator may.
    let is_liar = world.plan.misfortune == Some(Misfortune::Liar);
    let liar = is_liar.then_some(PEOPLE[world.course.victim].0);
    let tablet = &mut world.devices[0];
    let ScreenView::People(view) = &tablet.screen else {
        return false;
    };
    let Door::Open(me) = &tablet.door else {
        return false;
    };
    let others: Vec<&PersonRow> = view
        .people
        .iter()
        .filter(|row| row.member != me.member && !row.roles.is_empty())
        .filter(|row| Some(row.name.as_str()) != liar)
        .collect();
    if others.is_empty() {
        return false;
    }
    let row = *tablet.person.fate.pick(&others);
    let coordinates = Wire(Role::Coordinator);
    let mut roles = row.roles.clone();
    if roles.contains(&coordinates) {
        roles.retain(|role| *role != coordinates);
        roles.push(Wire(Role::Volunteer));
    } else {
        roles.push(coordinates);
    }
    let form = PersonForm {
        member: Some(row.member),
        name: row.name.clone(),
        roles,
    };
    world.tell(0, Command::ChangePerson(form), Intent::Other);
    true
}

/// The kind of contact of the family that came in this place.
pub(crate) fn kind(place: usize) -> ContactKind {
    if place % 2 == 1 {
        ContactKind::Supervised
    } else {
        ContactKind::Supported
    }
}

fn take_families_on(world: &mut World, device: usize) {
    let open = world
        .ledger
        .referrals
        .iter()
        .find(|(_, stage)| matches!(stage, Stage::Taken | Stage::Decided))
        .map(|(referral, stage)| (*referral, *stage));
    let kind = kind(world.ledger.families.len());
    match open {
        Some((referral, Stage::Taken)) => {
            let risk = risk(kind);
            let command = Command::DecideRisk { referral, risk };
            world.tell(device, command, Intent::Decide(referral));
        }
        Some((referral, _)) => {
            let arrangement = arrangement(kind);
            let command = Command::AcceptReferral {
                referral,
                arrangement,
            };
            world.tell(device, command, Intent::Accept(referral));
        }
        None => {
            world.tell(device, Command::TakeReferral(referral(kind)), Intent::Refer);
        }
    }
}

fn plan_a_session(world: &mut World, device: usize) {
    let day = (0..=world.plan.days)
        .map(plan::day_name)
        .find(|day| !world.ledger.sessions.contains_key(day));
    if let Some(day) = day {
        let form = session_form(&day);
        world.tell(device, Command::PlanSession(form), Intent::Plan(day));
    }
}

/// A morning's session.
pub(crate) fn session_form(day: &str) -> SessionForm {
    SessionForm {
        day: day.to_owned(),
        opens: "09:30".to_owned(),
        closes: "12:30".to_owned(),
        leader: None,
        workers: Vec::new(),
    }
}

fn book_a_visit(world: &mut World, device: usize) {
    let sessions: Vec<Id> = world.ledger.sessions.values().copied().collect();
    let mut missing = sessions.iter().flat_map(|session| {
        let families = world.ledger.families.iter();
        families.map(|family| (*session, *family))
    });
    let missing = missing.find(|pair| !world.ledger.visits.contains_key(pair));
    let Some((session, family)) = missing else {
        return;
    };
    match &world.devices[device].screen {
        ScreenView::Session(view) if view.row.id == session => {
            let place = world.ledger.families.iter().position(|at| *at == family);
            let form = visit_form(view, family, place.unwrap());
            let intent = Intent::Book { session, family };
            world.tell(device, Command::BookVisit(form), intent);
        }
        _ => {
            let look = Command::Look(Screen::Session(session));
            world.tell(device, look, Intent::Other);
        }
    }
}

/// A place for a family in a session that is on the screen.
pub(crate) fn visit_form(view: &SessionView, family: Id, place: usize) -> VisitForm {
    let (starts, ends) = if place < view.rooms.len() {
        ("10:00", "11:00")
    } else {
        ("11:15", "12:15")
    };
    let observed = kind(place) == ContactKind::Supervised;
    let supervisor = view
        .supervisors
        .get(place / 2 % view.supervisors.len().max(1));
    VisitForm {
        session: view.row.id,
        family: Some(family),
        starts: starts.to_owned(),
        ends: ends.to_owned(),
        room: view
            .rooms
            .get(place % view.rooms.len().max(1))
            .map(|(room, _)| *room),
        supervisor: supervisor.filter(|_| observed).map(|(member, _)| *member),
    }
}
