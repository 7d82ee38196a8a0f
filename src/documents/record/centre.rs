//! The centre's document.

use std::collections::BTreeMap;

use automerge::{ROOT, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use super::{
    container, field,
    lines::{Numbered, number, texts},
    read_record, write_record,
};
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

#[derive(Reconcile, Hydrate)]
struct CentreRecord {
    name: String,
    venue: String,
    rooms: BTreeMap<String, RoomRecord>,
    entrances: Numbered<String>,
    waiting_areas: Numbered<String>,
}

#[derive(Reconcile, Hydrate)]
struct RoomRecord {
    name: String,
    /// A room that is no longer used stays, because past visits name it.
    in_use: bool,
}

impl From<&Centre> for CentreRecord {
    fn from(centre: &Centre) -> Self {
        let Centre {
            name,
            venue,
            rooms,
            entrances,
            waiting_areas,
        } = centre;
        let lines = |lines: &[ShortLine]| number(lines.iter().map(|line| line.as_str().to_owned()));
        Self {
            name: name.as_str().to_owned(),
            venue: venue.as_str().to_owned(),
            rooms: rooms
                .iter()
                .map(|room| (room.id.hex(), RoomRecord::from(room)))
                .collect(),
            entrances: lines(entrances),
            waiting_areas: lines(waiting_areas),
        }
    }
}

impl From<&Room> for RoomRecord {
    fn from(room: &Room) -> Self {
        let Room {
            id: _,
            name,
            in_use,
        } = room;
        Self {
            name: name.as_str().to_owned(),
            in_use: *in_use,
        }
    }
}

impl TryFrom<CentreRecord> for Centre {
    type Error = Unreadable;

    fn try_from(record: CentreRecord) -> Result<Self, Unreadable> {
        let CentreRecord {
            name,
            venue,
            rooms,
            entrances,
            waiting_areas,
        } = record;
        let mut parsed = Vec::with_capacity(rooms.len());
        for (id, RoomRecord { name, in_use }) in rooms {
            parsed.push(Room {
                id: field("rooms", RoomId::parse_hex(&id))?,
                name: field("name", ShortLine::parse(&name))?,
                in_use,
            });
        }
        Ok(Self {
            name: field("name", ShortLine::parse(&name))?,
            venue: field("venue", ShortLine::parse(&venue))?,
            rooms: parsed,
            entrances: texts("entrances", entrances, ShortLine::parse)?,
            waiting_areas: texts("waiting_areas", waiting_areas, ShortLine::parse)?,
        })
    }
}

/// Writes a new centre.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    centre: &Centre,
) -> Result<(), WriteError> {
    write_record(document, KIND, &CentreRecord::from(centre))
}

/// Reads the centre.
pub fn read(document: &Document) -> Result<Centre, Unreadable> {
    read_record::<CentreRecord>(document, KIND)?.try_into()
}

/// Renames the centre.
pub fn rename(
    document: &mut Document,
    _: OfficePermit,
    name: &ShortLine,
) -> Result<(), WriteError> {
    Ok(document.writing(KIND)?.put(ROOT, "name", name.as_str())?)
}

/// Renames the venue.
pub fn rename_venue(
    document: &mut Document,
    _: OfficePermit,
    venue: &ShortLine,
) -> Result<(), WriteError> {
    Ok(document.writing(KIND)?.put(ROOT, "venue", venue.as_str())?)
}

/// Adds a room, renames it, or takes it out of use.
pub fn put_room(document: &mut Document, _: OfficePermit, room: &Room) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    let rooms = container(doc, "rooms")?;
    let record = RoomRecord::from(room);
    Ok(autosurgeon::reconcile_prop(
        doc,
        rooms,
        room.id.hex().as_str(),
        record,
    )?)
}
