//! The names of the closed vocabularies of the domain.

use crate::domain::{note::EntryKind, referral::ReferralSource, risk::RiskLevel, worker::Role};

/// What is written where nobody knows of an allergy: it was asked, which an empty line would not say.
pub const NONE_KNOWN: &str = "None known";

/// The name of a role.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Coordinator => "Co-ordinator",
        Role::SessionLeader => "Session leader",
        Role::Volunteer => "Volunteer",
        Role::Supervisor => "Supervisor",
        Role::SafeguardingLead => "Safeguarding lead",
        Role::Trustee => "Trustee",
        Role::Treasurer => "Treasurer",
    }
}

/// One line that says what a role may do.
pub fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Coordinator => {
            "Takes referrals, plans sessions, approves tablets. Can read everything."
        }
        Role::SessionLeader => "In charge on the day.",
        Role::Volunteer => "Greets families, records arrivals and handovers.",
        Role::Supervisor => "Stays with one family and writes the note.",
        Role::SafeguardingLead => "Decides what happens to every concern.",
        Role::Trustee => "Sees totals, and no family.",
        Role::Treasurer => "Sees charges, and no notes.",
    }
}

/// The name of a source of referrals.
pub fn source_name(source: ReferralSource) -> &'static str {
    match source {
        ReferralSource::Court => "Court",
        ReferralSource::Cafcass => "Cafcass",
        ReferralSource::CafcassCymru => "Cafcass Cymru",
        ReferralSource::Solicitor => "Solicitor",
        ReferralSource::Mediator => "Mediator",
        ReferralSource::SocialWorker => "Social worker",
        ReferralSource::SelfReferral => "The family themselves",
        ReferralSource::OtherAgency => "Somebody else",
    }
}

/// The name of a level of risk.
pub fn risk_name(risk: RiskLevel) -> &'static str {
    match risk {
        RiskLevel::Low => "Low: ordinary care is enough",
        RiskLevel::Medium => "Medium: controls are needed",
        RiskLevel::High => "High: in sight and hearing throughout",
        RiskLevel::Unmanageable => "Cannot be made safe here",
    }
}

/// The name of a kind of entry.
pub fn entry_kind_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Observed => "Observed",
        EntryKind::Said => "Said",
        EntryKind::Action => "Action",
    }
}
