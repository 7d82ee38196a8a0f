//! The picture of the app: a hall with its light on.

use leptos::prelude::*;

/// A hall with its light on; an ornament.
#[component]
pub fn HallPicture() -> impl IntoView {
    view! {
        <svg class="hall-picture" viewBox="0 0 96 64" aria-hidden="true" focusable="false">
            <use href="/icons/sprite.svg#hall"></use>
        </svg>
    }
}
