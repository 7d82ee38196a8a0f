//! A few answers to choose from: one of them (radios) or any of them (checkboxes).

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    FormState,
    field::{FieldProblem, FieldWords, Hint},
};

/// One answer.
#[derive(Clone, Debug)]
pub struct Choice {
    label: String,
    hint: String,
    chosen: Signal<bool>,
    choose: Callback<bool>,
}

impl Choice {
    /// An answer of which only one can be true; choosing it sets the signal.
    pub fn one<T>(value: RwSignal<Option<T>>, answer: T, label: impl Into<String>) -> Self
    where
        T: Clone + PartialEq + Send + Sync + 'static,
    {
        let own = answer.clone();
        Self {
            label: label.into(),
            hint: String::new(),
            chosen: Signal::derive(move || value.with(|value| value.as_ref() == Some(&own))),
            choose: Callback::new(move |_| value.set(Some(answer.clone()))),
        }
    }

    /// An answer beside others; choosing it adds it to the list or takes it out.
    pub fn many<T>(values: RwSignal<Vec<T>>, answer: T, label: impl Into<String>) -> Self
    where
        T: Clone + PartialEq + Send + Sync + 'static,
    {
        let own = answer.clone();
        Self {
            label: label.into(),
            hint: String::new(),
            chosen: Signal::derive(move || values.with(|values| values.contains(&own))),
            choose: Callback::new(move |on| {
                values.update(|values| {
                    values.retain(|value| *value != answer);
                    if on {
                        values.push(answer.clone());
                    }
                });
            }),
        }
    }

    /// A single yes or no.
    pub fn yes(value: RwSignal<bool>, label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            hint: String::new(),
            chosen: value.into(),
            choose: Callback::new(move |on| value.set(on)),
        }
    }

    /// Adds a line of help below the label.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// One of a few.
#[component]
pub fn RadioField(
    /// The form it belongs to.
    form: FormState,
    /// The name used by `engine::form`; also the group's `id`.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// A line of help.
    #[prop(optional, into)]
    hint: String,
    /// The answers.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    view! { <Group form=form name=name label=label hint=hint kind="radio" choices=choices /> }
}

/// Any of a few.
#[component]
pub fn CheckboxField(
    /// The form it belongs to.
    form: FormState,
    /// The name used by `engine::form`; also the group's `id`.
    #[prop(into)]
    name: String,
    /// What is asked.
    #[prop(into)]
    label: String,
    /// A line of help.
    #[prop(optional, into)]
    hint: String,
    /// The answers.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    view! { <Group form=form name=name label=label hint=hint kind="checkbox" choices=choices /> }
}

#[component]
fn Group(
    form: FormState,
    name: String,
    label: String,
    hint: String,
    kind: &'static str,
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    let words = FieldWords::new(form, &name, &label, &hint);
    let error = words.error;
    let described = words.clone();
    let problem = view! {
        <Hint name=name.clone() hint=hint />
        <FieldProblem name=name.clone() error=error />
    };
    let group = name.clone();
    let drawn = move || {
        let answers = choices.get().into_iter().enumerate();
        answers
            .map(|(place, answer)| control(group.clone(), place, kind, answer))
            .collect_view()
    };
    view! {
        <fieldset
            class="field choices"
            id=name
            data-invalid=move || error.with(Option::is_some).to_string()
            aria-describedby=move || described.described_by()
        >
            <legend class="field-label">{label}</legend>
            {problem}
            {drawn}
        </fieldset>
    }
}

fn control(group: String, place: usize, kind: &'static str, answer: Choice) -> impl IntoView {
    let id = format!("{group}-{place}");
    let Choice {
        label,
        hint,
        chosen,
        choose,
    } = answer;
    let hint_id = (!hint.is_empty()).then(|| format!("{id}-hint"));
    let described = hint_id.clone();
    view! {
        <div class="choice">
            <input
                id=id.clone()
                name=group
                type=kind
                aria-describedby=described
                prop:checked=move || chosen.get()
                on:change:target=move |event| choose.run(event.target().checked())
            />
            <label for=id>
                <span class="choice-label">{label}</span>
                {hint_id.map(|id| view! { <span class="choice-hint" id=id>{hint}</span> })}
            </label>
        </div>
    }
}
