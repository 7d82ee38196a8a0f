//! One visit's own screen: attendance, everything recorded, and the note where there is one.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        command::Screen,
        view::{NoteView, ScreenView, VisitRow, VisitView},
        wire::Id,
    },
    ui::{
        components::{PageHead, SavedBadge, ScreenRegion, Show},
        i18n,
        memo::Memo,
        pages::hall::{
            attendance::{Attendance, UndoOffer},
            facts::VisitFacts,
            visit::{composer::Composer, timeline::Timeline},
            wording::{people::all_children, state},
        },
        routes::Route,
        state::use_screen,
    },
};

mod composer;
mod timeline;

/// The page of one visit.
#[component]
pub fn VisitPage(
    /// Which visit.
    id: Id,
) -> impl IntoView {
    let visit = use_screen(Screen::Visit(id), |view| {
        if let ScreenView::Visit(visit) = view {
            Some(visit)
        } else {
            None
        }
    });
    view! {
        <div class="session">
            <ScreenRegion view=visit title="Visit" children=|visit| view! { <Visit visit=visit /> }.into_any() />
        </div>
    }
}

#[component]
fn Visit(visit: Memo<VisitView>) -> impl IntoView {
    let row = Memo::new(move |_| visit.with(|visit| visit.row.clone()));
    let note = Memo::new(move |_| visit.with(|visit| visit.note.clone()));
    let writes =
        Memo::new(move |_| note.with(|note| note.as_ref().is_some_and(|note| note.may_write)));
    let title = Signal::derive(move || row.with(all_children));
    let tab = Signal::derive(move || row.read().family_code.clone());
    let lead = Signal::derive(move || visit.with(when));
    // On a small screen the composer is one line until it is used, and again once the story above it is touched.
    let open = RwSignal::new(false);
    view! {
        <div class="visit-body" data-writes=move || if writes.get() { "yes" } else { "no" }>
            <div class="visit-story" on:click=move |_| open.set(false)>
                <PageHead title=title tab=tab lead=lead back=(Route::Today.path(), "Today") />
                <VisitFacts row=row />
                <Attendance row=row undo=UndoOffer::Always />
                <NoteLine row=row note=note />
                <Timeline visit=visit />
            </div>
            <Show when=move || writes.get()>
                <Composer row=row note=note open=open />
            </Show>
        </div>
    }
}

/// "Sat 14 March, 10:00 to 12:00, Saltmere Methodist Hall".
fn when(visit: &VisitView) -> String {
    let row = &visit.row;
    format!(
        "{}, {}, {}",
        i18n::day(row.starts),
        i18n::clock_span(row.starts, row.ends),
        visit.venue
    )
}

/// Why there is nowhere to write (REC-1, REC-3), or whose note it is.
#[component]
fn NoteLine(row: Memo<VisitRow>, note: Memo<Option<NoteView>>) -> impl IntoView {
    let line = Memo::new(move |_| row.with(state::note_line));
    let badge = Memo::new(move |_| note.with(|note| note.as_ref().map(|note| note.badge)));
    view! {
        <Show when=move || line.read().is_some()>
            <p class="visit-note-line">{move || line.get()}</p>
        </Show>
        {move || badge.get().map(|badge| view! {
            <p class="visit-note-badge">"Note: " <SavedBadge badge=badge /></p>
        })}
    }
}
