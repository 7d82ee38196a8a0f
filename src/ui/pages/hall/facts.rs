//! What a worker must know of a visit at a glance: code, kind, room, supervisor, needs, where its changes are.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::view::VisitRow,
    ui::{
        components::{Glyph, Icon, KindTag, SavedBadge, Show, Tag},
        i18n::NONE_KNOWN,
        memo::Memo,
    },
};

/// The facts under the children's names; needs are always in sight (PPL-7).
#[component]
pub(super) fn VisitFacts(
    /// The visit.
    row: Memo<VisitRow>,
) -> impl IntoView {
    let needs = Memo::new(move |_| row.with(|row| row.needs.clone()));
    let kind = Signal::derive(move || row.read().kind.0);
    let badge = Signal::derive(move || row.read().badge);
    view! {
        <p class="visit-facts">
            <span class="visit-code">{move || row.read().family_code.clone()}</span>
            <KindTag kind=kind />
            <Show when=move || row.read().keep_apart>
                <Tag>"Keep apart"</Tag>
            </Show>
            {move || row.read().room.clone().map(|room| view! { <span>{room}</span> })}
            {move || row.read().supervisor.as_ref().map(|name| view! { <span>{format!("with {name}")}</span> })}
            <SavedBadge badge=badge />
        </p>
        <Show when=move || !needs.read().is_empty()>
            <ul class="visit-needs" aria-label="Needs">
                <For each=move || needs.get() key=Clone::clone children=draw_need />
            </ul>
        </Show>
    }
}

fn draw_need(need: String) -> impl IntoView {
    // An attribute without a value, where the need says that there is none.
    let none = need.ends_with(NONE_KNOWN).then_some("");
    view! {
        <li data-none=none>
            <Icon glyph=Glyph::Need />
            <span>{need}</span>
        </li>
    }
}
