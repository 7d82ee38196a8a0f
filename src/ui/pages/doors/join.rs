//! Joining a centre: the invite, then this person's phrase.

use leptos::{
    ev::{self, SubmitEvent},
    prelude::*,
};

use crate::ui::signal::Signal;

use super::{super::outside::Outside, phrase::PhraseSteps};
use crate::{
    engine::{
        command::Command,
        view::{Door, Trouble},
    },
    ui::{
        components::{Banner, Button, ButtonTone, CopyLine, Show},
        forms::{ErrorSummary, FormState, TextArea, TextField},
        routes::Route,
        state::use_app,
    },
};

const BESIDE: &str = "You join beside those who use this tablet already.";

/// Join a centre.
#[component]
pub fn JoinPage() -> impl IntoView {
    let app = use_app();
    let form = FormState::new();
    let link = RwSignal::new(shown_link());
    // A link that is opened while this page stands in the tab changes nothing but the part after `#`.
    let another = window_event_listener(ev::hashchange, move |_| link.set(shown_link()));
    on_cleanup(move || another.remove());
    let tablet = RwSignal::new(String::new());
    let named = RwSignal::new(false);
    let ready = Callback::new(move |phrase: String| {
        if !form.begin() {
            return;
        }
        let (link, tablet) = (link.get_untracked(), tablet.get_untracked());
        app.ask(
            Command::Join {
                link,
                phrase,
                tablet,
            },
            move |outcome| {
                if let Err(trouble) = &outcome
                    && is_about_the_link(trouble)
                {
                    named.set(false);
                }
                form.end(outcome);
            },
        );
    });
    let beside = move || app.door.with(|door| matches!(door, Door::Locked { .. }));
    view! {
        <Outside
            title="Join my centre"
            lead=Signal::derive(move || if beside() { BESIDE.to_owned() } else { String::new() })
            back=(Route::Home.path(), "Back")
            failed=form.failed()
        >
            <Show
                when=move || named.get()
                fallback=move || view! { <Invite form=form link=link tablet=tablet named=named /> }
            >
                <PhraseSteps form=form finish="Join" ready=ready />
            </Show>
        </Outside>
    }
}

/// The link in the address bar; empty where the page was not opened by one.
fn shown_link() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Whether another link or another answer on the first step may help.
fn is_about_the_link(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Form(_)
        | Trouble::LinkUnreadable
        | Trouble::LinkExpired
        | Trouble::LinkUsed
        | Trouble::LinkCancelled
        | Trouble::LinkUnknown => true,
        Trouble::WrongPhrase
        | Trouble::WrongPasskey
        | Trouble::WeakPhrase
        | Trouble::NotAllowed
        | Trouble::Rule { .. }
        | Trouble::NoRelay(_)
        | Trouble::TryAgain
        | Trouble::Storage(_)
        | Trouble::WrongPin { .. }
        | Trouble::NotNow(_) => false,
    }
}

#[component]
fn Invite(
    form: FormState,
    link: RwSignal<String>,
    tablet: RwSignal<String>,
    named: RwSignal<bool>,
) -> impl IntoView {
    let came_by_link = !link.with_untracked(String::is_empty);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        named.set(form.require(&[("link", link), ("tablet-name", tablet)]));
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            {came_by_link.then(|| view! { <CameByLink /> })}
            <TextArea
                form=form
                name="link"
                label="Invite link"
                hint="Paste the whole link that your co-ordinator sent you. It works once, for one tablet."
                rows=3
                value=link
            />
            <TextField
                form=form
                name="tablet-name"
                label="What shall this tablet be called?"
                hint="A word on a sticker is enough, for example Teal"
                value=tablet
            />
            <p class="muted">
                "Joining is the one step that needs the network. Afterwards everything works without."
            </p>
            <div class="form-actions">
                <Button tone=ButtonTone::Primary>"Continue"</Button>
            </div>
        </form>
    }
}

#[component]
fn CameByLink() -> impl IntoView {
    let whole = window().location().href().unwrap_or_default();
    view! {
        <Banner>
            <p>
                "Your invite was read from the link. If you want the app on the home screen, install it first, open it there, choose Join my centre and paste this link: it still works."
            </p>
            <CopyLine action="Copy the link" text=whole />
        </Banner>
    }
}
