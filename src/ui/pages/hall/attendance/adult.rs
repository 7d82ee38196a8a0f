//! One adult's column. Both sides are drawn by this one component, so they cannot differ.

use leptos::prelude::*;

use crate::{
    domain::side::Side,
    engine::{command::Happening, view::VisitRow},
    ui::{
        components::Show,
        i18n::{self, clock, sentence},
        memo::Memo,
        pages::hall::{
            recorder::Recorder,
            wording::{people::of_side, state, steps},
        },
        state::use_app,
    },
};

/// One adult: initials, name, expected times, where they stand, and what else may be recorded of them.
#[component]
pub(super) fn Adult(
    /// The visit.
    row: Memo<VisitRow>,
    /// Which adult.
    side: Side,
    /// Records.
    recorder: Recorder,
    /// Opens the reasons for not coming.
    absent: RwSignal<Option<Side>>,
) -> impl IntoView {
    let now = use_app().now;
    let adult = Memo::new(move |_| row.with(|row| of_side(row, side).clone()));
    let standing = Memo::new(move |_| adult.with(|adult| state::standing(adult, now.get())));
    let words = Memo::new(move |_| adult.with(|adult| state::standing_words(adult, now.get())));
    let heading = i18n::side_name(side);
    view! {
        <section class="adult" data-side=side.word() data-standing=move || standing.get().word() aria-label=move || {
            row.with(|row| format!("{heading}, {}", row.family_code))
        }>
            <p class="adult-role">{heading}</p>
            <p class="adult-who">
                <span class="adult-initials" aria-hidden="true">{move || adult.read().initials.clone()}</span>
                <span class="adult-name">
                    <strong>{move || adult.read().name.clone()}</strong>
                    <span class="adult-relationship">
                        {move || sentence(&adult.read().relationship)}
                    </span>
                </span>
            </p>
            <p class="adult-standing">{move || words.get()}</p>
            <p class="adult-expected">
                {move || adult.with(|adult| {
                    format!("In {}, out {}", clock(adult.expected_in), clock(adult.expected_out))
                })}
            </p>
            <Witnesses row=row side=side />
            <AdultSteps row=row side=side recorder=recorder absent=absent />
        </section>
    }
}

/// Who saw it, where more than one person did or the times differ (OFF-2).
#[component]
fn Witnesses(row: Memo<VisitRow>, side: Side) -> impl IntoView {
    let fact = Memo::new(move |_| row.with(|row| state::latest_fact(of_side(row, side)).cloned()));
    let seen = Memo::new(move |_| fact.with(|fact| fact.as_ref().and_then(state::witnesses)));
    let disagree =
        Memo::new(move |_| fact.with(|fact| fact.as_ref().is_some_and(|fact| fact.disagree)));
    view! {
        <Show when=move || seen.read().is_some()>
            <p class="adult-witnesses">{move || seen.get()}</p>
        </Show>
        <Show when=move || disagree.get()>
            <p class="adult-witnesses" data-state="look">
                "Their times are more than 5 minutes apart. The earlier one is shown."
            </p>
        </Show>
    }
}

/// What else may be recorded of this adult now, smaller than the big button.
#[component]
fn AdultSteps(
    row: Memo<VisitRow>,
    side: Side,
    recorder: Recorder,
    absent: RwSignal<Option<Side>>,
) -> impl IntoView {
    let also = move || {
        row.with(|row| {
            row.also
                .iter()
                .filter(|what| steps::side_of(what) == Some(side))
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="adult-steps">
            <For each=also key=step_key let(what)>
                {match what {
                    Happening::NotComing { .. } => {
                        view! { <NotComingOpener row=row side=side absent=absent /> }.into_any()
                    }
                    Happening::Arrived(_)
                    | Happening::Left(_)
                    | Happening::HandedToVisiting
                    | Happening::WentOut
                    | Happening::CameBack
                    | Happening::HandedToResident => {
                        view! { <SmallStep row=row what=what recorder=recorder /> }.into_any()
                    }
                }}
            </For>
        </div>
    }
}

/// A key that stays the same while the same thing can be recorded.
pub(super) fn step_key(what: &Happening) -> (u8, Option<Side>) {
    let number = match what {
        Happening::Arrived(_) => 0,
        Happening::HandedToVisiting => 1,
        Happening::HandedToResident => 2,
        Happening::Left(_) => 3,
        Happening::NotComing { .. } => 4,
        Happening::WentOut => 5,
        Happening::CameBack => 6,
    };
    (number, steps::side_of(what))
}

/// A small button that records at once.
#[component]
pub(super) fn SmallStep(
    /// The visit.
    row: Memo<VisitRow>,
    /// What it records.
    what: Happening,
    /// Records.
    recorder: Recorder,
) -> impl IntoView {
    let what = StoredValue::new(what);
    let label = move || row.with(|row| what.with_value(|what| steps::action(row, what)));
    let name = move || {
        row.with(|row| {
            what.with_value(|what| {
                format!(
                    "{}: {}",
                    steps::action(row, what),
                    steps::action_context(row, what)
                )
            })
        })
    };
    view! {
        <button
            type="button"
            class="step-small"
            aria-label=name
            on:click=move |_| row.with_untracked(|row| recorder.record(row, what.get_value()))
        >
            {label}
        </button>
    }
}

#[component]
fn NotComingOpener(
    row: Memo<VisitRow>,
    side: Side,
    absent: RwSignal<Option<Side>>,
) -> impl IntoView {
    let open = move || absent.get() == Some(side);
    let name = move || row.with(|row| format!("Not coming: {}", steps::absence_context(row, side)));
    view! {
        <button
            type="button"
            class="step-small"
            aria-label=name
            data-opens=side.word()
            aria-expanded=move || if open() { "true" } else { "false" }
            on:click=move |_| absent.update(|absent| {
                *absent = if *absent == Some(side) { None } else { Some(side) };
            })
        >
            "Not coming"
        </button>
    }
}
