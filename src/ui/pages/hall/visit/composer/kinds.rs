//! What an entry is, and whose words it holds: one choice each, never free text (REC-7, REC-10).

use leptos::prelude::*;

use crate::{
    domain::note::EntryKind,
    ui::{
        components::{Glyph, Icon},
        i18n::entry_kind_name,
        memo::Memo,
        pages::hall::visit::composer::writing::Writing,
    },
};

/// *Observed*, *Said* or *Action*.
#[component]
pub(super) fn Kinds(
    /// The entry.
    writing: Writing,
) -> impl IntoView {
    let choice = move |kind: EntryKind| {
        view! {
            <label class="chip">
                <input
                    type="radio"
                    name="entry-kind"
                    prop:checked=move || writing.kind.get() == kind
                    on:change=move |_| writing.choose_kind(kind)
                />
                <Icon glyph=glyph(kind) />
                <span>{entry_kind_name(kind)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="chips">
            <legend class="visually-hidden">"Kind of entry"</legend>
            {EntryKind::ALL.iter().copied().map(choice).collect_view()}
        </fieldset>
    }
}

/// Whose exact words they are, from the visit's people.
#[component]
pub(super) fn Speakers(
    /// The entry.
    writing: Writing,
    /// The visit's people.
    people: Memo<Vec<String>>,
) -> impl IntoView {
    view! {
        <fieldset class="chips" id="composer-speakers">
            <legend class="chips-legend">"Whose words?"</legend>
            <For each=move || people.get() key=Clone::clone let(name)>
                <Speaker writing=writing name=name />
            </For>
        </fieldset>
    }
}

#[component]
fn Speaker(writing: Writing, name: String) -> impl IntoView {
    let (chosen, picked) = (name.clone(), name.clone());
    view! {
        <label class="chip">
            <input
                type="radio"
                name="entry-speaker"
                prop:checked=move || *writing.speaker.read() == chosen
                on:change=move |_| writing.choose_speaker(picked.clone())
            />
            <span>{name}</span>
        </label>
    }
}

const fn glyph(kind: EntryKind) -> Glyph {
    match kind {
        EntryKind::Observed => Glyph::Observed,
        EntryKind::Said => Glyph::Said,
        EntryKind::Action => Glyph::Action,
    }
}
