//! The timed account of an observed visit.
//!
//! An entry says what was seen, what was said or what the worker did; there is no rating, no mood
//! and no recommendation, because those put opinion into evidence (REC-7).

use crate::domain::gather::put_in_order;
use crate::domain::{
    contact::ObservedKind,
    ids::{EntryId, MemberId, VisitId},
    text::{NoteText, ShortLine},
    time::Moment,
};

/// After this many minutes an entry counts as written late (REC-6).
pub const LATE_AFTER_MINUTES: i64 = 24 * 60;

vocabulary! {
    /// What an entry is (REC-7).
    EntryKind, "a kind of entry" {
        /// Seen or heard by the worker.
        Observed = "observed",
        /// Somebody's own words.
        Said = "said",
        /// What the worker did.
        Action = "action",
    }
}

/// One timed entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The entry's own id.
    pub id: EntryId,
    /// When it happened.
    pub occurred_at: Moment,
    /// When the first word of it was typed.
    pub written_at: Moment,
    /// What it is.
    pub kind: EntryKind,
    /// Whose words, once picked; shown only with [`EntryKind::Said`].
    pub speaker: Option<ShortLine>,
    /// Its words.
    pub text: NoteText,
    /// Whether the author has put it down as done.
    pub progress: EntryProgress,
}

/// Whether an entry is still being typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryProgress {
    /// Still being typed.
    Typing,
    /// Put down as done.
    Finished {
        /// When.
        at: Moment,
    },
}

impl Entry {
    /// Whether it was written more than 24 hours after what it tells (REC-6).
    pub const fn is_late(&self) -> bool {
        self.written_at.distance_ms(self.occurred_at) > LATE_AFTER_MINUTES as u64 * 60_000
            && self.written_at.ms() > self.occurred_at.ms()
    }
}

/// The account of one observed visit by one author.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ObservationNote {
    visit: VisitId,
    author: MemberId,
    kind: ObservedKind,
    entries: Vec<Entry>,
}

impl ObservationNote {
    /// Opens a note; only a kind proved to be observed has one (REC-1).
    pub const fn open(visit: VisitId, author: MemberId, kind: ObservedKind) -> Self {
        Self {
            visit,
            author,
            kind,
            entries: Vec::new(),
        }
    }

    /// The same note with these entries, in the order in which things happened.
    #[must_use]
    pub fn with_entries(self, mut entries: Vec<Entry>) -> Self {
        put_in_order(&mut entries, |a, b| {
            (a.occurred_at, a.written_at, a.id).cmp(&(b.occurred_at, b.written_at, b.id))
        });
        Self { entries, ..self }
    }

    /// Which visit.
    pub const fn visit(&self) -> VisitId {
        self.visit
    }

    /// Who writes.
    pub const fn author(&self) -> MemberId {
        self.author
    }

    /// The kind of contact observed.
    pub const fn kind(&self) -> ObservedKind {
        self.kind
    }

    /// The entries, in the order in which things happened.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::contact::ContactKind;

    fn entry(id: u8, occurred: i64, written: i64) -> Entry {
        Entry {
            id: EntryId::from_bytes([id; 16]),
            occurred_at: Moment::from_ms(0).plus_minutes(occurred),
            written_at: Moment::from_ms(0).plus_minutes(written),
            kind: EntryKind::Observed,
            speaker: None,
            text: NoteText::default(),
            progress: EntryProgress::Typing,
        }
    }

    #[test]
    fn rec_6_an_entry_is_late_after_24_hours() {
        for (written, late) in [(0, false), (1440, false), (1441, true), (-2000, false)] {
            assert_eq!(entry(1, 0, written).is_late(), late, "{written}");
        }
    }

    #[test]
    fn entries_stand_in_the_order_in_which_things_happened() {
        let kind = ContactKind::Supervised.observed().unwrap();
        let note = ObservationNote::open(
            VisitId::from_bytes([1; 16]),
            MemberId::from_bytes([2; 16]),
            kind,
        )
        .with_entries(vec![entry(3, 9, 10), entry(1, 5, 30), entry(2, 5, 6)]);
        let order: Vec<_> = note
            .entries()
            .iter()
            .map(|entry| entry.id.as_bytes()[0])
            .collect();
        assert_eq!(order, [2, 1, 3]);
        assert_eq!(note.kind().kind(), ContactKind::Supervised);
    }
}
