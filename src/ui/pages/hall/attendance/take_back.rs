//! Undo of a slip: ten seconds on Today, always on the visit's own screen; the history keeps both.

use leptos::prelude::*;

use crate::{
    engine::view::VisitRow,
    ui::{
        components::{Glyph, Icon, Show},
        memo::Memo,
        pages::hall::{attendance::UndoOffer, recorder::Recorder, wording::steps},
        state::use_app,
    },
};

const TEN_SECONDS_MS: i64 = 10_000;

/// The button that takes the last step back.
#[component]
pub(super) fn TakeBack(
    /// The visit.
    row: Memo<VisitRow>,
    /// Records.
    recorder: Recorder,
    /// For how long.
    offer: UndoOffer,
) -> impl IntoView {
    let now = use_app().now;
    // A person who has reached the button keeps it: ten seconds are short for a keyboard or a switch.
    let held = RwSignal::new(false);
    let undo = Memo::new(move |_| {
        row.with(|row| row.undo.clone()).filter(|undo| match offer {
            UndoOffer::Always => true,
            UndoOffer::TenSeconds => now.get() - undo.recorded_at < TEN_SECONDS_MS || held.get(),
        })
    });
    let name = move || {
        undo.read()
            .as_ref()
            .map(|undo| row.with(|row| steps::undo(row, &undo.what)))
    };
    let on_click = move |_| {
        held.set(false);
        if let Some(undo) = undo.get_untracked() {
            row.with_untracked(|row| recorder.take_back(row, &undo));
        }
    };
    view! {
        <Show when=move || undo.read().is_some()>
            <button
                type="button"
                class="step-small step-undo"
                aria-label=name
                on:click=on_click
                on:focus=move |_| held.set(true)
                on:blur=move |_| held.set(false)
            >
                <Icon glyph=Glyph::Undo />
                "Undo"
            </button>
        </Show>
    }
}
