//! The designed states of every screen: loading, not found, there.

use leptos::prelude::*;

use super::{ButtonLink, ButtonTone, EmptyState, Glyph, PageHead, Show};
use crate::{
    engine::view::ScreenView,
    ui::{
        a11y,
        memo::Memo,
        state::{Looked, use_app},
    },
};

/// Calls `children` once the view is there, and draws words until then or instead.
///
/// What it drew stays while the view changes, and while a newer one is on its way.
#[component]
pub fn ScreenRegion<T>(
    /// From [`use_screen`](crate::ui::state::use_screen).
    view: Looked<T>,
    /// The title while nothing is there.
    #[prop(into)]
    title: String,
    /// Draws the page from its view, which is always there.
    children: fn(Memo<T>) -> AnyView,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let screen = use_app().screen;
    let there = Memo::new(move |before: Option<&bool>| {
        screen.with(|now| {
            *now != ScreenView::NotFound && (before == Some(&true) || view.of(now).is_some())
        })
    });
    let draw = move || {
        let is_there = there.get();
        let first = screen.with_untracked(|now| view.of(now).cloned());
        let Some(first) = first.filter(|_| is_there) else {
            return without(title.clone());
        };
        let facts = Memo::new(move |before: Option<&T>| {
            screen
                .with(|now| view.of(now).cloned())
                .or_else(|| before.cloned())
                .unwrap_or_else(|| first.clone())
        });
        // The heading of the waiting page goes; whoever stood on it must not be lost.
        a11y::keep_focus_on_heading();
        children(facts)
    };
    draw.into_any()
}

fn without(title: String) -> AnyView {
    let screen = use_app().screen;
    view! {
        <Show
            when=move || screen.with(|view| matches!(view, ScreenView::NotFound))
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
    a11y::keep_focus_on_heading();
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
