//! A visit's document: the door card and the attendance of one family on one day.

use super::{
    Kept,
    event::{parse_event, write_event},
    field,
    people::{parse_collector, parse_stagger, write_collector, write_stagger},
    read_items,
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
        attendance::AttendanceEvent,
        contact::ContactKind,
        family::FamilyCode,
        ids::{MemberId, RoomId, SessionId},
        non_empty::NonEmpty,
        policy::{AttendancePermit, OfficePermit},
        side::PerSide,
        text::{PersonName, ShortLine},
        time::Slot,
        visit::{DoorName, Visit},
    },
};

const KIND: DocumentKind = DocumentKind::Visit;

/// Writes a new visit.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    visit: &Visit,
) -> Result<(), WriteError> {
    write(visit, &mut writing(document, KIND)?)
}

/// Reads the door card.
pub fn read(document: &Document) -> Result<Visit, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Reads every event, also while the door card itself cannot be read.
pub fn events(document: &Document) -> Result<Kept<AttendanceEvent>, Unreadable> {
    read_items(document, "events", parse_event)
}

/// Adds an event; one that is already there stays as it was.
pub fn append_event(
    document: &mut Document,
    _: AttendancePermit,
    event: &AttendanceEvent,
) -> Result<(), WriteError> {
    let mut events = writing(document, KIND)?.inside("events")?;
    let id = event.id.hex();
    if events.reader().has(&id) {
        return Ok(());
    }
    write_event(event, &mut events.part(&id)?)
}

/// Moves the visit to a room, or to none.
pub fn set_room(
    document: &mut Document,
    _: OfficePermit,
    room: Option<RoomId>,
) -> Result<(), WriteError> {
    writing(document, KIND)?.optional("room", room.map(RoomId::hex).as_deref())
}

/// Names who observes, or nobody.
pub fn set_supervisor(
    document: &mut Document,
    _: OfficePermit,
    supervisor: Option<MemberId>,
) -> Result<(), WriteError> {
    let supervisor = supervisor.map(MemberId::hex);
    writing(document, KIND)?.optional("supervisor", supervisor.as_deref())
}

/// Moves the visit in time.
pub fn set_slot(document: &mut Document, _: OfficePermit, slot: Slot) -> Result<(), WriteError> {
    write_slot(slot, &mut writing(document, KIND)?)
}

fn write(visit: &Visit, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Visit {
        session,
        family,
        kind,
        children,
        adults,
        slot,
        room,
        supervisor,
        stagger,
        needs,
        collectors,
    } = visit;
    to.text("session", &session.hex())?;
    to.text("family", &family.to_string())?;
    // The root's own `kind` names the kind of document.
    to.text("contact", kind.word())?;
    to.lines("children", &mut children.iter().map(PersonName::as_str))?;
    write_door_name(&adults.resident, &mut to.part("resident")?)?;
    write_door_name(&adults.visiting, &mut to.part("visiting")?)?;
    write_slot(*slot, to)?;
    to.optional("room", room.map(RoomId::hex).as_deref())?;
    to.optional("supervisor", supervisor.map(MemberId::hex).as_deref())?;
    write_stagger(*stagger, &mut to.part("stagger")?)?;
    to.lines("needs", &mut needs.iter().map(ShortLine::as_str))?;
    to.items("collectors", &mut collectors.iter(), write_collector)
}

fn write_slot(slot: Slot, to: &mut Writer<'_>) -> Result<(), WriteError> {
    to.number("starts", slot.start().ms())?;
    to.number("ends", slot.end().ms())
}

fn write_door_name(name: &DoorName, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let DoorName {
        first_name,
        initials,
        relationship,
    } = name;
    to.text("first_name", first_name.as_str())?;
    to.text("initials", initials.as_str())?;
    to.text("relationship", relationship.as_str())
}

fn parse(from: &Reader<'_>) -> Result<Visit, Unreadable> {
    let children = from.lines("children", PersonName::parse)?;
    let slot = Slot::parse(from.moment("starts")?, from.moment("ends")?);
    Ok(Visit {
        session: from.parse("session", SessionId::parse_hex)?,
        family: from.parse("family", FamilyCode::parse)?,
        kind: from.parse("contact", ContactKind::parse_word)?,
        children: field("children", NonEmpty::parse(children))?,
        adults: PerSide {
            resident: parse_door_name(&from.part("resident")?)?,
            visiting: parse_door_name(&from.part("visiting")?)?,
        },
        slot: field("ends", slot)?,
        room: from.optional("room", RoomId::parse_hex)?,
        supervisor: from.optional("supervisor", MemberId::parse_hex)?,
        stagger: parse_stagger(&from.part("stagger")?)?,
        needs: from.lines("needs", ShortLine::parse)?,
        collectors: from.items("collectors", parse_collector)?,
    })
}

fn parse_door_name(from: &Reader<'_>) -> Result<DoorName, Unreadable> {
    Ok(DoorName {
        first_name: from.parse("first_name", PersonName::parse)?,
        initials: from.parse("initials", ShortLine::parse)?,
        relationship: from.parse("relationship", ShortLine::parse)?,
    })
}
