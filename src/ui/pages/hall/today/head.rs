//! The head of the day: the hall's clock, the place, the hours and who leads.

use leptos::prelude::*;

use crate::{
    engine::view::{TodaySession, VisitRow},
    ui::{
        a11y::use_title,
        components::{HallClock, Show},
        i18n,
        memo::Memo,
        pages::hall::wording::state::day_so_far,
    },
};

/// What the session is, and a clock big enough to be the hall's.
#[component]
pub(super) fn Head(
    /// The session.
    session: Memo<TodaySession>,
    /// Its visits.
    visits: Memo<Vec<VisitRow>>,
    /// It is not today's.
    coming: Memo<bool>,
) -> impl IntoView {
    use_title("Today".to_owned(), false);
    let day = move || i18n::long_day(&session.read().day);
    let hours = move || session.with(|session| i18n::clock_span(session.opens, session.closes));
    view! {
        <header class="today-head">
            <div class="today-words">
                <h1 tabindex="-1">{day}</h1>
                <p class="today-place">
                    <span>{move || session.read().venue.clone()}</span>
                    <span class="today-hours">{hours}</span>
                </p>
                <p class="today-people">{move || session.with(people)}</p>
                <p class="today-count">{move || visits.with(|visits| day_so_far(visits))}</p>
            </div>
            <HallClock />
        </header>
        <Show when=move || coming.get()>
            <p class="today-coming">
                "There is no session today. This is the next one, as it is planned."
            </p>
        </Show>
    }
}

/// "Joan leads, with Priya and Moira."
fn people(session: &TodaySession) -> String {
    let others: Vec<String> = session
        .workers
        .iter()
        .filter(|name| session.leader.as_ref() != Some(name))
        .cloned()
        .collect();
    match (&session.leader, others.is_empty()) {
        (Some(leader), true) => format!("{leader} leads."),
        (Some(leader), false) => format!("{leader} leads, with {}.", i18n::list(&others)),
        (None, true) => "Nobody is named to lead yet.".to_owned(),
        (None, false) => format!(
            "Nobody is named to lead yet. Here: {}.",
            i18n::list(&others)
        ),
    }
}
