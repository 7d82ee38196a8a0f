//! Every tablet is lost: two printed sheets, a name, a phrase, and the centre is open again.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{super::outside::Outside, phrase::PhraseSteps};
use crate::{
    engine::{command::Command, form::RebuildForm, view::Trouble},
    ui::{
        components::{Banner, Button, ButtonTone, Show},
        forms::{Entry, ErrorSummary, FormState, TextField},
        pages::sheet_fields::{SheetFields, TwoSheets},
        routes::Route,
        state::use_app,
    },
};

/// What is asked of whoever comes with sheets.
#[derive(Clone, Copy)]
struct Answers {
    sheets: TwoSheets,
    name: RwSignal<String>,
    tablet: RwSignal<String>,
}

impl Answers {
    fn read(self) -> RebuildForm {
        RebuildForm {
            sheets: self.sheets.read(),
            name: self.name.get_untracked(),
            tablet: self.tablet.get_untracked(),
        }
    }
}

/// Open a centre with two of its sheets.
#[component]
pub fn RebuildPage() -> impl IntoView {
    let app = use_app();
    let form = FormState::new();
    let answers = Answers {
        sheets: TwoSheets::new(),
        name: RwSignal::new(String::new()),
        tablet: RwSignal::new(String::new()),
    };
    let given = RwSignal::new(false);
    let ready = Callback::new(move |phrase: String| {
        if !form.begin() {
            return;
        }
        let rebuild = Command::Rebuild {
            form: answers.read(),
            phrase,
        };
        app.ask(rebuild, move |outcome| {
            // With the sheets it goes on only if others are typed in; with the network the phrase may be sent again.
            if matches!(outcome, Err(Trouble::Form(_) | Trouble::NotNow(_))) {
                given.set(false);
            }
            form.end(outcome);
        });
    });
    view! {
        <Outside
            title="Open a centre with its sheets"
            lead="For the day when every tablet of a centre is lost."
            back=(Route::Home.path(), "Back to the doors")
            failed=form.failed()
        >
            <Show
                when=move || given.get()
                fallback=move || view! { <Giving form=form answers=answers given=given /> }
            >
                <PhraseSteps form=form finish="Open the centre" ready=ready />
            </Show>
        </Outside>
    }
}

#[component]
fn Giving(form: FormState, answers: Answers, given: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let asked = [("own-name", answers.name), ("tablet-name", answers.tablet)];
        if !form.require(&asked) || !form.begin() {
            return;
        }
        // Nobody should rehearse a phrase for words that were mistyped.
        app.ask(Command::TrySheets(answers.sheets.read()), move |outcome| {
            given.set(form.end(outcome).is_some());
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <Banner>
                <p>
                    "You need two of the three sheets that the centre printed for its trustees, and a network. Everybody in the centre will see that sheets were used, when, and your name."
                </p>
            </Banner>
            <SheetFields form=form sheets=answers.sheets />
            <TextField
                form=form
                name="own-name"
                label="Your name"
                hint="You come in as a new co-ordinator. If the team knows you under a name already, your earlier entry stays beside it."
                entry=Entry::OwnName
                value=answers.name
            />
            <TextField
                form=form
                name="tablet-name"
                label="What shall this device be called?"
                hint="So that others know it, for example Office laptop"
                value=answers.tablet
            />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>"Continue"</Button>
            </div>
        </form>
    }
}
