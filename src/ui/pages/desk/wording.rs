//! The desk's own words for values of the field. Pure: values in, words out; knows no page and no clock.

use crate::{
    domain::{
        contact::ContactKind, referral::DeclineReason, risk::RiskLevel, time::Day, worker::Role,
    },
    engine::{
        view::{NextStep, ReferralStage, VisitRow},
        wire::Wire,
    },
    ui::i18n,
};

/// Ten working days, in days: the age at which an untouched referral asks to be looked at (REF-11).
const LOOK_AT_DAYS: u32 = 14;

/// Where a referral stands, in words.
pub(super) fn stage(stage: &ReferralStage) -> &'static str {
    match stage {
        ReferralStage::Received => "Waiting for a risk decision",
        ReferralStage::Assessed => "Risk decided: offer or decline",
        ReferralStage::Accepted(_) => "Accepted",
        ReferralStage::Declined(_) => "Declined",
    }
}

/// Whether somebody still has to decide something.
pub(super) const fn is_open(stage: &ReferralStage) -> bool {
    match stage {
        ReferralStage::Received | ReferralStage::Assessed => true,
        ReferralStage::Accepted(_) | ReferralStage::Declined(_) => false,
    }
}

/// Whether an open referral has waited longer than it should (REF-11).
pub(super) const fn is_overdue(stage: &ReferralStage, age_days: u32) -> bool {
    is_open(stage) && age_days >= LOOK_AT_DAYS
}

/// "Came today", "1 day", "14 days".
pub(super) fn age(days: u32) -> String {
    if days == 0 {
        "Today".to_owned()
    } else {
        i18n::count(i64::from(days), "day", "days")
    }
}

/// A class of reason for declining.
pub(super) const fn decline_reason(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::Risk => "The risk cannot be managed here",
        DeclineReason::OtherKindNeeded => "Another kind of contact is needed than we give",
        DeclineReason::NoPlace => "No place in reasonable time",
        DeclineReason::InformationMissing => "What we asked for did not come",
        DeclineReason::AfterPreVisit => "The pre-visit showed that it will not work",
        DeclineReason::Other => "Another reason, told to the referrer",
    }
}

/// The reason in words, whether it came as the stable word or in words already.
pub(super) fn declined_because(reason: &str) -> String {
    DeclineReason::parse_word(reason).map_or_else(
        |_| reason.to_owned(),
        |reason| decline_reason(reason).to_owned(),
    )
}

/// The name of a level of risk, before its meaning.
pub(super) const fn level(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => "Low",
        RiskLevel::Medium => "Medium",
        RiskLevel::High => "High",
        RiskLevel::Unmanageable => "Cannot be made safe here",
    }
}

/// What a level of risk means for what may be offered (REF-6).
pub(super) const fn level_meaning(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => "Ordinary care is enough.",
        RiskLevel::Medium => "Safe with the controls written below.",
        RiskLevel::High => {
            "Sight and sound are needed throughout, so supported contact cannot be offered."
        }
        RiskLevel::Unmanageable => "No control makes it safe, so no place can be offered.",
    }
}

/// Kinds in a list: "Assisted and Supervised".
pub(super) fn kinds(kinds: &[Wire<ContactKind>]) -> String {
    i18n::list(
        &kinds
            .iter()
            .map(|kind| i18n::kind_name(kind.0).to_owned())
            .collect::<Vec<_>>(),
    )
}

/// Roles in a list: "Volunteer and Supervisor". Who has none has left.
pub(super) fn roles(roles: &[Wire<Role>]) -> String {
    if roles.is_empty() {
        return "Has left".to_owned();
    }
    i18n::list(
        &roles
            .iter()
            .map(|role| i18n::role_name(role.0).to_owned())
            .collect::<Vec<_>>(),
    )
}

/// A child with the day of birth, if it is known.
pub(super) fn child(child: &(String, Option<String>)) -> String {
    match child {
        (name, Some(born)) => format!("{name}, born {}", i18n::date(born)),
        (name, None) => name.clone(),
    }
}

/// `2026-03-14` as "Sat 14 March 2026"; as it stands where it is not a day.
pub(super) fn short_day(iso: &str) -> String {
    Day::parse(iso).map_or_else(
        |_| iso.to_owned(),
        |day| format!("{} {}", day.spoken(), day.numbers().0),
    )
}

/// How far a visit has come, in two or three words.
pub(super) fn visit_state(row: &VisitRow) -> &'static str {
    let absent = row.resident.not_coming.is_some() || row.visiting.not_coming.is_some();
    let begun = row.resident.arrived.is_some() || row.visiting.arrived.is_some();
    match (&row.next, absent, begun) {
        (_, true, _) => "Not coming",
        (NextStep::Finished, false, _) => "Took place",
        (NextStep::Do(_) | NextStep::WaitUntil { .. }, false, true) => "Under way",
        (NextStep::Do(_) | NextStep::WaitUntil { .. }, false, false) => "Planned",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_worded_whether_it_comes_as_a_word_or_in_words() {
        for reason in DeclineReason::ALL {
            assert_eq!(declined_because(reason.word()), decline_reason(*reason));
        }
        assert_eq!(declined_because("moved away"), "moved away");
    }

    #[test]
    fn ref_11_an_open_referral_is_overdue_after_ten_working_days() {
        for (days, overdue) in [(0, false), (13, false), (14, true), (90, true)] {
            assert_eq!(is_overdue(&ReferralStage::Received, days), overdue);
            assert!(!is_overdue(
                &ReferralStage::Declined("other".to_owned()),
                days
            ));
        }
    }
}
