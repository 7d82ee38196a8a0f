//! A family's visits, latest first, each leading to its own page and its note.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        view::{FamilyView, NoteState, VisitRow},
        wire::Id,
    },
    ui::{
        components::{ButtonLink, EmptyState, Glyph, KindTag, Show},
        i18n,
        memo::Memo,
        pages::desk::{
            table::{Cell, DeskRow, DeskTable, HeadCell},
            wording,
        },
        routes::Route,
    },
};

const COLUMNS: [&str; 5] = ["Visit", "Kind", "Room", "State", "Note"];

/// The visits of a family.
#[component]
pub(super) fn Visits(
    /// The family.
    family: Memo<FamilyView>,
) -> impl IntoView {
    let visits = Memo::new(move |_| family.read().visits.clone());
    view! {
        <section class="stack" aria-labelledby="family-visits">
            <h2 id="family-visits">"Visits"</h2>
            <Show when=move || !visits.read().is_empty() fallback=NoVisits>
                <DeskTable caption="Visits, latest first" columns=&COLUMNS each=visits key=id row=draw_row />
            </Show>
        </section>
    }
}

#[component]
fn NoVisits() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Sessions title="No visits yet">
            <p>"Visits are booked into a session."</p>
            <ButtonLink href=Route::Sessions.path()>"Go to the sessions"</ButtonLink>
        </EmptyState>
    }
}

const fn id(row: &VisitRow) -> Id {
    row.id
}

fn draw_row(row: Memo<VisitRow>) -> AnyView {
    let day = move || row.with(|row| wording::short_day(&i18n::iso_day(row.starts)));
    view! {
        <DeskRow>
            <HeadCell
                href=Signal::derive(move || Route::Visit(row.read().id).path())
                words=Signal::derive(day)
                hint=Signal::derive(move || row.with(|row| i18n::clock_span(row.starts, row.ends)))
            />
            <Cell column="Kind">
                <KindTag kind=Signal::derive(move || row.read().kind.0) />
            </Cell>
            <Cell column="Room">
                {move || row.read().room.clone().unwrap_or_else(|| "No room yet".to_owned())}
            </Cell>
            <Cell column="State">{move || row.with(wording::visit_state)}</Cell>
            <Cell column="Note">{move || note(row.read().note)}</Cell>
        </DeskRow>
    }
    .into_any()
}

fn note(state: NoteState) -> String {
    match state {
        NoteState::NoPlaceForNotes => "None for this kind".to_owned(),
        NoteState::SomebodyElses => "The supervisor's".to_owned(),
        NoteState::Mine { entries } | NoteState::Readable { entries } => {
            i18n::count(i64::from(entries), "entry", "entries")
        }
    }
}
