//! Sessions and visits as rows: the day at the door, and where each visit's note stands.
//!
//! It knows documents that are open; what a row says is decided in [`hall`](crate::engine::screens::hall).

use std::collections::BTreeSet;

use sync_protocol::DocumentId;

use crate::domain::gather::put_in_order;
use crate::{
    domain::{ids::MemberId as PersonId, time::Moment},
    engine::{
        library::record::Opened,
        open::Open,
        screens::hall::{self, VisitFacts},
        summary::SessionSummary,
        view::{NoteState, TodaySession, TodayView, VisitRow},
        wire::Id,
    },
};

impl Open {
    pub(super) fn today(&self, now: i64) -> TodayView {
        let day = Moment::from_ms(now).uk_day().iso();
        let Some((id, session)) = self.todays_session(now) else {
            return TodayView {
                day,
                session: None,
                coming: false,
                visits: Vec::new(),
            };
        };
        TodayView {
            coming: session.day != day,
            day,
            session: Some(TodaySession {
                id,
                day: session.day.clone(),
                venue: session.venue.clone(),
                opens: session.opens,
                closes: session.closes,
                leader: session.leader.map(|leader| self.worker_name(leader)),
                workers: session
                    .workers
                    .iter()
                    .map(|worker| self.worker_name(*worker))
                    .collect(),
            }),
            visits: self.visit_rows(&self.visit_documents(id), now),
        }
    }

    /// The session of the day, else the next one to come.
    pub(crate) fn todays_session(&self, now: i64) -> Option<(Id, &SessionSummary)> {
        let today = Moment::from_ms(now).uk_day().iso();
        let sessions = self.session_summaries();
        sessions
            .filter(|(_, session)| session.day >= today)
            .min_by_key(|(id, session)| (session.opens, *id))
    }

    /// Rows of open visits, by time.
    pub(crate) fn visit_rows(&self, visits: &BTreeSet<DocumentId>, now: i64) -> Vec<VisitRow> {
        let mut rows: Vec<VisitRow> = visits
            .iter()
            .filter_map(|id| self.visit_row(*id, now))
            .collect();
        put_in_order(&mut rows, |a, b| {
            (a.starts, &a.family_code).cmp(&(b.starts, &b.family_code))
        });
        rows
    }

    pub(super) fn visit_row(&self, id: DocumentId, now: i64) -> Option<VisitRow> {
        let Opened::Visit(visit, day) = self.library.opened(id)? else {
            return None;
        };
        let page = Id(*id.as_bytes());
        let facts = VisitFacts {
            id: page,
            visit,
            day,
            note: self.note_state(page, visit),
            badge: self.badge_of(id),
            me: PersonId::from_bytes(*self.member().as_bytes()),
            tablet: &self.tablet,
        };
        Some(hall::visit_row(&facts, self, Moment::from_ms(now)))
    }

    fn note_state(&self, id: Id, visit: &crate::domain::visit::Visit) -> NoteState {
        if visit.kind.observed().is_none() {
            return NoteState::NoPlaceForNotes;
        }
        let me = PersonId::from_bytes(*self.member().as_bytes());
        let entries = self
            .notes_of(id)
            .iter()
            .map(|(_, _, entries)| *entries)
            .sum();
        if visit.supervisor == Some(me) {
            return NoteState::Mine { entries };
        }
        if self.has_desk() {
            NoteState::Readable { entries }
        } else {
            NoteState::SomebodyElses
        }
    }
}
