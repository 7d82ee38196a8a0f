//! What is wanted now and then: the doors, choosing a PIN, help and its details. Fetched apart from the rest.

use leptos::prelude::*;

use self::{diagnostics::DiagnosticsPage, help::HelpPage, pin::PinPage, unlocking::UnlockingPage};
use super::doors::{self, DoorPage};

mod diagnostics;
mod help;
mod pin;
mod unlocking;

/// A page that is wanted now and then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsidePage {
    /// For whoever has no keys here yet.
    Door(DoorPage),
    /// The ways to unlock of whoever is here.
    Unlocking,
    /// The PIN of whoever is here.
    Pin,
    /// Help.
    Help,
    /// What a person reads out when asking for help.
    Diagnostics,
}

/// Draws one of them.
pub fn draw(page: AsidePage) -> AnyView {
    match page {
        AsidePage::Door(page) => doors::draw(page),
        AsidePage::Unlocking => view! { <UnlockingPage /> }.into_any(),
        AsidePage::Pin => view! { <PinPage /> }.into_any(),
        AsidePage::Help => view! { <HelpPage /> }.into_any(),
        AsidePage::Diagnostics => view! { <DiagnosticsPage /> }.into_any(),
    }
}
