//! The fields of an arrangement, used when a place is offered and when an arrangement changes; and its facts.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::facts::{Fact, Facts};
use crate::{
    domain::{contact::ContactKind, side::Side},
    engine::{form::ArrangementForm, wire::Wire},
    ui::{
        components::{Banner, Show},
        forms::{CheckboxField, Choice, Entry, FormState, RadioField, TextArea, TextField},
        i18n,
        memo::Memo,
    },
};

/// What is typed about an arrangement.
#[derive(Clone, Copy)]
pub(super) struct ArrangementFields {
    kind: RwSignal<Option<ContactKind>>,
    length: RwSignal<String>,
    first_in: RwSignal<Option<Side>>,
    gap: RwSignal<String>,
    keep_apart: RwSignal<bool>,
    collectors: RwSignal<String>,
}

impl ArrangementFields {
    /// Begins with what is so, or usual.
    pub(super) fn new(form: &ArrangementForm) -> Self {
        Self {
            kind: RwSignal::new(form.kind.map(|kind| kind.0)),
            length: RwSignal::new(form.length_minutes.clone()),
            first_in: RwSignal::new(Some(form.first_in.0)),
            gap: RwSignal::new(form.gap_minutes.clone()),
            keep_apart: RwSignal::new(form.keep_apart),
            collectors: RwSignal::new(form.collectors.clone()),
        }
    }

    /// The arrangement as typed.
    pub(super) fn read(self) -> ArrangementForm {
        ArrangementForm {
            kind: self.kind.get_untracked().map(Wire),
            length_minutes: self.length.get_untracked(),
            first_in: Wire(self.first_in.get_untracked().unwrap_or(Side::Visiting)),
            gap_minutes: self.gap.get_untracked(),
            keep_apart: self.keep_apart.get_untracked(),
            collectors: self.collectors.get_untracked(),
        }
    }
}

/// The fields of an arrangement.
#[component]
pub(super) fn ArrangementSection(
    /// The form it belongs to.
    form: FormState,
    /// What is typed.
    fields: ArrangementFields,
    /// The kinds that the risk decision allows (REF-6).
    #[prop(into)]
    may_offer: Signal<Vec<Wire<ContactKind>>>,
) -> impl IntoView {
    let kinds = Signal::derive(move || {
        may_offer
            .get()
            .into_iter()
            .map(|Wire(kind)| {
                Choice::one(fields.kind, kind, i18n::kind_name(kind))
                    .with_hint(i18n::kind_hint(kind))
            })
            .collect::<Vec<_>>()
    });
    let no_supported = Memo::new(move |_| {
        !may_offer
            .read()
            .iter()
            .any(|kind| kind.0 == ContactKind::Supported)
    });
    view! {
        <Show when=move || no_supported.get()>
            <Banner>
                <p>
                    "Supported contact is not in the list because the risk decision asks for somebody who sees and hears throughout."
                </p>
            </Banner>
        </Show>
        <RadioField form=form name="arrangement-kind" label="Kind of contact" choices=kinds />
        <TextField
            form=form
            name="length"
            label="Length of a visit in minutes"
            hint="Up to 120."
            entry=Entry::Number
            value=fields.length
        />
        <Stagger form=form fields=fields />
        <TextArea
            form=form
            name="collectors"
            label="Who else may bring or collect (if anybody)"
            hint="One a line: name, then who they are. For example: Pat Price, gran. Nobody else is let in."
            value=fields.collectors
        />
    }
}

#[component]
fn Stagger(form: FormState, fields: ArrangementFields) -> impl IntoView {
    let sides = vec![
        Choice::one(fields.first_in, Side::Visiting, "The visiting adult")
            .with_hint("Is settled in the room when the child comes."),
        Choice::one(
            fields.first_in,
            Side::Resident,
            "The child with the adult who brings them",
        )
        .with_hint("The visiting adult comes when they have left the door."),
    ];
    let apart = vec![
        Choice::yes(fields.keep_apart, "They must not meet")
            .with_hint("Stays on unless both sides have asked otherwise in writing."),
    ];
    view! {
        <RadioField form=form name="first-in" label="Who comes first" choices=sides />
        <TextField
            form=form
            name="gap"
            label="Minutes between the two arrivals"
            hint="10 to 30 while they must not meet; 15 is usual."
            entry=Entry::Number
            value=fields.gap
        />
        <CheckboxField form=form name="keep-apart" label="Keep the two adults apart" choices=apart />
    }
}

/// An arrangement as facts.
#[component]
pub(super) fn ArrangementFacts(
    /// What is agreed.
    #[prop(into)]
    arrangement: Signal<ArrangementForm>,
) -> impl IntoView {
    let kind = move || {
        let kind = arrangement.read().kind;
        kind.map(|kind| i18n::kind_name(kind.0).to_owned())
            .into_iter()
            .collect::<Vec<_>>()
    };
    let order = move || {
        let first = match arrangement.read().first_in.0 {
            Side::Resident => "The child is brought first",
            Side::Visiting => "The visiting adult comes first",
        };
        arrangement.with(|form| vec![format!("{first}, {} minutes apart", form.gap_minutes)])
    };
    let collectors = move || {
        let named = arrangement.with(|form| {
            form.collectors
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        if named.is_empty() {
            vec!["Only the adult the child lives with".to_owned()]
        } else {
            named
        }
    };
    let meeting = move || {
        let apart = arrangement.read().keep_apart;
        vec![
            if apart {
                "The two adults must not meet"
            } else {
                "The two adults may meet"
            }
            .to_owned(),
        ]
    };
    let length = move || arrangement.with(|form| vec![format!("{} minutes", form.length_minutes)]);
    view! {
        <Facts>
            <Fact name="Kind" lines=Signal::derive(kind) />
            <Fact name="Length" lines=Signal::derive(length) />
            <Fact name="Arriving" lines=Signal::derive(order) />
            <Fact name="Meeting" lines=Signal::derive(meeting) />
            <Fact name="Collectors" lines=Signal::derive(collectors) />
        </Facts>
    }
}
