//! The co-ordinator's desk, drawn from summaries and the few documents that are open.

use std::collections::BTreeSet;

use sync_protocol::{DocumentId, MemberId, membership::InviteState};

use crate::{
    documents::record::protected,
    domain::{
        arrangement::Arrangement,
        contact::ContactKind,
        family::FamilyFile,
        person::{Adult, Collector},
        policy,
        protected::ProtectedDetails,
        referral::{Referral, ReferralState},
        time::{Day, Moment},
        worker::Role,
    },
    engine::{
        command::Screen,
        crypto::enrolment::{ComparisonCode, InviteLink, InviteSecret},
        form::{ArrangementForm, CentreForm},
        library::record::{Opened, child_name},
        open::{Open, commands::document, intake},
        screens::hall::Names,
        summary::{ArrangementSummary, CentreSummary, FamilySummary, ReferralSummary, SessionSummary, Summary, SummaryStage, WorkerSummary},
        view::{
            CentreView, DetailsView, FamilyRow, FamilyView, FirstStep, InviteRow, PeopleView, PersonRow, ReferralRow,
            ReferralStage, ReferralView, RiskView, ScreenView, SessionRow, SessionView, WorkView,
        },
        wire::{Id, Wire},
    },
};

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
        Screen::Centre => centre(open).map(ScreenView::Centre),
        Screen::Nothing | Screen::Today | Screen::Visit(_) | Screen::Diagnostics => None,
    }
}

impl Open {
    /// Everybody's name and roles.
    pub(crate) fn workers(&self) -> Vec<&WorkerSummary> {
        let workers = self.library.summaries().filter_map(|(_, _, summary)| match summary {
            Summary::Worker(worker) => Some(worker),
            _ => None,
        });
        workers.collect()
    }

    /// A member's name; a word for somebody whose record has not come yet.
    pub(crate) fn worker_name(&self, member: Id) -> String {
        let worker = self.workers().into_iter().find(|worker| worker.member == member);
        worker.map_or_else(|| "Somebody".to_owned(), |worker| worker.name.clone())
    }

    /// The centre's line.
    pub(crate) fn centre_summary(&self) -> Option<&CentreSummary> {
        self.library.summaries().find_map(|(_, _, summary)| match summary {
            Summary::Centre(centre) => Some(centre),
            _ => None,
        })
    }

    /// Rooms that can be booked.
    pub(crate) fn rooms(&self) -> Vec<(Id, String)> {
        let rooms = self.centre_summary().map(|centre| centre.rooms.iter().filter(|room| room.in_use));
        rooms.into_iter().flatten().map(|room| (room.id, room.name.clone())).collect()
    }

    /// Documents of the visits of a family.
    pub(crate) fn family_visits(&self, family: Id) -> BTreeSet<DocumentId> {
        let code = self.library.entry(document(family)).and_then(|entry| match entry.summary.as_ref()? {
            Summary::Family(family) => Some(family.code.clone()),
            _ => None,
        });
        let visits = self.library.summaries().filter_map(|(id, _, summary)| match summary {
            Summary::Visit(visit) if Some(&visit.family_code) == code.as_ref() => Some(id),
            _ => None,
        });
        visits.collect()
    }
}

fn work(open: &Open, now: i64) -> WorkView {
    let rows = referrals(open, now);
    let undecided = rows.iter().filter(|row| matches!(row.stage, ReferralStage::Received | ReferralStage::Assessed));
    let next = open.todays_session(now);
    let families = families(open, now).len();
    let mut first_steps = Vec::new();
    if open.rooms().is_empty() {
        first_steps.push(FirstStep::AddRooms);
    }
    if open.workers().len() < 2 {
        first_steps.push(FirstStep::InvitePeople);
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
        families: count(families),
        devices_waiting: count(open.people.candidates.values().filter(|waiting| waiting.code.is_some()).count()),
        next_session: next.map(|(id, session)| (id, session.day.clone(), count(open.visit_documents(id).len()))),
        first_steps,
    }
}

