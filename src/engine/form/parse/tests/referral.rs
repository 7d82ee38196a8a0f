//! The short referral form.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::{errors, named, today};
use crate::{
    domain::{
        contact::ContactKind, referral::ReferralSource, side::Side, text::ShortLine, time::Day,
    },
    engine::{
        form::{AdultForm, ChildForm, Problem, ReferralForm},
        wire::Wire,
    },
};

/// Makes one answer of a complete form unacceptable.
type Spoil = fn(&mut ReferralForm);

fn adult(first: &str, relationship: &str) -> AdultForm {
    AdultForm {
        first_name: first.to_owned(),
        last_name: "Price".to_owned(),
        relationship: relationship.to_owned(),
        phone: "01632 960 001".to_owned(),
        ..AdultForm::default()
    }
}

fn referral() -> ReferralForm {
    ReferralForm {
        source: Some(Wire(ReferralSource::Court)),
        referrer_name: "Morwenna Pryce".to_owned(),
        kind: Some(Wire(ContactKind::Supported)),
        children: vec![ChildForm {
            first_name: "Mia".to_owned(),
            last_name: "Price".to_owned(),
            born: "2/5/2019".to_owned(),
        }],
        resident: adult("Dana", "mum"),
        visiting: adult("Tom", "dad"),
        reason: "Order of 2 May".to_owned(),
        allergies: "none known".to_owned(),
        other_needs: "ramp\n\n Welsh at home ".to_owned(),
        ..ReferralForm::blank()
    }
}

#[test]
fn a_complete_referral_becomes_a_draft() {
    let draft = referral().parse(today()).unwrap();
    assert_eq!(draft.children.first().born, Day::parse("2019-05-02").ok());
    assert_eq!(draft.adults.of(Side::Visiting).relationship.as_str(), "dad");
    assert_eq!(draft.adults.of(Side::Visiting).side, Side::Visiting);
    assert_eq!(
        draft
            .details
            .of(Side::Resident)
            .phone
            .as_ref()
            .unwrap()
            .as_str(),
        "01632 960 001"
    );
    let needs: Vec<_> = draft.needs.iter().map(ShortLine::as_str).collect();
    assert_eq!(needs, ["Allergies: none known", "ramp", "Welsh at home"]);
}

#[test]
fn an_empty_referral_names_every_gap_in_the_order_of_the_page() {
    assert_eq!(
        errors(ReferralForm::blank().parse(today())),
        named(&[
            ("source", Problem::Missing),
            ("referrer-name", Problem::Missing),
            ("child-0-first", Problem::Missing),
            ("child-0-last", Problem::Missing),
            ("resident-first", Problem::Missing),
            ("resident-last", Problem::Missing),
            ("resident-relationship", Problem::Missing),
            ("resident-phone", Problem::NoContactDetails),
            ("visiting-first", Problem::Missing),
            ("visiting-last", Problem::Missing),
            ("visiting-relationship", Problem::Missing),
            ("visiting-phone", Problem::NoContactDetails),
            ("kind", Problem::Missing),
            ("reason", Problem::Missing),
            ("allergies", Problem::Missing),
        ]),
    );
}

#[test]
fn each_gap_in_a_referral_is_said_beside_its_field() {
    let cases: [(&str, Spoil, Problem); 12] = [
        (
            "referrer-phone",
            |form| form.referrer_phone = "ring me".into(),
            Problem::NotAPhone,
        ),
        (
            "referrer-organisation",
            |form| form.referrer_organisation = "x".repeat(121),
            Problem::TooLong { max: 120 },
        ),
        (
            "child-0-first",
            |form| form.children.clear(),
            Problem::ChooseOne,
        ),
        (
            "child-1-last",
            |form| {
                form.children.push(ChildForm {
                    first_name: "Leo".into(),
                    ..ChildForm::default()
                });
            },
            Problem::Missing,
        ),
        (
            "child-0-born",
            |form| form.children[0].born = "31/02/2019".into(),
            Problem::NotADay,
        ),
        (
            "child-0-born",
            |form| form.children[0].born = "15/03/2026".into(),
            Problem::NotADay,
        ),
        (
            "resident-phone",
            |form| form.resident.phone = "12".into(),
            Problem::NotAPhone,
        ),
        (
            "visiting-email",
            |form| form.visiting.email = "tom".into(),
            Problem::NotAnEmail,
        ),
        (
            "visiting-address",
            |form| form.visiting.address = "x".repeat(301),
            Problem::TooLong { max: 300 },
        ),
        (
            "reason",
            |form| form.reason = "a\u{7}".into(),
            Problem::Unreadable,
        ),
        (
            "allergies",
            |form| form.allergies = "x".repeat(110),
            Problem::TooLong { max: 109 },
        ),
        (
            "other-needs",
            |form| form.other_needs = format!("ramp\n{}", "x".repeat(121)),
            Problem::TooLong { max: 120 },
        ),
    ];
    for (field, spoil, problem) in cases {
        let mut form = referral();
        spoil(&mut form);
        assert_eq!(errors(form.parse(today())), named(&[(field, problem)]));
    }
}

#[test]
fn ref_4_one_way_to_reach_a_side_is_enough() {
    let mut form = referral();
    form.visiting.phone = " ".to_owned();
    assert_eq!(
        errors(form.parse(today())),
        named(&[("visiting-phone", Problem::NoContactDetails)])
    );
    form.visiting.address = "4 Quay Row\nSaltmere".to_owned();
    let details = form.parse(today()).unwrap().details.visiting;
    assert_eq!(details.address.unwrap().as_str(), "4 Quay Row\nSaltmere");
    assert_eq!(details.phone, None);
}

#[test]
fn a_parent_may_refer_without_a_name_and_nobody_else_may() {
    for source in ReferralSource::ALL {
        let form = ReferralForm {
            source: Some(Wire(*source)),
            referrer_name: String::new(),
            ..referral()
        };
        let parsed = form.parse(today());
        if *source == ReferralSource::SelfReferral {
            assert_eq!(parsed.unwrap().referrer.name, None);
        } else {
            assert_eq!(
                errors(parsed),
                named(&[("referrer-name", Problem::Missing)])
            );
        }
    }
}
