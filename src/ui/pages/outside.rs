//! What every page before the unlocked frame has in common: the name of the app, one column, one thing to do.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::ui::{
    a11y::SkipLink,
    components::{HallPicture, PageHead},
    state::use_app,
};

/// A page outside the frame.
#[component]
pub(in crate::ui) fn Outside(
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// A line below the heading.
    #[prop(optional, into)]
    lead: Signal<String>,
    /// The page above: its path and its name.
    #[prop(optional)]
    back: Option<(String, &'static str)>,
    /// Puts "Error: " before the tab's title.
    #[prop(optional, into)]
    failed: Signal<bool>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let app = use_app();
    let head = match back {
        Some(back) => {
            view! { <PageHead title=title lead=lead failed=failed back=back /> }.into_any()
        }
        None => view! { <PageHead title=title lead=lead failed=failed /> }.into_any(),
    };
    let made_up = app.is_made_up().then(|| {
        view! {
            <p class="outside-made-up">"Made-up families: nothing here is real."</p>
        }
    });
    view! {
        <div class="outside">
            <SkipLink />
            <header class="outside-brand">
                <HallPicture />
                <p class="outside-name">"Neutral Ground"</p>
                {made_up}
            </header>
            <main class="outside-main" id="main" tabindex="-1">
                {head}
                {children()}
            </main>
        </div>
    }
}
