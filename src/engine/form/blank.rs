//! Forms before anybody has typed, with what is usual already chosen.

use super::{AdultForm, ArrangementForm, ChildForm, ReferralForm, RiskForm};
use crate::{
    domain::{arrangement::Length, stagger::Stagger},
    engine::wire::Wire,
};

impl ReferralForm {
    /// One child, nothing typed.
    pub fn blank() -> Self {
        Self {
            source: None,
            referrer_name: String::new(),
            referrer_organisation: String::new(),
            referrer_phone: String::new(),
            kind: None,
            children: vec![ChildForm::default()],
            resident: AdultForm::default(),
            visiting: AdultForm::default(),
            reason: String::new(),
            allergies: String::new(),
            other_needs: String::new(),
        }
    }
}

impl RiskForm {
    /// Nothing judged.
    pub const fn blank() -> Self {
        Self {
            level: None,
            suitable: Vec::new(),
            controls: String::new(),
            reason: String::new(),
        }
    }
}

impl ArrangementForm {
    /// Two hours, visiting adult first, 15 minutes between the sides, never meeting (CAP-7, ARR-1, ARR-2, ARR-4).
    pub fn usual() -> Self {
        Self {
            kind: None,
            length_minutes: Length::USUAL.minutes().to_string(),
            first_in: Wire(Stagger::USUAL.first_in()),
            gap_minutes: Stagger::USUAL.arrival_gap().minutes().to_string(),
            keep_apart: Stagger::USUAL.keep_apart(),
            collectors: String::new(),
        }
    }
}
