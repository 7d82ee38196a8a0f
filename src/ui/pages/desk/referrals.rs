//! All referrals: the open ones first, then those that were decided.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    table::{Cell, DeskRow, DeskTable, HeadCell},
    wording,
};
use crate::{
    engine::{
        command::Screen,
        view::{ReferralRow, ScreenView},
        wire::Id,
    },
    ui::{
        components::{
            ButtonLink, ButtonTone, EmptyState, Glyph, KindTag, PageHead, ScreenRegion, Show, Tag,
            TagTone, only,
        },
        i18n,
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

const COLUMNS: [&str; 5] = ["Referral", "Asked by", "Kind", "Age", "Stage"];

/// All referrals.
#[component]
pub fn ReferralsPage() -> impl IntoView {
    let rows = use_screen(Screen::Referrals, |view| {
        if let ScreenView::Referrals(rows) = view {
            Some(rows)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=rows title="Referrals" children=draw /> }
}

fn draw(rows: Memo<Vec<ReferralRow>>) -> AnyView {
    let open = Memo::new(move |_| rows.with(|rows| only(rows, &is_open)));
    let decided = Memo::new(move |_| {
        let mut decided = rows.with(|rows| only(rows, &|row| !is_open(row)));
        decided.reverse();
        decided
    });
    view! {
        <PageHead title="Referrals" lead="Oldest first. Nobody should wait longer than they must.">
            <ButtonLink href=Route::NewReferral.path() glyph=Glyph::Add tone=ButtonTone::Primary>
                "New referral"
            </ButtonLink>
        </PageHead>
        <div class="stack">
            <Show when=move || !open.read().is_empty() fallback=NoneOpen>
                <List caption="Referrals to decide" rows=open />
            </Show>
            <Show when=move || !decided.read().is_empty()>
                <section class="stack" aria-labelledby="decided">
                    <h2 id="decided">"Decided"</h2>
                    <List caption="Decided referrals" rows=decided />
                </section>
            </Show>
        </div>
    }
    .into_any()
}

fn is_open(row: &ReferralRow) -> bool {
    wording::is_open(&row.stage)
}

#[component]
fn NoneOpen() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Referral title="No referrals are waiting">
            <p>
                "A court, a solicitor, Cafcass, a social worker or a parent can ask for a place. When they ring or write, take the referral here."
            </p>
        </EmptyState>
    }
}

#[component]
fn List(caption: &'static str, rows: Memo<Vec<ReferralRow>>) -> impl IntoView {
    view! { <DeskTable caption=caption columns=&COLUMNS each=rows key=id row=draw_row /> }
}

const fn id(row: &ReferralRow) -> Id {
    row.id
}

fn draw_row(row: Memo<ReferralRow>) -> AnyView {
    let overdue = Memo::new(move |_| row.with(|row| wording::is_overdue(&row.stage, row.age_days)));
    let age = move || {
        let words = wording::age(row.read().age_days);
        if overdue.get() {
            view! { <Tag tone=TagTone::Notice>{format!("{words}, overdue")}</Tag> }.into_any()
        } else {
            words.into_any()
        }
    };
    view! {
        <DeskRow>
            <HeadCell
                href=Signal::derive(move || Route::Referral(row.read().id).path())
                words=Signal::derive(move || i18n::list(&row.read().children))
                hint=Signal::derive(move || row.read().reference.clone())
            />
            <Cell column="Asked by">{move || i18n::source_name(row.read().source.0)}</Cell>
            <Cell column="Kind">
                <KindTag kind=Signal::derive(move || row.read().kind.0) />
            </Cell>
            <Cell column="Age">{age}</Cell>
            <Cell column="Stage">{move || row.with(|row| wording::stage(&row.stage))}</Cell>
        </DeskRow>
    }
    .into_any()
}
