//! People with their tablets, and the invites that nobody has used.
//!
//! It knows the chain's members and devices; a link only on the device that made it.

use super::count;
use std::collections::BTreeSet;

use sync_protocol::{DeviceId, MemberId, membership::InviteState};

use crate::domain::{
    gather::{Gather, put_in_order},
    ids::DeviceId as PersonDevice,
};
use crate::engine::{
    crypto::enrolment::{ComparisonCode, InviteLink, InviteSecret},
    open::Open,
    summary::WorkerSummary,
    view::{InviteRow, PeopleView, PersonRow, PersonView, TabletRow, TabletStanding},
    wire::Id,
};

pub(super) fn people(open: &Open) -> PeopleView {
    let mut people: Vec<PersonRow> = open.workers().map(|worker| row(open, worker)).collect();
    // Whoever has left comes last.
    let order = |row: &PersonRow| (row.roles.is_empty(), row.name.clone());
    put_in_order(&mut people, |a, b| order(a).cmp(&order(b)));
    PeopleView {
        people,
        invites: invites(open),
        sheets: open.sheets_view(),
    }
}

pub(super) fn person(open: &Open, id: Id) -> Option<PersonView> {
    let row = row(open, open.worker(id)?);
    let record = open
        .library
        .opened(open.worker_document(id)?)?
        .as_worker()?;
    let member = MemberId::from_bytes(id.0);
    let devices = open
        .membership
        .devices()
        .filter(|device| device.member == member);
    let mut tablets: Vec<TabletRow> = devices
        .map(|device| {
            let known = record
                .tablets
                .get(&PersonDevice::from_bytes(*device.id.as_bytes()));
            let since = known.map(|tablet| tablet.since.ms());
            TabletRow {
                device: Id(*device.id.as_bytes()),
                known_as: known.map(|tablet| (tablet.name.as_str().to_owned(), tablet.since.ms())),
                // Whoever is let in is heard from at that moment.
                last_seen: last_written(open, &|author| *author == device.id).max(since),
                standing: open.standing(device.id),
            }
        })
        .collect();
    put_in_order(&mut tablets, |a, b| order(a).cmp(&order(b)));
    let is_me = member == open.member();
    Some(PersonView {
        row,
        is_me,
        tablets,
    })
}

/// Those that are in first, then by the time they were let in.
fn order(tablet: &TabletRow) -> (bool, Option<i64>) {
    let since = tablet.known_as.as_ref().map(|(_, since)| *since);
    (tablet.standing == TabletStanding::Out, since)
}

fn row(open: &Open, worker: &WorkerSummary) -> PersonRow {
    let member = MemberId::from_bytes(worker.member.0);
    let devices = open.membership.devices();
    let theirs: BTreeSet<_> = devices
        .filter(|device| device.member == member)
        .map(|device| device.id)
        .gather();
    PersonRow {
        member: worker.member,
        name: worker.name.clone(),
        roles: worker.roles.clone(),
        tablets: count(open.membership.devices_of(&member).count()),
        last_seen: last_written(open, &|author| theirs.contains(author)),
    }
}

/// When something was last received here that one of these devices wrote.
fn last_written(open: &Open, by: &dyn Fn(&DeviceId) -> bool) -> Option<i64> {
    let written = open.library.entries().filter_map(|(_, entry)| {
        let ((_, author, _), _) = entry.last?;
        by(&author).then_some(entry.changed_at)
    });
    written.max()
}

fn invites(open: &Open) -> Vec<InviteRow> {
    let known = open
        .membership
        .invites()
        .filter(|invite| matches!(invite.state, InviteState::Open));
    let rows = known.map(|invite| {
        let sent = open
            .people
            .sent
            .iter()
            .find(|sent| InviteSecret::from_bytes(sent.secret).invite() == invite.id);
        let candidate = open.people.candidates.get(&invite.id);
        let newcomer = sent
            .and_then(|sent| sent.newcomer.as_ref())
            .map(|(name, _)| name.clone());
        InviteRow {
            id: Id(*invite.id.as_bytes()),
            name: newcomer.unwrap_or_else(|| open.worker_name(Id(*invite.member.as_bytes()))),
            expires_at: invite.expires_ms,
            fragment: sent.map(|sent| {
                let secret = InviteSecret::from_bytes(sent.secret);
                InviteLink {
                    centre: open.membership.centre(),
                    secret,
                }
                .fragment()
                .to_string()
            }),
            code: candidate
                .and_then(|candidate| candidate.code)
                .map(ComparisonCode::grouped),
            tablet: candidate
                .and_then(|candidate| candidate.tablet.as_ref())
                .map(|tablet| tablet.as_str().to_owned()),
        }
    });
    rows.collect()
}
