//! The arrangement in force, and changing it.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use crate::{
    engine::{command::Command, view::FamilyView},
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonTone, Glyph, Show},
        forms::{ErrorSummary, FormState},
        memo::Memo,
        pages::desk::arrangement::{ArrangementFacts, ArrangementFields, ArrangementSection},
        state::use_app,
    },
};

/// The arrangement as facts, or as a form while it is being changed.
#[component]
pub(super) fn ArrangementCard(
    /// The family.
    family: Memo<FamilyView>,
) -> impl IntoView {
    let changing = RwSignal::new(false);
    let version = move || format!("Version {}", family.read().arrangement_version);
    let change = move |()| {
        changing.set(true);
        a11y::focus_first("#change-arrangement");
    };
    let arrangement = Signal::derive(move || family.read().arrangement.clone());
    view! {
        <section class="card stack" aria-labelledby="arrangement">
            <h2 class="card-title" id="arrangement" tabindex="-1">
                "Arrangement"
            </h2>
            <p class="muted small">{version}</p>
            <Show
                when=move || changing.get()
                fallback=move || {
                    view! {
                        <ArrangementFacts arrangement=arrangement />
                        <div>
                            <Button glyph=Glyph::Edit on_press=change>
                                "Change the arrangement"
                            </Button>
                        </div>
                    }
                }
            >
                <ChangeForm family=family changing=changing />
            </Show>
        </section>
    }
}

#[component]
fn ChangeForm(family: Memo<FamilyView>, changing: RwSignal<bool>) -> impl IntoView {
    let (app, voice, form) = (use_app(), use_announcer(), FormState::new());
    let id = family.with_untracked(|family| family.row.id);
    let may_offer = Signal::derive(move || family.read().may_offer.clone());
    let fields =
        ArrangementFields::new(&family.with_untracked(|family| family.arrangement.clone()));
    let leave = move || {
        changing.set(false);
        a11y::focus_first("#arrangement");
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let arrangement = fields.read();
        if form.begin() {
            app.ask(
                Command::ChangeArrangement {
                    family: id,
                    arrangement,
                },
                move |outcome| {
                    if form.end(outcome).is_some() {
                        voice.say("New arrangement saved on this tablet");
                        leave();
                    }
                },
            );
        }
    };
    view! {
        <form class="form" id="change-arrangement" tabindex="-1" novalidate aria-label="Change the arrangement" on:submit=submit>
            <p class="muted">"Visits that are booked already keep what they were booked with."</p>
            <ErrorSummary form=form />
            <ArrangementSection form=form fields=fields may_offer=may_offer />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Save the new arrangement"
                </Button>
                <Button tone=ButtonTone::Quiet on_press=move |()| leave()>
                    "Leave it as it is"
                </Button>
            </div>
        </form>
    }
}
