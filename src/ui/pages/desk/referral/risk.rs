//! The risk decision: a level, the kinds that suit, the controls, the reason (REF-5, REF-6).

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use crate::{
    domain::{
        contact::ContactKind,
        risk::{RiskLevel, allows},
    },
    engine::{
        command::Command,
        form::RiskForm,
        view::{ReferralView, RiskView},
        wire::{Id, Wire},
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonTone, Show},
        forms::{CheckboxField, Choice, ErrorSummary, FormState, RadioField, TextArea},
        i18n,
        memo::Memo,
        pages::desk::{
            facts::{Fact, Facts},
            wording,
        },
        state::use_app,
    },
};

/// The decision that was made, if one was.
#[component]
pub(super) fn RiskFacts(
    /// The referral.
    referral: Memo<ReferralView>,
) -> impl IntoView {
    let risk = Memo::new(move |_| referral.with(|referral| referral.risk.clone()));
    move || risk.get().map(|risk| view! { <Decided risk=risk /> })
}

#[component]
fn Decided(risk: RiskView) -> impl IntoView {
    let RiskView {
        level,
        suitable,
        controls,
        reason,
        by,
        at,
    } = risk;
    let level = format!(
        "{}. {}",
        wording::level(level.0),
        wording::level_meaning(level.0)
    );
    let suitable = if suitable.is_empty() {
        "None".to_owned()
    } else {
        wording::kinds(&suitable)
    };
    let reason: Vec<_> = reason.lines().map(str::to_owned).collect();
    let decided = format!(
        "{by}, {} at {}",
        wording::short_day(&i18n::iso_day(at)),
        i18n::clock(at)
    );
    view! {
        <section class="card stack" aria-labelledby="risk-decided">
            <h2 class="card-title" id="risk-decided">
                "Risk decision"
            </h2>
            <Facts>
                <Fact name="Level" lines=vec![level] />
                <Fact name="Kinds that suit" lines=vec![suitable] />
                <Fact name="Controls" lines=controls />
                <Fact name="Reason" lines=reason />
                <Fact name="Decided by" lines=vec![decided] />
            </Facts>
        </section>
    }
}

/// What is typed about the risk.
#[derive(Clone, Copy)]
struct RiskFields {
    level: RwSignal<Option<RiskLevel>>,
    suitable: RwSignal<Vec<ContactKind>>,
    controls: RwSignal<String>,
    reason: RwSignal<String>,
}

impl RiskFields {
    fn new() -> Self {
        Self {
            level: RwSignal::new(None),
            suitable: RwSignal::new(Vec::new()),
            controls: RwSignal::new(String::new()),
            reason: RwSignal::new(String::new()),
        }
    }

    /// Kinds that were ticked before the level ruled them out are not on the page any more, so they do not count.
    fn read(self) -> RiskForm {
        let level = self.level.get_untracked();
        let mut suitable = self.suitable.get_untracked();
        suitable.retain(|kind| level.is_none_or(|level| allows(level, *kind)));
        RiskForm {
            level: level.map(Wire),
            suitable: suitable.into_iter().map(Wire).collect(),
            controls: self.controls.get_untracked(),
            reason: self.reason.get_untracked(),
        }
    }
}

/// The form of the risk decision.
#[component]
pub(super) fn RiskSection(
    /// The referral.
    referral: Memo<ReferralView>,
) -> impl IntoView {
    let form = FormState::new();
    let id = referral.with_untracked(|referral| referral.row.id);
    let fields = RiskFields::new();
    view! {
        <section class="card" aria-labelledby="decide-risk">
            <h2 class="card-title" id="decide-risk">
                "Decide on the risk"
            </h2>
            <p class="muted">"No place can be offered without this decision."</p>
            <form class="form" novalidate on:submit=sending(form, id, fields)>
                <ErrorSummary form=form />
                <Levels form=form fields=fields />
                <TextArea
                    form=form
                    name="controls"
                    label="Controls (if any)"
                    hint="One plain instruction a line, as the team should read it: side door only."
                    value=fields.controls
                />
                <TextArea
                    form=form
                    name="risk-reason"
                    label="Reason for this decision"
                    hint="What you know and from whom. Facts, no guesses."
                    rows=4
                    value=fields.reason
                />
                <div class="form-actions">
                    <Button tone=ButtonTone::Primary busy=form.busy()>
                        "Record the decision"
                    </Button>
                </div>
            </form>
        </section>
    }
}

/// Reads the form, shows what it lacks or records the decision.
fn sending(form: FormState, id: Id, fields: RiskFields) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice) = (use_app(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        let risk = fields.read();
        if form.begin() {
            app.ask(Command::DecideRisk { referral: id, risk }, move |outcome| {
                if form.end(outcome).is_some() {
                    voice.say("Risk decision saved on this tablet");
                    a11y::focus_heading();
                }
            });
        }
    }
}

#[component]
fn Levels(form: FormState, fields: RiskFields) -> impl IntoView {
    let levels: Vec<_> = RiskLevel::ALL
        .iter()
        .map(|level| {
            Choice::one(fields.level, *level, wording::level(*level))
                .with_hint(wording::level_meaning(*level))
        })
        .collect();
    let kinds = Signal::derive(move || {
        let level = fields.level.get();
        ContactKind::ALL
            .iter()
            .filter(|kind| {
                kind.happens_in_a_session() && level.is_none_or(|level| allows(level, **kind))
            })
            .map(|kind| Choice::many(fields.suitable, *kind, i18n::kind_name(*kind)))
            .collect::<Vec<_>>()
    });
    let hopeless = Memo::new(move |_| fields.level.get() == Some(RiskLevel::Unmanageable));
    let high = Memo::new(move |_| fields.level.get() == Some(RiskLevel::High));
    view! {
        <RadioField form=form name="risk-level" label="Overall risk" choices=levels />
        <Show
            when=move || !hopeless.get()
            fallback=|| view! { <p class="muted">"No kind of contact suits, so there is none to choose."</p> }
        >
            <div class="desk-choices-wide">
                <CheckboxField form=form name="suitable" label="Kinds of contact that suit" choices=kinds />
            </div>
            <Show when=move || high.get()>
                <p class="muted small">
                    "Supported contact is not in the list because high risk needs somebody who sees and hears throughout."
                </p>
            </Show>
        </Show>
    }
}
