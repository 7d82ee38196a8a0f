//! The doors and what is behind each, for whoever has no keys here yet: join, start, look around.

use leptos::prelude::*;

use self::{
    join::JoinPage,
    look_around::{LookAroundPage, MakingUpPage},
    lost::LostPage,
    rebuild::RebuildPage,
    start::StartPage,
    waiting::WaitingPage,
};
use super::outside::Outside;
use crate::ui::{
    components::{Glyph, Icon},
    routes::{Route, use_route},
};

mod join;
mod look_around;
mod lost;
mod phrase;
mod rebuild;
mod start;
mod waiting;

/// A page for whoever has no keys here yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorPage {
    /// The three doors.
    All,
    /// Start a centre.
    Start,
    /// Join a centre.
    Join,
    /// Every tablet is lost: come in with two sheets.
    Rebuild,
    /// Waiting to be let in.
    Waiting,
    /// The invented families, before going there.
    LookAround,
    /// The invented families, while they are made.
    MakingUp,
    /// The browser has lost who was here.
    Lost,
}

/// Draws one of them.
pub fn draw(page: DoorPage) -> AnyView {
    match page {
        DoorPage::All => view! { <ThreeDoors /> }.into_any(),
        DoorPage::Start => view! { <StartPage /> }.into_any(),
        DoorPage::Join => view! { <JoinPage /> }.into_any(),
        DoorPage::Rebuild => view! { <RebuildPage /> }.into_any(),
        DoorPage::Waiting => view! { <WaitingPage /> }.into_any(),
        DoorPage::LookAround => view! { <LookAroundPage /> }.into_any(),
        DoorPage::MakingUp => view! { <MakingUpPage /> }.into_any(),
        DoorPage::Lost => view! { <LostPage /> }.into_any(),
    }
}

#[component]
fn ThreeDoors() -> impl IntoView {
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
            <p class="doors-more">
                "Every tablet of your centre is lost? "
                <a href=Route::Rebuild.path()>"Open it with two of the trustees\u{2019} sheets"</a>
            </p>
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
