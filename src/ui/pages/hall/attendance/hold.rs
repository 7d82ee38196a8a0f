//! The strip that keeps two adults apart at the door and says why (ARR-6).

use leptos::{html, prelude::*};

use crate::{
    engine::view::VisitRow,
    ui::{
        components::{Glyph, Icon, Show},
        memo::Memo,
        pages::hall::{attendance::focus::focus_step, wording::state},
        state::use_app,
    },
};

/// Appears by itself while somebody must wait; one tap makes it quiet until the reason changes.
#[component]
pub(super) fn HoldStrip(
    /// The visit.
    row: Memo<VisitRow>,
) -> impl IntoView {
    let now = use_app().now;
    let words = Memo::new(move |_| {
        row.with(|row| {
            let hold = row
                .hold
                .as_ref()
                .filter(|hold| state::holds(hold, now.get()));
            hold.map(|hold| state::hold(row, hold))
        })
    });
    // The words that were acknowledged: other words are a new reason and speak up again.
    let heard = RwSignal::new(None::<String>);
    let quiet = Memo::new(move |_| words.read().is_some() && *heard.read() == *words.read());
    let button = NodeRef::<html::Button>::new();
    let on_click = move |_| {
        if let Some(button) = button.get_untracked() {
            focus_step(&button);
        }
        heard.set(words.get_untracked());
    };
    // The region is always there, so that what appears in it is read out.
    view! {
        <div class="hold" role="status" data-state=move || {
            match (words.read().is_some(), quiet.get()) {
                (false, _) => "none",
                (true, false) => "look",
                (true, true) => "quiet",
            }
        }>
            <Show when=move || words.read().is_some()>
                <Icon glyph=Glyph::Hold />
                <p class="hold-words">{move || words.get()}</p>
                <Show when=move || !quiet.get()>
                    <button
                        type="button"
                        class="hold-heard"
                        aria-label=move || format!("We are holding: {}", row.read().family_code)
                        node_ref=button
                        on:click=on_click
                    >
                        "We are holding"
                    </button>
                </Show>
            </Show>
        </div>
    }
}
