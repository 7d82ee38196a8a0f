//! One value of each noun, with every optional part filled in.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use crate::domain::{
    arrangement::{Arrangement, ArrangementState, Frequency, Length},
    attendance::{AbsenceReason, AttendanceEvent, EventKind, TurnedAwayReason},
    centre::{Centre, Room},
    contact::{ContactKind, Reporting},
    family::{EndReason, FamilyFile, FamilyState},
    few::Few,
    ids::{EventId, FamilyId, RoomId},
    policy::{
        AttendancePermit, NotePermit, OfficePermit, OpeningPermit, RiskPermit, may_decide_risk,
        may_open_protected, may_plan, may_record_attendance, may_write_note,
    },
    protected::{EmergencyContact, LeaveMessage, ProtectedDetails},
    referral::{
        DeclineReason, Form, Referral, ReferralSource, ReferralState, Referrer, WithdrawnBy,
    },
    risk::{RiskDecision, RiskLevel},
    sample::{self, acting, at, event, line, member, name, saturday},
    session::{Session, SessionState},
    side::{PerSide, Side},
    stagger::{Meeting, Stagger, StaggerParts},
    text::{EmailAddress, LongText, PhoneNumber, PostalAddress},
    time::ClockTime,
    visit::Visit,
    worker::{Role, Tablet, Worker},
};

pub(crate) fn office() -> OfficePermit {
    may_plan(&acting(1, &[Role::Coordinator])).unwrap()
}

pub(crate) fn risk_permit() -> RiskPermit {
    may_decide_risk(&acting(1, &[Role::Coordinator])).unwrap()
}

pub(crate) fn attendance() -> AttendancePermit {
    may_record_attendance(&acting(3, &[Role::Volunteer])).unwrap()
}

pub(crate) fn opening() -> OpeningPermit {
    may_open_protected(&acting(1, &[Role::Coordinator])).unwrap()
}

pub(crate) fn note_permit(author: u8) -> NotePermit {
    let visit = Visit {
        supervisor: Some(member(author)),
        ..sample::visit(ContactKind::Supervised)
    };
    may_write_note(&acting(author, &[Role::Supervisor]), &visit).unwrap()
}

fn room(number: u8) -> RoomId {
    RoomId::from_bytes([number; 16])
}

fn stagger() -> Stagger {
    Stagger::parse(StaggerParts {
        meeting: Meeting::MayMeet,
        first_in: Side::Resident,
        arrival_gap: 5,
        first_out: Side::Visiting,
        departure_gap: 20,
    })
    .unwrap()
}

pub(crate) fn centre() -> Centre {
    Centre {
        name: line("Saltmere Child Contact Centre"),
        venue: line("Saltmere Methodist Hall"),
        rooms: vec![
            Room {
                id: room(1),
                name: line("Sun room"),
                in_use: true,
            },
            Room {
                id: room(2),
                name: line("Attic"),
                in_use: false,
            },
        ],
        entrances: vec![line("Front"), line("Side")],
        waiting_areas: vec![line("Waiting room B")],
    }
}

pub(crate) fn worker() -> Worker {
    Worker {
        member: member(2),
        name: name("Joan Tibbs"),
        roles: BTreeSet::from([Role::SessionLeader, Role::Volunteer]),
        tablets: Few::default(),
    }
}

pub(crate) fn tablet(called: &str) -> Tablet {
    Tablet {
        name: line(called),
        since: at("08:30"),
    }
}

pub(crate) fn session() -> Session {
    Session {
        day: saturday(),
        opens: ClockTime::parse("10:00").unwrap(),
        closes: ClockTime::parse("12:30").unwrap(),
        venue: line("Saltmere Methodist Hall"),
        leader: Some(member(2)),
        workers: BTreeSet::from([member(2), member(3)]),
        state: SessionState::Open,
    }
}

pub(crate) fn visit() -> Visit {
    Visit {
        room: Some(room(1)),
        supervisor: Some(member(7)),
        stagger: stagger(),
        ..sample::visit(ContactKind::Supervised)
    }
}

