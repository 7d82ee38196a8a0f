//! The designed states of every screen: loading, not found, there.

use leptos::prelude::*;

use super::{ButtonLink, ButtonTone, EmptyState, Glyph, PageHead};
use crate::{engine::view::ScreenView, ui::state::use_app};

/// Calls `children` once the view is there, and words until then or instead.
///
/// What it drew stays while the view changes.
#[component]
pub fn ScreenRegion<T>(
    /// From [`use_screen`](crate::ui::state::use_screen).
    view: Memo<Option<T>>,
    /// The title while nothing is there.
    #[prop(into)]
    title: String,
    /// Draws the page from its view, which is always there.
    children: fn(Memo<T>) -> AnyView,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let there = Memo::new(move |_| view.with(Option::is_some));
    move || {
        if !there.get() {
            return without(title.clone());
        }
        let Some(first) = view.get_untracked() else { return without(title.clone()) };
        let facts = Memo::new(move |before: Option<&T>| {
            view.get().or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
        });
        children(facts)
    }
}

fn without(title: String) -> AnyView {
    let screen = use_app().screen;
    let missing = Memo::new(move |_| screen.with(|view| matches!(view, ScreenView::NotFound)));
    view! {
        <Show
            when=move || missing.get()
            fallback=move || view! { <Loading title=title.clone() /> }
        >
            <NotHere />
        </Show>
    }
    .into_any()
}

#[component]
fn Loading(title: String) -> impl IntoView {
    view! {
        <PageHead title=title />
        <p class="loading" role="status">
            "Opening…"
        </p>
    }
}

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <PageHead title="Not on this tablet" />
        <EmptyState glyph=Glyph::Notice title="There is nothing here with this address">
            <p>
                "It may not have reached this tablet yet, or your role may not include it. If somebody sent you the address, ask them to check it."
            </p>
            <ButtonLink href="/" tone=ButtonTone::Primary>
                "Go to the first page"
            </ButtonLink>
        </EmptyState>
    }
}
