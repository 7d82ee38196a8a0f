//! What the router does not do: the page's title, focus after a change of page, the way past the bars.

use std::{cell::RefCell, rc::Rc};

use leptos::{prelude::*, wasm_bindgen::JsCast};

use crate::ui::signal::Signal;
use web_sys::HtmlElement;

use crate::ui::{memo::Memo, routes::Route};

/// The element that the skip link leads to.
pub const MAIN: &str = "main";

/// Sets the document's title for as long as the component lives; "Error: " comes first while `failed`.
pub fn use_title(title: impl Into<Signal<String>>, failed: impl Into<Signal<bool>>) {
    let (title, failed) = (title.into(), failed.into());
    Effect::new(move |_| {
        let mark = if failed.get() { "Error: " } else { "" };
        document().set_title(&format!("{mark}{} – Neutral Ground", title.get()));
    });
}

/// Moves focus to the heading whenever `place` changes, but not when the app opens.
pub fn follow_with_focus(place: Memo<Route>) {
    Effect::new(move |before: Option<Route>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            focus_heading();
        }
        now
    });
}

/// Moves focus to the page's heading once it is drawn.
pub fn focus_heading() {
    focus_first("main h1");
}

/// Moves focus to the heading that takes the place of the one that has it, or if nothing has it.
pub fn keep_focus_on_heading() {
    let holder = document().active_element().map(|holder| holder.tag_name());
    if holder.is_none_or(|tag| tag == "H1" || tag == "BODY") {
        focus_heading();
    }
}

/// Moves focus to the heading of what comes next if it is in something that goes.
pub fn keep_focus_from(going: &str) {
    let holder = document().active_element();
    if holder.is_some_and(|holder| matches!(holder.closest(going), Ok(Some(_)))) {
        focus_heading();
    }
}

/// Remembers what had the focus when `away` comes true, and gives it back when that ends: a text area keeps its caret.
pub fn come_back_after(away: Memo<bool>) {
    let left = Rc::new(RefCell::new(None::<HtmlElement>));
    Effect::new(move |before: Option<bool>| {
        let now = away.get();
        match (before, now) {
            (Some(false), true) => {
                let holder = document().active_element();
                *left.borrow_mut() = holder.and_then(|holder| holder.dyn_into().ok());
            }
            (Some(true), false) => {
                let left = left.take();
                request_animation_frame(move || focus(left));
            }
            (Some(_) | None, _) => {}
        }
        now
    });
}

/// Moves focus to the first element that fits, once it is drawn.
pub fn focus_first(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        focus(found.and_then(|found| found.dyn_into().ok()));
    });
}

/// Moves focus to the control with this id, or to its first choice if it is a group.
pub fn focus_field(id: &str) {
    let Some(found) = document().get_element_by_id(id) else {
        return;
    };
    let control = if found.tag_name() == "FIELDSET" {
        found.query_selector("input").ok().flatten()
    } else {
        Some(found)
    };
    focus(control.and_then(|control| control.dyn_into().ok()));
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        let _refused = element.focus();
    }
}

/// The first thing the keyboard reaches.
#[component]
pub fn SkipLink() -> impl IntoView {
    let skip = |event: leptos::ev::MouseEvent| {
        // The router would take the link for a change of page.
        event.prevent_default();
        focus_first("main");
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>
            "Skip to the page"
        </a>
    }
}