fn referrals(open: &Open, now: i64) -> Vec<ReferralRow> {
    let mut rows: Vec<ReferralRow> = open
        .library
        .summaries()
        .filter_map(|(id, _, summary)| match summary {
            Summary::Referral(referral) => Some(referral_row(open, Id(*id.as_bytes()), referral, now)),
            _ => None,
        })
        .collect();
    rows.sort_by(|a, b| b.reference.cmp(&a.reference));
    rows
}

fn referral_row(open: &Open, id: Id, referral: &ReferralSummary, now: i64) -> ReferralRow {
    let received = Day::parse(&referral.received_on).ok();
    let today = Moment::from_ms(now).uk_day();
    let age = received.map_or(0, |day| today.days_since_1970() - day.days_since_1970());
    let midnight = received.map_or(0, |day| day.days_since_1970() * 86_400_000);
    ReferralRow {
        id,
        reference: referral.reference.clone(),
        children: referral.children.clone(),
        source: referral.source,
        kind: referral.kind,
        received_at: midnight,
        age_days: u32::try_from(age).unwrap_or(0),
        stage: match &referral.stage {
            SummaryStage::Received => ReferralStage::Received,
            SummaryStage::Assessed => ReferralStage::Assessed,
            SummaryStage::Accepted => ReferralStage::Accepted(family_of(open, id).unwrap_or(id)),
            SummaryStage::Declined(reason) => ReferralStage::Declined(reason.clone()),
        },
    }
}

fn family_of(open: &Open, referral: Id) -> Option<Id> {
    open.library.summaries().find_map(|(id, _, summary)| match summary {
        Summary::Family(family) if family.referral == Some(referral) => Some(Id(*id.as_bytes())),
        _ => None,
    })
}

fn referral(open: &Open, id: Id, now: i64) -> Option<ReferralView> {
    let Opened::Referral(referral) = open.library.opened(document(id))? else {
        return None;
    };
    let Some(Summary::Referral(summary)) = open.library.entry(document(id))?.summary.as_ref() else {
        return None;
    };
    let mut row = referral_row(open, id, summary, now);
    if let ReferralState::Started { family, .. } = referral.state {
        row.stage = ReferralStage::Accepted(Id(*family.as_bytes()));
    }
    Some(ReferralView {
        row,
        children: children(referral.children.iter()),
        resident: adult(&referral.resident),
        visiting: adult(&referral.visiting),
        referrer: referrer(referral),
        reason: referral.reason.as_ref().map_or_else(String::new, |reason| reason.as_str().to_owned()),
        needs: referral.needs.iter().map(|line| line.as_str().to_owned()).collect(),
        risk: referral.risk.as_ref().map(|risk| RiskView {
            level: Wire(risk.overall()),
            suitable: risk.suitable().iter().copied().map(Wire).collect(),
            controls: risk.controls().iter().map(|line| line.as_str().to_owned()).collect(),
            reason: risk.reason().map_or_else(String::new, |reason| reason.as_str().to_owned()),
            by: Names::member(open, risk.decided_by()),
            at: risk.decided_at().ms(),
        }),
        may_offer: wires(&intake::may_offer(referral.risk.as_ref())),
    })
}

fn referrer(referral: &Referral) -> String {
    let referrer = &referral.referrer;
    let name = referrer.name.as_ref().map(|name| name.as_str().to_owned());
    let organisation = referrer.organisation.as_ref().map(|line| line.as_str().to_owned());
    let phone = referrer.phone.as_ref().map(|phone| phone.as_str().to_owned());
    let parts: Vec<String> = [name, organisation, phone].into_iter().flatten().collect();
    parts.join(", ")
}

fn families(open: &Open, now: i64) -> Vec<FamilyRow> {
    let mut rows: Vec<FamilyRow> = open
        .library
        .summaries()
        .filter_map(|(id, _, summary)| match summary {
            Summary::Family(family) => Some(family_row(open, Id(*id.as_bytes()), family, now)),
            _ => None,
        })
        .collect();
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    rows
}

