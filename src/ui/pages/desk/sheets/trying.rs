//! Two sheets typed in, so that nobody finds out on the worst day that a word is wrong.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::command::Command,
    ui::{
        announce::use_announcer,
        components::{Banner, Button, ButtonTone, Show},
        forms::{ErrorSummary, FormState},
        pages::sheet_fields::{SheetFields, TwoSheets},
        state::use_app,
    },
};

/// The form, and what came of it.
#[component]
pub(super) fn Trying() -> impl IntoView {
    let (app, voice) = (use_app(), use_announcer());
    let form = FormState::new();
    let sheets = TwoSheets::new();
    let right = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        right.set(false);
        if form.begin() {
            app.ask(Command::TrySheets(sheets.read()), move |outcome| {
                if form.end(outcome).is_some() {
                    voice.say("These two sheets are right");
                    sheets.clear();
                    right.set(true);
                }
            });
        }
    };
    view! {
        <section class="card stack" aria-labelledby="sheets-try">
            <h2 class="card-title" id="sheets-try" tabindex="-1">
                "Try two of them"
            </h2>
            <p>"From the paper. This opens nothing; it says whether the two would."</p>
            <form class="form desk-form" novalidate on:submit=submit>
                <ErrorSummary form=form />
                <SheetFields form=form sheets=sheets />
                <div class="form-actions">
                    <Button tone=ButtonTone::Primary busy=form.busy()>
                        "Try them"
                    </Button>
                </div>
            </form>
            <Show when=move || right.get()>
                <Banner>
                    <p>
                        "These two are right, and open the centre when every tablet is lost. Sheets from before open nothing any more: destroy them."
                    </p>
                </Banner>
            </Show>
        </section>
    }
}
