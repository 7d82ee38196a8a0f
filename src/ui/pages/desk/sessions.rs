//! Sessions: those to come, the next first, then those that were.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    table::{Cell, DeskRow, DeskTable, HeadCell},
    wording,
};
use crate::{
    engine::{
        command::Screen,
        view::{ScreenView, SessionRow},
        wire::Id,
    },
    ui::{
        components::{
            ButtonLink, ButtonTone, EmptyState, Glyph, PageHead, ScreenRegion, Show, only,
        },
        i18n,
        memo::Memo,
        routes::Route,
        state::{use_app, use_screen},
    },
};

const COLUMNS: [&str; 4] = ["Day", "Venue", "Led by", "Visits"];

/// All sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let rows = use_screen(Screen::Sessions, |view| {
        if let ScreenView::Sessions(rows) = view {
            Some(rows)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=rows title="Sessions" children=draw /> }
}

fn draw(rows: Memo<Vec<SessionRow>>) -> AnyView {
    let app = use_app();
    let today = Memo::new(move |_| i18n::iso_day(app.now.get()));
    let coming = Memo::new(move |_| {
        let today = today.get();
        rows.with(|rows| only(rows, &|row| row.day >= today))
    });
    let past = Memo::new(move |_| {
        let today = today.get();
        let mut past = rows.with(|rows| only(rows, &|row| row.day < today));
        past.reverse();
        past
    });
    view! {
        <PageHead title="Sessions">
            <ButtonLink href=Route::NewSession.path() glyph=Glyph::Add tone=ButtonTone::Primary>
                "Plan a session"
            </ButtonLink>
        </PageHead>
        <div class="stack">
            <Show when=move || !coming.read().is_empty() fallback=NoneComing>
                <List caption="Today and to come" rows=coming />
            </Show>
            <Show when=move || !past.read().is_empty()>
                <section class="stack" aria-labelledby="past-sessions">
                    <h2 id="past-sessions">"Past"</h2>
                    <List caption="Past sessions" rows=past />
                </section>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn NoneComing() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Sessions title="No session is planned">
            <p>"Plan the next opening of the centre, then book families into it."</p>
        </EmptyState>
    }
}

#[component]
fn List(caption: &'static str, rows: Memo<Vec<SessionRow>>) -> impl IntoView {
    view! { <DeskTable caption=caption columns=&COLUMNS each=rows key=id row=draw_row /> }
}

const fn id(row: &SessionRow) -> Id {
    row.id
}

fn draw_row(row: Memo<SessionRow>) -> AnyView {
    view! {
        <DeskRow>
            <HeadCell
                href=Signal::derive(move || Route::Session(row.read().id).path())
                words=Signal::derive(move || row.with(|row| wording::short_day(&row.day)))
                hint=Signal::derive(move || row.with(|row| i18n::clock_span(row.opens, row.closes)))
            />
            <Cell column="Venue">{move || row.read().venue.clone()}</Cell>
            <Cell column="Led by">
                {move || row.read().leader.clone().unwrap_or_else(|| "Nobody yet".to_owned())}
            </Cell>
            <Cell column="Visits">{move || row.read().visits}</Cell>
        </DeskRow>
    }
    .into_any()
}
