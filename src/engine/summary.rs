//! The little that lists need of a document, kept sealed beside it so that a list opens no documents.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{contact::ContactKind, referral::ReferralSource, side::Side, worker::Role},
    engine::wire::{Id, Wire},
};

/// One document in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Summary {
    /// The centre.
    Centre(CentreSummary),
    /// A worker.
    Worker(WorkerSummary),
    /// A session.
    Session(SessionSummary),
    /// A visit.
    Visit(VisitSummary),
    /// A referral.
    Referral(ReferralSummary),
    /// A family file.
    Family(FamilySummary),
    /// An arrangement.
    Arrangement(ArrangementSummary),
    /// One side's protected details: that they exist and nothing more.
    Details {
        /// The family file, or the referral before there is one.
        family: Id,
        /// Whose.
        side: Wire<Side>,
    },
    /// A note.
    Note {
        /// Its visit.
        visit: Id,
        /// Its author.
        author: Id,
        /// Finished entries.
        entries: u32,
    },
    /// Something this version cannot read; kept, and shown as needing attention.
    Unreadable(String),
}

impl Summary {
    /// The line of the centre, if it is one.
    pub(crate) fn as_centre(&self) -> Option<&CentreSummary> {
        if let Self::Centre(line) = self {
            Some(line)
        } else {
            None
        }
    }

    /// The line of a worker, if it is one.
    pub(crate) fn as_worker(&self) -> Option<&WorkerSummary> {
        if let Self::Worker(line) = self {
            Some(line)
        } else {
            None
        }
    }

    /// The line of a session, if it is one.
    pub(crate) fn as_session(&self) -> Option<&SessionSummary> {
        if let Self::Session(line) = self {
            Some(line)
        } else {
            None
        }
    }

    /// The line of a visit, if it is one.
    pub(crate) fn as_visit(&self) -> Option<&VisitSummary> {
        if let Self::Visit(line) = self {
            Some(line)
        } else {
            None
        }
    }

    /// The line of a referral, if it is one.
    pub(crate) fn as_referral(&self) -> Option<&ReferralSummary> {
        if let Self::Referral(line) = self {
            Some(line)
        } else {
            None
        }
    }

    /// The line of a family file, if it is one.
    pub(crate) fn as_family(&self) -> Option<&FamilySummary> {
        if let Self::Family(line) = self {
            Some(line)
        } else {
            None
        }
    }

    /// Visit, author and finished entries of a note, if it is one.
    pub(crate) fn as_note(&self) -> Option<(Id, Id, u32)> {
        if let Self::Note {
            visit,
            author,
            entries,
        } = self
        {
            Some((*visit, *author, *entries))
        } else {
            None
        }
    }

    /// The line of an arrangement, if it is one.
    pub(crate) fn as_arrangement(&self) -> Option<&ArrangementSummary> {
        if let Self::Arrangement(line) = self {
            Some(line)
        } else {
            None
        }
    }
}

/// The centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CentreSummary {
    pub(crate) name: String,
    pub(crate) venue: String,
    pub(crate) rooms: Vec<RoomSummary>,
}

/// A room; one given up still names past visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RoomSummary {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) in_use: bool,
}

/// A worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WorkerSummary {
    pub(crate) member: Id,
    pub(crate) name: String,
    pub(crate) initials: String,
    pub(crate) roles: Vec<Wire<Role>>,
}

/// A session; times in ms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SessionSummary {
    pub(crate) day: String,
    pub(crate) opens: i64,
    pub(crate) closes: i64,
    pub(crate) venue: String,
    pub(crate) leader: Option<Id>,
    pub(crate) workers: Vec<Id>,
}

/// A visit; times in ms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct VisitSummary {
    pub(crate) session: Id,
    pub(crate) family_code: String,
    pub(crate) children: Vec<String>,
    pub(crate) kind: Wire<ContactKind>,
    pub(crate) starts: i64,
    pub(crate) ends: i64,
    pub(crate) room: Option<Id>,
    pub(crate) supervisor: Option<Id>,
}

/// A referral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReferralSummary {
    pub(crate) reference: String,
    pub(crate) children: Vec<String>,
    pub(crate) source: Wire<ReferralSource>,
    pub(crate) kind: Wire<ContactKind>,
    pub(crate) received_on: String,
    pub(crate) stage: SummaryStage,
}

/// Where a referral stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum SummaryStage {
    Received,
    Assessed,
    Accepted,
    Declined(String),
}

/// A family file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FamilySummary {
    pub(crate) code: String,
    pub(crate) children: Vec<String>,
    pub(crate) referral: Option<Id>,
}

/// An arrangement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ArrangementSummary {
    pub(crate) family: Id,
    pub(crate) version: u32,
    pub(crate) kind: Wire<ContactKind>,
    pub(crate) length_minutes: i64,
}
