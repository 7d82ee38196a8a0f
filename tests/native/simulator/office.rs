//! What a co-ordinator does at the desk: referrals to families, tomorrow's session, its visits.

use neutral_ground::{
    domain::contact::ContactKind,
    engine::{
        command::{Command, Screen},
        form::{SessionForm, VisitForm},
        view::{ScreenView, SessionView},
        wire::Id,
    },
};

use crate::{
    centre::{arrangement, referral, risk},
    simulator::{
        ledger::{Intent, Stage},
        plan,
        world::World,
    },
};

/// One act at the desk.
pub(crate) fn act(world: &mut World, device: usize) {
    let roll = world.devices[device].person.fate.below(100);
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
