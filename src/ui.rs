//! Draws views and sends commands.
//!
//! Knows pages, forms, wording and focus. Must not know documents, keys, storage or the network:
//! everything comes through `ui::state`.
// The macros of the view layer expand to code that trips these; no such code is written by hand.
#![allow(unreachable_pub, clippy::let_unit_value, clippy::needless_lifetimes)]

/// Titles, focus and the spoken word.
pub mod a11y;
/// The address bar.
pub mod address;
/// The one polite and the one assertive live region.
pub mod announce;
/// The tree from the doors to the pages.
pub mod app;
/// Buttons, badges, dialogs and other small parts.
pub mod components;
/// Fields, their errors and the summary of errors.
pub mod forms;
/// The bars around every page.
pub mod frame;
/// Dates, times and names of things in words.
pub mod i18n;
/// Facts that are told on only when they change.
pub mod memo;
/// What went wrong, in a sentence that says what to do next.
pub mod message;
/// One module a page.
pub mod pages;
/// What is fetched when it is wanted.
pub mod parts;
/// The addresses of the pages.
pub mod routes;
/// Values that a component follows.
pub mod signal;
/// What the engine last said, and how to ask it.
pub mod state;

/// Starts the page, which fetches its parts in these ways.
pub fn start(ways: parts::Ways) {
    let parts = parts::Parts::new(ways);
    leptos::mount::mount_to_body(move || app::App(app::AppProps { parts }));
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}
