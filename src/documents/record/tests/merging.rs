//! Two and three devices edit apart and come together.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::{
    new,
    notes::text,
    values::{
        attendance, note_permit, office, referral, risk_permit, session, tablet, visit, worker,
    },
};
use crate::{
    documents::{
        Document, DocumentKind,
        record::{self, conflicts, note},
    },
    domain::{
        attendance::{AttendanceEvent, EventKind, Fact, day::VisitDay},
        contact::ContactKind,
        ids::{DeviceId, EntryId, EventId, RoomId, VisitId},
        note::EntryKind,
        referral::{DeclineReason, ReferralState},
        risk::{RiskDecision, RiskLevel},
        sample::{at, event, line, member, saturday, slot},
        side::Side,
    },
};

/// The same document on several devices, after one of them wrote it.
fn devices<const N: usize>(mut first: Document) -> [Document; N] {
    let written = first.commit_new(at("08:00"));
    std::array::from_fn(|device| {
        let actor = [10 + u8::try_from(device).unwrap(); 16];
        Document::load(first.kind(), &actor, &written).unwrap()
    })
}

/// Everybody sends everything to everybody.
fn meet(devices: &mut [Document]) {
    let sent: Vec<Vec<u8>> = devices
        .iter_mut()
        .flat_map(|device| device.commit_new(at("18:40")))
        .collect();
    for device in devices.iter_mut() {
        device.apply(&sent).unwrap();
    }
    let heads = devices[0].heads();
    assert!(devices.iter_mut().all(|device| device.heads() == heads));
}

fn written_visit() -> Document {
    let mut doc = new(DocumentKind::Visit, 1);
    record::visit::write_new(&mut doc, office(), &visit()).unwrap();
    doc
}

fn room(number: u8) -> RoomId {
    RoomId::from_bytes([number; 16])
}

#[test]
fn offline_arrivals_from_two_tablets_both_survive_as_one_fact() {
    let [mut teal, mut amber] = devices(written_visit());
    let arrived = EventKind::Arrived(Side::Visiting);
    let from_amber = AttendanceEvent {
        recorded_by: member(4),
        tablet: line("Amber"),
        ..event(2, arrived.clone(), "09:46")
    };
    record::visit::append_event(&mut teal, attendance(), &event(1, arrived, "09:44")).unwrap();
    record::visit::append_event(&mut amber, attendance(), &from_amber).unwrap();
    let mut both = [teal, amber];
    meet(&mut both);
    for tablet in &both {
        let day = VisitDay::merge(record::visit::events(tablet).unwrap().readable);
        let fact = day.fact(Fact::Arrived(Side::Visiting)).unwrap();
        assert_eq!((fact.at, fact.witnesses.len()), (at("09:44"), 2));
    }
}

#[test]
fn events_recorded_before_the_visit_itself_has_arrived_are_kept() {
    let mut early = new(DocumentKind::Visit, 2);
    let arrived = event(1, EventKind::Arrived(Side::Visiting), "09:44");
    record::visit::append_event(&mut early, attendance(), &arrived).unwrap();
    let [mut written] = devices(written_visit());
    written.apply(&early.commit_new(at("09:44"))).unwrap();
    assert_eq!(record::visit::read(&written).unwrap(), visit());
    assert_eq!(record::visit::events(&written).unwrap().readable, [arrived]);
}

#[test]
fn different_fields_changed_apart_are_both_kept_without_a_conflict() {
    let [mut one, mut other] = devices(written_visit());
    record::visit::set_room(&mut one, office(), Some(room(8))).unwrap();
    record::visit::set_slot(&mut other, office(), slot("10:30", "12:00")).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let read = record::visit::read(&both[0]).unwrap();
    assert_eq!(
        (read.room, read.slot),
        (Some(room(8)), slot("10:30", "12:00"))
    );
    assert!(conflicts(&both[1]).is_empty());
}

#[test]
fn off_3_one_field_changed_twice_keeps_both_values_until_a_person_chooses() {
    let [mut one, mut other] = devices(written_visit());
    record::visit::set_room(&mut one, office(), Some(room(8))).unwrap();
    record::visit::set_room(&mut other, office(), Some(room(9))).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let found = conflicts(&both[0]);
    assert_eq!(found, conflicts(&both[1]));
    assert_eq!(found[0].field, "room");
    let shown = record::visit::read(&both[0]).unwrap().room.unwrap();
    assert_eq!(found[0].values[0], shown.hex());
    let mut values = found[0].values.clone();
    values.sort();
    assert_eq!(values, [room(8).hex(), room(9).hex()]);

    record::visit::set_room(&mut both[0], office(), Some(room(8))).unwrap();
    meet(&mut both);
    assert!(conflicts(&both[1]).is_empty());
    assert_eq!(record::visit::read(&both[1]).unwrap().room, Some(room(8)));
}

