//! Summaries by kind: the people, the centre, and what lists are drawn from.
//!
//! It knows the library's lines; it must not open a document.

use crate::{
    documents::DocumentKind,
    engine::{
        open::Open,
        summary::{
            ArrangementSummary, CentreSummary, FamilySummary, ReferralSummary, SessionSummary,
            Summary, VisitSummary, WorkerSummary,
        },
        wire::Id,
    },
};

impl Open {
    pub(crate) fn lines<T: 'static>(
        &self,
        kind: DocumentKind,
        read: fn(&Summary) -> Option<&T>,
    ) -> impl Iterator<Item = (Id, &T)> {
        let lines = self.library.of_kind(kind).into_iter();
        lines.filter_map(move |(id, summary)| Some((Id(*id.as_bytes()), read(summary)?)))
    }

    /// Everybody's name and roles.
    pub(crate) fn workers(&self) -> impl Iterator<Item = &WorkerSummary> {
        self.lines(DocumentKind::Worker, Summary::as_worker)
            .map(|(_, worker)| worker)
    }

    /// A member's name and roles, once their record has come.
    pub(crate) fn worker(&self, member: Id) -> Option<&WorkerSummary> {
        self.workers().find(|worker| worker.member == member)
    }

    /// A member's name; a word for somebody whose record has not come yet.
    pub(crate) fn worker_name(&self, member: Id) -> String {
        self.worker(member)
            .map_or_else(|| "Somebody".to_owned(), |worker| worker.name.clone())
    }

    /// The centre's name and line.
    pub(crate) fn centre_line(&self) -> Option<(Id, &CentreSummary)> {
        self.lines(DocumentKind::Centre, Summary::as_centre).next()
    }

    /// The centre's line.
    pub(crate) fn centre_summary(&self) -> Option<&CentreSummary> {
        self.centre_line().map(|(_, centre)| centre)
    }

    /// Every session.
    pub(crate) fn session_summaries(&self) -> impl Iterator<Item = (Id, &SessionSummary)> {
        self.lines(DocumentKind::Session, Summary::as_session)
    }

    /// Every visit.
    pub(crate) fn visit_summaries(&self) -> impl Iterator<Item = (Id, &VisitSummary)> {
        self.lines(DocumentKind::Visit, Summary::as_visit)
    }

    /// Every referral.
    pub(crate) fn referral_summaries(&self) -> impl Iterator<Item = (Id, &ReferralSummary)> {
        self.lines(DocumentKind::Referral, Summary::as_referral)
    }

    /// Every family file.
    pub(crate) fn family_summaries(&self) -> impl Iterator<Item = (Id, &FamilySummary)> {
        self.lines(DocumentKind::FamilyFile, Summary::as_family)
    }

    /// Every arrangement.
    pub(crate) fn arrangement_summaries(&self) -> impl Iterator<Item = (Id, &ArrangementSummary)> {
        self.lines(DocumentKind::Arrangement, Summary::as_arrangement)
    }
}
