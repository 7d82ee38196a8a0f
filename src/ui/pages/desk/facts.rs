//! Facts as pairs of a name and its words.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::ui::{components::Show, memo::Memo};

/// A list of facts.
#[component]
pub(super) fn Facts(
    /// Pairs made with [`Fact`].
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One fact; several lines where it has several.
#[component]
pub(super) fn Fact(
    /// What it is.
    name: &'static str,
    /// The words, one string a line; nothing is drawn while there are none.
    #[prop(into)]
    lines: Signal<Vec<String>>,
) -> impl IntoView {
    let told = Memo::new(move |_| {
        let mut lines = lines.get();
        lines.retain(|line| !line.trim().is_empty());
        lines
    });
    view! {
        <Show when=move || !told.read().is_empty()>
            <div class="desk-fact">
                <dt>{name}</dt>
                {move || told.get().into_iter().map(|line| view! { <dd>{line}</dd> }).collect_view()}
            </div>
        </Show>
    }
}
