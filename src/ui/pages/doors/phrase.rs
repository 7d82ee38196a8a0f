//! The four words: shown, written down, typed back. Nobody can give them back later, so they are rehearsed.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::{command::Command, view::Done},
    ui::{
        a11y,
        components::{Banner, BannerTone, Button, ButtonTone, CopyLine, Glyph, Show},
        forms::{Entry, ErrorSummary, FormState, TextField},
        message,
        state::use_app,
    },
};

/// Shows a fresh phrase and has it typed back, then calls `ready` with it.
#[component]
pub(super) fn PhraseSteps(
    /// The form whose summary shows trouble, and which is busy while the phrase is being used.
    form: FormState,
    /// The words of the last button: "Start the centre".
    finish: &'static str,
    /// Called with the rehearsed phrase.
    #[prop(into)]
    ready: Callback<String>,
) -> impl IntoView {
    let app = use_app();
    let phrase = RwSignal::new(String::new());
    let written = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    app.ask(Command::SuggestPhrase, move |outcome| match outcome {
        Ok(Done::Phrase(words)) => phrase.set(words),
        Ok(Done::Saved | Done::Created(_) | Done::Invited { .. } | Done::Sheets(_)) => {}
        Err(why) => trouble.set(Some(message::trouble(&why))),
    });
    view! {
        {move || trouble.get().map(|words| view! {
            <Banner tone=BannerTone::Notice>
                <p>{words}</p>
            </Banner>
        })}
        <Show
            when=move || written.get()
            fallback=move || view! { <Shown phrase=phrase written=written /> }
        >
            <Rehearsed form=form phrase=phrase written=written finish=finish ready=ready />
        </Show>
    }
}

#[component]
fn Shown(phrase: RwSignal<String>, written: RwSignal<bool>) -> impl IntoView {
    a11y::focus_first(".phrase-title");
    let words = move || {
        let words = phrase.get();
        if words.is_empty() {
            return view! { <p class="loading">"Choosing four words…"</p> }.into_any();
        }
        let items = words
            .split_whitespace()
            .map(|word| view! { <li>{word.to_owned()}</li> });
        view! { <ol class="phrase-words">{items.collect_view()}</ol> }.into_any()
    };
    let ready = move || !phrase.with(String::is_empty);
    view! {
        <section class="stack phrase">
            <h2 class="phrase-title" tabindex="-1">"Your unlock phrase"</h2>
            <p>
                "These four words open this tablet for you, every day, also without signal. Write them down and keep the paper at home, or keep them in your password manager."
            </p>
            {words}
            <p>
                "Nobody can look them up for you: not your co-ordinator, not the people who made this app. If you lose them, a co-ordinator can let you in again with a new invite."
            </p>
            <Show when=ready>
                <CopyLine action="Copy the words" text=phrase />
                <div class="cluster">
                    <Button tone=ButtonTone::Primary on_press=move |()| written.set(true)>
                        "I have written them down"
                    </Button>
                </div>
            </Show>
        </section>
    }
}

#[component]
fn Rehearsed(
    form: FormState,
    phrase: RwSignal<String>,
    written: RwSignal<bool>,
    finish: &'static str,
    ready: Callback<String>,
) -> impl IntoView {
    a11y::focus_first(".phrase-title");
    let typed = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let shown = phrase.get_untracked();
        match difference(&shown, &typed.get_untracked()) {
            Some(words) => form.say(words),
            None => ready.run(shown),
        }
    };
    view! {
        <form class="form phrase" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <h2 class="phrase-title" tabindex="-1">"Type your phrase once"</h2>
            <p>"From your paper, so that you know it is right. You may also paste it."</p>
            <TextField
                form=form
                name="phrase"
                label="Your four words"
                hint="Capitals and the number of spaces do not matter"
                entry=Entry::NewPhrase
                value=typed
            />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    {finish}
                </Button>
                <Button tone=ButtonTone::Quiet glyph=Glyph::Back on_press=move |()| written.set(false)>
                    "Show the words again"
                </Button>
            </div>
        </form>
    }
}

/// Says what is different between the phrase shown and the one typed; `None` if nothing is.
fn difference(shown: &str, typed: &str) -> Option<String> {
    const PLACES: [&str; 4] = ["first", "second", "third", "fourth"];
    let split = |text: &str| -> Vec<String> {
        text.split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let (shown, typed) = (split(shown), split(typed));
    if shown == typed {
        return None;
    }
    if typed.is_empty() {
        return Some("Type the four words from your paper.".to_owned());
    }
    let place = shown
        .iter()
        .zip(&typed)
        .position(|(one, other)| one != other);
    let place = place.and_then(|place| PLACES.get(place));
    Some(match place {
        Some(place) => format!(
            "The {place} word is not the one shown. Check your paper; if it is wrong there, show the words again."
        ),
        None => format!(
            "The phrase has {} words; {} were typed.",
            shown.len(),
            typed.len()
        ),
    })
}
