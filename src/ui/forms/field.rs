//! What every field has: a label, perhaps a hint, perhaps an error, tied to the control by ids.

use leptos::prelude::*;

use crate::ui::memo::Memo;

use super::FormState;

/// Where a control finds its words.
#[derive(Clone, Debug)]
pub struct FieldWords {
    /// The `id` and `name` of the control.
    pub name: String,
    /// What is wrong with it.
    pub error: Memo<Option<String>>,
    hinted: bool,
}

impl FieldWords {
    /// Names a field of a form.
    pub(super) fn new(form: FormState, name: &str, label: &str, hint: &str) -> Self {
        form.name_field(name, label);
        Self {
            name: name.to_owned(),
            error: form.error_of(name.to_owned()),
            hinted: !hint.is_empty(),
        }
    }

    /// The value of `aria-describedby`.
    pub fn described_by(&self) -> Option<String> {
        let (name, hinted) = (&self.name, self.hinted);
        match (hinted, self.error.with(Option::is_some)) {
            (false, false) => None,
            (true, false) => Some(format!("{name}-hint")),
            (false, true) => Some(format!("{name}-error")),
            (true, true) => Some(format!("{name}-hint {name}-error")),
        }
    }

    /// The value of `aria-invalid`.
    pub fn invalid(&self) -> Option<&'static str> {
        self.error.with(Option::is_some).then_some("true")
    }
}

/// Label, hint and error around one control.
#[allow(clippy::needless_pass_by_value, reason = "a component owns its props")]
#[component]
pub fn FieldFrame(
    /// The field.
    words: FieldWords,
    /// Its label.
    label: String,
    /// A line of help; empty for none.
    hint: String,
    /// The control.
    children: Children,
) -> impl IntoView {
    let name = words.name.clone();
    view! {
        <div class="field" data-invalid=move || words.error.with(Option::is_some).to_string()>
            <label class="field-label" for=name.clone()>
                {label}
            </label>
            <Hint name=name.clone() hint=hint />
            <FieldProblem name=name error=words.error />
            {children()}
        </div>
    }
}

/// The hint, if there is one.
#[allow(clippy::needless_pass_by_value, reason = "a component owns its props")]
#[component]
pub fn Hint(
    /// The field's name.
    name: String,
    /// The words.
    hint: String,
) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })
}

/// The error, if there is one.
#[component]
pub fn FieldProblem(
    /// The field's name.
    name: String,
    /// The words.
    error: Memo<Option<String>>,
) -> impl IntoView {
    move || {
        error.get().map(|words| {
            view! {
                <p class="field-error" id=format!("{name}-error")>
                    <span class="visually-hidden">"Error: "</span>
                    {words}
                </p>
            }
        })
    }
}
