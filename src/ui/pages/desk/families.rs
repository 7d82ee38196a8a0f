//! All families, found by typing a few letters of a code or a child's name.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    table::{Cell, DeskRow, DeskTable, HeadCell},
    wording,
};
use crate::{
    engine::{
        command::Screen,
        view::{FamilyRow, ScreenView},
        wire::Id,
    },
    ui::{
        components::{ButtonLink, EmptyState, Glyph, KindTag, PageHead, ScreenRegion, Show},
        i18n,
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

const COLUMNS: [&str; 4] = ["Family", "Kind", "Next visit", "Visits so far"];

/// All families.
#[component]
pub fn FamiliesPage() -> impl IntoView {
    let rows = use_screen(Screen::Families, |view| {
        if let ScreenView::Families(rows) = view {
            Some(rows)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=rows title="Families" children=draw /> }
}

fn draw(rows: Memo<Vec<FamilyRow>>) -> AnyView {
    view! {
        <PageHead title="Families" />
        <Show when=move || !rows.read().is_empty() fallback=NoFamilies>
            <Found rows=rows />
        </Show>
    }
    .into_any()
}

#[component]
fn NoFamilies() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Families title="No families yet">
            <p>"A family file opens when a referral is accepted."</p>
            <ButtonLink href=Route::Referrals.path()>"Go to the referrals"</ButtonLink>
        </EmptyState>
    }
}

#[component]
fn Found(rows: Memo<Vec<FamilyRow>>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = i18n::small(&typed.read());
        rows.with(|rows| {
            rows.iter()
                .filter(|row| fits(row, wanted.trim()))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let said = move || {
        let number = i64::try_from(found.read().len()).unwrap_or(i64::MAX);
        i18n::count(number, "family", "families")
    };
    view! {
        <div class="stack">
            <search class="desk-search">
                <label class="field-label" for="find-family">
                    "Find by code or by a child's name"
                </label>
                <input
                    class="input"
                    id="find-family"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || typed.get()
                    on:input:target=move |event| typed.set(event.target().value())
                />
                <p class="muted small" role="status">
                    {said}
                </p>
            </search>
            <Show
                when=move || !found.read().is_empty()
                fallback=|| {
                    view! { <p class="desk-nothing">"No family has these letters in its code or in a child's first name."</p> }
                }
            >
                <DeskTable caption="Families" columns=&COLUMNS each=found key=id row=draw_row />
            </Show>
        </div>
    }
}

const fn id(row: &FamilyRow) -> Id {
    row.id
}

/// Whether the code or a child's name has a word that begins with what was typed, in lower case.
fn fits(row: &FamilyRow, wanted: &str) -> bool {
    let names = row
        .children
        .iter()
        .map(String::as_str)
        .chain([row.code.as_str()]);
    let mut names = names.map(i18n::small);
    wanted.is_empty()
        || names.any(|name| {
            name.starts_with(wanted) || name.split([' ', '-']).any(|word| word.starts_with(wanted))
        })
}

fn draw_row(row: Memo<FamilyRow>) -> AnyView {
    let next = move || match row.read().next_visit {
        Some(at) => format!(
            "{} at {}",
            wording::short_day(&i18n::iso_day(at)),
            i18n::clock(at)
        ),
        None => "None booked".to_owned(),
    };
    view! {
        <DeskRow>
            <HeadCell
                href=Signal::derive(move || Route::Family(row.read().id).path())
                words=Signal::derive(move || row.read().code.clone())
                hint=Signal::derive(move || i18n::list(&row.read().children))
            />
            <Cell column="Kind">
                <KindTag kind=Signal::derive(move || row.read().kind.0) />
            </Cell>
            <Cell column="Next visit">{next}</Cell>
            <Cell column="Visits so far">{move || row.read().visits}</Cell>
        </DeskRow>
    }
    .into_any()
}
