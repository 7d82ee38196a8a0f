//! The one-byte codes of the domain's vocabularies.
//!
//! A code is never changed and never used again for something else: page and Worker may for a moment
//! be of two versions while an update takes over.

use super::Coded;
use crate::domain::{
    attendance::AbsenceReason, contact::ContactKind, note::EntryKind, referral::ReferralSource,
    risk::RiskLevel, side::Side, worker::Role,
};

macro_rules! codes {
    ($( $name:ident { $( $variant:ident = $code:literal ),+ $(,)? } )+) => { $(
        impl Coded for $name {
            fn code(self) -> u8 {
                match self { $( Self::$variant => $code ),+ }
            }

            fn from_code(code: u8) -> Option<Self> {
                match code {
                    $( $code => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }
    )+ };
}

codes! {
    Side { Resident = 0, Visiting = 1 }
    ContactKind {
        Supported = 0, Assisted = 1, Supervised = 2, Handover = 3, Escorted = 4, Video = 5, Indirect = 6,
        Identity = 7, Assessment = 8,
    }
    ReferralSource {
        Court = 0, Cafcass = 1, CafcassCymru = 2, Solicitor = 3, Mediator = 4, SocialWorker = 5,
        SelfReferral = 6, OtherAgency = 7,
    }
    RiskLevel { Low = 0, Medium = 1, High = 2, Unmanageable = 3 }
    Role {
        Coordinator = 0, SessionLeader = 1, Volunteer = 2, Supervisor = 3, SafeguardingLead = 4, Trustee = 5,
        Treasurer = 6,
    }
    EntryKind { Observed = 0, Said = 1, Action = 2 }
    AbsenceReason {
        NoMessage = 0, CancelledInTime = 1, CancelledLate = 2, Ill = 3, ChildDeclined = 4, Centre = 5, Other = 6,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use core::fmt::Debug;

    use super::*;
    use crate::engine::wire::Wire;

    fn check<T: Coded + PartialEq + Debug>(values: &[T], codes: &[u8]) {
        let found: Vec<_> = values.iter().map(|value| value.code()).collect();
        assert_eq!(found, codes);
        for value in values {
            assert_eq!(T::from_code(value.code()), Some(*value));
            let bytes = postcard::to_allocvec(&Wire(*value)).unwrap();
            assert_eq!(bytes, [value.code()]);
            assert_eq!(
                postcard::from_bytes::<Wire<T>>(&bytes).unwrap(),
                Wire(*value)
            );
        }
        let next = u8::try_from(values.len()).unwrap();
        assert_eq!(T::from_code(next), None);
        assert!(postcard::from_bytes::<Wire<T>>(&[next]).is_err());
    }

    #[test]
    fn every_value_keeps_its_code_and_comes_back_from_it() {
        check(Side::ALL, &[0, 1]);
        check(ContactKind::ALL, &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
        check(ReferralSource::ALL, &[0, 1, 2, 3, 4, 5, 6, 7]);
        check(AbsenceReason::ALL, &[0, 1, 2, 3, 4, 5, 6]);
        check(RiskLevel::ALL, &[0, 1, 2, 3]);
        check(Role::ALL, &[0, 1, 2, 3, 4, 5, 6]);
        check(
            &[EntryKind::Observed, EntryKind::Said, EntryKind::Action],
            &[0, 1, 2],
        );
    }
}
