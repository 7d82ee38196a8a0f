//! One line of text.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    FormState,
    field::{FieldFrame, FieldWords},
};

/// What is typed, so that the right keyboard and the right memory of the browser help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// Plain words about somebody else: the browser remembers nothing.
    #[default]
    Words,
    /// The typing person's own name, which begins with capitals.
    OwnName,
    /// A phone number of somebody else.
    Phone,
    /// An e-mail address of somebody else.
    Email,
    /// A whole number.
    Number,
    /// The unlock phrase, for password managers.
    NewPhrase,
    /// The unlock phrase of an earlier day.
    Phrase,
    /// Six digits, which no memory but a person's keeps.
    Pin,
    /// The same beside keys of the page's own.
    PinOnPad,
}

impl Entry {
    fn class(self) -> &'static str {
        if matches!(self, Self::Number | Self::Pin | Self::PinOnPad) {
            "input input-short"
        } else {
            "input"
        }
    }

    fn kind(self, shown: bool) -> &'static str {
        match self {
            Self::NewPhrase | Self::Phrase | Self::Pin | Self::PinOnPad if !shown => "password",
            Self::Words
            | Self::OwnName
            | Self::Number
            | Self::NewPhrase
            | Self::Phrase
            | Self::Pin
            | Self::PinOnPad => "text",
            Self::Phone => "tel",
            Self::Email => "email",
        }
    }

    fn keyboard(self) -> &'static str {
        match self {
            Self::Words | Self::OwnName | Self::NewPhrase | Self::Phrase => "text",
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Number | Self::Pin => "numeric",
            Self::PinOnPad => "none",
        }
    }

    /// A browser keeps what is typed into a field of text in the clear, next to the sealed records; so a phrase
    /// has a memory only where it is hidden, which is the password manager's, and a name has none.
    fn memory(self, shown: bool) -> &'static str {
        match self {
            Self::NewPhrase if !shown => "new-password",
            Self::Phrase if !shown => "current-password",
            Self::Words
            | Self::OwnName
            | Self::Phone
            | Self::Email
            | Self::Number
            | Self::NewPhrase
            | Self::Phrase
            | Self::Pin
            | Self::PinOnPad => "off",
        }
    }

    fn capitals(self) -> &'static str {
        match self {
            Self::Words => "sentences",
            Self::OwnName => "words",
            Self::Phone
            | Self::Email
            | Self::Number
            | Self::NewPhrase
            | Self::Phrase
            | Self::Pin
            | Self::PinOnPad => "none",
        }
    }

    fn is_secret(self) -> bool {
        matches!(
            self,
            Self::NewPhrase | Self::Phrase | Self::Pin | Self::PinOnPad
        )
    }
}

/// One line of text.
#[component]
pub fn TextField(
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
    /// What is typed.
    #[prop(optional)]
    entry: Entry,
    /// For a secret: whether it is shown. Others are always shown.
    #[prop(default = true.into(), into)]
    shown: Signal<bool>,
    /// The text.
    value: RwSignal<String>,
) -> impl IntoView {
    let words = FieldWords::new(form, &name, &label, &hint);
    let (described, invalid) = (words.clone(), words.clone());
    view! {
        <FieldFrame words=words label=label hint=hint>
            <input
                class=entry.class()
                id=name.clone()
                name=name
                type=move || entry.kind(shown.get())
                inputmode=entry.keyboard()
                autocomplete=move || entry.memory(shown.get())
                autocapitalize=entry.capitals()
                spellcheck=entry.is_secret().then_some("false")
                aria-describedby=move || described.described_by()
                aria-invalid=move || invalid.invalid()
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </FieldFrame>
    }
}
