//! The kinds of document and the version of their shape.

/// The version of the record shapes this program writes.
///
/// A later program may add fields and raise it; one that finds a higher number than it knows says
/// that an update is needed and changes nothing.
pub const SCHEMA_VERSION: u64 = 1;

/// What a document holds. The number is stored and never given to another kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum DocumentKind {
    /// The centre's name, venue, rooms and doors.
    Centre = 1,
    /// A worker's name and roles.
    Worker = 2,
    /// One opening of the centre.
    Session = 3,
    /// One family's contact in a session, with its attendance.
    Visit = 4,
    /// A request for a place.
    Referral = 5,
    /// What the office holds about a family.
    FamilyFile = 6,
    /// What was agreed for a family.
    Arrangement = 7,
    /// One side's protected details.
    ProtectedDetails = 8,
    /// The account of an observed visit.
    ObservationNote = 9,
}

impl DocumentKind {
    /// Every kind, by number.
    pub const ALL: &'static [Self] = &[
        Self::Centre,
        Self::Worker,
        Self::Session,
        Self::Visit,
        Self::Referral,
        Self::FamilyFile,
        Self::Arrangement,
        Self::ProtectedDetails,
        Self::ObservationNote,
    ];

    /// The stored number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The kind of a stored number; none for a kind of a later version.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_number_and_no_number_is_used_twice() {
        for (place, kind) in DocumentKind::ALL.iter().enumerate() {
            assert_eq!(usize::from(kind.code()), place + 1);
            assert_eq!(DocumentKind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(DocumentKind::from_code(0), None);
        assert_eq!(DocumentKind::from_code(10), None);
    }
}
