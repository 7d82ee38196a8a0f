//! One family's file: who they are, what is agreed, the two sealed sides, the visits.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use self::{arrangement::ArrangementCard, sides::Sides, visits::Visits};
use super::{
    facts::{Fact, Facts},
    wording,
};
use crate::{
    engine::{
        command::Screen,
        view::{FamilyView, ScreenView},
        wire::Id,
    },
    ui::{
        components::{ButtonLink, ButtonTone, KindTag, PageHead, ScreenRegion, Show, Tag, TagTone},
        i18n,
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

mod arrangement;
mod sides;
mod visits;

/// One family's file.
#[component]
pub fn FamilyPage(
    /// Which one.
    id: Id,
) -> impl IntoView {
    let family = use_screen(Screen::Family(id), |view| {
        if let ScreenView::Family(family) = view {
            Some(family)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=family title="Family" children=draw /> }
}

fn draw(family: Memo<FamilyView>) -> AnyView {
    let apart = Memo::new(move |_| family.read().arrangement.keep_apart);
    view! {
        <PageHead
            title=Signal::derive(move || family.read().row.code.clone())
            lead=Signal::derive(move || i18n::list(&family.read().row.children))
            back=(Route::Families.path(), "Families")
        />
        <p class="cluster">
            <KindTag kind=Signal::derive(move || family.read().row.kind.0) />
            <Show when=move || apart.get()>
                <Tag tone=TagTone::Notice>"Keep apart"</Tag>
            </Show>
            <span class="muted">{move || family.with(next_visit)}</span>
        </p>
        <div class="stack">
            <div class="desk-file">
                <People family=family />
                <ArrangementCard family=family />
            </div>
            <Sides family=family />
            <Visits family=family />
        </div>
    }
    .into_any()
}

fn next_visit(family: &FamilyView) -> String {
    match family.row.next_visit {
        Some(at) => format!(
            "Next visit {} at {}",
            wording::short_day(&i18n::iso_day(at)),
            i18n::clock(at)
        ),
        None => "No visit booked".to_owned(),
    }
}

#[component]
fn People(family: Memo<FamilyView>) -> impl IntoView {
    let children = Signal::derive(move || {
        family.with(|family| {
            family
                .children
                .iter()
                .map(wording::child)
                .collect::<Vec<_>>()
        })
    });
    let needs = Signal::derive(move || family.read().needs.clone());
    let referral = move || Route::Referral(family.read().referral).path();
    view! {
        <section class="card stack" aria-labelledby="family-people">
            <h2 class="card-title" id="family-people">
                "The family"
            </h2>
            <Facts>
                <Fact name="Children" lines=children />
                <Fact name="Needs" lines=needs />
            </Facts>
            <p>
                <ButtonLink tone=ButtonTone::Quiet href=Signal::derive(referral)>
                    "Read the referral it came from"
                </ButtonLink>
            </p>
        </section>
    }
}
