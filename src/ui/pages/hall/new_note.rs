//! The way from the app's shortcut straight to the note that this person is writing today.

use leptos::prelude::*;

use crate::{
    engine::{
        command::Screen,
        view::{NextStep, NoteState, ScreenView, TodayView, VisitRow},
    },
    ui::{
        components::{ButtonLink, ButtonTone, EmptyState, Glyph, PageHead, ScreenRegion, Show},
        i18n::clock_span,
        memo::Memo,
        pages::hall::wording::people::all_children,
        routes::{Route, use_go},
        state::use_screen,
    },
};

/// Goes on to the note if there is only one to write now; otherwise lets the person choose.
#[component]
pub fn NewNotePage() -> impl IntoView {
    let today = use_screen(Screen::Today, |view| {
        if let ScreenView::Today(today) = view {
            Some(today)
        } else {
            None
        }
    });
    view! {
        <ScreenRegion view=today title="New note" children=|today| view! { <Choice today=today /> }.into_any() />
    }
}

#[component]
fn Choice(today: Memo<TodayView>) -> impl IntoView {
    let mine = Memo::new(move |_| today.with(mine));
    let go = use_go();
    Effect::new(move |_| {
        if let [only] = mine.read().as_slice() {
            go(Route::Visit(only.id));
        }
    });
    view! {
        <PageHead title="New note" back=(Route::Today.path(), "Today") />
        <Show when=move || !mine.read().is_empty() fallback=|| view! { <NoneToWrite /> }>
            <p>"Which visit are you writing about?"</p>
            <ul class="note-choices">
                <For each=move || mine.get() key=|row| row.id let(row)>
                    <li>
                        <ButtonLink href=Route::Visit(row.id).path()>{choice(&row)}</ButtonLink>
                    </li>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn NoneToWrite() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Notes title="You have no note to write today">
            <p>"Notes are written for observed visits, by the person who supervises."</p>
            <ButtonLink href=Route::Today.path() tone=ButtonTone::Primary>"Go to today"</ButtonLink>
        </EmptyState>
    }
}

/// The visits whose note is this person's; those under way come alone where there are any.
fn mine(today: &TodayView) -> Vec<VisitRow> {
    let all: Vec<VisitRow> = today
        .visits
        .iter()
        .filter(|row| matches!(row.note, NoteState::Mine { .. }))
        .cloned()
        .collect();
    let under_way: Vec<VisitRow> = all
        .iter()
        .filter(|row| row.contact_started.is_some() && row.next != NextStep::Finished)
        .cloned()
        .collect();
    if under_way.is_empty() { all } else { under_way }
}

/// "Mia, Otter 14, 10:00 to 12:00".
fn choice(row: &VisitRow) -> String {
    format!(
        "{}, {}, {}",
        all_children(row),
        row.family_code,
        clock_span(row.starts, row.ends)
    )
}
