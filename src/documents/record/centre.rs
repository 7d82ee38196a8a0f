//! The centre's document.

use super::{field, reader::Reader, reading, writer::Writer, writing};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        centre::{Centre, Room},
        ids::RoomId,
        policy::OfficePermit,
        text::ShortLine,
    },
};

const KIND: DocumentKind = DocumentKind::Centre;

/// Writes a new centre.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    centre: &Centre,
) -> Result<(), WriteError> {
    write(centre, &mut writing(document, KIND)?)
}

/// Reads the centre.
pub fn read(document: &Document) -> Result<Centre, Unreadable> {
    parse(&reading(document, KIND)?)
}

/// Renames the centre.
pub fn rename(
    document: &mut Document,
    _: OfficePermit,
    name: &ShortLine,
) -> Result<(), WriteError> {
    writing(document, KIND)?.text("name", name.as_str())
}

/// Renames the venue.
pub fn rename_venue(
    document: &mut Document,
    _: OfficePermit,
    venue: &ShortLine,
) -> Result<(), WriteError> {
    writing(document, KIND)?.text("venue", venue.as_str())
}

/// Adds a room, renames it, or takes it out of use.
pub fn put_room(document: &mut Document, _: OfficePermit, room: &Room) -> Result<(), WriteError> {
    write_room(room, &mut writing(document, KIND)?.inside("rooms")?)
}

fn write(centre: &Centre, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Centre {
        name,
        venue,
        rooms,
        entrances,
        waiting_areas,
    } = centre;
    to.text("name", name.as_str())?;
    to.text("venue", venue.as_str())?;
    let mut parts = to.part("rooms")?;
    for room in rooms {
        write_room(room, &mut parts)?;
    }
    let ids: Vec<String> = rooms.iter().map(|room| room.id.hex()).collect();
    parts.keep_only(&ids)?;
    to.lines("entrances", &mut entrances.iter().map(ShortLine::as_str))?;
    to.lines(
        "waiting_areas",
        &mut waiting_areas.iter().map(ShortLine::as_str),
    )
}

fn write_room(room: &Room, rooms: &mut Writer<'_>) -> Result<(), WriteError> {
    let Room { id, name, in_use } = room;
    let mut to = rooms.part(&id.hex())?;
    to.text("name", name.as_str())?;
    // A room that is no longer used stays, because past visits name it.
    to.flag("in_use", *in_use)
}

fn parse(from: &Reader<'_>) -> Result<Centre, Unreadable> {
    Ok(Centre {
        name: from.parse("name", ShortLine::parse)?,
        venue: from.parse("venue", ShortLine::parse)?,
        rooms: parse_rooms(&from.part("rooms")?)?,
        entrances: from.lines("entrances", ShortLine::parse)?,
        waiting_areas: from.lines("waiting_areas", ShortLine::parse)?,
    })
}

fn parse_rooms(from: &Reader<'_>) -> Result<Vec<Room>, Unreadable> {
    let mut rooms = Vec::new();
    for id in from.names() {
        let room = from.part(&id)?;
        rooms.push(Room {
            id: field("rooms", RoomId::parse_hex(&id))?,
            name: room.parse("name", ShortLine::parse)?,
            in_use: room.flag("in_use")?,
        });
    }
    Ok(rooms)
}
