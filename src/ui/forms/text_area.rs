//! Several lines of text.

use leptos::prelude::*;

use super::{
    FormState,
    field::{FieldFrame, FieldWords},
};

/// Several lines of text.
#[component]
pub fn TextArea(
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
    /// Lines to begin with; it grows where the browser can.
    #[prop(default = 3)]
    rows: u32,
    /// The text.
    value: RwSignal<String>,
) -> impl IntoView {
    let words = FieldWords::new(form, &name, &label, &hint);
    let (described, invalid) = (words.clone(), words.clone());
    view! {
        <FieldFrame words=words label=label hint=hint>
            <textarea
                class="input"
                id=name.clone()
                name=name
                rows=rows.to_string()
                autocomplete="off"
                aria-describedby=move || described.described_by()
                aria-invalid=move || invalid.invalid()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        </FieldFrame>
    }
}
