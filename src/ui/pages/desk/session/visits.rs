//! The visits of a session by time.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        view::{SessionView, VisitRow},
        wire::Id,
    },
    ui::{
        components::{EmptyState, Glyph, KindTag, Show, Tag, TagTone},
        i18n,
        memo::Memo,
        pages::desk::{
            table::{Cell, DeskRow, DeskTable, HeadCell},
            wording,
        },
        routes::Route,
    },
};

const COLUMNS: [&str; 5] = ["Time", "Family", "Kind", "Room and supervisor", "State"];

/// The visits of a session.
#[component]
pub(super) fn SessionVisits(
    /// The session.
    session: Memo<SessionView>,
) -> impl IntoView {
    let visits = Memo::new(move |_| session.read().visits.clone());
    view! {
        <section class="stack desk-visits" aria-labelledby="session-visits">
            <h2 id="session-visits" tabindex="-1">
                "Visits"
            </h2>
            <Show when=move || !visits.read().is_empty() fallback=NoVisits>
                <DeskTable caption="Visits by time" columns=&COLUMNS each=visits key=id row=draw_row />
            </Show>
        </section>
    }
}

#[component]
fn NoVisits() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Families title="No family is booked yet">
            <p>"Book the first one with the form on this page."</p>
        </EmptyState>
    }
}

const fn id(row: &VisitRow) -> Id {
    row.id
}

fn draw_row(row: Memo<VisitRow>) -> AnyView {
    let family =
        move || row.with(|row| format!("{}: {}", row.family_code, i18n::list(&row.children)));
    let apart = Memo::new(move |_| row.read().keep_apart);
    view! {
        <DeskRow>
            <HeadCell
                href=Signal::derive(move || Route::Visit(row.read().id).path())
                words=Signal::derive(move || i18n::clock(row.read().starts))
                hint=Signal::derive(move || format!("until {}", i18n::clock(row.read().ends)))
            />
            <Cell column="Family">
                {family} " "
                <Show when=move || apart.get()>
                    <Tag tone=TagTone::Notice>"Keep apart"</Tag>
                </Show>
            </Cell>
            <Cell column="Kind">
                <KindTag kind=Signal::derive(move || row.read().kind.0) />
            </Cell>
            <Cell column="Room and supervisor">{move || row.with(place)}</Cell>
            <Cell column="State">{move || row.with(wording::visit_state)}</Cell>
        </DeskRow>
    }
    .into_any()
}

fn place(row: &VisitRow) -> String {
    let room = row.room.as_deref().unwrap_or("No room");
    match &row.supervisor {
        Some(supervisor) => format!("{room}, {supervisor}"),
        None => room.to_owned(),
    }
}
