//! Starting a centre: its name, then the first co-ordinator's phrase.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{super::outside::Outside, phrase::PhraseSteps};
use crate::{
    engine::{command::Command, form::CentreForm, view::Trouble},
    ui::{
        components::{Banner, BannerTone, Button, ButtonTone, Show},
        forms::{Entry, ErrorSummary, FormState, TextField},
        parts::use_parts,
        routes::Route,
        state::use_app,
    },
};

/// What is asked about the centre.
#[derive(Clone, Copy)]
struct Answers {
    name: RwSignal<String>,
    venue: RwSignal<String>,
    coordinator: RwSignal<String>,
    tablet: RwSignal<String>,
}

impl Answers {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            name: text(),
            venue: text(),
            coordinator: text(),
            tablet: text(),
        }
    }

    fn read(&self) -> CentreForm {
        CentreForm {
            name: self.name.get_untracked(),
            venue: self.venue.get_untracked(),
            rooms: Vec::new(),
            coordinator: self.coordinator.get_untracked(),
            tablet: self.tablet.get_untracked(),
        }
    }
}

/// Start a centre.
#[component]
pub fn StartPage() -> impl IntoView {
    let app = use_app();
    // Whoever starts a centre has a desk in it.
    use_parts().desk.fetch_ahead();
    let form = FormState::new();
    let answers = Answers::new();
    let named = RwSignal::new(false);
    let ready = Callback::new(move |phrase: String| {
        if !form.begin() {
            return;
        }
        app.ask(
            Command::StartCentre {
                centre: answers.read(),
                phrase,
            },
            move |outcome| {
                if matches!(outcome, Err(Trouble::Form(_))) {
                    named.set(false);
                }
                form.end(outcome);
            },
        );
    });
    view! {
        <Outside
            title="Start a centre"
            back=(Route::Home.path(), "Back to the doors")
            failed=form.failed()
        >
            <Show
                when=move || named.get()
                fallback=move || view! { <Naming form=form answers=answers named=named /> }
            >
                <PhraseSteps form=form finish="Start the centre" ready=ready />
            </Show>
        </Outside>
    }
}

#[component]
fn Naming(form: FormState, answers: Answers, named: RwSignal<bool>) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Nobody should rehearse a phrase for a form that comes back for a blank.
        named.set(form.require(&[
            ("centre-name", answers.name),
            ("venue-name", answers.venue),
            ("coordinator-name", answers.coordinator),
            ("tablet-name", answers.tablet),
        ]));
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <OnlyYours />
            <TextField form=form name="centre-name" label="Name of the centre" value=answers.name />
            <TextField
                form=form
                name="venue-name"
                label="Name of the venue"
                hint="The hall or building where families meet"
                value=answers.venue
            />
            <TextField
                form=form
                name="coordinator-name"
                label="Your name"
                hint="You become the first co-ordinator"
                entry=Entry::OwnName
                value=answers.coordinator
            />
            <TextField
                form=form
                name="tablet-name"
                label="What shall this device be called?"
                hint="So that others know it, for example Office laptop"
                value=answers.tablet
            />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary>"Continue"</Button>
            </div>
        </form>
    }
}

#[component]
fn OnlyYours() -> impl IntoView {
    view! {
        <Banner tone=BannerTone::Notice>
            <p>
                "Your centre's records will exist on your own tablets, readable by nobody else. If every tablet were lost, they would be gone. So add a second co-ordinator's tablet as soon as you have started."
            </p>
        </Banner>
    }
}
