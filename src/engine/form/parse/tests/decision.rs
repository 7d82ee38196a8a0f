//! The risk decision and the arrangement.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{errors, named};
use crate::{
    domain::{
        arrangement::Length, contact::ContactKind, risk::RiskLevel, stagger::Stagger,
        text::ShortLine,
    },
    engine::{
        form::{ArrangementForm, Problem, RiskForm},
        wire::Wire,
    },
};

const ALL_BUT_SUPPORTED: [ContactKind; 2] = [ContactKind::Supervised, ContactKind::Assisted];

#[test]
fn ref_6_high_risk_refuses_supported_and_unmanageable_refuses_every_kind() {
    let kinds = [Wire(ContactKind::Supported), Wire(ContactKind::Supervised)];
    let cases = [
        (RiskLevel::Low, &kinds[..], None),
        (RiskLevel::Medium, &kinds[..], None),
        (RiskLevel::High, &kinds[..], Some(Problem::KindNotAllowed)),
        (RiskLevel::High, &kinds[1..], None),
        (RiskLevel::High, &[], Some(Problem::ChooseOne)),
        (
            RiskLevel::Unmanageable,
            &kinds[1..],
            Some(Problem::KindNotAllowed),
        ),
        (RiskLevel::Unmanageable, &[], None),
    ];
    for (level, suitable, expected) in cases {
        let form = RiskForm {
            level: Some(Wire(level)),
            suitable: suitable.to_vec(),
            controls: "two workers\nside door".to_owned(),
            reason: "police letter".to_owned(),
        };
        match expected {
            None => assert_eq!(form.parse().unwrap().controls.len(), 2),
            Some(problem) => assert_eq!(errors(form.parse()), named(&[("suitable", problem)])),
        }
    }
}

#[test]
fn an_empty_risk_decision_names_level_and_reason() {
    assert_eq!(
        errors(RiskForm::blank().parse()),
        named(&[
            ("risk-level", Problem::Missing),
            ("risk-reason", Problem::Missing)
        ]),
    );
}

#[test]
fn the_usual_arrangement_needs_only_a_kind() {
    let form = ArrangementForm::usual();
    assert_eq!(
        errors(form.parse(&ALL_BUT_SUPPORTED)),
        named(&[("arrangement-kind", Problem::Missing)])
    );
    let form = ArrangementForm {
        kind: Some(Wire(ContactKind::Supervised)),
        collectors: "Pat Price, gran\nSam Oak\n".to_owned(),
        ..form
    };
    let draft = form.parse(&ALL_BUT_SUPPORTED).unwrap();
    assert_eq!(
        (draft.length, draft.stagger),
        (Length::USUAL, Stagger::USUAL)
    );
    let collectors: Vec<_> = draft
        .collectors
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.relationship.as_ref().map(ShortLine::as_str),
            )
        })
        .collect();
    assert_eq!(collectors, [("Pat Price", Some("gran")), ("Sam Oak", None)]);
}

#[test]
fn ref_6_a_kind_that_may_not_be_offered_is_refused() {
    let form = ArrangementForm {
        kind: Some(Wire(ContactKind::Supported)),
        ..ArrangementForm::usual()
    };
    assert_eq!(
        errors(form.parse(&ALL_BUT_SUPPORTED)),
        named(&[("arrangement-kind", Problem::KindNotAllowed)]),
    );
}

#[test]
fn arr_1_the_gap_is_10_to_30_minutes_while_the_sides_are_kept_apart() {
    let (apart, meeting) = (true, false);
    let cases = [
        (apart, "10", None),
        (apart, "30", None),
        (apart, "9", Some(Problem::GapTooSmall)),
        (apart, "31", Some(Problem::OutOfRange { min: 10, max: 30 })),
        (
            apart,
            "soon",
            Some(Problem::OutOfRange { min: 10, max: 30 }),
        ),
        (apart, "", Some(Problem::Missing)),
        (meeting, "0", None),
        (meeting, "-1", Some(Problem::OutOfRange { min: 0, max: 30 })),
        (meeting, "31", Some(Problem::OutOfRange { min: 0, max: 30 })),
    ];
    for (keep_apart, gap, expected) in cases {
        let form = ArrangementForm {
            kind: Some(Wire(ContactKind::Supervised)),
            keep_apart,
            gap_minutes: gap.to_owned(),
            ..ArrangementForm::usual()
        };
        match expected {
            None => assert!(form.parse(&ALL_BUT_SUPPORTED).is_ok(), "{gap}"),
            Some(problem) => assert_eq!(
                errors(form.parse(&ALL_BUT_SUPPORTED)),
                named(&[("gap", problem)])
            ),
        }
    }
}

#[test]
fn cap_7_a_visit_lasts_10_to_120_minutes() {
    for (length, accepted) in [
        ("10", true),
        ("120", true),
        ("9", false),
        ("121", false),
        ("two", false),
    ] {
        let form = ArrangementForm {
            kind: Some(Wire(ContactKind::Supervised)),
            length_minutes: length.to_owned(),
            ..ArrangementForm::usual()
        };
        let parsed = form.parse(&ALL_BUT_SUPPORTED);
        if accepted {
            assert_eq!(parsed.unwrap().length.minutes().to_string(), length);
        } else {
            let expected = [("length", Problem::OutOfRange { min: 10, max: 120 })];
            assert_eq!(errors(parsed), named(&expected));
        }
    }
}
