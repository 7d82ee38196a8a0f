//! Kinds of contact, and the proof that one of them is observed.

vocabulary! {
    /// How a child and an adult spend time together, or hear from each other.
    ContactKind, "a kind of contact" {
        /// Several families in one room, workers nearby, attendance recorded only.
        Supported = "supported",
        /// Between supported and supervised; notes are made.
        Assisted = "assisted",
        /// One family, one supervisor within sight and sound; notes are made.
        Supervised = "supervised",
        /// The child passes from one adult to the other; the contact is elsewhere.
        Handover = "handover",
        /// Supervised contact out of the building.
        Escorted = "escorted",
        /// A supervised call.
        Video = "video",
        /// Letters, cards and gifts passed on by the centre.
        Indirect = "indirect",
        /// A rare meeting so that a child knows their origins.
        Identity = "identity",
        /// A professional assessment of contact.
        Assessment = "assessment",
    }
}

vocabulary! {
    /// Whether a written report follows each visit.
    Reporting, "whether reports are written" {
        /// No report leaves the centre.
        None = "none",
        /// A report follows each visit.
        WithReports = "with-reports",
    }
}

/// Proof that a kind of contact is observed, so that a note may exist (REC-1).
///
/// The only way to hold one is [`ContactKind::observed`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObservedKind(ContactKind);

impl ObservedKind {
    /// The kind that was proved.
    pub const fn kind(self) -> ContactKind {
        self.0
    }
}

impl ContactKind {
    /// The proof, for the four kinds that are observed (REC-1).
    pub const fn observed(self) -> Option<ObservedKind> {
        match self {
            Self::Supervised | Self::Assisted | Self::Escorted | Self::Video => {
                Some(ObservedKind(self))
            }
            Self::Supported
            | Self::Handover
            | Self::Indirect
            | Self::Identity
            | Self::Assessment => None,
        }
    }

    /// Whether a supervisor must be named before the visit (CAP-3).
    pub const fn needs_supervisor(self) -> bool {
        matches!(self, Self::Supervised | Self::Escorted | Self::Video)
    }

    /// Whether the family has a room to itself (CAP-4).
    pub const fn needs_own_room(self) -> bool {
        matches!(self, Self::Supervised)
    }

    /// Whether people come to the centre for it, so that it can be a visit.
    pub const fn happens_in_a_session(self) -> bool {
        match self {
            Self::Supported
            | Self::Assisted
            | Self::Supervised
            | Self::Handover
            | Self::Escorted
            | Self::Video
            | Self::Identity => true,
            Self::Indirect | Self::Assessment => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rec_1_only_four_kinds_are_observed() {
        let observed: Vec<_> = ContactKind::ALL
            .iter()
            .copied()
            .filter(|kind| kind.observed().is_some())
            .collect();
        assert_eq!(
            observed,
            [
                ContactKind::Assisted,
                ContactKind::Supervised,
                ContactKind::Escorted,
                ContactKind::Video,
            ],
        );
        for kind in observed {
            assert_eq!(kind.observed().unwrap().kind(), kind);
        }
    }

    #[test]
    fn every_kind_is_read_back_from_its_word() {
        for kind in ContactKind::ALL {
            assert_eq!(ContactKind::parse_word(kind.word()).unwrap(), *kind);
        }
        assert!(ContactKind::parse_word("Supported").is_err());
    }
}
