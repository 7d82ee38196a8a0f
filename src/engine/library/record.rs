//! What an open document says, parsed once, and the line that lists need of it.

use crate::{
    documents::{
        Document, DocumentKind, Unreadable,
        record::{
            self, arrangement, centre, family, note, protected, referral, session, visit, worker,
        },
    },
    domain::{
        arrangement::Arrangement,
        attendance::day::VisitDay,
        centre::{Centre, Room},
        family::FamilyFile,
        gather::put_in_order,
        note::{EntryProgress, ObservationNote},
        person::Child,
        referral::{Referral, ReferralState},
        session::Session,
        time::Moment,
        visit::Visit,
        worker::Worker,
    },
    engine::{
        summary::{
            ArrangementSummary, CentreSummary, FamilySummary, ReferralSummary, RoomSummary,
            SessionSummary, Summary, SummaryStage, VisitSummary, WorkerSummary,
        },
        wire::{Id, Wire},
    },
};

/// A parsed document.
#[derive(Debug)]
pub(crate) enum Opened {
    Centre(Centre),
    Worker(Worker),
    Session(Session),
    Visit(Box<Visit>, VisitDay),
    Referral(Box<Referral>),
    Family(Box<FamilyFile>),
    Arrangement(Arrangement),
    /// That details exist; what they say is read only with a permit.
    Details(Id, crate::domain::side::Side),
    Note(ObservationNote),
    Unreadable(Unreadable),
}

impl Opened {
    /// The centre, if it is one.
    pub(crate) fn as_centre(&self) -> Option<&Centre> {
        if let Self::Centre(record) = self {
            Some(record)
        } else {
            None
        }
    }

    /// The worker, if it is one.
    pub(crate) fn as_worker(&self) -> Option<&Worker> {
        if let Self::Worker(record) = self {
            Some(record)
        } else {
            None
        }
    }

    /// The visit, if it is one.
    pub(crate) fn as_visit(&self) -> Option<&Visit> {
        if let Self::Visit(record, _) = self {
            Some(record)
        } else {
            None
        }
    }

    /// The arrangement, if it is one.
    pub(crate) fn as_arrangement(&self) -> Option<&Arrangement> {
        if let Self::Arrangement(record) = self {
            Some(record)
        } else {
            None
        }
    }

    /// The note, if it is one.
    pub(crate) fn as_note(&self) -> Option<&ObservationNote> {
        if let Self::Note(record) = self {
            Some(record)
        } else {
            None
        }
    }

    /// Parses a document.
    pub(crate) fn read(document: &Document) -> Self {
        Self::parse(document).unwrap_or_else(Self::Unreadable)
    }

    fn parse(document: &Document) -> Result<Self, Unreadable> {
        Ok(match document.kind() {
            DocumentKind::Centre => Self::Centre(centre::read(document)?),
            DocumentKind::Worker => Self::Worker(worker::read(document)?),
            DocumentKind::Session => Self::Session(session::read(document)?),
            DocumentKind::Visit => {
                let record::Kept { readable, .. } = visit::events(document)?;
                Self::Visit(Box::new(visit::read(document)?), VisitDay::merge(readable))
            }
            DocumentKind::Referral => Self::Referral(Box::new(referral::read(document)?)),
            DocumentKind::FamilyFile => Self::Family(Box::new(family::read(document)?)),
            DocumentKind::Arrangement => Self::Arrangement(arrangement::read(document)?),
            DocumentKind::ProtectedDetails => {
                let (family, side) = protected::subject(document)?;
                Self::Details(Id(*family.as_bytes()), side)
            }
            DocumentKind::ObservationNote => Self::Note(note::read(document)?),
        })
    }

