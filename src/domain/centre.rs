//! The centre: its name, its venue, its rooms and doors.

use crate::domain::{ids::RoomId, text::ShortLine};

/// A room of the venue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// Its id, which outlives a change of name.
    pub id: RoomId,
    /// What people call it.
    pub name: ShortLine,
    /// False once it is no longer offered; past visits still name it.
    pub in_use: bool,
}

/// The settings everybody on the team may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Centre {
    /// The charity's name.
    pub name: ShortLine,
    /// The hall's name.
    pub venue: ShortLine,
    /// Its rooms, sorted by id.
    pub rooms: Vec<Room>,
    /// Its doors; two of them let two sides come apart.
    pub entrances: Vec<ShortLine>,
    /// Where people wait.
    pub waiting_areas: Vec<ShortLine>,
}

impl Centre {
    /// A room by its id.
    pub fn room(&self, id: RoomId) -> Option<&Room> {
        self.rooms.iter().find(|room| room.id == id)
    }
}
