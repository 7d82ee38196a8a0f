//! An arrangement's document; a change of terms is a new version of the whole.

use super::{
    field,
    people::{parse_stagger, write_stagger},
    reader::Reader,
    reading,
    writer::Writer,
    writing,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        arrangement::{Arrangement, ArrangementState, Frequency, Length},
        contact::{ContactKind, Reporting},
        ids::{FamilyId, RoomId},
        policy::OfficePermit,
        text::ShortLine,
        time::Day,
    },
};

const KIND: DocumentKind = DocumentKind::Arrangement;

/// Writes a new arrangement.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    arrangement: &Arrangement,
) -> Result<(), WriteError> {
    write(arrangement, &mut writing(document, KIND)?)
}

/// Writes changed terms over the old ones; only what differs is written.
pub fn change_terms(
    document: &mut Document,
    _: OfficePermit,
    arrangement: &Arrangement,
) -> Result<(), WriteError> {
    write(arrangement, &mut writing(document, KIND)?)
}

/// Reads the arrangement.
pub fn read(document: &Document) -> Result<Arrangement, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Records how far the arrangement has come.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: ArrangementState,
) -> Result<(), WriteError> {
    writing(document, KIND)?.text("state", state.word())
}

fn write(arrangement: &Arrangement, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Arrangement {
        family,
        version,
        kind,
        reporting,
        frequency,
        starts_on,
        length,
        stagger,
        room,
        conditions,
        state,
    } = arrangement;
    to.text("family", &family.hex())?;
    to.count("version", u64::from(*version))?;
    // The root's own `kind` names the kind of document.
    to.text("contact", kind.word())?;
    to.text("reporting", reporting.word())?;
    to.text("frequency", frequency.word())?;
    to.text("starts_on", &starts_on.iso())?;
    to.number("length", length.minutes())?;
    write_stagger(*stagger, &mut to.part("stagger")?)?;
    to.optional("room", room.map(RoomId::hex).as_deref())?;
    to.lines("conditions", &mut conditions.iter().map(ShortLine::as_str))?;
    to.text("state", state.word())
}

fn parse(from: &Reader<'_>) -> Result<Arrangement, Unreadable> {
    let length = from.number("length")?;
    Ok(Arrangement {
        family: from.parse("family", FamilyId::parse_hex)?,
        version: u32::try_from(from.count("version")?).unwrap_or(u32::MAX),
        kind: from.parse("contact", ContactKind::parse_word)?,
        reporting: from.parse("reporting", Reporting::parse_word)?,
        frequency: from.parse("frequency", Frequency::parse_word)?,
        starts_on: from.parse("starts_on", Day::parse)?,
        length: field("length", Length::parse_agreed_longer(length))?,
        stagger: parse_stagger(&from.part("stagger")?)?,
        room: from.optional("room", RoomId::parse_hex)?,
        conditions: from.lines("conditions", ShortLine::parse)?,
        state: from.parse("state", ArrangementState::parse_word)?,
    })
}
