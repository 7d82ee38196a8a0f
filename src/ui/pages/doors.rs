//! The three doors: join, start, look around.

use leptos::prelude::*;

use super::outside::Outside;
use crate::ui::{
    components::{Glyph, Icon},
    routes::{Route, use_route},
};

/// The three doors.
#[component]
pub fn DoorsPage() -> impl IntoView {
    let route = use_route();
    let lost = move || {
        (!matches!(route.get(), Route::Home))
            .then_some("The address you opened is behind one of these doors.")
    };
    view! {
        <Outside
            title="Where would you like to go?"
            lead="For child contact centres. It works in a hall without signal, and only your centre can read what you write."
        >
            <p class="muted">{lost}</p>
            <ul class="doors">
                {door(
                    Route::Join,
                    Glyph::Key,
                    "Join my centre",
                    "Your co-ordinator gave you an invite link.",
                )}
                {door(
                    Route::Start,
                    Glyph::Centre,
                    "Start a centre",
                    "You run a centre and nobody has set it up here yet.",
                )}
                {door(
                    Route::LookAround,
                    Glyph::Families,
                    "Look around with made-up families",
                    "Try everything; nothing is real and nothing leaves this device.",
                )}
            </ul>
        </Outside>
    }
}

fn door(route: Route, glyph: Glyph, title: &'static str, words: &'static str) -> impl IntoView {
    view! {
        <li>
            <a class="door" href=route.path()>
                <Icon glyph=glyph />
                <span class="door-title">{title}</span>
                <span class="door-words">{words}</span>
            </a>
        </li>
    }
}
