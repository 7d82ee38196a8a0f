//! Accepting a referral: the arrangement that the family file begins with (REF-5, REF-6).

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use crate::{
    engine::{
        command::Command,
        form::ArrangementForm,
        view::{Done, ReferralView},
    },
    ui::{
        announce::use_announcer,
        components::{Banner, BannerTone, Button, ButtonTone, Show},
        forms::{ErrorSummary, FormState},
        memo::Memo,
        pages::desk::arrangement::{ArrangementFields, ArrangementSection},
        routes::{Route, use_go},
        state::use_app,
    },
};

/// The form that offers a place, or the reason why none can be offered.
#[component]
pub(super) fn OfferSection(
    /// The referral.
    referral: Memo<ReferralView>,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="offer">
            <h2 class="card-title" id="offer">
                "Offer a place"
            </h2>
            <Show when=move || !referral.read().may_offer.is_empty() fallback=NoKind>
                <OfferForm referral=referral />
            </Show>
        </section>
    }
}

#[component]
fn NoKind() -> impl IntoView {
    view! {
        <Banner tone=BannerTone::Notice>
            <p>
                "No place can be offered, because the risk decision allows no kind of contact at this centre. Decline the referral and say why."
            </p>
        </Banner>
    }
}

#[component]
fn OfferForm(referral: Memo<ReferralView>) -> impl IntoView {
    let (app, voice, go, form) = (use_app(), use_announcer(), use_go(), FormState::new());
    let id = referral.with_untracked(|referral| referral.row.id);
    let may_offer = Signal::derive(move || referral.read().may_offer.clone());
    let fields = ArrangementFields::new(&referral.with_untracked(proposal));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let arrangement = fields.read();
        if form.begin() {
            let go = go.clone();
            app.ask(
                Command::AcceptReferral {
                    referral: id,
                    arrangement,
                },
                move |outcome| {
                    if let Some(done) = form.end(outcome) {
                        voice.say("Accepted. The family file is open.");
                        if let Done::Created(family) = done {
                            go(Route::Family(family));
                        }
                    }
                },
            );
        }
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <ArrangementSection form=form fields=fields may_offer=may_offer />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Accept and open the family file"
                </Button>
            </div>
        </form>
    }
}

/// The usual arrangement, with the kind asked for where it may be offered.
fn proposal(referral: &ReferralView) -> ArrangementForm {
    let asked = referral.row.kind;
    let kind = referral.may_offer.contains(&asked).then_some(asked);
    ArrangementForm {
        kind,
        ..ArrangementForm::usual()
    }
}
