//! Keeps the focus in the row when the thing that held it goes: a step that is done, an undo, a list of reasons.

use leptos::{html, prelude::*, wasm_bindgen::JsCast};

use crate::ui::memo::Memo;
use web_sys::{Element, HtmlElement};

use crate::{domain::side::Side, engine::view::VisitRow, ui::pages::hall::recorder::Recorder};

/// After so long the row's change is not the answer to the tap any more.
const ANSWERED_WITHIN_MS: i64 = 5_000;

/// The row's next step, or the words in its place.
const NEXT: &str = ".step-big, .step-done";

/// After a change that answers a tap in this row, gives lost focus to the row's next step.
pub(super) fn keep_focus(root: NodeRef<html::Div>, row: Memo<VisitRow>, recorder: Recorder) {
    Effect::new(move |_| {
        row.track();
        if recorder.tapped_within(ANSWERED_WITHIN_MS)
            && let Some(root) = root.get_untracked()
        {
            // The new parts of the row are drawn by then.
            request_animation_frame(move || {
                if is_lost() {
                    focus_first(&root, NEXT);
                }
            });
        }
    });
}

/// Gives the focus back to the button that opened the reasons.
pub(super) fn focus_opener(inside: &Element, side: Side) {
    if let Ok(Some(root)) = inside.closest(".attendance") {
        focus_first(&root, &format!("[data-opens='{}']", side.word()));
    }
}

/// Gives the focus to the row's next step.
pub(super) fn focus_step(inside: &Element) {
    if let Ok(Some(root)) = inside.closest(".attendance") {
        focus_first(&root, NEXT);
    }
}

fn is_lost() -> bool {
    document()
        .active_element()
        .is_none_or(|holder| holder.tag_name() == "BODY")
}

fn focus_first(root: &Element, selector: &str) {
    let found = root.query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _refused = element.focus();
    }
}
