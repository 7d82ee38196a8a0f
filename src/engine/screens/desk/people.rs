//! People with their tablets, and the invites that nobody has used.
//!
//! It knows the chain's members and devices; a link only on the device that made it.

use super::count;
use std::collections::BTreeSet;

use sync_protocol::{MemberId, membership::InviteState};

use crate::domain::gather::{Gather, put_in_order};
use crate::engine::{
    crypto::enrolment::{ComparisonCode, InviteLink, InviteSecret},
    open::Open,
    view::{InviteRow, PeopleView, PersonRow},
    wire::Id,
};

pub(super) fn people(open: &Open) -> PeopleView {
    let mut people: Vec<PersonRow> = open
        .workers()
        .map(|worker| {
            let member = MemberId::from_bytes(worker.member.0);
            let tablets = open
                .membership
                .devices_of(&member)
                .filter(|device| device.revoked_at.is_none())
                .count();
            PersonRow {
                member: worker.member,
                name: worker.name.clone(),
                roles: worker.roles.clone(),
                tablets: count(tablets),
                last_seen: last_seen(open, &member),
            }
        })
        .collect();
    put_in_order(&mut people, |a, b| a.name.cmp(&b.name));
    PeopleView {
        people,
        invites: invites(open),
    }
}

fn last_seen(open: &Open, member: &MemberId) -> Option<i64> {
    let devices: BTreeSet<_> = open
        .membership
        .devices_of(member)
        .map(|device| device.id)
        .gather();
    let written = open.library.entries().filter_map(|(_, entry)| {
        let ((_, author, _), _) = entry.last?;
        devices.contains(&author).then_some(entry.changed_at)
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
            tablet: None,
        }
    });
    rows.collect()
}
