//! Families as rows, and one family file with its arrangement.
//!
//! It knows protected details only while a logged opening is on the screen.

use super::{adult, children, count, wires};

use crate::domain::gather::put_in_order;
use crate::{
    documents::record::protected,
    domain::{
        arrangement::Arrangement, contact::ContactKind, family::FamilyFile, person::Collector,
        policy, protected::ProtectedDetails,
    },
    engine::{
        form::ArrangementForm,
        library::record::Opened,
        open::{Open, commands::document},
        screens::hall::Names,
        summary::{ArrangementSummary, FamilySummary, Summary},
        view::{DetailsView, FamilyRow, FamilyView},
        wire::{Id, Wire},
    },
};

pub(super) fn families(open: &Open, now: i64) -> Vec<FamilyRow> {
    let mut rows: Vec<FamilyRow> = open
        .library
        .summaries()
        .filter_map(|(id, _, summary)| {
            summary
                .as_family()
                .map(|family| family_row(open, Id(*id.as_bytes()), family, now))
        })
        .collect();
    put_in_order(&mut rows, |a, b| a.code.cmp(&b.code));
    rows
}

pub(super) fn family(open: &Open, id: Id, now: i64) -> Option<FamilyView> {
    let Opened::Family(file) = open.library.opened(document(id))? else {
        return None;
    };
    let Some(Summary::Family(summary)) = open.library.entry(document(id))?.summary.as_ref() else {
        return None;
    };
    let (_, arrangement) = open.arrangement_of(id)?;
    let mut visits = open.visit_rows(&open.family_visits(id), now);
    visits.reverse();
    Some(FamilyView {
        row: family_row(open, id, summary, now),
        children: children(file.children.iter()),
        resident: adult(&file.resident),
        visiting: adult(&file.visiting),
        needs: file
            .needs
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        arrangement: arrangement_form(arrangement, file),
        arrangement_version: arrangement.version,
        referral: file
            .referral
            .map_or(id, |referral| Id(*referral.as_bytes())),
        may_offer: wires(
            &open
                .may_offer_to(id)
                .unwrap_or_else(|| vec![arrangement.kind]),
        ),
        details: details(open, id),
        visits,
    })
}

fn family_row(open: &Open, id: Id, family: &FamilySummary, now: i64) -> FamilyRow {
    let starts = open.library.summaries().filter_map(|(_, _, summary)| {
        summary
            .as_visit()
            .filter(|visit| visit.family_code == family.code)
            .map(|visit| visit.starts)
    });
    let starts: Vec<i64> = starts.collect();
    FamilyRow {
        id,
        code: family.code.clone(),
        children: family.children.clone(),
        kind: arrangement_summary(open, id)
            .map_or(Wire(ContactKind::Supported), |arrangement| arrangement.kind),
        next_visit: starts.iter().copied().filter(|start| *start >= now).min(),
        visits: count(starts.iter().filter(|start| **start < now).count()),
    }
}

pub(super) fn arrangement_summary(open: &Open, family: Id) -> Option<&ArrangementSummary> {
    open.library.summaries().find_map(|(_, _, summary)| {
        summary
            .as_arrangement()
            .filter(|arrangement| arrangement.family == family)
    })
}

fn arrangement_form(arrangement: &Arrangement, file: &FamilyFile) -> ArrangementForm {
    let collectors: Vec<String> = file.collectors.iter().map(collector).collect();
    ArrangementForm {
        kind: Some(Wire(arrangement.kind)),
        length_minutes: arrangement.length.minutes().to_string(),
        first_in: Wire(arrangement.stagger.first_in()),
        gap_minutes: arrangement.stagger.arrival_gap().minutes().to_string(),
        keep_apart: arrangement.stagger.keep_apart(),
        collectors: collectors.join("\n"),
    }
}

fn collector(collector: &Collector) -> String {
    match &collector.relationship {
        Some(relationship) => format!("{}, {}", collector.name.as_str(), relationship.as_str()),
        None => collector.name.as_str().to_owned(),
    }
}

/// One side's protected details, only while a logged opening is on the screen.
fn details(open: &Open, family: Id) -> Option<DetailsView> {
    let shown = open
        .details
        .filter(|shown| shown.family == document(family))?;
    let permit = policy::may_open_protected(&open.acting()).ok()?;
    let live = open.library.live(shown.document)?;
    let details: ProtectedDetails = protected::read(&live.document, permit).ok()?;
    let openings = protected::openings(&live.document)
        .map(|kept| kept.readable)
        .unwrap_or_default();
    let mut openings: Vec<(String, i64)> = openings
        .iter()
        .map(|opening| (Names::member(open, opening.by), opening.at.ms()))
        .collect();
    put_in_order(&mut openings, |(_, a), (_, b)| b.cmp(a));
    Some(DetailsView {
        side: Wire(shown.side),
        phone: details
            .phones
            .first()
            .map_or_else(String::new, |phone| phone.as_str().to_owned()),
        email: details
            .email
            .as_ref()
            .map_or_else(String::new, |email| email.as_str().to_owned()),
        address: details
            .address
            .as_ref()
            .map_or_else(String::new, |address| address.as_str().to_owned()),
        openings,
    })
}
