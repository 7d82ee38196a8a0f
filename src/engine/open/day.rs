//! The session day: what happened at the door, and the note of an observed visit.

use sync_protocol::DocumentId;

use crate::{
    documents::{
        DocumentKind,
        record::{
            note::{self, EntryHead},
            visit,
        },
    },
    domain::{
        attendance::{AttendanceEvent, EventKind},
        ids::{EntryId, EventId, VisitId},
        note::EntryKind,
        policy,
        text::{NoteText, ShortLine},
        time::Moment,
        visit::Visit,
    },
    engine::{
        command::Happening,
        library::record::Opened,
        open::{
            Open,
            commands::document,
            writing::{Sealing, gone},
        },
        turn::Turn,
        view::{Done, Trouble},
        wire::Id,
    },
};

/// What the composer sends at every keystroke.
pub(crate) struct Typed {
    pub(crate) entry: Id,
    pub(crate) kind: EntryKind,
    pub(crate) occurred_at: i64,
    pub(crate) speaker: String,
    pub(crate) text: String,
}

impl Open {
    /// Records that something happened.
    pub(crate) fn record(
        &mut self,
        id: Id,
        what: &Happening,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let kind = event_kind(what)?;
        self.append_event(id, kind, turn)
    }

    /// Takes an event back; both stay in the history.
    pub(crate) fn undo(&mut self, id: Id, event: Id, turn: &mut Turn<'_>) -> Result<Done, Trouble> {
        self.append_event(id, EventKind::Undone(EventId::from_bytes(event.0)), turn)
    }

    fn append_event(
        &mut self,
        id: Id,
        kind: EventKind,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit =
            policy::may_record_attendance(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        self.visit(document(id))?;
        let now = Moment::from_ms(turn.now);
        let event = AttendanceEvent {
            id: EventId::from_bytes(turn.random()),
            kind,
            occurred_at: now,
            recorded_at: now,
            recorded_by: self.acting().member,
            tablet: ShortLine::parse(&self.tablet).map_err(|_| gone())?,
            correction_of: None,
        };
        self.edit(
            document(id),
            Sealing::AtOnce,
            |doc| visit::append_event(doc, permit, &event),
            turn,
        )?;
        Ok(Done::Created(Id(*event.id.as_bytes())))
    }

    /// Keeps the text of an entry as it stands. The first key makes the note, if the visit may have one (REC-1).
    pub(crate) fn type_entry(
        &mut self,
        id: Id,
        typed: &Typed,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit =
            policy::may_write_note(&self.acting(), self.visit(document(id))?).map_err(no_note)?;
        let text = NoteText::parse(&typed.text).map_err(|_| too_long())?;
        let speaker = ShortLine::parse_optional(&typed.speaker).map_err(|_| too_long())?;
        let head = EntryHead {
            id: EntryId::from_bytes(typed.entry.0),
            occurred_at: Moment::from_ms(typed.occurred_at),
            kind: typed.kind,
            speaker,
        };
        let now = Moment::from_ms(turn.now);
        let note = if let Some(note) = self.note_for(id, head.id) {
            note
        } else {
            let visit = VisitId::from_bytes(id.0);
            let write = |doc: &mut _| note::write_new(doc, permit, visit);
            self.create(DocumentKind::ObservationNote, self.member(), write, turn)?
        };
        let write = |doc: &mut _| note::type_entry(doc, permit, &head, &text, now);
        self.edit(note, Sealing::AfterAPause, write, turn)?;
        Ok(Done::Saved)
    }

    /// An entry is complete.
    pub(crate) fn finish_entry(
        &mut self,
        id: Id,
        entry: Id,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit =
            policy::may_write_note(&self.acting(), self.visit(document(id))?).map_err(no_note)?;
        let now = Moment::from_ms(turn.now);
        let entry = EntryId::from_bytes(entry.0);
        let note = self.note_for(id, entry).ok_or_else(gone)?;
        self.edit(
            note,
            Sealing::AtOnce,
            |doc| note::finish_entry(doc, permit, entry, now),
            turn,
        )?;
        Ok(Done::Saved)
    }

    /// The notes that this person wrote about a visit: one, or one a tablet if they began it on two out of touch.
    pub(crate) fn own_notes(&self, visit: Id) -> Vec<DocumentId> {
        let me = Id(*self.member().as_bytes());
        let notes = self.notes_of(visit).into_iter();
        notes
            .filter(|(_, author, _)| *author == me)
            .map(|(note, _, _)| note)
            .collect()
    }

    /// The own note that an entry belongs into: the one that has it, else the first.
    fn note_for(&self, visit: Id, entry: EntryId) -> Option<DocumentId> {
        let notes = self.own_notes(visit);
        let has_it = notes.iter().copied().find(|note| {
            self.library
                .opened(*note)
                .and_then(Opened::as_note)
                .is_some_and(|note| note.entries().iter().any(|found| found.id == entry))
        });
        has_it.or_else(|| notes.first().copied())
    }

    /// An open visit.
    pub(crate) fn visit(&self, id: DocumentId) -> Result<&Visit, Trouble> {
        match self.library.opened(id) {
            Some(Opened::Visit(visit, _)) => Ok(visit),
            _ => Err(gone()),
        }
    }
}

fn event_kind(what: &Happening) -> Result<EventKind, Trouble> {
    Ok(match what {
        Happening::Arrived(side) => EventKind::Arrived(side.0),
        Happening::HandedToVisiting => EventKind::HandedToVisiting,
        Happening::WentOut => EventKind::LeftPremisesWithVisiting,
        Happening::CameBack => EventKind::BackOnPremises,
        Happening::HandedToResident => EventKind::HandedToResident,
        Happening::Left(side) => EventKind::Left(side.0),
        Happening::NotComing {
            side,
            reason,
            words,
        } => EventKind::NotComing {
            side: side.0,
            reason: reason.0,
            words: ShortLine::parse_optional(words).map_err(|_| too_long())?,
        },
    })
}

fn no_note(refusal: policy::Refusal) -> Trouble {
    match refusal {
        policy::Refusal::NotObserved(_) => Trouble::Rule {
            rule: "REC-1".to_owned(),
            why: "Nothing but attendance is recorded at this kind of contact; raise a concern with the safeguarding lead."
                .to_owned(),
        },
        policy::Refusal::RoleNeeded(_) | policy::Refusal::OtherSupervisor => Trouble::NotAllowed,
    }
}

fn too_long() -> Trouble {
    Trouble::NotNow(
        "that is too long to keep in one entry; finish this one and begin another".to_owned(),
    )
}
