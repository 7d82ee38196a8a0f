//! Invented people for the tests: the Otter family on Saturday 14 March.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use crate::domain::{
    attendance::{AttendanceEvent, EventKind},
    contact::{ContactKind, Reporting},
    family::{FamilyCode, FamilyFile, FamilyState},
    ids::{EventId, MemberId, ReferralId, SessionId},
    non_empty::NonEmpty,
    person::{Adult, Child, Collector},
    policy::Acting,
    referral::{Form, Referral, ReferralSource, ReferralState, Referrer},
    side::{PerSide, Side},
    stagger::Stagger,
    text::{PersonName, ShortLine},
    time::{ClockTime, Day, Moment, Slot},
    visit::{DoorName, Visit},
    worker::Role,
};

pub(crate) fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

pub(crate) fn line(text: &str) -> ShortLine {
    ShortLine::parse(text).unwrap()
}

pub(crate) fn saturday() -> Day {
    Day::parse("2026-03-14").unwrap()
}

/// A time on the Saturday.
pub(crate) fn at(clock: &str) -> Moment {
    Moment::from_uk(saturday(), ClockTime::parse(clock).unwrap())
}

pub(crate) fn slot(start: &str, end: &str) -> Slot {
    Slot::parse(at(start), at(end)).unwrap()
}

pub(crate) fn member(number: u8) -> MemberId {
    MemberId::from_bytes([number; 16])
}

pub(crate) fn acting(number: u8, roles: &[Role]) -> Acting {
    Acting {
        member: member(number),
        roles: roles.iter().copied().collect::<BTreeSet<_>>(),
    }
}

pub(crate) fn child() -> Child {
    Child {
        first_name: name("Maya"),
        surname: name("Price"),
        born: Day::parse("2019-05-02").ok(),
    }
}

pub(crate) fn adult(side: Side) -> Adult {
    let (first, relationship) = match side {
        Side::Resident => ("Dana", "mother"),
        Side::Visiting => ("Tom", "father"),
    };
    Adult {
        first_name: name(first),
        surname: name("Price"),
        relationship: line(relationship),
        side,
    }
}

pub(crate) fn collector() -> Collector {
    Collector {
        name: name("Wilf Price"),
        relationship: Some(line("grandfather")),
    }
}

/// A visit from 10:00 to 12:00 with the usual stagger.
pub(crate) fn visit(kind: ContactKind) -> Visit {
    let door_name = |side| DoorName::of(&adult(side)).unwrap();
    Visit {
        session: SessionId::from_bytes([9; 16]),
        family: FamilyCode::parse("Otter 14").unwrap(),
        kind,
        children: NonEmpty::of(name("Maya")),
        adults: PerSide {
            resident: door_name(Side::Resident),
            visiting: door_name(Side::Visiting),
        },
        slot: slot("10:00", "12:00"),
        room: None,
        supervisor: None,
        stagger: Stagger::USUAL,
        needs: vec![line("nut allergy")],
        collectors: vec![collector()],
    }
}

/// An event recorded as it happened, by Moira on Teal.
pub(crate) fn event(id: u8, kind: EventKind, clock: &str) -> AttendanceEvent {
    AttendanceEvent {
        id: EventId::from_bytes([id; 16]),
        kind,
        occurred_at: at(clock),
        recorded_at: at(clock),
        recorded_by: member(3),
        tablet: line("Teal"),
        correction_of: None,
    }
}

pub(crate) fn referral(source: ReferralSource) -> Referral {
    Referral {
        reference: line("R-2026-014"),
        received_on: saturday(),
        source,
        referrer: Referrer {
            name: None,
            organisation: None,
            phone: None,
            email: None,
        },
        kind_requested: ContactKind::Supported,
        reporting: Reporting::None,
        children: NonEmpty::of(child()),
        resident: adult(Side::Resident),
        visiting: adult(Side::Visiting),
        forms: PerSide {
            resident: Form::Received,
            visiting: Form::Received,
        },
        needs: vec![line("nut allergy")],
        reason: None,
        background: None,
        risk: None,
        state: ReferralState::Received,
    }
}

pub(crate) fn family() -> FamilyFile {
    FamilyFile {
        code: FamilyCode::parse("Otter 14").unwrap(),
        referral: Some(ReferralId::from_bytes([5; 16])),
        children: NonEmpty::of(child()),
        resident: adult(Side::Resident),
        visiting: adult(Side::Visiting),
        needs: vec![line("nut allergy")],
        collectors: vec![collector()],
        state: FamilyState::Opening,
    }
}