#[test]
fn the_same_choice_made_twice_is_no_conflict() {
    let [mut one, mut other] = devices(written_visit());
    record::visit::set_room(&mut one, office(), Some(room(8))).unwrap();
    record::visit::set_room(&mut other, office(), Some(room(8))).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    assert!(conflicts(&both[0]).is_empty());
}

#[test]
fn off_3_two_judgements_of_risk_never_mix() {
    let decide = |level, kind, control| {
        let controls = vec![line(control)];
        RiskDecision::decide(level, [kind], controls, None, member(5), at("09:00"))
    };
    let low = decide(RiskLevel::Low, ContactKind::Supported, "side door");
    let medium = decide(RiskLevel::Medium, ContactKind::Assisted, "two workers");
    // Both replace an earlier one.
    let mut first = new(DocumentKind::Referral, 1);
    record::referral::write_new(&mut first, office(), &referral()).unwrap();
    let [mut one, mut other] = devices(first);
    record::referral::decide_risk(&mut one, risk_permit(), &medium).unwrap();
    record::referral::decide_risk(&mut other, risk_permit(), &low).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let shown = record::referral::read(&both[0]).unwrap().risk;
    assert!(shown == Some(medium) || shown == Some(low));
    let found = conflicts(&both[0]);
    assert_eq!((found.len(), found[0].field), (1, "risk"));
    let mut levels = found[0].values.clone();
    levels.sort();
    assert_eq!(levels, ["low", "medium"]);
}

#[test]
fn off_3_two_states_of_a_referral_never_mix() {
    let mut first = new(DocumentKind::Referral, 1);
    record::referral::write_new(&mut first, office(), &referral()).unwrap();
    let [mut one, mut other] = devices(first);
    let declined = ReferralState::Declined {
        reason: DeclineReason::Risk,
        on: saturday(),
    };
    let accepted = ReferralState::Accepted {
        kind: ContactKind::Supervised,
        on: saturday(),
    };
    record::referral::set_state(&mut one, office(), declined).unwrap();
    record::referral::set_state(&mut other, office(), accepted).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let shown = record::referral::read(&both[0]).unwrap().state;
    assert!(shown == declined || shown == accepted);
    assert_eq!(conflicts(&both[0])[0].field, "state");
}

#[test]
fn workers_put_on_duty_apart_are_both_on_duty() {
    let mut first = new(DocumentKind::Session, 1);
    record::session::write_new(&mut first, office(), &session()).unwrap();
    let [mut one, mut other] = devices(first);
    record::session::add_worker(&mut one, office(), member(20)).unwrap();
    record::session::add_worker(&mut other, office(), member(21)).unwrap();
    record::session::remove_worker(&mut other, office(), member(3)).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let workers = record::session::read(&both[0]).unwrap().workers;
    assert_eq!(
        workers.into_iter().collect::<Vec<_>>(),
        [member(2), member(20), member(21)]
    );
}

#[test]
fn tablets_let_in_apart_are_both_written_down() {
    let mut first = new(DocumentKind::Worker, 1);
    record::worker::write_new(&mut first, office(), &worker()).unwrap();
    let [mut one, mut other] = devices(first);
    let [amber, teal] = [1, 2].map(|device| DeviceId::from_bytes([device; 16]));
    record::worker::put_tablet(&mut one, office(), amber, &tablet("Amber")).unwrap();
    record::worker::put_tablet(&mut other, office(), teal, &tablet("Teal")).unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let tablets = record::worker::read(&both[0]).unwrap().tablets;
    assert_eq!(tablets.get(&amber), Some(&tablet("Amber")));
    assert_eq!(tablets.get(&teal), Some(&tablet("Teal")));
}

#[test]
fn two_entries_typed_apart_by_one_author_both_survive() {
    let permit = note_permit(7);
    let mut first = new(DocumentKind::ObservationNote, 1);
    note::write_new(&mut first, permit, VisitId::from_bytes([3; 16])).unwrap();
    let [mut one, mut other] = devices(first);
    let head = |id| note::EntryHead {
        id: EntryId::from_bytes([id; 16]),
        occurred_at: at("10:15"),
        kind: EntryKind::Observed,
        speaker: None,
    };
    note::type_entry(
        &mut one,
        permit,
        &head(1),
        &text("Ran to him."),
        at("10:16"),
    )
    .unwrap();
    note::type_entry(
        &mut other,
        permit,
        &head(2),
        &text("Built a tower."),
        at("10:20"),
    )
    .unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let read = note::read(&both[1]).unwrap();
    let words: Vec<&str> = read
        .entries()
        .iter()
        .map(|entry| entry.text.as_str())
        .collect();
    assert_eq!(words, ["Ran to him.", "Built a tower."]);
}

