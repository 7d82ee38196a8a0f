//! Says half a minute before it that the tablet is about to lock. Any touch keeps it open.

use leptos::prelude::*;

use crate::ui::{
    announce::use_announcer,
    components::{Button, ButtonTone, Show},
    i18n::count,
    memo::Memo,
    state::use_app,
};

/// Takes no room while nothing is about to lock.
#[component]
pub(super) fn IdleWarning() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let warned = Memo::new(move |_| app.rest.locks_at.get().is_some());
    Effect::new(move |_| {
        if warned.get() {
            voice.alert("Nobody has touched this tablet. It locks in half a minute; press any key to go on.");
        }
    });
    let seconds = move || {
        let left = app.rest.locks_at.get().map_or(0, |at| at - app.now.get());
        count((left / 1000).max(0), "second", "seconds")
    };
    view! {
        <Show when=move || warned.get()>
            <aside class="idle-warning" aria-label="About to lock">
                <p>{move || format!("Nobody has touched this tablet. It locks in {}.", seconds())}</p>
                // The touch itself is what counts, wherever it is.
                <Button tone=ButtonTone::Primary on_press=|()| {}>
                    "I am here"
                </Button>
            </aside>
        </Show>
    }
}
