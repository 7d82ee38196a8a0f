//! How far a referral has come, and why it went no further.

use crate::domain::{contact::ContactKind, ids::FamilyId, time::Day};

vocabulary! {
    /// The class of reason for declining; always given (REF-9).
    DeclineReason, "a reason for declining" {
        /// The risk cannot be managed here.
        Risk = "risk",
        /// Another kind of contact is needed than this centre gives.
        OtherKindNeeded = "other-kind-needed",
        /// No place in reasonable time.
        NoPlace = "no-place",
        /// What was asked for did not come.
        InformationMissing = "information-missing",
        /// A pre-visit showed that it will not work.
        AfterPreVisit = "after-pre-visit",
        /// Anything else, told to the referrer.
        Other = "other",
    }
}

vocabulary! {
    /// Who took the request back.
    WithdrawnBy, "who withdrew" {
        /// The person or body that referred.
        Referrer = "referrer",
        /// The side the child lives with.
        Resident = "resident",
        /// The side that would visit.
        Visiting = "visiting",
        /// The court.
        Court = "court",
    }
}

vocabulary! {
    /// How far a referral has come, without the data of that state.
    ReferralStage, "the stage of a referral" {
        /// In, and nothing is known to be missing.
        Received = "received",
        /// Something is awaited.
        Incomplete = "incomplete",
        /// Being assessed.
        Assessing = "assessing",
        /// Accepted, waiting for a place.
        Waitlisted = "waitlisted",
        /// A place is offered.
        Accepted = "accepted",
        /// Turned down.
        Declined = "declined",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// The family file is open.
        Started = "started",
        /// A place was offered and the family never came.
        NeverStarted = "never-started",
    }
}

/// How far a referral has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReferralState {
    /// In, and nothing is known to be missing.
    Received,
    /// Something is awaited.
    Incomplete,
    /// Being assessed.
    Assessing,
    /// Suitable, waiting for a place.
    Waitlisted {
        /// The list is ordered by this day (REF-12).
        since: Day,
    },
    /// A place is offered.
    Accepted {
        /// The kind offered, which may differ from the kind asked for.
        kind: ContactKind,
        /// The day of the decision.
        on: Day,
    },
    /// Turned down (REF-9).
    Declined {
        /// The class of reason.
        reason: DeclineReason,
        /// The day of the decision.
        on: Day,
    },
    /// Taken back.
    Withdrawn {
        /// By whom.
        by: WithdrawnBy,
        /// The day it was said.
        on: Day,
    },
    /// The family file is open.
    Started {
        /// That file.
        family: FamilyId,
        /// The day it was opened.
        on: Day,
    },
    /// A place was offered and the family never came; counted apart from declined.
    NeverStarted {
        /// The day the place was given up.
        on: Day,
    },
}

impl ReferralState {
    /// The state without its data.
    pub const fn stage(self) -> ReferralStage {
        match self {
            Self::Received => ReferralStage::Received,
            Self::Incomplete => ReferralStage::Incomplete,
            Self::Assessing => ReferralStage::Assessing,
            Self::Waitlisted { .. } => ReferralStage::Waitlisted,
            Self::Accepted { .. } => ReferralStage::Accepted,
            Self::Declined { .. } => ReferralStage::Declined,
            Self::Withdrawn { .. } => ReferralStage::Withdrawn,
            Self::Started { .. } => ReferralStage::Started,
            Self::NeverStarted { .. } => ReferralStage::NeverStarted,
        }
    }
}

impl ReferralStage {
    /// Whether somebody still has to do something about it.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Received
            | Self::Incomplete
            | Self::Assessing
            | Self::Waitlisted
            | Self::Accepted => true,
            Self::Declined | Self::Withdrawn | Self::Started | Self::NeverStarted => false,
        }
    }
}
