//! Choosing the six digits for coming back.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::command::Command,
    ui::{
        announce::use_announcer,
        components::{Button, ButtonTone, PageHead},
        forms::{Entry, ErrorSummary, FormState, TextField},
        routes::{Route, use_go},
        state::use_app,
    },
};

/// Chooses or changes the PIN of whoever is here.
#[component]
pub fn PinPage() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let go = use_go();
    let form = FormState::new();
    let (pin, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !form.require(&[("pin", pin), ("pin-again", again)]) {
            return;
        }
        if pin.get_untracked() != again.get_untracked() {
            form.say("The two are not the same. Type your PIN again in both.");
            return;
        }
        if form.begin() {
            let go = go.clone();
            let pin = pin.get_untracked();
            app.ask(Command::ChoosePin { pin }, move |outcome| {
                if form.end(outcome).is_some() {
                    voice.say("Your PIN is kept on this tablet");
                    go(Route::Home);
                }
            });
        }
    };
    view! {
        <PageHead
            title="Your PIN"
            lead="Six digits open this tablet again after it has locked itself, or after a colleague had it."
            failed=form.failed()
            back=(Route::Unlocking.path(), "Ways to unlock")
        />
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <TextField form=form name="pin" label="Six digits" entry=Entry::Pin shown=false value=pin />
            <TextField
                form=form
                name="pin-again"
                label="The same again"
                entry=Entry::Pin
                shown=false
                value=again
            />
            <p class="small muted">
                "It works on this tablet alone. After the app was closed, after five wrong tries and twelve hours after you typed them, your four words are asked for. Nothing is ever wiped by a wrong try."
            </p>
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Keep this PIN"
                </Button>
            </div>
        </form>
    }
}
