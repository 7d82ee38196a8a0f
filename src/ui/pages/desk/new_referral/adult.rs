//! One adult; both sides are asked the same things in the same way.

use leptos::prelude::*;

use crate::{
    domain::side::Side,
    engine::form::AdultForm,
    ui::{
        components::{Glyph, Icon},
        forms::{Entry, FormState, TextArea, TextField},
    },
};

/// What is typed about one adult.
#[derive(Clone, Copy)]
pub(super) struct AdultFields {
    first: RwSignal<String>,
    last: RwSignal<String>,
    relationship: RwSignal<String>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    address: RwSignal<String>,
}

impl AdultFields {
    /// Nothing typed.
    pub(super) fn new() -> Self {
        let blank = || RwSignal::new(String::new());
        Self {
            first: blank(),
            last: blank(),
            relationship: blank(),
            phone: blank(),
            email: blank(),
            address: blank(),
        }
    }

    /// The adult as typed.
    pub(super) fn read(self) -> AdultForm {
        AdultForm {
            first_name: self.first.get_untracked(),
            last_name: self.last.get_untracked(),
            relationship: self.relationship.get_untracked(),
            phone: self.phone.get_untracked(),
            email: self.email.get_untracked(),
            address: self.address.get_untracked(),
        }
    }
}

/// The section about one adult.
#[component]
pub(super) fn AdultSection(
    /// The form it belongs to.
    form: FormState,
    /// Whose section.
    side: Side,
    /// What is typed.
    fields: AdultFields,
) -> impl IntoView {
    let legend = match side {
        Side::Resident => "The adult the child lives with",
        Side::Visiting => "The adult who comes to visit",
    };
    let field = |part: &str| format!("{}-{part}", side.word());
    let label = |words: &str| labelled(words, side);
    view! {
        <fieldset class="group">
            <legend>{legend}</legend>
            <div class="desk-pair">
                <TextField form=form name=field("first") label=label("First name") value=fields.first />
                <TextField form=form name=field("last") label=label("Surname") value=fields.last />
            </div>
            <TextField
                form=form
                name=field("relationship")
                label=label("Relationship")
                hint="To the children, as they say it: mum, dad, gran, foster carer."
                value=fields.relationship
            />
            <SealedDetails form=form side=side fields=fields />
        </fieldset>
    }
}

#[component]
fn SealedDetails(form: FormState, side: Side, fields: AdultFields) -> impl IntoView {
    let field = |part: &str| format!("{}-{part}", side.word());
    let label = |words: &str| labelled(words, side);
    view! {
        <div class="desk-sealed">
            <p class="desk-sealed-words">
                <Icon glyph=Glyph::Lock />
                <span>
                    <strong>"Kept apart: opened only on purpose, and logged."</strong>
                    " The other side never sees it. One way to reach them is enough."
                </span>
            </p>
            <div class="desk-pair">
                <TextField form=form name=field("phone") label=label("Phone") entry=Entry::Phone value=fields.phone />
                <TextField form=form name=field("email") label=label("E-mail") entry=Entry::Email value=fields.email />
            </div>
            <TextArea form=form name=field("address") label=label("Address") rows=3 value=fields.address />
        </div>
    }
}

/// The summary names a field by its label, so each label says which adult.
fn labelled(words: &str, side: Side) -> String {
    let whose = match side {
        Side::Resident => "who they live with",
        Side::Visiting => "who visits",
    };
    format!("{words} of {whose}")
}
