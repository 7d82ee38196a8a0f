//! Declining a referral, whoever made it; the class of reason is always given (REF-9).

use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    domain::referral::DeclineReason,
    engine::{
        command::Command,
        form::{FieldError, Problem},
        wire::Id,
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonTone},
        forms::{Choice, ErrorSummary, FormState, RadioField},
        pages::desk::wording,
        state::use_app,
    },
};

const FIELD: &str = "decline-reason";

/// Folded away until it is wanted, because it ends the referral.
#[component]
pub(super) fn DeclineSection(
    /// Which referral.
    referral: Id,
) -> impl IntoView {
    let form = FormState::new();
    let reason: RwSignal<Option<DeclineReason>> = RwSignal::new(None);
    let reasons: Vec<_> = DeclineReason::ALL
        .iter()
        .map(|class| Choice::one(reason, *class, wording::decline_reason(*class)))
        .collect();
    view! {
        <details class="desk-fold">
            <summary>"Decline this referral"</summary>
            <form class="form" novalidate on:submit=sending(form, referral, reason)>
                <ErrorSummary form=form />
                <RadioField
                    form=form
                    name=FIELD
                    label="Why the referral is declined"
                    hint="The referrer is told this reason and nothing else."
                    choices=reasons
                />
                <div class="form-actions">
                    <Button tone=ButtonTone::Grave busy=form.busy()>
                        "Decline and close the referral"
                    </Button>
                </div>
            </form>
        </details>
    }
}

/// Sends the reason, or asks for one.
fn sending(
    form: FormState,
    referral: Id,
    reason: RwSignal<Option<DeclineReason>>,
) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice) = (use_app(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        let Some(reason) = reason.get_untracked() else {
            form.refuse(vec![FieldError {
                field: FIELD.to_owned(),
                problem: Problem::Missing,
            }]);
            return;
        };
        if form.begin() {
            let reason = reason.word().to_owned();
            app.ask(
                Command::DeclineReferral { referral, reason },
                move |outcome| {
                    if form.end(outcome).is_some() {
                        voice.say("Declined. Saved on this tablet.");
                        a11y::focus_heading();
                    }
                },
            );
        }
    }
}
