//! What one side must never learn about the other: where they live and how to reach them.
//!
//! One value holds one side only, so that no screen or print can be handed both (CON-1).

use crate::domain::{
    ids::{EntryId, FamilyId, MemberId},
    referral::Reachable,
    side::Side,
    text::{EmailAddress, PersonName, PhoneNumber, PostalAddress, ShortLine},
    time::Moment,
};

vocabulary! {
    /// Whether a message may be left, which a violent household would hear.
    LeaveMessage, "whether a message may be left" {
        /// Nobody has asked; treated as no.
        NotAsked = "not-asked",
        /// The person said yes.
        Yes = "yes",
        /// The person said no.
        No = "no",
    }
}

/// Who to ring if the adult cannot be reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmergencyContact {
    /// Who.
    pub name: PersonName,
    /// Their number.
    pub phone: PhoneNumber,
}

/// The protected details of one side of one family.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProtectedDetails {
    /// Whose.
    pub family: FamilyId,
    /// Which side's.
    pub side: Side,
    /// Where they live.
    pub address: Option<PostalAddress>,
    /// Their numbers, in the order to try them.
    pub phones: Vec<PhoneNumber>,
    /// Whether a message may be left at any of them.
    pub leave_message: LeaveMessage,
    /// Their e-mail.
    pub email: Option<EmailAddress>,
    /// Who to ring instead.
    pub emergency: Option<EmergencyContact>,
    /// Their car.
    pub vehicle: Option<ShortLine>,
    /// The children's school, on the resident side.
    pub school: Option<ShortLine>,
    /// Their solicitor.
    pub solicitor: Option<ShortLine>,
}

impl ProtectedDetails {
    /// Details of a side about which nothing is known yet.
    pub const fn blank(family: FamilyId, side: Side) -> Self {
        Self {
            family,
            side,
            address: None,
            phones: Vec::new(),
            leave_message: LeaveMessage::NotAsked,
            email: None,
            emergency: None,
            vehicle: None,
            school: None,
            solicitor: None,
        }
    }

    /// Whether there is any way to reach this side (REF-4).
    pub fn reachable(&self) -> Reachable {
        if self.address.is_none() && self.phones.is_empty() && self.email.is_none() {
            return Reachable::No;
        }
        Reachable::Yes
    }
}

/// One look at protected details (DP-10).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// The log line's own id.
    pub id: EntryId,
    /// Who looked.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// Why, if they said.
    pub reason: Option<ShortLine>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ref_4_one_way_to_reach_a_side_is_enough() {
        let blank = ProtectedDetails::blank(FamilyId::from_bytes([1; 16]), Side::Visiting);
        assert_eq!(blank.reachable(), Reachable::No);
        let vehicle = Some(ShortLine::parse("blue van").unwrap());
        assert_eq!(
            ProtectedDetails {
                vehicle,
                ..blank.clone()
            }
            .reachable(),
            Reachable::No,
        );
        let phones = vec![PhoneNumber::parse("01632 960 011").unwrap()];
        assert_eq!(
            ProtectedDetails { phones, ..blank }.reachable(),
            Reachable::Yes
        );
    }
}
