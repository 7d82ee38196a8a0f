//! What was asked for, as facts.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::view::ReferralView,
    ui::{
        i18n,
        memo::Memo,
        pages::desk::{
            facts::{Fact, Facts},
            wording,
        },
    },
};

/// The facts of a referral.
#[component]
pub(super) fn Asked(
    /// The referral.
    referral: Memo<ReferralView>,
) -> impl IntoView {
    let one = move |read: fn(&ReferralView) -> String| {
        Signal::derive(move || referral.with(|referral| vec![read(referral)]))
    };
    let children = Signal::derive(move || {
        referral.with(|referral| {
            referral
                .children
                .iter()
                .map(wording::child)
                .collect::<Vec<_>>()
        })
    });
    let needs = Signal::derive(move || referral.read().needs.clone());
    let reason = Signal::derive(move || {
        referral.with(|referral| {
            referral
                .reason
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="card stack" aria-labelledby="asked">
            <h2 class="card-title" id="asked">
                "What was asked for"
            </h2>
            <Facts>
                <Fact name="Children" lines=children />
                <Fact name="Lives with" lines=one(|referral| referral.resident.clone()) />
                <Fact name="Visiting adult" lines=one(|referral| referral.visiting.clone()) />
                <Fact name="Asked by" lines=one(asked_by) />
                <Fact name="Kind asked for" lines=one(|referral| i18n::kind_name(referral.row.kind.0).to_owned()) />
                <Fact name="Why" lines=reason />
                <Fact name="Needs" lines=needs />
                <Fact name="Received" lines=one(received) />
            </Facts>
            <p class="muted small">
                "Addresses and phone numbers are kept apart. They open from the family file, one side at a time, and each opening is logged."
            </p>
        </section>
    }
}

fn asked_by(referral: &ReferralView) -> String {
    let source = i18n::source_name(referral.row.source.0);
    match referral.referrer.trim() {
        "" => source.to_owned(),
        referrer => format!("{source}: {referrer}"),
    }
}

fn received(referral: &ReferralView) -> String {
    let day = wording::short_day(&i18n::iso_day(referral.row.received_at));
    match referral.row.age_days {
        0 => format!("{day}, today"),
        days => format!("{day}, {} ago", wording::age(days)),
    }
}
