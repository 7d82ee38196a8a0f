//! A short word in a frame.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{domain::contact::ContactKind, ui::i18n};

/// How a tag looks; never the only bearer of a meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagTone {
    /// An ordinary fact.
    #[default]
    Plain,
    /// Look here.
    Notice,
    /// A thing that is not there, or not any more.
    Quiet,
}

impl TagTone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "tag",
            Self::Notice => "tag tag-notice",
            Self::Quiet => "tag tag-quiet",
        }
    }
}

/// A short word in a frame.
#[component]
pub fn Tag(
    /// How it looks.
    #[prop(optional)]
    tone: TagTone,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! { <span class=tone.class()>{children()}</span> }
}

/// The kind of a contact.
#[component]
pub fn KindTag(
    /// Which kind.
    #[prop(into)]
    kind: Signal<ContactKind>,
) -> impl IntoView {
    view! { <span class="tag tag-kind">{move || i18n::kind_name(kind.get())}</span> }
}
