//! Views for the hall: today, one visit, its note.

use super::{Badge, ContactKind, Deserialize, EntryKind, Id, Serialize, Side, Wire};
use crate::{domain::attendance::AbsenceReason, engine::command::Happening};

/// Today's session, rows by time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayView {
    /// The day, `2026-03-14`.
    pub day: String,
    /// The session that is today, or the next one to come.
    pub session: Option<TodaySession>,
    /// True when `session` is not today but later.
    pub coming: bool,
    /// Visits by planned start.
    pub visits: Vec<VisitRow>,
}

/// The head of the session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodaySession {
    /// The session.
    pub id: Id,
    /// Its day, `2026-03-14`.
    pub day: String,
    /// Venue.
    pub venue: String,
    /// Opens, ms.
    pub opens: i64,
    /// Closes, ms.
    pub closes: i64,
    /// The leader's name.
    pub leader: Option<String>,
    /// Names of the workers.
    pub workers: Vec<String>,
}

/// One family's visit on Today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitRow {
    /// The visit.
    pub id: Id,
    /// Neutral family code, "Otter 14".
    pub family_code: String,
    /// First names.
    pub children: Vec<String>,
    /// The kind.
    pub kind: Wire<ContactKind>,
    /// Room name.
    pub room: Option<String>,
    /// The supervisor's name.
    pub supervisor: Option<String>,
    /// Planned start, ms.
    pub starts: i64,
    /// Planned end, ms.
    pub ends: i64,
    /// Allergies and access needs (PPL-7), one a line.
    pub needs: Vec<String>,
    /// The sides must not meet.
    pub keep_apart: bool,
    /// The adult who brings the child.
    pub resident: SideView,
    /// The adult who visits.
    pub visiting: SideView,
    /// People who may bring or take the child.
    pub collectors: Vec<String>,
    /// The next sensible step; the one big button.
    pub next: NextStep,
    /// Everything else that may be recorded now, smaller.
    pub also: Vec<Happening>,
    /// Why somebody must wait at the door (ARR-6).
    pub hold: Option<HoldView>,
    /// The child was handed to the visiting adult, ms.
    pub contact_started: Option<FactView>,
    /// The child was handed back, ms.
    pub contact_ended: Option<FactView>,
    /// The last thing recorded on this tablet that can be taken back.
    pub undo: Option<UndoView>,
    /// The note that belongs to it.
    pub note: NoteState,
    /// Where this visit's latest change is known to be.
    pub badge: Badge,
}

/// One adult's column. Both columns have the same shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideView {
    /// First name.
    pub name: String,
    /// Initials.
    pub initials: String,
    /// "mum", "dad", "gran".
    pub relationship: String,
    /// Expected in, ms.
    pub expected_in: i64,
    /// Expected to leave, ms.
    pub expected_out: i64,
    /// Arrived.
    pub arrived: Option<FactView>,
    /// Left.
    pub left: Option<FactView>,
    /// Not coming, with the reason given.
    pub not_coming: Option<AbsenceView>,
}

/// Why a side is not coming.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AbsenceView {
    /// The picked reason.
    pub reason: Wire<AbsenceReason>,
    /// What was said; may be blank.
    pub words: String,
}

/// Something that happened, seen once or more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactView {
    /// The earliest time given, ms.
    pub at: i64,
    /// Who recorded it, "Priya on Amber"; more than one is "seen by two".
    pub witnesses: Vec<String>,
    /// The times given are more than five minutes apart (OFF-2).
    pub disagree: bool,
}

/// The one big button.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NextStep {
    /// Record this.
    Do(Happening),
    /// Wait until this time, ms; then do that (ARR-3).
    WaitUntil {
        /// When.
        at: i64,
        /// What then.
        then: Happening,
    },
    /// Nothing is left to do.
    Finished,
}

/// Why somebody waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldView {
    /// Who waits.
    pub side: Wire<Side>,
    /// Initials of the one who waits.
    pub who: String,
    /// Initials of the other.
    pub other: String,
    /// Until when at the earliest, ms, if a time is known.
    pub until: Option<i64>,
}

/// What can be taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoView {
    /// The event.
    pub event: Id,
    /// What it was.
    pub what: Happening,
    /// When it was recorded, ms; offered for ten seconds on Today and always on the visit's own screen.
    pub recorded_at: i64,
}

/// Whether a note can exist and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoteState {
    /// This kind of contact has no note (REC-1).
    NoPlaceForNotes,
    /// An observed visit; the note is somebody else's to write.
    SomebodyElses,
    /// This person supervises and may write.
    Mine {
        /// Finished entries so far.
        entries: u32,
    },
    /// A co-ordinator may read it.
    Readable {
        /// Finished entries so far.
        entries: u32,
    },
}

/// One visit's own screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitView {
    /// The same facts as on Today.
    pub row: VisitRow,
    /// Venue.
    pub venue: String,
    /// Everything recorded, oldest first, what was taken back included.
    pub history: Vec<HistoryLine>,
    /// The note, where this person may read it.
    pub note: Option<NoteView>,
}

/// One line of a visit's history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// The event.
    pub event: Id,
    /// What.
    pub what: Happening,
    /// When it happened, ms.
    pub occurred_at: i64,
    /// When it was typed, ms.
    pub recorded_at: i64,
    /// "Priya on Amber".
    pub by: String,
    /// Taken back later.
    pub undone: bool,
}

/// The observation note of an observed visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteView {
    /// The author's name.
    pub author: String,
    /// This person may write.
    pub may_write: bool,
    /// Finished entries by the time of what happened.
    pub entries: Vec<EntryView>,
    /// The entry being written here, also one kept from before a crash.
    pub draft: Option<EntryView>,
    /// Names that may be chosen as speakers (REC-10).
    pub people: Vec<String>,
    /// Where the note's latest change is known to be.
    pub badge: Badge,
}

/// One timed entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryView {
    /// The entry.
    pub id: Id,
    /// Fact, exact words, or action.
    pub kind: Wire<EntryKind>,
    /// When it happened, ms.
    pub occurred_at: i64,
    /// When it was written, ms.
    pub written_at: i64,
    /// Written more than 24 h after (REC-6).
    pub late: bool,
    /// Whose words.
    pub speaker: String,
    /// The text.
    pub text: String,
}
