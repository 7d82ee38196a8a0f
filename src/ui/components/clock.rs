//! The hall's clock.

use leptos::prelude::*;

use crate::ui::{i18n, memo::Memo, state::use_app};

/// The time of day in large figures, because halls lack a clock.
#[component]
pub fn HallClock() -> impl IntoView {
    let now = use_app().now;
    let shown = Memo::new(move |_| i18n::clock(now.get()));
    view! { <time class="hall-clock">{move || shown.get()}</time> }
}
