//! What is wrong with a form, and whether it is being sent.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        form::{FieldError, Problem},
        view::{Done, Trouble},
    },
    ui::{
        a11y,
        announce::{Announcer, use_announcer},
        memo::Memo,
        message,
        state::{Asked, Outcome},
    },
};

/// The state of one form on one page. Make it with [`FormState::new`] and give it to every field.
#[derive(Clone, Copy, Debug)]
pub struct FormState {
    errors: RwSignal<Vec<FieldError>>,
    labels: StoredValue<Vec<(String, String)>>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    voice: Announcer,
}

impl FormState {
    /// A form with nothing wrong.
    pub fn new() -> Self {
        Self {
            errors: RwSignal::new(Vec::new()),
            labels: StoredValue::new(Vec::new()),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            voice: use_announcer(),
        }
    }

    /// True while an answer is awaited; give it to the submit button.
    pub fn busy(&self) -> Signal<bool> {
        self.busy.into()
    }

    /// True while something is wrong; give it to the page's head.
    pub fn failed(&self) -> Signal<bool> {
        let (errors, trouble) = (self.errors, self.trouble);
        Signal::derive(move || trouble.with(Option::is_some) || !errors.with(Vec::is_empty))
    }

    /// Call when the form is sent. False means that an answer is still awaited, so do not send again.
    pub fn begin(&self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.busy.set(true);
        true
    }

    /// Shows what came of a command; gives back what was done, if it was.
    pub fn end(&self, outcome: Outcome) -> Option<Done> {
        self.busy.set(false);
        match outcome {
            Ok(done) => {
                self.errors.set(Vec::new());
                self.trouble.set(None);
                Some(done)
            }
            Err(Trouble::Form(errors)) => {
                self.refuse(errors);
                None
            }
            Err(trouble) => {
                self.errors.set(Vec::new());
                self.say(message::trouble(&trouble));
                None
            }
        }
    }

    /// Shows what came of asking this device's lock; true if it gave what it was asked for.
    pub fn asked(&self, asked: Asked) -> bool {
        match asked {
            Ok(()) => self.end(Ok(Done::Saved)).is_some(),
            Err(words) => {
                self.errors.set(Vec::new());
                self.say(words);
                false
            }
        }
    }

    /// Refuses blank answers; true if there is none. Everything else is judged by the engine's reply.
    pub fn require(&self, answers: &[(&str, RwSignal<String>)]) -> bool {
        let blank = |(field, value): &(&str, RwSignal<String>)| {
            value
                .with_untracked(|value| value.trim().is_empty())
                .then(|| FieldError {
                    field: (*field).to_owned(),
                    problem: Problem::Missing,
                })
        };
        let blanks: Vec<_> = answers.iter().filter_map(blank).collect();
        let complete = blanks.is_empty();
        self.refuse(blanks);
        complete
    }

    /// Shows errors found on the page itself.
    pub fn refuse(&self, errors: Vec<FieldError>) {
        self.busy.set(false);
        self.trouble.set(None);
        self.errors.set(errors);
        a11y::focus_first(".error-summary");
    }

    /// Shows one sentence in the summary.
    pub fn say(&self, words: impl Into<String>) {
        let words = words.into();
        self.busy.set(false);
        self.voice.alert(words.clone());
        self.trouble.set(Some(words));
        a11y::focus_first(".error-summary");
    }

    /// What is wrong with one field, in words.
    pub(super) fn error_of(&self, name: String) -> Memo<Option<String>> {
        let errors = self.errors;
        Memo::new(move |_| {
            errors.with(|errors| {
                errors
                    .iter()
                    .find(|error| error.field == name)
                    .map(|error| message::problem(&error.problem))
            })
        })
    }

    /// Remembers what a field is called, for the summary.
    pub(super) fn name_field(&self, name: &str, label: &str) {
        self.labels.update_value(|labels| {
            labels.retain(|(known, _)| known != name);
            labels.push((name.to_owned(), label.to_owned()));
        });
    }

    /// One sentence for the whole form, if there is one.
    pub(super) fn sentence(&self) -> Signal<Option<String>> {
        self.trouble.into()
    }

    /// The lines of the summary: field and words.
    pub(super) fn lines(&self) -> Vec<(String, String)> {
        self.errors
            .with(|errors| errors.iter().map(|error| self.line(error)).collect())
    }

    fn line(&self, error: &FieldError) -> (String, String) {
        (
            error.field.clone(),
            self.words(&error.field, &error.problem),
        )
    }

    fn words(&self, field: &str, problem: &Problem) -> String {
        let label = self
            .labels
            .with_value(|labels| labels.iter().find(|(name, _)| name == field).cloned());
        match label {
            Some((_, label)) => message::problem_of(&label, problem),
            None => message::problem(problem),
        }
    }
}

impl Default for FormState {
    fn default() -> Self {
        Self::new()
    }
}
