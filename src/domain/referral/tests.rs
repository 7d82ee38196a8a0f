//! The rules of intake, one table each.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::{
    risk::{RiskDecision, RiskLevel},
    sample::{at, member, referral, saturday},
};

const BOTH: PerSide<Reachable> = PerSide {
    resident: Reachable::Yes,
    visiting: Reachable::Yes,
};

fn decision(level: RiskLevel) -> RiskDecision {
    let kinds = ContactKind::ALL.iter().copied();
    RiskDecision::decide(level, kinds, Vec::new(), None, member(1), at("09:00"))
}

fn assessing() -> Referral {
    referral(ReferralSource::Court)
        .begin_assessment(BOTH)
        .unwrap()
}

#[test]
fn ref_1_eight_sources_are_told_apart_and_a_court_is_one_of_them() {
    assert_eq!(ReferralSource::ALL.len(), 8);
    assert_eq!(
        ReferralSource::parse_word("court"),
        Ok(ReferralSource::Court)
    );
    assert!(ReferralSource::parse_word("newspaper").is_err());
}

#[test]
fn ref_2_a_self_referral_waits_for_both_forms_and_others_do_not() {
    for (source, resident, visiting, missing) in [
        (
            ReferralSource::SelfReferral,
            Form::Received,
            Form::Received,
            vec![],
        ),
        (
            ReferralSource::SelfReferral,
            Form::Awaited,
            Form::Received,
            vec![Missing::Form(Side::Resident)],
        ),
        (
            ReferralSource::SelfReferral,
            Form::Awaited,
            Form::Awaited,
            vec![Missing::Form(Side::Resident), Missing::Form(Side::Visiting)],
        ),
        (ReferralSource::Court, Form::Awaited, Form::Awaited, vec![]),
    ] {
        let referral = Referral {
            forms: PerSide { resident, visiting },
            ..referral(source)
        };
        assert_eq!(referral.missing(BOTH), missing);
        let stage = referral.clone().checked(BOTH).state.stage();
        let expected = if missing.is_empty() {
            ReferralStage::Received
        } else {
            ReferralStage::Incomplete
        };
        assert_eq!(stage, expected);
        assert_eq!(referral.begin_assessment(BOTH).is_ok(), missing.is_empty());
    }
}

#[test]
fn ref_4_a_side_that_cannot_be_reached_stops_the_referral() {
    for side in Side::ALL.iter().copied() {
        let reachable = match side {
            Side::Resident => PerSide {
                resident: Reachable::No,
                ..BOTH
            },
            Side::Visiting => PerSide {
                visiting: Reachable::No,
                ..BOTH
            },
        };
        assert_eq!(
            referral(ReferralSource::Cafcass).begin_assessment(reachable),
            Err(ReferralRefusal::Incomplete(vec![Missing::ContactDetails(
                side
            )])),
        );
    }
}

#[test]
fn ref_5_nothing_is_accepted_without_a_decision_on_risk() {
    let refused = Err(ReferralRefusal::RiskNotDecided);
    assert_eq!(
        assessing().accept(ContactKind::Supported, saturday()),
        refused
    );
    assert_eq!(assessing().wait(saturday()), refused);
    let decided = assessing().decide_risk(decision(RiskLevel::Low)).unwrap();
    let accepted = decided.accept(ContactKind::Supported, saturday()).unwrap();
    assert_eq!(
        accepted.state,
        ReferralState::Accepted {
            kind: ContactKind::Supported,
            on: saturday()
        },
    );
}

#[test]
fn ref_5_a_referral_is_assessed_before_it_is_accepted() {
    let decided = referral(ReferralSource::Court)
        .decide_risk(decision(RiskLevel::Low))
        .unwrap();
    assert_eq!(
        decided.accept(ContactKind::Supported, saturday()),
        Err(ReferralRefusal::RiskNotDecided),
    );
}

#[test]
fn ref_6_the_decision_on_risk_limits_the_kinds_that_may_be_offered() {
    for (level, kind, accepted) in [
        (RiskLevel::Medium, ContactKind::Supported, true),
        (RiskLevel::High, ContactKind::Supported, false),
        (RiskLevel::High, ContactKind::Supervised, true),
        (RiskLevel::Unmanageable, ContactKind::Supervised, false),
    ] {
        let decided = assessing().decide_risk(decision(level)).unwrap();
        let outcome = decided.accept(kind, saturday());
        if accepted {
            assert!(outcome.is_ok(), "{level:?} {kind:?}");
        } else {
            assert_eq!(outcome, Err(ReferralRefusal::KindNotSafe(kind)));
        }
    }
}

#[test]
fn ref_9_any_open_referral_may_be_declined_with_a_reason() {
    for source in ReferralSource::ALL {
        let declined = referral(*source)
            .decline(DeclineReason::NoPlace, saturday())
            .unwrap();
        assert_eq!(
            declined.state,
            ReferralState::Declined {
                reason: DeclineReason::NoPlace,
                on: saturday()
            },
        );
        assert_eq!(
            declined.decline(DeclineReason::Other, saturday()),
            Err(ReferralRefusal::AlreadyAt(ReferralStage::Declined)),
        );
    }
}

#[test]
fn a_family_file_is_opened_once_and_only_from_an_offered_place() {
    let family = FamilyId::from_bytes([7; 16]);
    assert!(assessing().start(family, saturday()).is_err());
    let accepted = assessing()
        .decide_risk(decision(RiskLevel::Low))
        .and_then(|referral| referral.accept(ContactKind::Supported, saturday()))
        .unwrap();
    let started = accepted.clone().start(family, saturday()).unwrap();
    assert!(!started.state.stage().is_open());
    assert!(started.start(family, saturday()).is_err());
    assert!(accepted.give_up_place(saturday()).is_ok());
}

#[test]
fn a_withdrawn_referral_is_closed_for_everything() {
    let withdrawn = assessing()
        .withdraw(WithdrawnBy::Visiting, saturday())
        .unwrap();
    let closed = ReferralRefusal::AlreadyAt(ReferralStage::Withdrawn);
    assert_eq!(
        withdrawn.clone().begin_assessment(BOTH),
        Err(closed.clone())
    );
    assert_eq!(
        withdrawn.clone().decide_risk(decision(RiskLevel::Low)),
        Err(closed.clone()),
    );
    assert_eq!(
        withdrawn.accept(ContactKind::Supported, saturday()),
        Err(closed)
    );
}
