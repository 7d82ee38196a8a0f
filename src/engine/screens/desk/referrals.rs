//! Referrals as rows, and one referral with its risk decision.
//!
//! It knows summaries for the list and the open document for the page.

use super::{adult, children, wires};

use crate::domain::gather::put_in_order;
use crate::{
    domain::{
        referral::{Referral, ReferralState},
        time::{Day, Moment},
    },
    engine::{
        library::record::Opened,
        open::{Open, commands::document, intake},
        screens::hall::Names,
        summary::{ReferralSummary, SummaryStage},
        view::{ReferralRow, ReferralStage, ReferralView, RiskView},
        wire::{Id, Wire},
    },
};

/// Every referral, the oldest first (REF-11).
pub(super) fn referrals(open: &Open, now: i64) -> Vec<ReferralRow> {
    let mut rows: Vec<ReferralRow> = open
        .referral_summaries()
        .map(|(id, referral)| referral_row(id, referral, now))
        .collect();
    // Summaries come in the order of their names.
    for (family, line) in open.family_summaries() {
        let place = line
            .referral
            .and_then(|referral| rows.binary_search_by(|row| row.id.cmp(&referral)).ok());
        if let Some(row) = place.and_then(|place| rows.get_mut(place))
            && let ReferralStage::Accepted(file) = &mut row.stage
        {
            *file = family;
        }
    }
    put_in_order(&mut rows, |a, b| {
        (a.received_at, &a.reference).cmp(&(b.received_at, &b.reference))
    });
    rows
}

pub(super) fn referral(open: &Open, id: Id, now: i64) -> Option<ReferralView> {
    let Opened::Referral(referral) = open.library.opened(document(id))? else {
        return None;
    };
    let mut row = referrals(open, now).into_iter().find(|row| row.id == id)?;
    if let ReferralState::Started { family, .. } = referral.state {
        row.stage = ReferralStage::Accepted(Id(*family.as_bytes()));
    }
    Some(ReferralView {
        row,
        children: children(referral.children.iter()),
        resident: adult(&referral.resident),
        visiting: adult(&referral.visiting),
        referrer: referrer(referral),
        reason: referral
            .reason
            .as_ref()
            .map_or_else(String::new, |reason| reason.as_str().to_owned()),
        needs: referral
            .needs
            .iter()
            .map(|line| line.as_str().to_owned())
            .collect(),
        risk: referral.risk.as_ref().map(|risk| RiskView {
            level: Wire(risk.overall()),
            suitable: risk.suitable().iter().copied().map(Wire).collect(),
            controls: risk
                .controls()
                .iter()
                .map(|line| line.as_str().to_owned())
                .collect(),
            reason: risk
                .reason()
                .map_or_else(String::new, |reason| reason.as_str().to_owned()),
            by: Names::member(open, risk.decided_by()),
            at: risk.decided_at().ms(),
        }),
        may_offer: wires(&intake::may_offer(referral.risk.as_ref())),
    })
}

/// The row; an accepted referral's file is not looked up yet.
fn referral_row(id: Id, referral: &ReferralSummary, now: i64) -> ReferralRow {
    let received = Day::parse(&referral.received_on).ok();
    let today = Moment::from_ms(now).uk_day();
    let age = received.map_or(0, |day| today.days_since_1970() - day.days_since_1970());
    let midnight = received.map_or(0, |day| day.days_since_1970() * 86_400_000);
    ReferralRow {
        id,
        reference: referral.reference.clone(),
        children: referral.children.clone(),
        source: referral.source,
        kind: referral.kind,
        received_at: midnight,
        age_days: u32::try_from(age).unwrap_or(0),
        stage: match &referral.stage {
            SummaryStage::Received => ReferralStage::Received,
            SummaryStage::Assessed => ReferralStage::Assessed,
            SummaryStage::Accepted => ReferralStage::Accepted(id),
            SummaryStage::Declined(reason) => ReferralStage::Declined(reason.clone()),
        },
    }
}

fn referrer(referral: &Referral) -> String {
    let referrer = &referral.referrer;
    let name = referrer.name.as_ref().map(|name| name.as_str().to_owned());
    let organisation = referrer
        .organisation
        .as_ref()
        .map(|line| line.as_str().to_owned());
    let phone = referrer
        .phone
        .as_ref()
        .map(|phone| phone.as_str().to_owned());
    let parts: Vec<String> = [name, organisation, phone].into_iter().flatten().collect();
    parts.join(", ")
}