    /// The line for lists.
    pub(crate) fn summary(&self) -> Summary {
        match self {
            Self::Centre(centre) => Summary::Centre(CentreSummary {
                name: centre.name.as_str().to_owned(),
                venue: centre.venue.as_str().to_owned(),
                rooms: room_summaries(&centre.rooms),
            }),
            Self::Worker(worker) => Summary::Worker(WorkerSummary {
                member: Id(*worker.member.as_bytes()),
                name: worker.name.as_str().to_owned(),
                initials: worker.initials(),
                roles: worker.roles.iter().copied().map(Wire).collect(),
            }),
            Self::Session(session) => Summary::Session(session_summary(session)),
            Self::Visit(visit, _) => Summary::Visit(visit_summary(visit)),
            Self::Referral(referral) => Summary::Referral(referral_summary(referral)),
            Self::Family(file) => Summary::Family(FamilySummary {
                code: file.code.to_string(),
                children: file
                    .children
                    .iter()
                    .map(|child| child.first_name.as_str().to_owned())
                    .collect(),
                referral: file.referral.map(|referral| Id(*referral.as_bytes())),
            }),
            Self::Arrangement(arrangement) => Summary::Arrangement(ArrangementSummary {
                family: Id(*arrangement.family.as_bytes()),
                version: arrangement.version,
                kind: Wire(arrangement.kind),
                length_minutes: arrangement.length.minutes(),
            }),
            Self::Details(family, side) => Summary::Details {
                family: *family,
                side: Wire(*side),
            },
            Self::Note(note) => {
                let finished = |progress| matches!(progress, EntryProgress::Finished { .. });
                let entries = note
                    .entries()
                    .iter()
                    .filter(|entry| finished(entry.progress))
                    .count();
                Summary::Note {
                    visit: Id(*note.visit().as_bytes()),
                    author: Id(*note.author().as_bytes()),
                    entries: u32::try_from(entries).unwrap_or(u32::MAX),
                }
            }
            Self::Unreadable(unreadable) => Summary::Unreadable(unreadable.to_string()),
        }
    }
}

/// Rooms as people look for them: by name.
fn room_summaries(rooms: &[Room]) -> Vec<RoomSummary> {
    let mut rooms: Vec<RoomSummary> = rooms.iter().map(room_summary).collect();
    put_in_order(&mut rooms, |a, b| a.name.cmp(&b.name));
    rooms
}

fn room_summary(room: &Room) -> RoomSummary {
    RoomSummary {
        id: Id(*room.id.as_bytes()),
        name: room.name.as_str().to_owned(),
        in_use: room.in_use,
    }
}

/// A child's whole name.
pub(crate) fn child_name(child: &Child) -> String {
    format!("{} {}", child.first_name.as_str(), child.surname.as_str())
}

fn session_summary(session: &Session) -> SessionSummary {
    let at = |clock| Moment::from_uk(session.day, clock).ms();
    SessionSummary {
        day: session.day.iso(),
        opens: at(session.opens),
        closes: at(session.closes),
        venue: session.venue.as_str().to_owned(),
        leader: session.leader.map(|member| Id(*member.as_bytes())),
        workers: session
            .workers
            .iter()
            .map(|member| Id(*member.as_bytes()))
            .collect(),
    }
}

fn visit_summary(visit: &Visit) -> VisitSummary {
    VisitSummary {
        session: Id(*visit.session.as_bytes()),
        family_code: visit.family.to_string(),
        children: visit
            .children
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        kind: Wire(visit.kind),
        starts: visit.slot.start().ms(),
        ends: visit.slot.end().ms(),
        room: visit.room.map(|room| Id(*room.as_bytes())),
        supervisor: visit.supervisor.map(|member| Id(*member.as_bytes())),
    }
}

fn referral_summary(referral: &Referral) -> ReferralSummary {
    let stage = match referral.state {
        ReferralState::Declined { reason, .. } => {
            SummaryStage::Declined(reason.word().replace('-', " "))
        }
        ReferralState::Withdrawn { .. } => SummaryStage::Declined("withdrawn".to_owned()),
        ReferralState::NeverStarted { .. } => {
            SummaryStage::Declined("place not taken up".to_owned())
        }
        ReferralState::Accepted { .. } | ReferralState::Started { .. } => SummaryStage::Accepted,
        ReferralState::Received
        | ReferralState::Incomplete
        | ReferralState::Assessing
        | ReferralState::Waitlisted { .. } => {
            if referral.risk.is_some() {
                SummaryStage::Assessed
            } else {
                SummaryStage::Received
            }
        }
    };
    ReferralSummary {
        reference: referral.reference.as_str().to_owned(),
        children: referral.children.iter().map(child_name).collect(),
        source: Wire(referral.source),
        kind: Wire(referral.kind_requested),
        received_on: referral.received_on.iso(),
        stage,
    }
}
