//! The address bar: which path it shows, and how a link, a command of the page or the Back button changes it.
//!
//! The pages are one closed list, so this is all the routing there is; a tree of nested routes would cost a
//! first visit more than the whole frame. Must not know which pages there are.

use leptos::{ev, ev::MouseEvent, prelude::*, wasm_bindgen::JsCast, wasm_bindgen::JsValue};
use web_sys::{Element, HtmlAnchorElement};

/// The address bar; read it with [`use_address`].
#[derive(Clone, Copy, Debug)]
pub struct Address {
    path: RwSignal<String>,
}

/// The address bar.
///
/// # Panics
/// Outside the tree of [`App`](super::app::App), which is where every component is.
pub fn use_address() -> Address {
    expect_context()
}

impl Address {
    /// Follows the browser's address from now on.
    pub fn follow() -> Self {
        let address = Self {
            path: RwSignal::new(shown_path()),
        };
        let clicks = window_event_listener(ev::click, move |event| address.clicked(&event));
        let steps = window_event_listener(ev::popstate, move |_| address.path.set(shown_path()));
        on_cleanup(move || {
            clicks.remove();
            steps.remove();
        });
        address
    }

    /// The path it shows.
    pub fn path(&self) -> ReadSignal<String> {
        self.path.read_only()
    }

    /// Goes to a path of this app, as a link would.
    pub fn go(&self, path: &str) {
        let Ok(history) = window().history() else {
            return;
        };
        // A browser that refuses (too many changes in a second) still gets the page.
        let _refused = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        self.show(path);
    }

    /// Goes to a path of this app in the place of the one shown: Back does not lead here again.
    pub fn replace(&self, path: &str) {
        let Ok(history) = window().history() else {
            return;
        };
        let _refused = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
        self.show(path);
    }

    fn show(&self, path: &str) {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.path.set(path.to_owned());
    }

    fn clicked(self, event: &MouseEvent) {
        let with_key = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if event.default_prevented() || event.button() != 0 || with_key {
            return;
        }
        if let Some(path) = own_link(event) {
            event.prevent_default();
            self.go(&path);
        }
    }
}

/// The path of the link that was clicked, if it leads to another page of this app in this tab.
fn own_link(event: &MouseEvent) -> Option<String> {
    let link = event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let elsewhere = !link.target().is_empty() || link.has_attribute("download");
    let here = window().location();
    // A place on the same page is the browser's business.
    let same_page = !link.hash().is_empty() && link.pathname() == shown_path();
    let foreign = here.origin().ok() != Some(link.origin());
    (!elsewhere && !same_page && !foreign).then(|| link.pathname())
}

fn shown_path() -> String {
    window().location().pathname().unwrap_or_default()
}
