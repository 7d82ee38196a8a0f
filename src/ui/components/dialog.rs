//! A native dialog: the browser keeps focus inside and gives it back to the opener.

use leptos::{html, prelude::*};

use crate::ui::signal::Signal;

use super::{Button, ButtonTone, Glyph, Show};

/// A dialog that is open while `open` is true. For unusual or irreversible acts only.
#[component]
pub fn Dialog(
    /// Whether it is open; closing by the Escape key sets it to false.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it; drawn anew at every opening.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        match (open.get(), element.open()) {
            (true, false) => {
                let _refused = element.show_modal();
            }
            (false, true) => element.close(),
            (true, true) | (false, false) => {}
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class="dialog" node_ref=element on:close=move |_| open.set(false)>
            <h2 class="dialog-title">{move || title.get()}</h2>
            <Show when=move || open.get()>{move || children.with_value(|children| children())}</Show>
            <div class="dialog-close">
                <Button tone=ButtonTone::Quiet glyph=Glyph::Close on_press=move |()| open.set(false)>
                    "Close"
                </Button>
            </div>
        </dialog>
    }
}
