//! What a person reads out when asking for help. No name and no note is on it.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        command::Screen,
        view::{DiagnosticsView, ScreenView},
    },
    ui::{
        components::{PageHead, ScreenRegion, Show},
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

const TITLE: &str = "Details for help";

/// Diagnostics.
#[component]
pub fn DiagnosticsPage() -> impl IntoView {
    let view = use_screen(Screen::Diagnostics, |view| {
        if let ScreenView::Diagnostics(details) = view {
            Some(details)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=view title=TITLE children=draw /> }
}

fn draw(details: Memo<DiagnosticsView>) -> AnyView {
    let of = move |pick: fn(&DiagnosticsView) -> String| Signal::derive(move || details.with(pick));
    let build = document()
        .document_element()
        .and_then(|root| root.get_attribute("data-build"));
    let aside = move || {
        details.with(|details| {
            details
                .set_aside
                .iter()
                .map(|(id, why)| view! { <li><code>{id.clone()}</code> " " {why.clone()}</li> })
                .collect_view()
        })
    };
    view! {
        <PageHead
            title=TITLE
            lead="Read these out if somebody who helps you asks. No name and no note is here."
            back=(Route::More.path(), "More")
        />
        <dl class="facts">
            {line("Version", Signal::from(build.unwrap_or_default()))}
            {line("Code of what is held", of(|it| it.log_code.clone()))}
            {line("Envelopes on this tablet", of(|it| it.envelopes.to_string()))}
            {line("Documents that you can open", of(|it| it.documents.to_string()))}
            {line("Membership list", of(|it| format!("{} · {}", it.membership.0, it.membership.1)))}
            {line("Relay", of(|it| it.relay.clone()))}
        </dl>
        <Show when=move || details.with(|details| !details.set_aside.is_empty())>
            <h2>"Set aside"</h2>
            <p>"These could not be believed, or cannot be read here. They are kept and change nothing."</p>
            <ul class="list">{aside}</ul>
        </Show>
    }
    .into_any()
}

fn line(label: &'static str, words: Signal<String>) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{move || words.get()}</dd>
        </div>
    }
}
