//! One family's contact inside a session: the little that everybody on the day must know.
//!
//! Holds first names and the family code, never a surname or an address (CON-3).

/// What planning refuses, and why.
pub mod planning;

use crate::domain::{
    contact::ContactKind,
    family::FamilyCode,
    ids::{MemberId, RoomId, SessionId},
    non_empty::NonEmpty,
    person::{Adult, Collector},
    side::{PerSide, Side},
    stagger::Stagger,
    text::{PersonName, ShortLine},
    time::{Moment, Slot},
};

/// An adult as the door knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoorName {
    /// First name.
    pub first_name: PersonName,
    /// Initials, to tell two Sams apart.
    pub initials: ShortLine,
    /// To the children: "father", "grandmother".
    pub relationship: ShortLine,
}

impl DoorName {
    /// What the door needs of an adult; none if the name has no letter to stand for it.
    pub fn of(adult: &Adult) -> Option<Self> {
        let initials = ShortLine::parse(&adult.initials()).ok()?;
        Some(Self {
            first_name: adult.first_name.clone(),
            initials,
            relationship: adult.relationship.clone(),
        })
    }
}

/// One family's booked contact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// In which session.
    pub session: SessionId,
    /// Whose, by code.
    pub family: FamilyCode,
    /// Copied from the arrangement.
    pub kind: ContactKind,
    /// The children's first names.
    pub children: NonEmpty<PersonName>,
    /// The two adults.
    pub adults: PerSide<DoorName>,
    /// From when to when; a late start does not move the end (ARR-8).
    pub slot: Slot,
    /// Where.
    pub room: Option<RoomId>,
    /// Who observes.
    pub supervisor: Option<MemberId>,
    /// Who comes first, the gaps, and whether the sides may meet.
    pub stagger: Stagger,
    /// Allergies, medicine, access (PPL-7).
    pub needs: Vec<ShortLine>,
    /// Who else may bring or take the children (ARR-10).
    pub collectors: Vec<Collector>,
}

impl Visit {
    /// When each side is due.
    pub const fn arrivals(&self) -> PerSide<Moment> {
        self.stagger.arrivals(self.slot)
    }

    /// When each side is due to go.
    pub const fn departures(&self) -> PerSide<Moment> {
        self.stagger.departures(self.slot)
    }

    /// When a side is due.
    pub const fn due(&self, side: Side) -> Moment {
        *self.arrivals().of(side)
    }
}
