//! A day and a time of day.

use leptos::prelude::*;

use super::{
    FormState,
    field::{FieldFrame, FieldWords},
};

/// A day, typed in the forms people write or picked where the browser offers it.
#[component]
pub fn DateField(
    /// The form it belongs to.
    form: FormState,
    /// The name used by `engine::form`; also the control's `id`.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// A line of help.
    #[prop(default = "For example 14/03/2026".into(), into)]
    hint: String,
    /// True for a day near today, where a calendar helps; false for a birthday, which is typed.
    #[prop(optional)]
    near: bool,
    /// The text.
    value: RwSignal<String>,
) -> impl IntoView {
    let hint = if near { String::new() } else { hint };
    let kind = if near { "date" } else { "text" };
    view! { <Moment form=form name=name label=label hint=hint kind=kind value=value /> }
}

/// A time of day.
#[component]
pub fn TimeField(
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
    /// The text.
    value: RwSignal<String>,
) -> impl IntoView {
    view! { <Moment form=form name=name label=label hint=hint kind="time" value=value /> }
}

#[component]
fn Moment(
    form: FormState,
    name: String,
    label: String,
    hint: String,
    kind: &'static str,
    value: RwSignal<String>,
) -> impl IntoView {
    let words = FieldWords::new(form, &name, &label, &hint);
    let (described, invalid) = (words.clone(), words.clone());
    view! {
        <FieldFrame words=words label=label hint=hint>
            <input
                class="input input-short"
                id=name.clone()
                name=name
                type=kind
                autocomplete="off"
                aria-describedby=move || described.described_by()
                aria-invalid=move || invalid.invalid()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </FieldFrame>
    }
}
