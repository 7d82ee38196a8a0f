//! A centre before anything goes wrong: started, people let in through the real mailbox, two families, one session.

use neutral_ground::{
    domain::{side::Side, worker::Role},
    engine::{
        command::{Command, Happening, Screen},
        event::Event,
        form::{CentreForm, RoomForm},
        view::{Done, Door, ScreenView},
        wire::{Id, Wire},
    },
};

use crate::{
    centre::{arrangement, referral, risk},
    simulator::{
        device::Device,
        disk::Disk,
        fate::Fate,
        ledger::Intent,
        network::Signal,
        newcomer,
        office::{self, kind, visit_form},
        person::{Part, Person},
        plan::{Plan, day_name, moment},
        relay::SimulatedRelay,
        world::World,
    },
};

/// Name, role, tablet. The fourth is the first one's second tablet.
pub(crate) const PEOPLE: [(&str, Role, &str); 8] = [
    ("Ruth Calder", Role::Coordinator, "Desk"),
    ("Joan Tibbs", Role::Volunteer, "Teal"),
    ("Priya Nair", Role::Supervisor, "Amber"),
    ("Ruth Calder", Role::Coordinator, "Office"),
    ("Omar Lund", Role::Volunteer, "Slate"),
    ("Tess Ayre", Role::Supervisor, "Moss"),
    ("Bea Quist", Role::Volunteer, "Fern"),
    ("Noor Vale", Role::Supervisor, "Plum"),
];

/// Where the person of a tablet works.
pub(crate) fn place_of(number: usize) -> Part {
    match PEOPLE[number].1 {
        Role::Coordinator => Part::Desk,
        _ => Part::Hall,
    }
}

/// A centre that was just set up, everything at the relay.
pub(crate) fn set_up(plan: Plan, newcomer: usize) -> World {
    let mut of_relay = Fate::new(plan.seed, "relay");
    let relay = SimulatedRelay::new(&mut of_relay, plan.relay_fault);
    let devices = tablets(&plan, |_| Disk::default());
    let mut world = World::new(plan, devices, relay, newcomer, moment(0, "06:30"));
    for device in 0..world.devices.len() {
        world.switch_on(device);
    }
    world.pass(1_000);
    start_centre(&mut world);
    for device in 1..world.devices.len() {
        if device != newcomer {
            enrol(&mut world, device);
        }
    }
    for place in 0..2 {
        take_on(&mut world, place);
    }
    plan_first_day(&mut world);
    print_sheets(&mut world);
    send_everything(&mut world);
    world
}

/// Everybody's tablet, switched off.
pub(crate) fn tablets(plan: &Plan, disk: impl Fn(usize) -> Disk) -> Vec<Device> {
    let tablet = |number| {
        let fate = Fate::new(plan.seed, &format!("person {number}"));
        let person = Person::new(place_of(number), fate);
        Device::new(number, person, disk(number), plan.seed)
    };
    (0..plan.devices.min(PEOPLE.len())).map(tablet).collect()
}

/// Everybody who is in presses *Send now*.
pub(crate) fn send_everything(world: &mut World) {
    let newcomer = world.newcomer;
    for device in (0..world.devices.len()).filter(|device| *device != newcomer) {
        must(world, device, Command::SendNow, Intent::Other);
    }
}

fn must(world: &mut World, device: usize, command: Command, intent: Intent) -> Done {
    match world.ask(device, command, intent) {
        Some(Ok(done)) => done,
        other => panic!("in calm weather, on tablet {device}: expected it done, found {other:?}"),
    }
}

fn made(world: &mut World, command: Command, intent: Intent) -> Id {
    match must(world, 0, command, intent) {
        Done::Created(id) => id,
        other => panic!("expected something new, found {other:?}"),
    }
}

/// Looks at a screen for long enough to read it.
pub(crate) fn look(world: &mut World, device: usize, screen: Screen) -> ScreenView {
    world.ask(device, Command::Look(screen), Intent::Other);
    world.pass(400);
    world.devices[device].screen.clone()
}

fn choose_phrase(world: &mut World, device: usize) -> String {
    let Done::Phrase(phrase) = must(world, device, Command::SuggestPhrase, Intent::Other) else {
        panic!("expected a phrase");
    };
    world.devices[device].person.phrase.clone_from(&phrase);
    phrase
}

