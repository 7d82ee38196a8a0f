//! Need to know and need to do, one table for all roles.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::sample::{acting, member, visit};

#[test]
fn each_role_may_do_what_its_work_asks_for_and_nothing_more() {
    // role, plans, decides on risk, records attendance, opens protected details, invites
    let table = [
        (Role::Coordinator, true, true, true, true, true),
        (Role::SessionLeader, false, false, true, false, false),
        (Role::Volunteer, false, false, true, false, false),
        (Role::Supervisor, false, false, true, false, false),
        (Role::SafeguardingLead, false, false, false, true, false),
        (Role::Trustee, false, false, false, false, false),
        (Role::Treasurer, false, false, false, false, false),
    ];
    assert_eq!(table.map(|row| row.0), Role::ALL);
    for (role, plans, risk, attendance, protected, invites) in table {
        let person = acting(1, &[role]);
        assert_eq!(may_plan(&person).is_ok(), plans, "{role:?}");
        assert_eq!(may_decide_risk(&person).is_ok(), risk, "{role:?}");
        assert_eq!(
            may_record_attendance(&person).is_ok(),
            attendance,
            "{role:?}"
        );
        assert_eq!(may_open_protected(&person).is_ok(), protected, "{role:?}");
        assert_eq!(may_manage_people(&person).is_ok(), invites, "{role:?}");
    }
}

#[test]
fn a_permit_names_who_asked_for_it_and_a_refusal_names_the_role() {
    assert_eq!(
        may_plan(&acting(4, &[Role::Coordinator])).unwrap().by(),
        member(4)
    );
    assert_eq!(
        may_plan(&acting(4, &[Role::Volunteer])),
        Err(Refusal::RoleNeeded(Role::Coordinator)),
    );
    assert_eq!(
        may_plan(&acting(4, &[])),
        Err(Refusal::RoleNeeded(Role::Coordinator))
    );
}

#[test]
fn rec_1_nobody_writes_a_note_about_a_visit_that_is_not_observed() {
    let everything = acting(1, Role::ALL);
    for kind in ContactKind::ALL.iter().copied() {
        let permit = may_write_note(&everything, &visit(kind));
        match kind.observed() {
            Some(observed) => assert_eq!(permit.unwrap().kind(), observed),
            None => assert_eq!(permit, Err(Refusal::NotObserved(kind))),
        }
    }
}

#[test]
fn only_the_named_supervisor_writes_the_note() {
    let named = Visit {
        supervisor: Some(member(2)),
        ..visit(ContactKind::Supervised)
    };
    let two = acting(2, &[Role::Volunteer]);
    assert_eq!(may_write_note(&two, &named).unwrap().by(), member(2));
    assert_eq!(
        may_write_note(&acting(1, &[Role::Supervisor, Role::Coordinator]), &named),
        Err(Refusal::OtherSupervisor),
    );
}

#[test]
fn an_assisted_visit_without_a_name_is_any_supervisors() {
    let open = visit(ContactKind::Assisted);
    assert!(may_write_note(&acting(1, &[Role::Supervisor]), &open).is_ok());
    assert_eq!(
        may_write_note(&acting(1, &[Role::Volunteer]), &open),
        Err(Refusal::RoleNeeded(Role::Supervisor)),
    );
}
