//! The centre, sessions and visits: what is planned, and what planning refuses.

mod rooms;

use std::collections::BTreeSet;

use sync_protocol::DocumentId;

use crate::domain::gather::Gather;
use crate::{
    documents::{
        DocumentKind,
        record::{centre, session, visit},
    },
    domain::{
        centre::Centre,
        ids::{RoomId, SessionId},
        non_empty::NonEmpty,
        policy,
        session::{Session, SessionState},
        side::PerSide,
        text::PersonName,
        time::Moment,
        visit::{
            DoorName, Visit,
            planning::{self, PlanRefusal},
        },
    },
    engine::{
        form::{CentreForm, SessionForm, VisitForm, parse::VisitDraft},
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

impl Open {
    /// Changes the centre's names and rooms. A room keeps its id when its name changes.
    pub(crate) fn change_centre(
        &mut self,
        form: &CentreForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let draft = form.parse().map_err(Trouble::Form)?;
        let id = self.centre_document().ok_or_else(gone)?;
        let known = self.centre_record().ok_or_else(gone)?.rooms.clone();
        let mut fresh = || RoomId::from_bytes(turn.random());
        let rooms = rooms::after(&known, draft.rooms, &mut fresh);
        let write = |doc: &mut _| {
            centre::rename(doc, permit, &draft.name)?;
            centre::rename_venue(doc, permit, &draft.venue)?;
            rooms
                .iter()
                .try_for_each(|room| centre::put_room(doc, permit, room))
        };
        self.edit(id, Sealing::AtOnce, write, turn)?;
        Ok(Done::Saved)
    }

    /// Plans a session.
    pub(crate) fn plan_session(
        &mut self,
        form: &SessionForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let draft = form.parse().map_err(Trouble::Form)?;
        let venue = self.centre_record().ok_or_else(gone)?.venue.clone();
        let planned = Session {
            day: draft.day,
            opens: draft.opens,
            closes: draft.closes,
            venue,
            leader: draft.leader,
            workers: draft.workers,
            state: SessionState::Planned,
        };
        let me = self.member();
        let write = |doc: &mut _| session::write_new(doc, permit, &planned);
        let id = self.create(DocumentKind::Session, me, write, turn)?;
        Ok(Done::Created(Id(*id.as_bytes())))
    }

    /// Books a family's visit, unless a planning rule refuses (CAP-1 to CAP-7).
    pub(crate) fn book_visit(
        &mut self,
        form: &VisitForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let Some(Opened::Session(session)) = self.library.opened(document(form.session)) else {
            return Err(gone());
        };
        let hours = session.hours().map_err(|_| gone())?;
        let draft = form.parse(session.day).map_err(Trouble::Form)?;
        let (planned, length) = self.planned_visit(&draft)?;
        let others = self.visits_of(form.session);
        planning::check(&planned, &others, hours, length)
            .map_err(|refusals| plan_refused(&refusals))?;
        let me = self.member();
        let write = |doc: &mut _| visit::write_new(doc, permit, &planned);
        let id = self.create(DocumentKind::Visit, me, write, turn)?;
        Ok(Done::Created(Id(*id.as_bytes())))
    }

    fn planned_visit(
        &self,
        draft: &VisitDraft,
    ) -> Result<(Visit, crate::domain::arrangement::Length), Trouble> {
        let family = Id(*draft.family.as_bytes());
        let Some(Opened::Family(file)) = self.library.opened(document(family)) else {
            return Err(gone());
        };
        let (_, arrangement) = self.arrangement_of(family).ok_or_else(gone)?;
        let names: Vec<PersonName> = file
            .children
            .iter()
            .map(|child| child.first_name.clone())
            .collect();
        let door = PerSide {
            resident: DoorName::of(&file.resident).ok_or_else(gone)?,
            visiting: DoorName::of(&file.visiting).ok_or_else(gone)?,
        };
        let visit = Visit {
            session: draft.session,
            family: file.code,
            kind: arrangement.kind,
            children: NonEmpty::parse(names).map_err(|_| gone())?,
            adults: door,
            slot: draft.slot,
            room: draft.room,
            supervisor: draft.supervisor,
            stagger: arrangement.stagger,
            needs: file.needs.clone(),
            collectors: file.collectors.clone(),
        };
        Ok((visit, arrangement.length))
    }

    /// The centre's record.
    pub(crate) fn centre_document(&self) -> Option<DocumentId> {
        self.centre_line().map(|(id, _)| document(id))
    }

    /// The open centre.
    pub(crate) fn centre_record(&self) -> Option<&Centre> {
        self.library.opened(self.centre_document()?)?.as_centre()
    }

    /// Ids of the visits of a session.
    pub(crate) fn visit_documents(&self, session: Id) -> BTreeSet<DocumentId> {
        let visits = self.visit_summaries();
        visits
            .filter(|(_, visit)| visit.session == session)
            .map(|(id, _)| document(id))
            .gather()
    }

    /// The open visits of a session.
    pub(crate) fn visits_of(&self, session: Id) -> Vec<&Visit> {
        let visits = self.visit_documents(session).into_iter();
        visits
            .filter_map(|id| self.library.opened(id)?.as_visit())
            .filter(|visit| visit.session == SessionId::from_bytes(session.0))
            .collect()
    }

    /// Documents that booking a visit reads.
    pub(crate) fn booking_documents(&self, form: &VisitForm) -> BTreeSet<DocumentId> {
        let mut needs = self.visit_documents(form.session);
        needs.insert(document(form.session));
        if let Some(family) = form.family {
            needs.extend(self.family_documents(family));
        }
        needs
    }
}

/// All refusals as one sentence each, so that nobody is sent round one by one.
fn plan_refused(refusals: &NonEmpty<PlanRefusal>) -> Trouble {
    let rule = rule_of(refusals.first());
    let why: Vec<String> = refusals.iter().map(sentence).collect();
    Trouble::Rule {
        rule: rule.to_owned(),
        why: why.join(" "),
    }
}

const fn rule_of(refusal: &PlanRefusal) -> &'static str {
    match refusal {
        PlanRefusal::SupportedFull { .. } => "CAP-1",
        PlanRefusal::AssistedFull { .. } => "CAP-2",
        PlanRefusal::SupervisorMissing | PlanRefusal::SupervisorBusy { .. } => "CAP-3",
        PlanRefusal::RoomMissing | PlanRefusal::RoomTaken { .. } => "CAP-4",
        PlanRefusal::TooLong { .. } => "CAP-7",
        PlanRefusal::OutsideSession | PlanRefusal::FamilyBusy | PlanRefusal::NotAVisit(_) => {
            "CAP-8"
        }
    }
}

fn sentence(refusal: &PlanRefusal) -> String {
    let clock = |at: &Moment| at.uk_clock();
    match refusal {
        PlanRefusal::SupportedFull { at } => format!(
            "Four supported families are here at {} already; choose another time or the waiting list.",
            clock(at)
        ),
        PlanRefusal::AssistedFull { at } => {
            format!(
                "Two assisted families are here at {} already; choose another time.",
                clock(at)
            )
        }
        PlanRefusal::SupervisorMissing => {
            "Choose who supervises; this kind of contact is never unobserved.".to_owned()
        }
        PlanRefusal::SupervisorBusy { with } => {
            format!(
                "That supervisor is with {with} at this time; choose somebody else or another time."
            )
        }
        PlanRefusal::RoomMissing => {
            "Choose a room; a supervised visit has one of its own.".to_owned()
        }
        PlanRefusal::RoomTaken { by } => {
            format!("That room is kept for {by} at this time; choose another room or time.")
        }
        PlanRefusal::TooLong { minutes, most } => {
            format!("This visit would last {minutes} minutes; the arrangement allows {most}.")
        }
        PlanRefusal::OutsideSession => {
            "The visit must lie within the session's opening hours.".to_owned()
        }
        PlanRefusal::FamilyBusy => "This family has a visit at that time already.".to_owned(),
        PlanRefusal::NotAVisit(_) => {
            "This kind of contact does not take place in a session.".to_owned()
        }
    }
}
