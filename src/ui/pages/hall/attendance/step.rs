//! The one big button. It stays the same element from step to step, so that it never loses the focus.

use leptos::{ev::MouseEvent, prelude::*};

use crate::{
    engine::{
        command::Happening,
        view::{NextStep, VisitRow},
    },
    ui::{
        components::{Glyph, Icon, Show},
        memo::Memo,
        pages::hall::{
            attendance::adult::{SmallStep, step_key},
            recorder::Recorder,
            wording::{hours::countdown, state, steps},
        },
        state::use_app,
    },
};

/// What the big button offers at this moment.
#[derive(Clone, PartialEq)]
enum Offer {
    Do(Happening),
    Wait { until: i64, then: Happening },
    Nothing,
}

impl Offer {
    fn at(next: &NextStep, now: i64) -> Self {
        match next {
            NextStep::WaitUntil { at, then } if now < *at => Self::Wait {
                until: *at,
                then: then.clone(),
            },
            NextStep::WaitUntil { then, .. } => Self::Do(then.clone()),
            NextStep::Do(what) => Self::Do(what.clone()),
            NextStep::Finished => Self::Nothing,
        }
    }

    fn label(&self, row: &VisitRow) -> String {
        match self {
            Self::Do(what) => steps::action(row, what),
            Self::Wait { until, then } => state::waiting(row, then, *until),
            Self::Nothing => String::new(),
        }
    }

    /// What is left of a wait.
    fn left(&self, now: i64) -> Option<String> {
        match self {
            Self::Wait { until, .. } => Some(countdown(*until, now)),
            Self::Do(_) | Self::Nothing => None,
        }
    }

    fn context(&self, row: &VisitRow) -> String {
        match self {
            Self::Do(what) => steps::action_context(row, what),
            Self::Wait { .. } | Self::Nothing => row.family_code.clone(),
        }
    }
}

/// The next sensible step, a wait with its countdown (ARR-3), or the words that all is done.
#[component]
pub(super) fn BigStep(
    /// The visit.
    row: Memo<VisitRow>,
    /// Records.
    recorder: Recorder,
) -> impl IntoView {
    let now = use_app().now;
    let offer = Memo::new(move |_| row.with(|row| Offer::at(&row.next, now.get())));
    let label = move || row.with(|row| offer.with(|offer| offer.label(row)));
    // Begins with the words that are seen, so that it can be called by them.
    let name = move || {
        row.with(|row| offer.with(|offer| format!("{}: {}", offer.label(row), offer.context(row))))
    };
    let waits = move || matches!(&*offer.read(), Offer::Wait { .. });
    let left = move || offer.with(|offer| offer.left(now.get()));
    let state = Memo::new(move |_| {
        let pending = recorder.pending.read().is_some();
        row.with(|row| step_state(row, &offer.read(), pending, now.get()))
    });
    let on_click = move |event: MouseEvent| {
        // The second click of a double tap was meant for the step before, not for the one that took its place.
        if event.detail() > 1 {
            return;
        }
        if let Offer::Do(what) = offer.get_untracked() {
            row.with_untracked(|row| recorder.record(row, what));
        }
    };
    view! {
        <Show
            when=move || *offer.read() != Offer::Nothing
            fallback=move || view! { <Done row=row /> }
        >
            <button
                type="button"
                class="step-big"
                aria-label=name
                aria-disabled=move || waits().then_some("true")
                data-state=move || state.get()
                // Drawn by the styles: read aloud, the seconds would never stop.
                data-left=left
                on:click=on_click
            >
                {label}
            </button>
        </Show>
    }
}

fn step_state(row: &VisitRow, offer: &Offer, pending: bool, now: i64) -> &'static str {
    match offer {
        Offer::Wait { .. } => "waiting",
        Offer::Do(_) if pending => "saving",
        Offer::Do(what) if state::is_early(row, what, now) => "early",
        Offer::Do(_) | Offer::Nothing => "ready",
    }
}

/// The words in place of the button.
#[component]
fn Done(row: Memo<VisitRow>) -> impl IntoView {
    view! {
        <p class="step-done" tabindex="-1">
            <Icon glyph=Glyph::Tick />
            <span>{move || row.with(state::finished)}</span>
        </p>
    }
}

/// What else may be recorded now that belongs to both sides.
#[component]
pub(super) fn SmallSteps(
    /// The visit.
    row: Memo<VisitRow>,
    /// Records.
    recorder: Recorder,
) -> impl IntoView {
    let both = move || {
        row.with(|row| {
            row.also
                .iter()
                .filter(|what| steps::side_of(what).is_none())
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <For each=both key=step_key let(what)>
            <SmallStep row=row what=what recorder=recorder />
        </For>
    }
}
