//! Buttons with verbs on them. One primary button a page.

use leptos::{ev::MouseEvent, prelude::*};

use crate::ui::signal::Signal;

use super::icon::{Glyph, Icon};

/// How much weight a button has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonTone {
    /// The one thing to do next.
    Primary,
    /// Something else that may be done.
    #[default]
    Plain,
    /// As quiet as a link.
    Quiet,
    /// Cannot be undone, or turns somebody away.
    Grave,
}

impl ButtonTone {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Plain => "button",
            Self::Quiet => "button button-quiet",
            Self::Grave => "button button-grave",
        }
    }
}

/// A button. Without `on_press` it submits the form it stands in.
#[component]
pub fn Button(
    /// Its weight.
    #[prop(optional)]
    tone: ButtonTone,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// While true it says "…" and takes no second press; the words stay.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What a press does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let kind = if on_press.is_some() {
        "button"
    } else {
        "submit"
    };
    let press = move |event: MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            class=tone.class()
            type=kind
            aria-disabled=move || busy.get().then_some("true")
            on:click=press
        >
            {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
            <span>{children()}</span>
        </button>
    }
}

/// A link that looks like a button, for going to another page.
#[component]
pub fn ButtonLink(
    /// Where to.
    #[prop(into)]
    href: Signal<String>,
    /// Its weight.
    #[prop(optional)]
    tone: ButtonTone,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=tone.class() href=move || href.get()>
            {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
            <span>{children()}</span>
        </a>
    }
}

/// The big button of a session screen: at least 64 px, the words, and a smaller line below.
#[component]
pub fn StepButton(
    /// The words: a verb, or what is so now ("Mia's dad is here").
    #[prop(into)]
    words: Signal<String>,
    /// A smaller line: when it was expected, or why to wait.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// A picture before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// False draws it quieter, for a step that is not yet due; it can still be pressed.
    #[prop(default = true.into(), into)]
    due: Signal<bool>,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="step-button"
            type="button"
            data-due=move || due.get().to_string()
            on:click=move |_| on_press.run(())
        >
            {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
            <span class="step-words">{move || words.get()}</span>
            <span class="step-hint">{move || hint.get()}</span>
        </button>
    }
}
