//! What is asked for, why, and what the children and adults need.

use leptos::prelude::*;

use crate::{
    domain::contact::ContactKind,
    ui::{
        components::{Button, ButtonTone},
        forms::{Choice, FormState, RadioField, TextArea, TextField},
        i18n,
    },
};

/// What is typed about the contact asked for.
#[derive(Clone, Copy)]
pub(super) struct AskedFields {
    /// The kind.
    pub(super) kind: RwSignal<Option<ContactKind>>,
    /// Why.
    pub(super) reason: RwSignal<String>,
    /// Allergies and medicines.
    pub(super) allergies: RwSignal<String>,
    /// Other needs, one a line.
    pub(super) other_needs: RwSignal<String>,
}

impl AskedFields {
    /// Nothing typed.
    pub(super) fn new() -> Self {
        Self {
            kind: RwSignal::new(None),
            reason: RwSignal::new(String::new()),
            allergies: RwSignal::new(String::new()),
            other_needs: RwSignal::new(String::new()),
        }
    }
}

/// The sections about the contact and the needs.
#[component]
pub(super) fn AskedSection(
    /// The form it belongs to.
    form: FormState,
    /// What is typed.
    fields: AskedFields,
) -> impl IntoView {
    let kinds: Vec<_> = ContactKind::ALL
        .iter()
        .filter(|kind| kind.happens_in_a_session())
        .map(|kind| {
            Choice::one(fields.kind, *kind, i18n::kind_name(*kind))
                .with_hint(i18n::kind_hint(*kind))
        })
        .collect();
    view! {
        <fieldset class="group">
            <legend>"What is asked for"</legend>
            <div class="desk-choices-wide">
                <RadioField
                    form=form
                    name="kind"
                    label="Kind of contact asked for"
                    hint="The risk decision comes later and may say another."
                    choices=kinds
                />
            </div>
            <TextArea
                form=form
                name="reason"
                label="Why contact is asked for"
                hint="What an order says, how long since they last met. Facts, in the words given."
                rows=4
                value=fields.reason
            />
        </fieldset>
        <NeedsSection form=form fields=fields />
    }
}

#[component]
fn NeedsSection(form: FormState, fields: AskedFields) -> impl IntoView {
    view! {
        <fieldset class="group">
            <legend>"What they need"</legend>
            <TextField
                form=form
                name="allergies"
                label="Allergies and medicines of the children"
                hint="Every worker at the session sees this. If there are none, say so: ask, do not guess."
                value=fields.allergies
            />
            <Button tone=ButtonTone::Quiet on_press=move |()| fields.allergies.set(i18n::NONE_KNOWN.to_owned())>
                "I asked: none known"
            </Button>
            <TextArea
                form=form
                name="other-needs"
                label="Other needs (if any)"
                hint="Access, language, diet, comfort. One a line."
                value=fields.other_needs
            />
        </fieldset>
    }
}