pub(crate) fn event_of_each_kind() -> Vec<AttendanceEvent> {
    let kinds = [
        EventKind::Arrived(Side::Visiting),
        EventKind::SeenHere(Side::Resident),
        EventKind::HandedToVisiting,
        EventKind::LeftPremisesWithVisiting,
        EventKind::BackOnPremises,
        EventKind::HandedToResident,
        EventKind::Left(Side::Resident),
        EventKind::TurnedAway {
            side: Side::Visiting,
            reason: TurnedAwayReason::NotListed,
        },
        EventKind::NotComing {
            side: Side::Visiting,
            reason: AbsenceReason::CancelledLate,
            words: Some(line("rang hall, car broken")),
        },
        EventKind::Undone(EventId::from_bytes([1; 16])),
    ];
    (1..)
        .zip(kinds)
        .map(|(id, kind)| {
            let correction_of = (id % 2 == 0).then(|| EventId::from_bytes([id - 1; 16]));
            AttendanceEvent {
                correction_of,
                ..event(id, kind, "10:00")
            }
        })
        .collect()
}

pub(crate) fn risk() -> RiskDecision {
    RiskDecision::decide(
        RiskLevel::High,
        [ContactKind::Supervised, ContactKind::Assisted],
        vec![line("separate doors"), line("walk to the car")],
        Some(LongText::parse("An order protects one from the other.\nReview in June.").unwrap()),
        member(1),
        at("08:30"),
    )
}

pub(crate) fn referral() -> Referral {
    Referral {
        referrer: Referrer {
            name: Some(name("Ada Quill")),
            organisation: Some(line("Quill and Vane")),
            phone: Some(PhoneNumber::parse("01632 960 100").unwrap()),
            email: Some(EmailAddress::parse("ada@quill.example").unwrap()),
        },
        reporting: Reporting::WithReports,
        forms: PerSide {
            resident: Form::Received,
            visiting: Form::Awaited,
        },
        reason: Some(LongText::parse("No contact since last summer.").unwrap()),
        background: Some(LongText::parse("Proceedings concluded.").unwrap()),
        risk: Some(risk()),
        ..sample::referral(ReferralSource::Solicitor)
    }
}

pub(crate) fn referral_states() -> Vec<ReferralState> {
    let (on, family) = (saturday(), FamilyId::from_bytes([7; 16]));
    vec![
        ReferralState::Received,
        ReferralState::Incomplete,
        ReferralState::Assessing,
        ReferralState::Waitlisted { since: on },
        ReferralState::Accepted {
            kind: ContactKind::Assisted,
            on,
        },
        ReferralState::Declined {
            reason: DeclineReason::NoPlace,
            on,
        },
        ReferralState::Withdrawn {
            by: WithdrawnBy::Court,
            on,
        },
        ReferralState::Started { family, on },
        ReferralState::NeverStarted { on },
    ]
}

pub(crate) fn family() -> FamilyFile {
    sample::family()
}

pub(crate) fn family_states() -> [FamilyState; 4] {
    [
        FamilyState::Opening,
        FamilyState::Active,
        FamilyState::Suspended,
        FamilyState::Ended {
            reason: EndReason::Independent,
            on: saturday(),
        },
    ]
}

pub(crate) fn arrangement() -> Arrangement {
    Arrangement {
        family: FamilyId::from_bytes([7; 16]),
        version: 3,
        kind: ContactKind::Supervised,
        reporting: Reporting::WithReports,
        frequency: Frequency::Fortnightly,
        starts_on: saturday(),
        length: Length::parse_agreed_longer(150).unwrap(),
        stagger: stagger(),
        room: Some(room(1)),
        conditions: vec![line("no photographs")],
        state: ArrangementState::InForce,
    }
}

pub(crate) fn details() -> ProtectedDetails {
    ProtectedDetails {
        family: FamilyId::from_bytes([7; 16]),
        side: Side::Visiting,
        address: Some(PostalAddress::parse("2 Quay Row\nSaltmere").unwrap()),
        phones: vec![
            PhoneNumber::parse("07700 900 123").unwrap(),
            PhoneNumber::parse("01632 960 011").unwrap(),
        ],
        leave_message: LeaveMessage::No,
        email: Some(EmailAddress::parse("tom@post.example").unwrap()),
        emergency: Some(EmergencyContact {
            name: name("Wilf Price"),
            phone: PhoneNumber::parse("01632 960 012").unwrap(),
        }),
        vehicle: Some(line("blue van")),
        school: Some(line("Saltmere Primary")),
        solicitor: Some(line("Quill and Vane")),
    }
}
