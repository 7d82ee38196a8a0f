//! Buttons that ask for something outside a form: what goes wrong is said beside them.

use leptos::prelude::*;

use crate::{
    engine::{command::Command, wire::Id},
    ui::{
        a11y,
        announce::{Announcer, use_announcer},
        components::{Button, ButtonTone, Dialog, Glyph},
        message,
        signal::Signal,
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

/// An act that cannot be taken back: its button opens a dialog that says what it means, with a button that does it.
#[component]
pub(super) fn AskFirst(
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What it means, and what it does not.
    words: (&'static str, &'static str),
    /// The words on the button that does it.
    act: &'static str,
    /// What is asked for.
    command: fn(Id) -> Command,
    /// Of what.
    #[prop(into)]
    of: Signal<Id>,
    /// What is said once it is done.
    said: &'static str,
    /// The words on the button that opens it.
    children: Children,
) -> impl IntoView {
    let asking = Asking::new();
    let open = RwSignal::new(false);
    let ask = move |()| asking.ask(command(of.get_untracked()), said, a11y::focus_heading);
    view! {
        <div>
            <Button tone=ButtonTone::Plain glyph=Glyph::Lock on_press=move |()| open.set(true)>
                {children()}
            </Button>
        </div>
        <Dialog open=open title=title>
            <div class="stack">
                <p>{words.0}</p>
                <p>{words.1}</p>
                <div>
                    <Button tone=ButtonTone::Grave glyph=Glyph::Lock busy=asking.busy on_press=ask>
                        {act}
                    </Button>
                </div>
                <Refused trouble=asking.trouble />
            </div>
        </Dialog>
    }
}
