//! Who may read and who may write each kind of document.
//!
//! The one place that says so: a document lies in exactly one channel, and the channel's keys are
//! what keeps it from everybody else.

use super::schema::DocumentKind;

/// Whose channel a document lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Everybody active: the day pack.
    Team,
    /// Co-ordinators.
    Office,
    /// The supervisor who observed, and the office.
    SupervisorDesk,
}

/// Whose changes to a document count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Writers {
    /// Everybody active.
    Team,
    /// Co-ordinators.
    Office,
    /// The member whose desk it lies on.
    DeskOwner,
}

/// Who reads a kind of document.
pub const fn audience(kind: DocumentKind) -> Audience {
    match kind {
        DocumentKind::Centre
        | DocumentKind::Worker
        | DocumentKind::Session
        | DocumentKind::Visit => Audience::Team,
        DocumentKind::Referral
        | DocumentKind::FamilyFile
        | DocumentKind::Arrangement
        | DocumentKind::ProtectedDetails => Audience::Office,
        DocumentKind::ObservationNote => Audience::SupervisorDesk,
    }
}

/// Who writes a kind of document.
pub const fn writers(kind: DocumentKind) -> Writers {
    match kind {
        DocumentKind::Visit => Writers::Team,
        DocumentKind::Centre
        | DocumentKind::Worker
        | DocumentKind::Session
        | DocumentKind::Referral
        | DocumentKind::FamilyFile
        | DocumentKind::Arrangement
        | DocumentKind::ProtectedDetails => Writers::Office,
        DocumentKind::ObservationNote => Writers::DeskOwner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_lies_in_the_channel_its_content_asks_for() {
        let table = [
            (DocumentKind::Centre, Audience::Team, Writers::Office),
            (DocumentKind::Worker, Audience::Team, Writers::Office),
            (DocumentKind::Session, Audience::Team, Writers::Office),
            (DocumentKind::Visit, Audience::Team, Writers::Team),
            (DocumentKind::Referral, Audience::Office, Writers::Office),
            (DocumentKind::FamilyFile, Audience::Office, Writers::Office),
            (DocumentKind::Arrangement, Audience::Office, Writers::Office),
            (
                DocumentKind::ProtectedDetails,
                Audience::Office,
                Writers::Office,
            ),
            (
                DocumentKind::ObservationNote,
                Audience::SupervisorDesk,
                Writers::DeskOwner,
            ),
        ];
        assert_eq!(table.map(|(kind, _, _)| kind), DocumentKind::ALL);
        for (kind, readers, changers) in table {
            assert_eq!(audience(kind), readers, "{kind:?}");
            assert_eq!(writers(kind), changers, "{kind:?}");
        }
    }
}
