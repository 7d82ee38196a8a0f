//! Where the latest change of a thing is known to be: three truths, never mixed, in words.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::engine::view::Badge;

/// The words of a [`Badge`].
#[component]
pub fn SavedBadge(
    /// Where it is.
    #[prop(into)]
    badge: Signal<Badge>,
) -> impl IntoView {
    view! {
        <span class="saved-badge" data-state=move || state(badge.get())>
            {move || words(badge.get())}
        </span>
    }
}

fn words(badge: Badge) -> &'static str {
    match badge {
        Badge::Here => "Saved on this tablet",
        Badge::AtRelay => "Sent to the relay",
        Badge::Elsewhere => "On another tablet too",
    }
}

fn state(badge: Badge) -> &'static str {
    match badge {
        Badge::Here => "here",
        Badge::AtRelay => "relay",
        Badge::Elsewhere => "elsewhere",
    }
}
