//! The neutral page that covers the screen in one tap. What was being written stays below it.

use leptos::prelude::*;

use super::use_me;
use crate::ui::{
    a11y,
    components::{Button, ButtonTone, HallClock, Show},
    i18n,
    memo::Memo,
    state::use_app,
};

/// The neutral page; takes no room while nothing is hidden.
#[component]
pub(super) fn Cover() -> impl IntoView {
    let app = use_app();
    view! {
        <Show when=move || app.rest.hidden.get()>
            <NoticeBoard />
        </Show>
    }
}

#[component]
fn NoticeBoard() -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let before = document().title();
    document().set_title("Notice board");
    on_cleanup(move || document().set_title(&before));
    a11y::focus_first(".cover h1");
    let day = Memo::new(move |_| i18n::long_day(&i18n::iso_day(app.now.get())));
    let centre = move || me.with(|me| me.as_ref().map(|me| me.centre.clone()));
    let come_back = move |()| {
        app.uncover();
        // Focus returns to the button that hid the page, as it does when a dialog closes.
        a11y::focus_first(".frame .top-button");
    };
    view! {
        <main class="cover">
            <p class="cover-day">{move || day.get()}</p>
            <HallClock />
            <h1 tabindex="-1">{centre}</h1>
            <p>"Welcome. Please ring the bell and wait at the door: somebody will come to meet you."</p>
            <p>"Opening times are on the board in the porch."</p>
            <Button tone=ButtonTone::Quiet on_press=come_back>
                "Back"
            </Button>
        </main>
    }
}
