//! A list with nothing in it: says why that is fine, or what to do first.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What stands where a list would be.
#[component]
pub fn EmptyState(
    /// A picture.
    glyph: Glyph,
    /// One line: "No referrals yet".
    #[prop(into)]
    title: String,
    /// A sentence, and a button if there is something to do.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <p class="empty-title">{title}</p>
            <div class="empty-words">{children()}</div>
        </div>
    }
}
