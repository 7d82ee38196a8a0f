//! The question what somebody does, asked of whoever comes and of whoever is here.

use leptos::prelude::*;

use crate::{
    domain::worker::Role,
    ui::{
        forms::{CheckboxField, Choice, FormState},
        i18n,
    },
};

/// Every role with a line that says what it may do.
#[component]
pub(super) fn RoleField(
    /// The form it is part of.
    form: FormState,
    /// The roles that are chosen.
    roles: RwSignal<Vec<Role>>,
) -> impl IntoView {
    let choices: Vec<_> = Role::ALL
        .iter()
        .map(|role| {
            Choice::many(roles, *role, i18n::role_name(*role)).with_hint(i18n::role_hint(*role))
        })
        .collect();
    view! {
        <div class="desk-choices-wide">
            <CheckboxField
                form=form
                name="person-roles"
                label="What they do"
                hint="Choose all that fit. What a person may read follows from this."
                choices=choices
            />
        </div>
    }
}
