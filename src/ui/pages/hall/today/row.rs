//! One family's visit on the board.

use leptos::prelude::*;

use crate::{
    engine::view::{NextStep, VisitRow},
    ui::{
        i18n::clock,
        memo::Memo,
        pages::hall::{
            attendance::{Attendance, UndoOffer},
            facts::VisitFacts,
            wording::people::all_children,
        },
        routes::Route,
    },
};

/// A row: time, who, where, what to look out for, both adults, the next step.
#[component]
pub(super) fn TodayRow(
    /// The visit as it stands.
    row: Memo<VisitRow>,
) -> impl IntoView {
    let finished = Memo::new(move |_| row.read().next == NextStep::Finished);
    let href = row.with_untracked(|row| Route::Visit(row.id).path());
    view! {
        <li class="visit-row" data-state=move || if finished.get() { "finished" } else { "open" }>
            <p class="visit-time">
                <span class="visit-starts">{move || clock(row.read().starts)}</span>
                " "
                <span class="visit-ends">{move || format!("to {}", clock(row.read().ends))}</span>
            </p>
            <div class="visit-head">
                <h2 class="visit-children">
                    <a href=href>{move || row.with(all_children)}</a>
                </h2>
                <VisitFacts row=row />
            </div>
            <Attendance row=row undo=UndoOffer::TenSeconds />
        </li>
    }
}
