//! A line of text that is to be copied: a link, four words, a code.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{Button, Glyph};
use crate::ui::announce::use_announcer;

/// Text that can be selected, with a button that copies it.
#[component]
pub fn CopyLine(
    /// What the text is, for the button: "Copy the link".
    #[prop(into)]
    action: String,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let voice = use_announcer();
    let copied = RwSignal::new(false);
    let copy = move |()| {
        // A browser that refuses leaves the text selectable.
        let _promise = window()
            .navigator()
            .clipboard()
            .write_text(&text.get_untracked());
        copied.set(true);
        voice.say("Copied");
    };
    view! {
        <div class="copy-line">
            <output class="copy-text">{move || text.get()}</output>
            <Button glyph=Glyph::Copy on_press=copy>
                {action}
            </Button>
            <span class="copy-done">{move || copied.get().then_some("Copied")}</span>
        </div>
    }
}