fn start_centre(world: &mut World) {
    let phrase = choose_phrase(world, 0);
    let centre = CentreForm {
        name: "Saltmere Contact Centre".to_owned(),
        venue: "Saltmere Methodist Hall".to_owned(),
        rooms: ["Main hall", "Garden room", "Snug"]
            .into_iter()
            .map(|name| RoomForm {
                id: None,
                name: name.to_owned(),
            })
            .collect(),
        coordinator: PEOPLE[0].0.to_owned(),
        tablet: PEOPLE[0].2.to_owned(),
    };
    let start = Command::StartCentre { centre, phrase };
    must(world, 0, start, Intent::Other);
    must(world, 0, Command::SendNow, Intent::Other);
}

fn enrol(world: &mut World, device: usize) {
    let Door::Open(me) = world.devices[0].door.clone() else {
        panic!("expected the co-ordinator to be in");
    };
    let form = newcomer::invite_form(device, &me);
    let Done::Invited { fragment, .. } = must(world, 0, Command::Invite(form), Intent::Other)
    else {
        panic!("expected an invite");
    };
    let phrase = choose_phrase(world, device);
    let join = Command::Join {
        link: format!("https://centre.invalid/join#{fragment}"),
        phrase,
        tablet: PEOPLE[device].2.to_owned(),
    };
    must(world, device, join, Intent::Other);
    let end = world.agenda.now() + 60_000;
    let sees_digits = |world: &World| match &world.devices[device].door {
        Door::Joining(joining) => joining.code.is_some(),
        _ => false,
    };
    assert!(world.run(end, sees_digits), "the newcomer sees six digits");
    world.pass(8_000);
    approve(world, device);
    let end = world.agenda.now() + 60_000;
    let is_in = |world: &World| matches!(world.devices[device].door, Door::Open(_));
    assert!(world.run(end, is_in), "the newcomer is in");
}

fn approve(world: &mut World, device: usize) {
    let Door::Joining(joining) = world.devices[device].door.clone() else {
        panic!("expected to wait for approval");
    };
    let ScreenView::People(people) = look(world, 0, Screen::People) else {
        panic!("expected the people");
    };
    let waiting = people
        .invites
        .iter()
        .find(|invite| invite.code == joining.code);
    let invite = waiting.expect("both screens show the same digits").id;
    must(world, 0, Command::ApproveDevice { invite }, Intent::Other);
    must(world, 0, Command::SendNow, Intent::Other);
}

fn print_sheets(world: &mut World) {
    let Done::Sheets(sheets) = must(world, 0, Command::MakeSheets, Intent::Other) else {
        panic!("expected sheets");
    };
    world.ledger.sheets = sheets.to_vec();
}

fn take_on(world: &mut World, place: usize) {
    let kind = kind(place);
    let taken = Command::TakeReferral(referral(kind));
    let referral = made(world, taken, Intent::Refer);
    let risk = risk(kind);
    let decide = Command::DecideRisk { referral, risk };
    must(world, 0, decide, Intent::Decide(referral));
    let arrangement = arrangement(kind);
    let accept = Command::AcceptReferral {
        referral,
        arrangement,
    };
    made(world, accept, Intent::Accept(referral));
}

/// A visit's record becomes nearly as long as one that is written down whole, or longer: what comes next decides when.
pub(crate) fn come_and_go(world: &mut World) {
    let visit = *world.ledger.visits.values().next().unwrap();
    let what = Happening::Arrived(Wire(Side::Resident));
    let times = Fate::new(world.plan.seed, "comings and goings").between(30, 40);
    // Out of signal, so that nobody is told of each.
    move_about(world, Signal::Gone);
    for _ in 0..times {
        let what = what.clone();
        let record = Command::Record { visit, what };
        let event = made(world, record, Intent::Record(visit));
        world.pass(2_500);
        let undo = Command::Undo { visit, event };
        must(world, 0, undo, Intent::Undo { visit, event });
        world.pass(2_500);
    }
    move_about(world, Signal::There);
    world.pass(10_000);
}

fn move_about(world: &mut World, signal: Signal) {
    world.devices[0].signal = signal;
    let online = signal != Signal::Gone;
    world.feed(0, Event::Online(online));
}

fn plan_first_day(world: &mut World) {
    let day = day_name(0);
    let plan = Command::PlanSession(office::session_form(&day));
    let session = made(world, plan, Intent::Plan(day));
    for (place, family) in world.ledger.families.clone().into_iter().enumerate() {
        let ScreenView::Session(view) = look(world, 0, Screen::Session(session)) else {
            panic!("expected the session");
        };
        let form = visit_form(&view, family, place);
        let intent = Intent::Book { session, family };
        made(world, Command::BookVisit(form), intent);
    }
}
