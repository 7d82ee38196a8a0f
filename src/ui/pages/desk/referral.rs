//! One referral: its facts, then what may be done next, which follows from its stage.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use self::{
    asked::Asked,
    decline::DeclineSection,
    offer::OfferSection,
    risk::{RiskFacts, RiskSection},
};
use super::wording;
use crate::{
    engine::{
        command::Screen,
        view::{ReferralStage, ReferralView, ScreenView},
        wire::Id,
    },
    ui::{
        components::{
            Banner, BannerTone, ButtonLink, ButtonTone, KindTag, PageHead, ScreenRegion, Tag,
            TagTone,
        },
        i18n,
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

mod asked;
mod decline;
mod offer;
mod risk;

/// One referral.
#[component]
pub fn ReferralPage(
    /// Which one.
    id: Id,
) -> impl IntoView {
    let referral = use_screen(Screen::Referral(id), |view| {
        if let ScreenView::Referral(referral) = view {
            Some(referral)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=referral title="Referral" children=draw /> }
}

fn draw(referral: Memo<ReferralView>) -> AnyView {
    let stage = Memo::new(move |_| referral.with(|referral| referral.row.stage.clone()));
    view! {
        <PageHead
            title=Signal::derive(move || referral.read().row.reference.clone())
            lead=Signal::derive(move || i18n::list(&referral.read().row.children))
            back=(Route::Referrals.path(), "Referrals")
        />
        <p class="cluster">
            <KindTag kind=Signal::derive(move || referral.read().row.kind.0) />
            <Tag tone=TagTone::Plain>{move || stage.with(wording::stage)}</Tag>
        </p>
        <div class="desk-file">
            <div class="stack">
                <Asked referral=referral />
                <RiskFacts referral=referral />
            </div>
            <div class="stack">{move || next(&stage.get(), referral)}</div>
        </div>
    }
    .into_any()
}

/// What may be done at this stage. Drawn anew only when the stage changes, so that nothing typed is lost.
fn next(stage: &ReferralStage, referral: Memo<ReferralView>) -> AnyView {
    let id = referral.with_untracked(|referral| referral.row.id);
    match stage {
        ReferralStage::Received => view! {
            <RiskSection referral=referral />
            <DeclineSection referral=id />
        }
        .into_any(),
        ReferralStage::Assessed => view! {
            <OfferSection referral=referral />
            <DeclineSection referral=id />
        }
        .into_any(),
        ReferralStage::Accepted(family) => {
            let href = Route::Family(*family).path();
            view! {
                <div class="card stack">
                    <h2 class="card-title">"A place is offered"</h2>
                    <p>"The family file is open. Book their first visit from a session."</p>
                    <ButtonLink href=href tone=ButtonTone::Primary>
                        "Open the family file"
                    </ButtonLink>
                </div>
            }
            .into_any()
        }
        ReferralStage::Declined(reason) => {
            let reason = wording::declined_because(reason);
            view! {
                <Banner tone=BannerTone::Plain>
                    <p>{format!("Declined: {reason}.")}</p>
                    <p class="muted">"If they ask again, take a new referral."</p>
                </Banner>
            }
            .into_any()
        }
    }
}
