//! Says things to people who listen instead of look: one polite live region, one assertive.
//!
//! At most one polite sentence in five seconds, the latest one; errors are said at once.

use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use core::time::Duration;

const QUIET: Duration = Duration::from_secs(5);

/// The voice of the page; read it with [`use_announcer`].
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    polite: RwSignal<String>,
    assertive: RwSignal<String>,
    next: StoredValue<Option<String>>,
    resting: StoredValue<bool>,
}

/// The page's voice.
///
/// # Panics
/// Outside the tree of [`App`](super::app::App), which is where every component is.
pub fn use_announcer() -> Announcer {
    expect_context()
}

impl Announcer {
    /// A voice that has said nothing.
    pub fn new() -> Self {
        Self {
            polite: RwSignal::new(String::new()),
            assertive: RwSignal::new(String::new()),
            next: StoredValue::new(None),
            resting: StoredValue::new(false),
        }
    }

    /// Says this when it is quiet; a later sentence takes the place of one still waiting.
    pub fn say(&self, words: impl Into<String>) {
        let words = words.into();
        if self.resting.get_value() {
            self.next.set_value(Some(words));
            return;
        }
        self.polite.set(words);
        self.resting.set_value(true);
        let voice = *self;
        set_timeout(move || voice.rested(), QUIET);
    }

    /// Says this at once.
    pub fn alert(&self, words: impl Into<String>) {
        self.assertive.set(String::new());
        self.assertive.set(words.into());
    }

    fn rested(self) {
        self.resting.set_value(false);
        self.polite.set(String::new());
        if let Some(words) = self.next.try_update_value(Option::take).flatten() {
            self.say(words);
        }
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}

/// The two regions; there is one of each on the page.
#[component]
pub fn LiveRegions(
    /// Whose words.
    voice: Announcer,
) -> impl IntoView {
    view! {
        <div class="visually-hidden" role="status" aria-live="polite">
            {move || voice.polite.get()}
        </div>
        <div class="visually-hidden" role="alert" aria-live="assertive">
            {move || voice.assertive.get()}
        </div>
    }
}
