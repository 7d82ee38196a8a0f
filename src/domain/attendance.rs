//! What was seen at the door and in the room: an append-only list of events.
//!
//! An event is never changed. A mistake is answered by another event, and what counts is worked
//! out from all of them, in any order, by `day::VisitDay::merge`.

/// What all events of a visit together say.
pub mod day;
/// Who may come in or go at this moment.
pub mod door;
/// The next sensible step.
pub mod step;

use crate::domain::{
    ids::{EventId, MemberId},
    side::Side,
    text::ShortLine,
    time::Moment,
};

vocabulary! {
    /// Why somebody does not come; picked, never written freely (REC-2).
    AbsenceReason, "a reason for not coming" {
        /// Nothing was heard.
        NoMessage = "no-message",
        /// They said so in good time.
        CancelledInTime = "cancelled-in-time",
        /// They said so late.
        CancelledLate = "cancelled-late",
        /// Somebody is ill.
        Ill = "ill",
        /// The child did not want to; blamed on neither side (INC-10).
        ChildDeclined = "child-declined",
        /// The centre called it off.
        Centre = "centre",
        /// Anything else.
        Other = "other",
    }
}

vocabulary! {
    /// Why somebody was turned away (ARR-10, ARR-14).
    TurnedAwayReason, "a reason for turning away" {
        /// Not on the list.
        NotListed = "not-listed",
        /// Intoxicated or abusive.
        Unfit = "unfit",
        /// Not expected today.
        NotToday = "not-today",
        /// Too late to be of use.
        TooLate = "too-late",
        /// Anything else.
        Other = "other",
    }
}

/// What happened. The resident side is the children with whoever brings them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// A side came in.
    Arrived(Side),
    /// A side is here, and nobody on this tablet knows since when (OFF-9).
    SeenHere(Side),
    /// The children went to the visiting adult: contact began.
    HandedToVisiting,
    /// They left the building together.
    LeftPremisesWithVisiting,
    /// They came back in.
    BackOnPremises,
    /// The children went back to the resident side: contact ended.
    HandedToResident,
    /// A side went home; the resident side with the children.
    Left(Side),
    /// Somebody of this side was not let in.
    TurnedAway {
        /// Which side.
        side: Side,
        /// Why.
        reason: TurnedAwayReason,
    },
    /// A side does not come.
    NotComing {
        /// Which side.
        side: Side,
        /// Why.
        reason: AbsenceReason,
        /// The words given, in one line (REC-2).
        words: Option<ShortLine>,
    },
    /// An earlier event was a mistake.
    Undone(EventId),
}

/// What an event is about, without what was said about it.
///
/// Two events of one fact are two witnesses of the same thing (OFF-2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fact {
    /// A side came in.
    Arrived(Side),
    /// A side is here.
    SeenHere(Side),
    /// Contact began.
    HandedToVisiting,
    /// They left the building together.
    LeftPremisesWithVisiting,
    /// They came back in.
    BackOnPremises,
    /// Contact ended.
    HandedToResident,
    /// A side went home.
    Left(Side),
    /// A side was not let in.
    TurnedAway(Side),
    /// A side does not come.
    NotComing(Side),
}

impl EventKind {
    /// The fact this event witnesses; an undoing witnesses none.
    pub const fn fact(&self) -> Option<Fact> {
        Some(match self {
            Self::Arrived(side) => Fact::Arrived(*side),
            Self::SeenHere(side) => Fact::SeenHere(*side),
            Self::HandedToVisiting => Fact::HandedToVisiting,
            Self::LeftPremisesWithVisiting => Fact::LeftPremisesWithVisiting,
            Self::BackOnPremises => Fact::BackOnPremises,
            Self::HandedToResident => Fact::HandedToResident,
            Self::Left(side) => Fact::Left(*side),
            Self::TurnedAway { side, .. } => Fact::TurnedAway(*side),
            Self::NotComing { side, .. } => Fact::NotComing(*side),
            Self::Undone(_) => return None,
        })
    }
}

/// One thing one person recorded on one tablet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttendanceEvent {
    /// Its own id.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub occurred_at: Moment,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// By whom.
    pub recorded_by: MemberId,
    /// On which tablet.
    pub tablet: ShortLine,
    /// The event it replaces, if a time was put right.
    pub correction_of: Option<EventId>,
}
