//! The box above a form that lists what needs another look; focus goes to it.

use leptos::{ev::MouseEvent, prelude::*};

use super::FormState;
use crate::ui::{a11y, components::Show};

/// Stands first in a form; takes no room while nothing is wrong.
#[component]
pub fn ErrorSummary(
    /// Whose errors.
    form: FormState,
) -> impl IntoView {
    let failed = form.failed();
    view! {
        <Show when=move || failed.get()>
            <div class="error-summary" tabindex="-1" aria-labelledby="error-summary-title">
                <h2 id="error-summary-title">"There is a problem"</h2>
                <p>{move || form.sentence().get()}</p>
                <ul>{move || form.lines().into_iter().map(line).collect_view()}</ul>
            </div>
        </Show>
    }
}

fn line((field, words): (String, String)) -> impl IntoView {
    let href = format!("#{field}");
    let go = move |event: MouseEvent| {
        event.prevent_default();
        a11y::focus_field(&field);
    };
    view! {
        <li>
            <a href=href on:click=go>
                {words}
            </a>
        </li>
    }
}
