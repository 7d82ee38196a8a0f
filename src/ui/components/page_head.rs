//! The head of every page: its title in the tab, its heading in the page, the way back.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::icon::{Glyph, Icon};
use crate::ui::a11y;

/// A page's heading, which takes focus when the page is reached.
#[component]
pub fn PageHead(
    /// The heading, also the title of the tab.
    #[prop(into)]
    title: Signal<String>,
    /// The title of the tab where the heading holds a name: browsers keep titles in the clear.
    #[prop(optional, into)]
    tab: Option<Signal<String>>,
    /// A line below the heading.
    #[prop(optional, into)]
    lead: Signal<String>,
    /// The page above: its path and its name.
    #[prop(optional)]
    back: Option<(String, &'static str)>,
    /// Puts "Error: " before the tab's title; give a form's `failed`.
    #[prop(optional, into)]
    failed: Signal<bool>,
    /// Buttons at the far side of the heading.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    a11y::use_title(tab.unwrap_or(title), failed);
    let way_back = back.map(|(path, name)| {
        view! {
            <a class="way-back" href=path>
                <Icon glyph=Glyph::Back />
                <span>{name}</span>
            </a>
        }
    });
    view! {
        <header class="page-head">
            {way_back}
            <div class="page-head-row">
                <h1 tabindex="-1">{move || title.get()}</h1>
                {children.map(|children| view! { <div class="page-head-actions">{children()}</div> })}
            </div>
            <p class="lead">{move || lead.get()}</p>
        </header>
    }
}
