//! A button that asks for something outside a form: what goes wrong is said beside it.

use leptos::prelude::*;

use crate::{
    engine::command::Command,
    ui::{
        announce::{Announcer, use_announcer},
        message,
        state::{AppState, use_app},
    },
};

/// Sends commands, and keeps why the last one was turned down.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    app: AppState,
    voice: Announcer,
    /// One is under way.
    pub(super) busy: RwSignal<bool>,
    /// Why it was turned down.
    pub(super) trouble: RwSignal<String>,
}

impl Asking {
    pub(super) fn new() -> Self {
        Self {
            app: use_app(),
            voice: use_announcer(),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(String::new()),
        }
    }

    /// Asks; once it is done it is said aloud, and `then` takes the focus to where that can be seen.
    pub(super) fn ask(self, command: Command, said: &'static str, then: fn()) {
        let Self {
            app,
            voice,
            busy,
            trouble,
        } = self;
        busy.set(true);
        trouble.set(String::new());
        app.ask(command, move |outcome| {
            busy.set(false);
            match outcome {
                Ok(_) => {
                    voice.say(said);
                    then();
                }
                Err(refused) => {
                    let words = message::trouble(&refused);
                    voice.alert(words.clone());
                    trouble.set(words);
                }
            }
        });
    }
}

/// Why it was turned down, if it was.
#[component]
pub(super) fn Refused(
    /// The words; none while there is nothing to say.
    trouble: RwSignal<String>,
) -> impl IntoView {
    view! {
        <p class="field-error" hidden=move || trouble.read().is_empty()>
            {move || trouble.get()}
        </p>
    }
}
