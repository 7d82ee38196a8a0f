//! A line that says what is so, beside the thing it speaks of.

use leptos::prelude::*;

use crate::ui::signal::Signal;

/// A status in words. Not spoken by itself: announce what matters.
#[component]
pub fn StatusLine(
    /// The words; empty takes no room.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    view! { <p class="status-line">{move || words.get()}</p> }
}
