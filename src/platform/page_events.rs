//! What the browser tells a page: the time, the network, whether anybody looks.
//!
//! Knows listeners and timers. Must not know what is done when they fire.
#![expect(
    clippy::disallowed_methods,
    reason = "these run on the page, where there is a window; an entry's name is no key"
)]

use gloo::{events::EventListener, timers::callback::Interval};
use web_sys::{Document, VisibilityState};

use crate::{engine::wire::Id, platform::clock};

/// A change in the page's surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// The browser believes that there is a network.
    Online,
    /// The browser knows that there is none.
    Offline,
    /// The page can be seen again.
    Shown,
    /// The page was put away or is about to end.
    PutAway,
    /// A finger, a key or a wheel was used.
    Touched,
    /// A second has passed.
    Tick,
}

/// Milliseconds since 1970 UTC on this device's clock.
pub fn now_ms() -> i64 {
    clock::now()
}

/// A new name for something, at random.
pub fn fresh_id() -> Option<Id> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(Id(bytes))
}

/// True unless the browser knows that there is no network.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Calls `hear` for the rest of the page's life.
pub fn listen(hear: impl Fn(Surroundings) + Clone + 'static) {
    let Some(window) = web_sys::window() else {
        return;
    };
    for (event, says) in [
        ("online", Surroundings::Online),
        ("offline", Surroundings::Offline),
        ("pagehide", Surroundings::PutAway),
        ("pageshow", Surroundings::Shown),
        ("pointerdown", Surroundings::Touched),
        ("keydown", Surroundings::Touched),
        ("wheel", Surroundings::Touched),
    ] {
        let hear = hear.clone();
        // Listeners live as long as the page; there is no owner that ends earlier.
        EventListener::new(&window, event, move |_| hear(says)).forget();
    }
    if let Some(document) = window.document() {
        listen_for_visibility(&document, hear.clone());
    }
    Interval::new(1000, move || hear(Surroundings::Tick)).forget();
}

fn listen_for_visibility(document: &Document, hear: impl Fn(Surroundings) + 'static) {
    let seen = document.clone();
    EventListener::new(document, "visibilitychange", move |_| {
        let visible = seen.visibility_state() == VisibilityState::Visible;
        hear(if visible {
            Surroundings::Shown
        } else {
            Surroundings::PutAway
        });
    })
    .forget();
}