#[test]
fn words_typed_apart_into_one_entry_all_survive() {
    let permit = note_permit(7);
    let mut first = new(DocumentKind::ObservationNote, 1);
    let head = note::EntryHead {
        id: EntryId::from_bytes([1; 16]),
        occurred_at: at("10:15"),
        kind: EntryKind::Observed,
        speaker: None,
    };
    note::write_new(&mut first, permit, VisitId::from_bytes([3; 16])).unwrap();
    note::type_entry(&mut first, permit, &head, &text("Ran to him."), at("10:16")).unwrap();
    let [mut one, mut other] = devices(first);
    note::type_entry(
        &mut one,
        permit,
        &head,
        &text("Maya ran to him."),
        at("10:17"),
    )
    .unwrap();
    note::type_entry(
        &mut other,
        permit,
        &head,
        &text("Ran to him. Both laughed."),
        at("10:17"),
    )
    .unwrap();
    let mut both = [one, other];
    meet(&mut both);
    let words = note::entries(&both[0]).unwrap().readable.remove(0).text;
    assert_eq!(words.as_str(), "Maya ran to him. Both laughed.");
}

/// One thing a device does while it is apart.
#[derive(Clone, Debug)]
enum Edit {
    Append(u8, EventKind),
    Move(u8),
    Supervise(u8),
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let kinds = prop_oneof![
        Just(EventKind::Arrived(Side::Visiting)),
        Just(EventKind::Arrived(Side::Resident)),
        Just(EventKind::HandedToVisiting),
        Just(EventKind::Left(Side::Resident)),
        (0_u8..200).prop_map(|id| EventKind::Undone(EventId::from_bytes([id; 16]))),
    ];
    prop_oneof![
        3 => (0_u8..200, kinds).prop_map(|(id, kind)| Edit::Append(id, kind)),
        1 => (0_u8..4).prop_map(Edit::Move),
        1 => (0_u8..4).prop_map(Edit::Supervise),
    ]
}

fn perform(device: &mut Document, edit: &Edit) {
    match edit {
        Edit::Append(id, kind) => {
            let event = event(*id, kind.clone(), "10:00");
            record::visit::append_event(device, attendance(), &event).unwrap();
        }
        Edit::Move(to) => record::visit::set_room(device, office(), Some(room(*to))).unwrap(),
        Edit::Supervise(by) => {
            record::visit::set_supervisor(device, office(), Some(member(*by))).unwrap();
        }
    }
}

/// Edits by three devices; after each, whom it reaches at once: a partition in bits.
fn any_story() -> impl Strategy<Value = Vec<(usize, Edit, u8)>> {
    proptest::collection::vec((0_usize..3, any_edit(), 0_u8..8), 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn three_devices_agree_whatever_reached_whom_and_in_which_order(
        (story, order) in any_story().prop_flat_map(|story| {
            let order: Vec<usize> = (0..story.len()).collect();
            (Just(story), Just(order).prop_shuffle())
        })
    ) {
        let mut devices: [Document; 3] = devices(written_visit());
        let mut sent: Vec<Vec<Vec<u8>>> = Vec::new();
        for (author, edit, reached) in &story {
            perform(&mut devices[*author], edit);
            let changes = devices[*author].commit_new(at("10:00"));
            for (place, device) in devices.iter_mut().enumerate() {
                if reached & (1 << place) != 0 {
                    device.apply(&changes).unwrap();
                }
            }
            sent.push(changes);
        }
        // The rest arrives shuffled, and what had arrived arrives again.
        let late: Vec<Vec<u8>> = order.iter().flat_map(|place| sent[*place].clone()).collect();
        for device in &mut devices {
            device.apply(&late).unwrap();
            prop_assert!(!device.is_waiting());
        }
        let [mut one, mut two, mut three] = devices;
        prop_assert!([two.heads(), three.heads()].iter().all(|heads| *heads == one.heads()));
        let events = record::visit::events(&one).unwrap();
        prop_assert!(events.unreadable.is_empty());
        prop_assert_eq!(&events, &record::visit::events(&two).unwrap());
        prop_assert_eq!(&events, &record::visit::events(&three).unwrap());
        prop_assert_eq!(record::visit::read(&one), record::visit::read(&three));
        prop_assert_eq!(conflicts(&two), conflicts(&three));

        // A device that starts from the relay's copy sees the same.
        let mut chunks = written_visit().commit_new(at("08:00"));
        chunks.extend(late);
        let mut fresh = Document::load(DocumentKind::Visit, &[99; 16], &chunks).unwrap();
        prop_assert_eq!(fresh.heads(), one.heads());
        prop_assert_eq!(record::visit::events(&fresh).unwrap(), events);
    }
}
