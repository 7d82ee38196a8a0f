//! Who of one visit is here, in two equal columns, and the next sensible step as the one big button.
//!
//! The same on Today and on the visit's own screen. Must not know how anything is stored or sent.

use leptos::{html, prelude::*};

use crate::{
    domain::side::Side,
    engine::view::VisitRow,
    ui::{
        memo::Memo,
        pages::hall::{
            attendance::{
                adult::Adult, focus::keep_focus, hold::HoldStrip, not_coming::NotComing,
                step::BigStep, step::SmallSteps, take_back::TakeBack,
            },
            recorder::Recorder,
            wording::state,
        },
        state::use_app,
    },
};

mod adult;
mod focus;
mod hold;
mod not_coming;
mod step;
mod take_back;

/// How long something just recorded can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoOffer {
    /// For ten seconds, on Today.
    TenSeconds,
    /// Always, on the visit's own screen.
    Always,
}

/// One visit's attendance.
#[component]
pub fn Attendance(
    /// The visit as it stands.
    row: Memo<VisitRow>,
    /// How long the last step can be taken back.
    undo: UndoOffer,
) -> impl IntoView {
    let now = use_app().now;
    let recorder = Recorder::new();
    // Whose absence is being recorded, while its reasons are open.
    let absent = RwSignal::new(None::<Side>);
    let contact = Memo::new(move |_| row.with(|row| state::contact(row, now.get())));
    let root = NodeRef::<html::Div>::new();
    keep_focus(root, row, recorder);
    view! {
        <div class="attendance" node_ref=root>
            <HoldStrip row=row />
            <p class="attendance-contact" hidden=move || contact.read().is_none()>
                {move || contact.get()}
            </p>
            <div class="attendance-sides">
                <Adult row=row side=Side::Resident recorder=recorder absent=absent />
                <Adult row=row side=Side::Visiting recorder=recorder absent=absent />
            </div>
            <div class="attendance-steps">
                <BigStep row=row recorder=recorder />
                <SmallSteps row=row recorder=recorder />
                <TakeBack row=row recorder=recorder offer=undo />
                <p class="attendance-trouble" hidden=move || recorder.trouble.read().is_none()>
                    {move || recorder.trouble.get()}
                </p>
            </div>
            <NotComing row=row recorder=recorder absent=absent />
        </div>
    }
}
