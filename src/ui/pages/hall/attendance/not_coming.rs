//! Not coming, with a reason: one tap opens it, one tap on a reason records it (REC-2).

use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::ui::memo::Memo;

use crate::{
    domain::{attendance::AbsenceReason, side::Side},
    engine::{
        command::Happening,
        view::VisitRow,
        wire::{Id, Wire},
    },
    ui::components::Show,
    ui::pages::hall::{
        attendance::focus::focus_opener,
        recorder::Recorder,
        wording::{
            people::called,
            steps::{REASON_LIMIT, absence},
        },
    },
};

/// The most characters of the line that goes with a picked reason.
const LINE_LIMIT: usize = 90;
const _: () = assert!(LINE_LIMIT < REASON_LIMIT);

/// The reasons, while somebody's absence is being recorded.
#[component]
pub(super) fn NotComing(
    /// The visit.
    row: Memo<VisitRow>,
    /// Records.
    recorder: Recorder,
    /// Whose absence.
    absent: RwSignal<Option<Side>>,
) -> impl IntoView {
    view! {
        <Show when=move || absent.get().is_some()>
            <Reasons row=row recorder=recorder absent=absent />
        </Show>
    }
}

#[component]
fn Reasons(
    row: Memo<VisitRow>,
    recorder: Recorder,
    absent: RwSignal<Option<Side>>,
) -> impl IntoView {
    let line = NodeRef::<html::Input>::new();
    let question = move || {
        let who = absent.get().map(|side| row.with(|row| called(row, side)));
        format!("Why is {} not coming?", who.unwrap_or_default())
    };
    let close = move || {
        if let (Some(line), Some(side)) = (line.get_untracked(), absent.get_untracked()) {
            focus_opener(&line, side);
        }
        absent.set(None);
    };
    let record = move |picked: AbsenceReason| {
        let said = line
            .get_untracked()
            .map(|line| line.value())
            .unwrap_or_default();
        if let Some(side) = absent.get_untracked() {
            let what = Happening::NotComing {
                side: Wire(side),
                reason: Wire(picked),
                words: said.trim().to_owned(),
            };
            row.with_untracked(|row| recorder.record(row, what));
        }
        close();
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    view! {
        <div class="absence" role="group" aria-label=question on:keydown=on_key>
            <p class="absence-title">{question} " Tap a reason to record it."</p>
            <Chips record=Callback::new(record) />
            <Line visit=row.with_untracked(|row| row.id) line=line />
            <button type="button" class="step-small absence-close" on:click=move |_| close()>
                "Close, record nothing"
            </button>
        </div>
    }
}

#[component]
fn Line(visit: Id, line: NodeRef<html::Input>) -> impl IntoView {
    let field = format!("reason-{visit}");
    view! {
        <label class="absence-label" for=field.clone()>
            "In a few words, if they said more. Type this first."
        </label>
        <input
            class="absence-line"
            id=field
            type="text"
            maxlength=LINE_LIMIT.to_string()
            autocomplete="off"
            node_ref=line
        />
    }
}

#[component]
fn Chips(record: Callback<AbsenceReason>) -> impl IntoView {
    let chip = move |picked: AbsenceReason| {
        view! {
            <button type="button" class="step-small" on:click=move |_| record.run(picked)>
                {absence(picked)}
            </button>
        }
    };
    view! { <div class="absence-reasons">{AbsenceReason::ALL.iter().copied().map(chip).collect_view()}</div> }
}
