//! Children, adults and collectors as parts of several records.

use super::{field, reader::Reader, writer::Writer};
use crate::{
    documents::error::{Unreadable, WriteError},
    domain::{
        non_empty::NonEmpty,
        person::{Adult, Child, Collector},
        side::Side,
        stagger::{Meeting, Stagger, StaggerParts},
        text::{PersonName, ShortLine},
        time::Day,
    },
};

pub(super) fn write_child(child: &Child, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Child {
        first_name,
        surname,
        born,
    } = child;
    to.text("first_name", first_name.as_str())?;
    to.text("surname", surname.as_str())?;
    to.optional("born", born.map(Day::iso).as_deref())
}

fn parse_child(from: &Reader<'_>) -> Result<Child, Unreadable> {
    Ok(Child {
        first_name: from.parse("first_name", PersonName::parse)?,
        surname: from.parse("surname", PersonName::parse)?,
        born: from.optional("born", Day::parse)?,
    })
}

pub(super) fn parse_children(from: &Reader<'_>) -> Result<NonEmpty<Child>, Unreadable> {
    let children = from.items("children", parse_child)?;
    field("children", NonEmpty::parse(children))
}

pub(super) fn write_adult(adult: &Adult, to: &mut Writer<'_>) -> Result<(), WriteError> {
    // The side is the name of the field that holds the adult.
    let Adult {
        first_name,
        surname,
        relationship,
        side: _,
    } = adult;
    to.text("first_name", first_name.as_str())?;
    to.text("surname", surname.as_str())?;
    to.text("relationship", relationship.as_str())
}

pub(super) fn parse_adult(from: &Reader<'_>, side: Side) -> Result<Adult, Unreadable> {
    let from = from.part(side.word())?;
    Ok(Adult {
        first_name: from.parse("first_name", PersonName::parse)?,
        surname: from.parse("surname", PersonName::parse)?,
        relationship: from.parse("relationship", ShortLine::parse)?,
        side,
    })
}

pub(super) fn write_collector(
    collector: &Collector,
    to: &mut Writer<'_>,
) -> Result<(), WriteError> {
    let Collector { name, relationship } = collector;
    to.text("name", name.as_str())?;
    to.optional("relationship", relationship.as_ref().map(ShortLine::as_str))
}

pub(super) fn parse_collector(from: &Reader<'_>) -> Result<Collector, Unreadable> {
    Ok(Collector {
        name: from.parse("name", PersonName::parse)?,
        relationship: from.optional("relationship", ShortLine::parse)?,
    })
}

pub(super) fn write_stagger(stagger: Stagger, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let StaggerParts {
        meeting,
        first_in,
        arrival_gap,
        first_out,
        departure_gap,
    } = stagger.parts();
    to.text("meeting", meeting.word())?;
    to.text("first_in", first_in.word())?;
    to.number("arrival_gap", arrival_gap)?;
    to.text("first_out", first_out.word())?;
    to.number("departure_gap", departure_gap)
}

pub(super) fn parse_stagger(from: &Reader<'_>) -> Result<Stagger, Unreadable> {
    let parts = StaggerParts {
        meeting: from.parse("meeting", Meeting::parse_word)?,
        first_in: from.parse("first_in", Side::parse_word)?,
        arrival_gap: from.number("arrival_gap")?,
        first_out: from.parse("first_out", Side::parse_word)?,
        departure_gap: from.number("departure_gap")?,
    };
    field("stagger", Stagger::parse(parts))
}