fn family_row(open: &Open, id: Id, family: &FamilySummary, now: i64) -> FamilyRow {
    let starts = open.library.summaries().filter_map(|(_, _, summary)| match summary {
        Summary::Visit(visit) if visit.family_code == family.code => Some(visit.starts),
        _ => None,
    });
    let starts: Vec<i64> = starts.collect();
    FamilyRow {
        id,
        code: family.code.clone(),
        children: family.children.clone(),
        kind: arrangement_summary(open, id).map_or(Wire(ContactKind::Supported), |arrangement| arrangement.kind),
        next_visit: starts.iter().copied().filter(|start| *start >= now).min(),
        visits: count(starts.iter().filter(|start| **start < now).count()),
    }
}

fn arrangement_summary(open: &Open, family: Id) -> Option<&ArrangementSummary> {
    open.library.summaries().find_map(|(_, _, summary)| match summary {
        Summary::Arrangement(arrangement) if arrangement.family == family => Some(arrangement),
        _ => None,
    })
}

fn family(open: &Open, id: Id, now: i64) -> Option<FamilyView> {
    let Opened::Family(file) = open.library.opened(document(id))? else {
        return None;
    };
    let Some(Summary::Family(summary)) = open.library.entry(document(id))?.summary.as_ref() else {
        return None;
    };
    let (_, arrangement) = open.arrangement_of(id)?;
    let mut visits = open.visit_rows(&open.family_visits(id), now);
    visits.reverse();
    Some(FamilyView {
        row: family_row(open, id, summary, now),
        children: children(file.children.iter()),
        resident: adult(&file.resident),
        visiting: adult(&file.visiting),
        needs: file.needs.iter().map(|line| line.as_str().to_owned()).collect(),
        arrangement: arrangement_form(arrangement, file),
        arrangement_version: arrangement.version,
        referral: file.referral.map_or(id, |referral| Id(*referral.as_bytes())),
        may_offer: wires(&open.may_offer_to(id).unwrap_or_else(|| vec![arrangement.kind])),
        details: details(open, id),
        visits,
    })
}

fn arrangement_form(arrangement: &Arrangement, file: &FamilyFile) -> ArrangementForm {
    let collectors: Vec<String> = file.collectors.iter().map(collector).collect();
    ArrangementForm {
        kind: Some(Wire(arrangement.kind)),
        length_minutes: arrangement.length.minutes().to_string(),
        first_in: Wire(arrangement.stagger.first_in()),
        gap_minutes: arrangement.stagger.arrival_gap().minutes().to_string(),
        keep_apart: arrangement.stagger.keep_apart(),
        collectors: collectors.join("\n"),
    }
}

fn collector(collector: &Collector) -> String {
    match &collector.relationship {
        Some(relationship) => format!("{}, {}", collector.name.as_str(), relationship.as_str()),
        None => collector.name.as_str().to_owned(),
    }
}

/// One side's protected details, only while a logged opening is on the screen.
fn details(open: &Open, family: Id) -> Option<DetailsView> {
    let shown = open.details.filter(|shown| shown.family == document(family))?;
    let permit = policy::may_open_protected(&open.acting()).ok()?;
    let live = open.library.live(shown.document)?;
    let details: ProtectedDetails = protected::read(&live.document, permit).ok()?;
    let openings = protected::openings(&live.document).map(|kept| kept.readable).unwrap_or_default();
    let mut openings: Vec<(String, i64)> =
        openings.iter().map(|opening| (Names::member(open, opening.by), opening.at.ms())).collect();
    openings.sort_by_key(|(_, at)| core::cmp::Reverse(*at));
    Some(DetailsView {
        side: Wire(shown.side),
        phone: details.phones.first().map_or_else(String::new, |phone| phone.as_str().to_owned()),
        email: details.email.as_ref().map_or_else(String::new, |email| email.as_str().to_owned()),
        address: details.address.as_ref().map_or_else(String::new, |address| address.as_str().to_owned()),
        openings,
    })
}

