//! Children, adults and collectors as parts of several records.

use autosurgeon::{Hydrate, Reconcile};

use super::{
    field,
    lines::{Numbered, items, number},
    optional,
};
use crate::{
    documents::error::Unreadable,
    domain::{
        non_empty::NonEmpty,
        person::{Adult, Child, Collector},
        side::Side,
        stagger::{Meeting, Stagger, StaggerParts},
        text::{PersonName, ShortLine},
        time::Day,
    },
};

#[derive(Clone, Reconcile, Hydrate)]
pub(super) struct ChildRecord {
    first_name: String,
    surname: String,
    born: Option<String>,
}

impl From<&Child> for ChildRecord {
    fn from(child: &Child) -> Self {
        let Child {
            first_name,
            surname,
            born,
        } = child;
        Self {
            first_name: first_name.as_str().to_owned(),
            surname: surname.as_str().to_owned(),
            born: born.map(Day::iso),
        }
    }
}

impl TryFrom<ChildRecord> for Child {
    type Error = Unreadable;

    fn try_from(record: ChildRecord) -> Result<Self, Unreadable> {
        let ChildRecord {
            first_name,
            surname,
            born,
        } = record;
        Ok(Self {
            first_name: field("first_name", PersonName::parse(&first_name))?,
            surname: field("surname", PersonName::parse(&surname))?,
            born: optional("born", born, |day| Day::parse(day))?,
        })
    }
}

pub(super) fn children_record(children: &NonEmpty<Child>) -> Numbered<ChildRecord> {
    number(children.iter().map(ChildRecord::from))
}

pub(super) fn children(records: Numbered<ChildRecord>) -> Result<NonEmpty<Child>, Unreadable> {
    field(
        "children",
        NonEmpty::parse(items(records, Child::try_from)?),
    )
}

#[derive(Clone, Reconcile, Hydrate)]
pub(super) struct AdultRecord {
    first_name: String,
    surname: String,
    relationship: String,
}

impl From<&Adult> for AdultRecord {
    fn from(adult: &Adult) -> Self {
        // The side is the name of the field that holds the record.
        let Adult {
            first_name,
            surname,
            relationship,
            side: _,
        } = adult;
        Self {
            first_name: first_name.as_str().to_owned(),
            surname: surname.as_str().to_owned(),
            relationship: relationship.as_str().to_owned(),
        }
    }
}

impl AdultRecord {
    pub(super) fn parse(self, side: Side) -> Result<Adult, Unreadable> {
        let Self {
            first_name,
            surname,
            relationship,
        } = self;
        Ok(Adult {
            first_name: field("first_name", PersonName::parse(&first_name))?,
            surname: field("surname", PersonName::parse(&surname))?,
            relationship: field("relationship", ShortLine::parse(&relationship))?,
            side,
        })
    }
}

#[derive(Clone, Reconcile, Hydrate)]
pub(super) struct CollectorRecord {
    name: String,
    relationship: Option<String>,
}

impl From<&Collector> for CollectorRecord {
    fn from(collector: &Collector) -> Self {
        let Collector { name, relationship } = collector;
        Self {
            name: name.as_str().to_owned(),
            relationship: relationship.as_ref().map(|line| line.as_str().to_owned()),
        }
    }
}

impl TryFrom<CollectorRecord> for Collector {
    type Error = Unreadable;

    fn try_from(record: CollectorRecord) -> Result<Self, Unreadable> {
        let CollectorRecord { name, relationship } = record;
        Ok(Self {
            name: field("name", PersonName::parse(&name))?,
            relationship: optional("relationship", relationship, |line| ShortLine::parse(line))?,
        })
    }
}

#[derive(Clone, Reconcile, Hydrate)]
pub(super) struct StaggerRecord {
    meeting: String,
    first_in: String,
    arrival_gap: i64,
    first_out: String,
    departure_gap: i64,
}

impl From<Stagger> for StaggerRecord {
    fn from(stagger: Stagger) -> Self {
        let StaggerParts {
            meeting,
            first_in,
            arrival_gap,
            first_out,
            departure_gap,
        } = stagger.parts();
        Self {
            meeting: meeting.word().to_owned(),
            first_in: first_in.word().to_owned(),
            arrival_gap,
            first_out: first_out.word().to_owned(),
            departure_gap,
        }
    }
}

impl TryFrom<StaggerRecord> for Stagger {
    type Error = Unreadable;

    fn try_from(record: StaggerRecord) -> Result<Self, Unreadable> {
        let StaggerRecord {
            meeting,
            first_in,
            arrival_gap,
            first_out,
            departure_gap,
        } = record;
        let parts = StaggerParts {
            meeting: field("meeting", Meeting::parse_word(&meeting))?,
            first_in: field("first_in", Side::parse_word(&first_in))?,
            arrival_gap,
            first_out: field("first_out", Side::parse_word(&first_out))?,
            departure_gap,
        };
        field("stagger", Self::parse(parts))
    }
}
