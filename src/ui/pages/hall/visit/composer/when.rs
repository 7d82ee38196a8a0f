//! When it happened: set at the first key, moved back by buttons (REC-6).

use leptos::prelude::*;

use crate::ui::{i18n::clock, memo::Memo, pages::hall::visit::composer::writing::Writing};

/// The entry's time with its two buttons.
#[component]
pub(super) fn When(
    /// The entry.
    writing: Writing,
) -> impl IntoView {
    let time = Memo::new(move |_| clock(writing.occurred_at()));
    let back = move |minutes: i64, words: &'static str, short: &'static str| {
        view! {
            <button
                type="button"
                class="when-back"
                aria-label=words
                on:click=move |_| writing.move_back(minutes)
            >
                {short}
            </button>
        }
    };
    view! {
        <div class="when" role="group" aria-label="When it happened">
            {back(5, "−5 min: five minutes earlier", "−5 min")}
            {back(1, "−1 min: one minute earlier", "−1 min")}
            <time class="when-time">{move || time.get()}</time>
            <button
                type="button"
                class="when-back when-reset"
                hidden=move || writing.is_untouched()
                on:click=move |_| writing.forget_minutes()
            >
                "Reset time"
            </button>
        </div>
    }
}
