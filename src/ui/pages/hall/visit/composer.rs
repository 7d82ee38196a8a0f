//! The composer of an observed visit's note: one timed entry, saved at every key.
//!
//! The text area belongs to the person who types: what the engine says back changes words beside it, never its
//! text or its caret.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::{
    domain::{note::EntryKind, text::NoteText},
    engine::view::{NoteView, VisitRow},
    ui::{
        a11y,
        components::Show,
        i18n::clock,
        memo::Memo,
        pages::hall::visit::composer::{
            kinds::{Kinds, Speakers},
            when::When,
            writing::{Status, Writing},
        },
    },
};

mod kinds;
mod when;
mod writing;

/// Writes one entry at a time.
#[component]
pub(super) fn Composer(
    /// The visit.
    row: Memo<VisitRow>,
    /// Its note, which this person may write.
    note: Memo<Option<NoteView>>,
    /// All of it is shown, also where room is scarce.
    open: RwSignal<bool>,
) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    let writing = Writing::new(row.with_untracked(|row| row.id), area);
    writing.take_up(note);
    let people = Memo::new(move |_| {
        note.with(|note| {
            note.as_ref()
                .map(|note| note.people.clone())
                .unwrap_or_default()
        })
    });
    // What was typed stays; the focus goes back to what the composer lay over.
    let close = move || {
        open.set(false);
        a11y::focus_heading();
    };
    view! {
        <section
            class="composer"
            aria-labelledby="composer-title"
            data-open=move || if open.get() { "yes" } else { "no" }
            data-begun=move || if *writing.status.read() == Status::Nothing { "no" } else { "yes" }
            on:focusin=move |_| open.set(true)
        >
            <h2 id="composer-title" class="composer-title">"New entry"</h2>
            <p class="composer-kept" hidden=move || writing.kept_from.read().is_none()>
                {move || writing.kept_from.get().map(|from| format!("We kept your words from {}.", clock(from)))}
            </p>
            <div class="composer-top">
                <Kinds writing=writing />
                <When writing=writing />
                <button type="button" class="composer-close" on:click=move |_| close()>
                    "Close"
                </button>
            </div>
            <Show when=move || writing.kind.get() == EntryKind::Said>
                <Speakers writing=writing people=people />
            </Show>
            <Words writing=writing area=area />
            <div class="composer-foot">
                <StatusWords writing=writing />
                <button type="button" class="composer-finish" on:click=move |_| writing.finish()>
                    "Add to the note"
                </button>
            </div>
        </section>
    }
}

/// The text area; nothing but the person and a blank page's kept words ever sets its text.
#[component]
fn Words(writing: Writing, area: NodeRef<html::Textarea>) -> impl IntoView {
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            writing.finish();
        }
    };
    view! {
        <label class="composer-label" for="composer-text">{move || question(writing.kind.get())}</label>
        <textarea
            id="composer-text"
            class="composer-text"
            rows="3"
            maxlength=NoteText::LIMIT.to_string()
            autocomplete="off"
            aria-describedby="composer-status"
            aria-invalid=move || writing.gap.read().is_some().then_some("true")
            readonly=move || writing.finishing.get()
            node_ref=area
            on:input=move |event| writing.typed(event_target_value(&event))
            on:keydown=on_key
        ></textarea>
    }
}

/// The state of what was typed, in words, beside it.
#[component]
fn StatusWords(writing: Writing) -> impl IntoView {
    let words = move || match (&*writing.gap.read(), &*writing.status.read()) {
        (Some(gap), _) => gap.words().to_owned(),
        (None, Status::Nothing) => "Saved at every key. Ctrl or ⌘ with Enter adds it.".to_owned(),
        (None, Status::Saving) => "Saving…".to_owned(),
        (None, Status::Saved) => "Saved on this tablet".to_owned(),
        (None, Status::Trouble(why)) => format!("Not saved yet. {why}"),
    };
    let state = move || match (writing.gap.read().is_some(), &*writing.status.read()) {
        (true, _) | (false, Status::Trouble(_)) => "look",
        (false, Status::Nothing) => "nothing",
        (false, Status::Saving) => "saving",
        (false, Status::Saved) => "saved",
    };
    view! { <p class="composer-status" id="composer-status" data-state=state>{words}</p> }
}

const fn question(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Observed => "What did you see or hear?",
        EntryKind::Said => "Their exact words",
        EntryKind::Action => "What did you do?",
    }
}