fn sessions(open: &Open) -> Vec<SessionRow> {
    let mut rows: Vec<SessionRow> = open
        .library
        .summaries()
        .filter_map(|(id, _, summary)| match summary {
            Summary::Session(session) => Some(session_row(open, Id(*id.as_bytes()), session)),
            _ => None,
        })
        .collect();
    rows.sort_by_key(|row| row.opens);
    rows
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

fn session(open: &Open, id: Id, now: i64) -> Option<SessionView> {
    let Some(Summary::Session(summary)) = open.library.entry(document(id))?.summary.as_ref() else {
        return None;
    };
    let families = families(open, now).into_iter().filter_map(|row| {
        let arrangement = arrangement_summary(open, row.id)?;
        let minutes = u32::try_from(arrangement.length_minutes).unwrap_or(0);
        Some((row.id, row.code, row.children, row.kind, minutes))
    });
    let supervisors = open.workers().into_iter().filter(|worker| {
        worker.roles.iter().any(|role| matches!(role.0, Role::Supervisor | Role::Coordinator))
    });
    Some(SessionView {
        row: session_row(open, id, summary),
        workers: summary.workers.iter().map(|worker| open.worker_name(*worker)).collect(),
        visits: open.visit_rows(&open.visit_documents(id), now),
        families: families.collect(),
        rooms: open.rooms(),
        supervisors: supervisors.map(|worker| (worker.member, worker.name.clone())).collect(),
    })
}

fn people(open: &Open) -> PeopleView {
    let mut people: Vec<PersonRow> = open
        .workers()
        .into_iter()
        .map(|worker| {
            let member = MemberId::from_bytes(worker.member.0);
            let tablets = open.membership.devices_of(&member).filter(|device| device.revoked_at.is_none()).count();
            PersonRow {
                member: worker.member,
                name: worker.name.clone(),
                roles: worker.roles.clone(),
                tablets: count(tablets),
                last_seen: last_seen(open, &member),
            }
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    PeopleView { people, invites: invites(open) }
}

fn last_seen(open: &Open, member: &MemberId) -> Option<i64> {
    let devices: BTreeSet<_> = open.membership.devices_of(member).map(|device| device.id).collect();
    let written = open.library.entries().filter_map(|(_, entry)| {
        let ((_, author, _), _) = entry.last?;
        devices.contains(&author).then_some(entry.changed_at)
    });
    written.max()
}

fn invites(open: &Open) -> Vec<InviteRow> {
    let known = open.membership.invites().filter(|invite| matches!(invite.state, InviteState::Open));
    let rows = known.map(|invite| {
        let sent = open.people.sent.iter().find(|sent| InviteSecret::from_bytes(sent.secret).invite() == invite.id);
        let candidate = open.people.candidates.get(&invite.id);
        let newcomer = sent.and_then(|sent| sent.newcomer.as_ref()).map(|(name, _)| name.clone());
        InviteRow {
            id: Id(*invite.id.as_bytes()),
            name: newcomer.unwrap_or_else(|| open.worker_name(Id(*invite.member.as_bytes()))),
            expires_at: invite.expires_ms,
            fragment: sent.map(|sent| {
                let secret = InviteSecret::from_bytes(sent.secret);
                InviteLink { centre: open.membership.centre(), secret }.fragment().to_string()
            }),
            code: candidate.and_then(|candidate| candidate.code).map(ComparisonCode::grouped),
            tablet: None,
        }
    });
    rows.collect()
}

fn centre(open: &Open) -> Option<CentreView> {
    let centre = open.centre_summary()?;
    Some(CentreView {
        form: CentreForm {
            name: centre.name.clone(),
            venue: centre.venue.clone(),
            rooms: open.rooms().into_iter().map(|(_, name)| name).collect(),
            ..CentreForm::default()
        },
        id: open.membership.centre().to_string().chars().take(8).collect(),
    })
}

fn children<'c>(children: impl Iterator<Item = &'c crate::domain::person::Child>) -> Vec<(String, Option<String>)> {
    children.map(|child| (child_name(child), child.born.map(Day::iso))).collect()
}

fn adult(adult: &Adult) -> String {
    format!("{} {}, {}", adult.first_name.as_str(), adult.surname.as_str(), adult.relationship.as_str())
}

fn wires(kinds: &[ContactKind]) -> Vec<Wire<ContactKind>> {
    kinds.iter().copied().map(Wire).collect()
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
