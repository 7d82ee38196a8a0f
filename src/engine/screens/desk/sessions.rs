//! Sessions as rows, and one session with its visits and what can still be planned into it.
//!
//! It knows summaries, and families only as far as a visit is planned for one.

use super::{
    count,
    families::{arrangement_summary, families},
};

use crate::domain::gather::put_in_order;
use crate::{
    domain::worker::Role,
    engine::{
        open::{Open, commands::document},
        summary::{SessionSummary, Summary},
        view::{SessionRow, SessionView},
        wire::Id,
    },
};

pub(super) fn sessions(open: &Open) -> Vec<SessionRow> {
    let mut rows: Vec<SessionRow> = open
        .library
        .summaries()
        .filter_map(|(id, _, summary)| {
            summary
                .as_session()
                .map(|session| session_row(open, Id(*id.as_bytes()), session))
        })
        .collect();
    put_in_order(&mut rows, |a, b| a.opens.cmp(&b.opens));
    rows
}

pub(super) fn session(open: &Open, id: Id, now: i64) -> Option<SessionView> {
    let Some(Summary::Session(summary)) = open.library.entry(document(id))?.summary.as_ref() else {
        return None;
    };
    let families = families(open, now).into_iter().filter_map(|row| {
        let arrangement = arrangement_summary(open, row.id)?;
        let minutes = u32::try_from(arrangement.length_minutes).unwrap_or(0);
        Some((row.id, row.code, row.children, row.kind, minutes))
    });
    let supervisors = open.workers().into_iter().filter(|worker| {
        worker
            .roles
            .iter()
            .any(|role| matches!(role.0, Role::Supervisor | Role::Coordinator))
    });
    Some(SessionView {
        row: session_row(open, id, summary),
        workers: summary
            .workers
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

fn session_row(open: &Open, id: Id, session: &SessionSummary) -> SessionRow {
    SessionRow {
        id,
        day: session.day.clone(),
        opens: session.opens,
        closes: session.closes,
        venue: session.venue.clone(),
        visits: count(open.visit_documents(id).len()),
        leader: session.leader.map(|leader| open.worker_name(leader)),
    }
}
