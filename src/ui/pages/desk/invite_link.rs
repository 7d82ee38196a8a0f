//! An invite's link with the words to send it in.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::ui::{components::CopyLine, frame::use_me, i18n, memo::Memo, routes::Route};

/// The link, a message around it, and until when it works.
#[component]
pub(super) fn InviteLink(
    /// The part of the link after `#`.
    #[prop(into)]
    fragment: Signal<String>,
    /// For whom; may be empty.
    #[prop(into)]
    name: Signal<String>,
    /// When it ends, ms.
    #[prop(into)]
    expires_at: Signal<i64>,
) -> impl IntoView {
    let me = use_me();
    let origin = window().location().origin().unwrap_or_default();
    let link = Memo::new(move |_| format!("{origin}{}#{}", Route::Join.path(), fragment.get()));
    let ends = Memo::new(move |_| {
        let at = expires_at.get();
        format!("{} at {}", i18n::day(at), i18n::clock(at))
    });
    let message = Memo::new(move |_| {
        let centre = me.with(|me| me.as_ref().map(|me| me.centre.clone()).unwrap_or_default());
        let greeting = name.with(|name| {
            if name.is_empty() {
                "Hello".to_owned()
            } else {
                format!("Hello {name}")
            }
        });
        format!(
            "{greeting}, this link joins your tablet to {centre}. Open it on the tablet you will use: {} It works once, until {}. Six numbers will appear; read them to me and I let you in.",
            link.get(),
            ends.get(),
        )
    });
    view! {
        <div class="stack desk-invite-link">
            <CopyLine action="Copy the link" text=link />
            <details class="desk-fold">
                <summary>"A message to send with it"</summary>
                <CopyLine action="Copy the message" text=message />
            </details>
            <p class="muted small">
                {move || format!("It works once, on one tablet, until {}. Send it only to them.", ends.get())}
            </p>
        </div>
    }
}
