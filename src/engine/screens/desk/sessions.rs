//! Sessions as rows, and one session with its visits and what can still be planned into it.
//!
//! It knows summaries, and families only as far as a visit is planned for one.

use super::families::families;

use crate::{
    domain::{gather::put_in_order, worker::Role},
    engine::{
        open::{Open, commands::document},
        summary::SessionSummary,
        view::{SessionRow, SessionView},
        wire::Id,
    },
};

/// Every session, the earliest first.
pub(super) fn sessions(open: &Open) -> Vec<SessionRow> {
    let mut rows: Vec<SessionRow> = open
        .session_summaries()
        .map(|(id, session)| session_row(open, id, session))
        .collect();
    // Summaries come in the order of their names.
    for (_, visit) in open.visit_summaries() {
        let place = rows.binary_search_by(|row| row.id.cmp(&visit.session));
        if let Some(row) = place.ok().and_then(|place| rows.get_mut(place)) {
            row.visits += 1;
        }
    }
    put_in_order(&mut rows, |a, b| a.opens.cmp(&b.opens));
    rows
}

pub(super) fn session(open: &Open, id: Id, now: i64) -> Option<SessionView> {
    let summary = open.library.entry(document(id))?.summary.as_ref()?;
    let at_work = &summary.as_session()?.workers;
    let arrangements: Vec<_> = open.arrangement_summaries().collect();
    let families = families(open, now).into_iter().filter_map(|row| {
        let mut of_family = arrangements.iter();
        let (_, arrangement) = of_family.find(|(_, line)| line.family == row.id)?;
        let minutes = u32::try_from(arrangement.length_minutes).unwrap_or(0);
        Some((row.id, row.code, row.children, row.kind, minutes))
    });
    let supervisors = open.workers().filter(|worker| {
        worker
            .roles
            .iter()
            .any(|role| matches!(role.0, Role::Supervisor | Role::Coordinator))
    });
    Some(SessionView {
        row: sessions(open).into_iter().find(|row| row.id == id)?,
        workers: at_work
            .iter()
            .map(|worker| open.worker_name(*worker))
            .collect(),
        visits: open.visit_rows(&open.visit_documents(id), now),
        families: families.collect(),
        rooms: open.rooms(),
        supervisors: supervisors
            .map(|worker| (worker.member, worker.name.clone()))
            .collect(),
    })
}

/// The row with no visit counted yet.
fn session_row(open: &Open, id: Id, session: &SessionSummary) -> SessionRow {
    SessionRow {
        id,
        day: session.day.clone(),
        opens: session.opens,
        closes: session.closes,
        venue: session.venue.clone(),
        visits: 0,
        leader: session.leader.map(|leader| open.worker_name(leader)),
    }
}
