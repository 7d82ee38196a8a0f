//! The co-ordinator's desk, drawn from summaries and the few documents that are open.

use std::collections::BTreeSet;

use sync_protocol::DocumentId;

use self::{
    families::{families, family},
    people::{people, person},
    referrals::{referral, referrals},
    sessions::{session, sessions},
};
use crate::domain::gather::Gather;
use crate::{
    domain::{contact::ContactKind, person::Adult, time::Day},
    engine::{
        command::Screen,
        form::{CentreForm, RoomForm},
        library::record::child_name,
        open::{Open, commands::document},
        view::{CentreView, FirstStep, ReferralStage, ScreenView, WorkView},
        wire::{Id, Wire},
    },
};

mod families;
mod people;
mod referrals;
mod sessions;

/// Draws one of the desk's screens.
pub(crate) fn draw(open: &Open, screen: Screen, now: i64) -> Option<ScreenView> {
    match screen {
        Screen::Work => Some(ScreenView::Work(work(open, now))),
        Screen::Referrals => Some(ScreenView::Referrals(referrals(open, now))),
        Screen::Referral(id) => referral(open, id, now).map(ScreenView::Referral),
        Screen::Families => Some(ScreenView::Families(families(open, now))),
        Screen::Family(id) => family(open, id, now).map(ScreenView::Family),
        Screen::Sessions => Some(ScreenView::Sessions(sessions(open))),
        Screen::Session(id) => session(open, id, now).map(ScreenView::Session),
        Screen::People => Some(ScreenView::People(people(open))),
        Screen::Person(id) => person(open, id).map(ScreenView::Person),
        Screen::Centre => centre(open).map(ScreenView::Centre),
        Screen::Nothing | Screen::Today | Screen::Visit(_) | Screen::Diagnostics => None,
    }
}

impl Open {
    /// Rooms that can be booked.
    pub(crate) fn rooms(&self) -> Vec<(Id, String)> {
        let rooms = self
            .centre_summary()
            .map(|centre| centre.rooms.iter().filter(|room| room.in_use));
        rooms
            .into_iter()
            .flatten()
            .map(|room| (room.id, room.name.clone()))
            .collect()
    }

    /// Documents of the visits of a family.
    pub(crate) fn family_visits(&self, family: Id) -> BTreeSet<DocumentId> {
        let code = self.library.entry(document(family)).and_then(|entry| {
            entry
                .summary
                .as_ref()?
                .as_family()
                .map(|family| family.code.clone())
        });
        let visits = self.visit_summaries();
        visits
            .filter(|(_, visit)| Some(&visit.family_code) == code.as_ref())
            .map(|(id, _)| document(id))
            .gather()
    }
}

fn work(open: &Open, now: i64) -> WorkView {
    let rows = referrals(open, now);
    let undecided = rows
        .iter()
        .filter(|row| matches!(row.stage, ReferralStage::Received | ReferralStage::Assessed));
    let next = open.todays_session(now);
    let mut first_steps = Vec::new();
    if open.rooms().is_empty() {
        first_steps.push(FirstStep::AddRooms);
    }
    if open.workers().count() < 2 {
        first_steps.push(FirstStep::InvitePeople);
    }
    if open.membership.kits().next().is_none() && !open.made_up {
        first_steps.push(FirstStep::PrintSheets);
    }
    if rows.is_empty() {
        first_steps.push(FirstStep::TakeReferral);
    }
    if next.is_none() {
        first_steps.push(FirstStep::PlanSession);
    }
    WorkView {
        oldest_days: undecided.clone().map(|row| row.age_days).max().unwrap_or(0),
        referrals_open: count(undecided.count()),
        families: count(open.family_summaries().count()),
        devices_waiting: count(
            open.people
                .candidates
                .values()
                .filter(|waiting| waiting.code.is_some())
                .count(),
        ),
        next_session: next.map(|(id, session)| {
            (
                id,
                session.day.clone(),
                count(open.visit_documents(id).len()),
            )
        }),
        first_steps,
    }
}

fn centre(open: &Open) -> Option<CentreView> {
    let centre = open.centre_summary()?;
    Some(CentreView {
        form: CentreForm {
            name: centre.name.clone(),
            venue: centre.venue.clone(),
            rooms: open
                .rooms()
                .into_iter()
                .map(|(id, name)| RoomForm { id: Some(id), name })
                .collect(),
            ..CentreForm::default()
        },
        id: open
            .membership
            .centre()
            .to_string()
            .chars()
            .take(8)
            .collect(),
    })
}

fn children<'c>(
    children: impl Iterator<Item = &'c crate::domain::person::Child>,
) -> Vec<(String, Option<String>)> {
    children
        .map(|child| (child_name(child), child.born.map(Day::iso)))
        .collect()
}

fn adult(adult: &Adult) -> String {
    format!(
        "{} {}, {}",
        adult.first_name.as_str(),
        adult.surname.as_str(),
        adult.relationship.as_str()
    )
}

fn wires(kinds: &[ContactKind]) -> Vec<Wire<ContactKind>> {
    kinds.iter().copied().map(Wire).collect()
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
