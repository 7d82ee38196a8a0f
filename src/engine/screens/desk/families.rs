//! Families as rows, and one family file with its arrangement.
//!
//! It knows protected details only while a logged opening is on the screen.

use super::{adult, children, wires};

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
        summary::FamilySummary,
        view::{DetailsView, FamilyRow, FamilyView},
        wire::{Id, Wire},
    },
};

pub(super) fn families(open: &Open, now: i64) -> Vec<FamilyRow> {
    let mut rows: Vec<FamilyRow> = open
        .family_summaries()
        .map(|(id, family)| family_row(id, family))
        .collect();
    // Summaries come in the order of their names.
    for (_, arrangement) in open.arrangement_summaries() {
        let place = rows.binary_search_by(|row| row.id.cmp(&arrangement.family));
        if let Some(row) = place.ok().and_then(|place| rows.get_mut(place)) {
            row.kind = arrangement.kind;
        }
    }
    put_in_order(&mut rows, |a, b| a.code.cmp(&b.code));
    for (_, visit) in open.visit_summaries() {
        let first = rows.partition_point(|row| row.code < visit.family_code);
        let named = rows.iter_mut().skip(first);
        // Two desks that were out of touch may have given one code twice.
        for row in named.take_while(|row| row.code == visit.family_code) {
            count_visit(row, visit.starts, now);
        }
    }
    rows
}

pub(super) fn family(open: &Open, id: Id, now: i64) -> Option<FamilyView> {
    let Opened::Family(file) = open.library.opened(document(id))? else {
        return None;
    };
    let (_, arrangement) = open.arrangement_of(id)?;
    let mut visits = open.visit_rows(&open.family_visits(id), now);
    visits.reverse();
    Some(FamilyView {
        row: families(open, now).into_iter().find(|row| row.id == id)?,
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

/// The row with no visit counted and no arrangement looked up yet.
fn family_row(id: Id, family: &FamilySummary) -> FamilyRow {
    FamilyRow {
        id,
        code: family.code.clone(),
        children: family.children.clone(),
        kind: Wire(ContactKind::Supported),
        next_visit: None,
        visits: 0,
    }
}

fn count_visit(row: &mut FamilyRow, starts: i64, now: i64) {
    if starts < now {
        row.visits += 1;
    } else if row.next_visit.is_none_or(|next| starts < next) {
        row.next_visit = Some(starts);
    }
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
