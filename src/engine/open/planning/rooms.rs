//! Which room is which after the centre's form was changed.

use crate::{
    domain::{centre::Room, ids::RoomId},
    engine::form::parse::RoomDraft,
};

/// The rooms as typed, then those that were taken out: they stay, because past visits name them.
///
/// A room keeps its id and its bookings when its name changes. One that was taken out and is typed again by the same
/// name is that room again.
pub(super) fn after(
    known: &[Room],
    typed: Vec<RoomDraft>,
    fresh: &mut dyn FnMut() -> RoomId,
) -> Vec<Room> {
    let claimed: Vec<RoomId> = typed.iter().filter_map(|room| room.id).collect();
    let mut rooms: Vec<Room> = Vec::new();
    for RoomDraft { id, name } in typed {
        let id = id.filter(|id| known.iter().any(|room| room.id == *id));
        let by_name = known
            .iter()
            .find(|room| room.name == name && !claimed.contains(&room.id));
        let id = id.or(by_name.map(|room| room.id));
        let id = id.filter(|id| rooms.iter().all(|room| room.id != *id));
        rooms.push(Room {
            id: id.unwrap_or_else(&mut *fresh),
            name,
            in_use: true,
        });
    }
    let taken_out: Vec<Room> = known
        .iter()
        .filter(|room| rooms.iter().all(|kept| kept.id != room.id))
        .map(|room| Room {
            in_use: false,
            ..room.clone()
        })
        .collect();
    rooms.extend(taken_out);
    rooms
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::text::ShortLine;

    fn id(number: u8) -> RoomId {
        RoomId::from_bytes([number; 16])
    }

    fn room(number: u8, name: &str, in_use: bool) -> Room {
        Room {
            id: id(number),
            name: ShortLine::parse(name).unwrap(),
            in_use,
        }
    }

    #[test]
    fn a_room_keeps_its_bookings_whatever_becomes_of_the_others() {
        let known = [
            room(1, "Main hall", true),
            room(2, "Attic", false),
            room(3, "Garden room", true),
        ];
        let (main, attic, garden) = ((1, "Main hall"), (2, "Attic"), (3, "Garden room"));
        for (typed, expected) in [
            // Nothing changed.
            (
                vec![(1, "Main hall"), (3, "Garden room")],
                vec![main, garden],
            ),
            // Renamed, while a room between the two is out of use.
            (
                vec![(1, "Main hall"), (3, "Sun room")],
                vec![main, (3, "Sun room")],
            ),
            // The first taken out, the other renamed.
            (vec![(3, "Sun room")], vec![(3, "Sun room")]),
            // Names changed places.
            (
                vec![(1, "Garden room"), (3, "Main hall")],
                vec![(1, "Garden room"), (3, "Main hall")],
            ),
            // Typed again by name.
            (vec![(1, "Main hall"), (0, "Attic")], vec![main, attic]),
            // A new room by the old name of one that has another now.
            (
                vec![(0, "Main hall"), (1, "Big hall")],
                vec![(9, "Main hall"), (1, "Big hall")],
            ),
            // An id that nobody knows, and one twice.
            (
                vec![(7, "Loft"), (1, "Main hall"), (1, "Stage")],
                vec![(9, "Loft"), main, (10, "Stage")],
            ),
        ] {
            let drafts = typed.iter().map(|(number, name)| RoomDraft {
                id: (*number > 0).then(|| id(*number)),
                name: ShortLine::parse(name).unwrap(),
            });
            let mut next = 8;
            let mut fresh = || {
                next += 1;
                id(next)
            };
            let rooms = after(&known, drafts.collect(), &mut fresh);
            let (in_use, rest): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|room| room.in_use);
            let expected: Vec<_> = expected
                .iter()
                .map(|(number, name)| room(*number, name, true))
                .collect();
            assert_eq!(in_use, expected, "{typed:?}");
            for gone in rest {
                assert!(
                    known
                        .iter()
                        .any(|room| room.id == gone.id && room.name == gone.name)
                );
            }
        }
    }
}
