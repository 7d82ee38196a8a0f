//! Something that is there while a condition holds.

use leptos::{children::ViewFn, prelude::*};

use crate::ui::{memo::Memo, signal::Signal};

/// Draws its children while `when` is true, else the fallback.
///
/// Does what the framework's component of this name does, but is compiled once instead of once a use: that one
/// alone was a twentieth of what a first visit downloads.
#[component]
pub fn Show(
    /// The condition.
    #[prop(into)]
    when: Signal<bool>,
    /// What stands there instead.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What is there; drawn anew each time the condition comes true.
    children: ChildrenFn,
) -> AnyView {
    let when = Memo::new(move |_| when.get());
    (move || {
        if when.get() {
            children()
        } else {
            fallback.run()
        }
    })
    .into_any()
}
