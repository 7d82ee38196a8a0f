//! The short referral form: who asks, the children, the two adults, what is asked for, what is needed.
//!
//! Nothing typed is ever cleared: the page reads its signals, the engine answers, errors stand beside the fields.

use leptos::{ev::SubmitEvent, prelude::*};

use self::{
    adult::{AdultFields, AdultSection},
    asked::{AskedFields, AskedSection},
    asker::{AskerFields, AskerSection},
    children::{ChildFields, ChildrenSection},
};
use super::repeated::Repeated;
use crate::{
    domain::side::Side,
    engine::{
        command::{Command, Screen},
        form::ReferralForm,
        view::Done,
        wire::Wire,
    },
    ui::{
        announce::use_announcer,
        components::{Button, ButtonLink, ButtonTone, PageHead},
        forms::{ErrorSummary, FormState},
        routes::{Route, use_go},
        state::use_app,
    },
};

mod adult;
mod asked;
mod asker;
mod children;

/// Everything that can be typed into the form.
#[derive(Clone, Copy)]
struct Fields {
    asker: AskerFields,
    children: Repeated<ChildFields>,
    resident: AdultFields,
    visiting: AdultFields,
    asked: AskedFields,
}

/// The referral form.
#[component]
pub fn NewReferralPage() -> impl IntoView {
    use_app().look(Screen::Nothing);
    let form = FormState::new();
    let fields = Fields {
        asker: AskerFields::new(),
        children: Repeated::new([ChildFields::new()]),
        resident: AdultFields::new(),
        visiting: AdultFields::new(),
        asked: AskedFields::new(),
    };
    view! {
        <PageHead
            title="New referral"
            lead="The short form: what you need to know now. Everything else can follow."
            failed=form.failed()
            back=(Route::Referrals.path(), "Referrals")
        />
        <form class="form desk-form" novalidate on:submit=sending(form, &fields)>
            <ErrorSummary form=form />
            <AskerSection form=form fields=fields.asker />
            <ChildrenSection form=form children_fields=fields.children />
            <AdultSection form=form side=Side::Resident fields=fields.resident />
            <AdultSection form=form side=Side::Visiting fields=fields.visiting />
            <AskedSection form=form fields=fields.asked />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Save the referral"
                </Button>
                <ButtonLink href=Route::Referrals.path() tone=ButtonTone::Quiet>
                    "Leave without saving"
                </ButtonLink>
            </div>
        </form>
    }
}

/// Reads the form, shows what it lacks or sends it.
fn sending(form: FormState, fields: &Fields) -> impl Fn(SubmitEvent) + use<> {
    let fields = *fields;
    let (app, go, voice) = (use_app(), use_go(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        let typed = fields.read();
        if form.begin() {
            let go = go.clone();
            app.ask(Command::TakeReferral(typed), move |outcome| {
                if let Some(Done::Created(id)) = form.end(outcome) {
                    voice.say("Referral saved on this tablet");
                    go(Route::Referral(id));
                }
            });
        }
    }
}

impl Fields {
    fn read(self) -> ReferralForm {
        let Self {
            asker,
            children,
            resident,
            visiting,
            asked,
        } = self;
        ReferralForm {
            source: asker.source.get_untracked().map(Wire),
            referrer_name: asker.name.get_untracked(),
            referrer_organisation: asker.organisation.get_untracked(),
            referrer_phone: asker.phone.get_untracked(),
            kind: asked.kind.get_untracked().map(Wire),
            children: children.read(ChildFields::read),
            resident: resident.read(),
            visiting: visiting.read(),
            reason: asked.reason.get_untracked(),
            allergies: asked.allergies.get_untracked(),
            other_needs: asked.other_needs.get_untracked(),
        }
    }
}
