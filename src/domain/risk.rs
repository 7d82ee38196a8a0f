//! The judgement that decides which kinds of contact are safe.

use std::collections::BTreeSet;

use crate::domain::{
    contact::ContactKind,
    gather::Gather,
    ids::MemberId,
    text::{LongText, ShortLine},
    time::Moment,
};

vocabulary! {
    /// The overall judgement.
    RiskLevel, "a level of risk" {
        /// Ordinary care is enough.
        Low = "low",
        /// Controls are needed.
        Medium = "medium",
        /// Sight and sound throughout are needed.
        High = "high",
        /// No control makes it safe here.
        Unmanageable = "unmanageable",
    }
}

/// A dated decision about one referral.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RiskDecision {
    overall: RiskLevel,
    suitable: BTreeSet<ContactKind>,
    controls: Vec<ShortLine>,
    reason: Option<LongText>,
    decided_by: MemberId,
    decided_at: Moment,
}

impl RiskDecision {
    /// Records a judgement; kinds the level rules out are left out of the choice (REF-6).
    pub fn decide(
        overall: RiskLevel,
        suitable: impl IntoIterator<Item = ContactKind>,
        controls: Vec<ShortLine>,
        reason: Option<LongText>,
        decided_by: MemberId,
        decided_at: Moment,
    ) -> Self {
        let suitable = suitable
            .into_iter()
            .filter(|kind| allows(overall, *kind))
            .gather();
        Self {
            overall,
            suitable,
            controls,
            reason,
            decided_by,
            decided_at,
        }
    }

    /// The overall judgement.
    pub const fn overall(&self) -> RiskLevel {
        self.overall
    }

    /// The kinds of contact that are safe enough.
    pub const fn suitable(&self) -> &BTreeSet<ContactKind> {
        &self.suitable
    }

    /// Plain instructions: separate doors, two workers, a walk to the car.
    pub fn controls(&self) -> &[ShortLine] {
        &self.controls
    }

    /// Why, in the words of the person who decided.
    pub const fn reason(&self) -> Option<&LongText> {
        self.reason.as_ref()
    }

    /// Who decided.
    pub const fn decided_by(&self) -> MemberId {
        self.decided_by
    }

    /// When.
    pub const fn decided_at(&self) -> Moment {
        self.decided_at
    }
}

/// Whether a level of risk leaves a kind in the choice (REF-6).
///
/// ```
/// use neutral_ground::domain::{contact::ContactKind, risk::{allows, RiskLevel}};
/// assert!(!allows(RiskLevel::High, ContactKind::Supported));
/// assert!(allows(RiskLevel::High, ContactKind::Supervised));
/// ```
pub const fn allows(overall: RiskLevel, kind: ContactKind) -> bool {
    match overall {
        RiskLevel::Low | RiskLevel::Medium => true,
        RiskLevel::High => !matches!(kind, ContactKind::Supported),
        RiskLevel::Unmanageable => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ref_6_high_risk_removes_supported_and_unmanageable_removes_all() {
        for (risk, left) in [
            (RiskLevel::Low, ContactKind::ALL.len()),
            (RiskLevel::Medium, ContactKind::ALL.len()),
            (RiskLevel::High, ContactKind::ALL.len() - 1),
            (RiskLevel::Unmanageable, 0),
        ] {
            let decision = RiskDecision::decide(
                risk,
                ContactKind::ALL.iter().copied(),
                Vec::new(),
                None,
                MemberId::from_bytes([1; 16]),
                Moment::from_ms(0),
            );
            assert_eq!(decision.suitable().len(), left, "{risk:?}");
            let supported = decision.suitable().contains(&ContactKind::Supported);
            assert_eq!(
                supported,
                matches!(risk, RiskLevel::Low | RiskLevel::Medium)
            );
        }
    }
}
