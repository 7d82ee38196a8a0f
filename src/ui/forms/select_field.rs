//! One of many, such as a room or a person.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    FormState,
    field::{FieldFrame, FieldWords},
};

/// One of a list that may change; for up to seven fixed answers use radios instead.
#[component]
pub fn SelectField(
    /// The form it belongs to.
    form: FormState,
    /// The name used by `engine::form`; also the control's `id`.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// A line of help.
    #[prop(optional, into)]
    hint: String,
    /// The words of the first, empty choice.
    #[prop(default = "Choose one".into(), into)]
    nothing: String,
    /// Value and words of each choice.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value chosen; empty while none is.
    value: RwSignal<String>,
) -> impl IntoView {
    let words = FieldWords::new(form, &name, &label, &hint);
    let (described, invalid) = (words.clone(), words.clone());
    view! {
        <FieldFrame words=words label=label hint=hint>
            <select
                class="input"
                id=name.clone()
                name=name
                aria-describedby=move || described.described_by()
                aria-invalid=move || invalid.invalid()
                on:change:target=move |event| value.set(event.target().value())
            >
                // The attribute alone would not bring back a choice that a person has changed since.
                <option value="" prop:selected=move || value.with(String::is_empty)>
                    {nothing}
                </option>
                {move || options.get().into_iter().map(|one| option(one, value)).collect_view()}
            </select>
        </FieldFrame>
    }
}

fn option((key, words): (String, String), value: RwSignal<String>) -> impl IntoView {
    let chosen = key.clone();
    view! {
        <option value=key prop:selected=move || value.with(|value| *value == chosen)>
            {words}
        </option>
    }
}
