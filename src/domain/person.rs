//! The people of a family.

use crate::domain::{
    side::Side,
    text::{PersonName, ShortLine},
    time::Day,
};

/// A child the service exists for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    /// What day screens show.
    pub first_name: PersonName,
    /// Office only.
    pub surname: PersonName,
    /// Absent until somebody has said.
    pub born: Option<Day>,
}

/// An adult of one side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adult {
    /// What day screens show.
    pub first_name: PersonName,
    /// Office only.
    pub surname: PersonName,
    /// To the children: "father", "grandmother".
    pub relationship: ShortLine,
    /// Which side.
    pub side: Side,
}

impl Adult {
    /// What a narrow column shows.
    pub fn initials(&self) -> String {
        self.first_name.initial() + &self.surname.initial()
    }
}

/// Somebody who may bring or take the children for the resident side (ARR-10).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Collector {
    /// The name to ask for at the door.
    pub name: PersonName,
    /// To the children, if anybody has said.
    pub relationship: Option<ShortLine>,
}
