//! Who asks for the place; the source comes first because everything else depends on it (REF-1).

use leptos::prelude::*;

use crate::{
    domain::referral::ReferralSource,
    ui::{
        forms::{Choice, Entry, FormState, RadioField, TextField},
        i18n,
    },
};

/// What is typed about the one who asks.
#[derive(Clone, Copy)]
pub(super) struct AskerFields {
    /// From where.
    pub(super) source: RwSignal<Option<ReferralSource>>,
    /// Whom to ask for.
    pub(super) name: RwSignal<String>,
    /// Where they work.
    pub(super) organisation: RwSignal<String>,
    /// Their number.
    pub(super) phone: RwSignal<String>,
}

impl AskerFields {
    /// Nothing typed.
    pub(super) fn new() -> Self {
        Self {
            source: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            organisation: RwSignal::new(String::new()),
            phone: RwSignal::new(String::new()),
        }
    }
}

/// The section about the one who asks.
#[component]
pub(super) fn AskerSection(
    /// The form it belongs to.
    form: FormState,
    /// What is typed.
    fields: AskerFields,
) -> impl IntoView {
    let sources: Vec<_> = ReferralSource::ALL
        .iter()
        .map(|source| Choice::one(fields.source, *source, i18n::source_name(*source)))
        .collect();
    view! {
        <fieldset class="group">
            <legend>"Who asks"</legend>
            <div class="desk-choices-wide">
                <RadioField form=form name="source" label="Who makes this referral" choices=sources />
            </div>
            <TextField
                form=form
                name="referrer-name"
                label="Name of the person to ask for"
                hint="May stay empty when a parent asks for themselves."
                value=fields.name
            />
            <div class="desk-pair">
                <TextField
                    form=form
                    name="referrer-organisation"
                    label="Court, firm or agency (if any)"
                    value=fields.organisation
                />
                <TextField
                    form=form
                    name="referrer-phone"
                    label="Their phone (if known)"
                    entry=Entry::Phone
                    value=fields.phone
                />
            </div>
        </fieldset>
    }
}
