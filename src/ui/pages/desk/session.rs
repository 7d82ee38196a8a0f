//! One session: its hours and team, its visits by time, and booking another.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use self::{booking::Booking, visits::SessionVisits};
use super::facts::{Fact, Facts};
use crate::{
    engine::{
        command::Screen,
        view::{ScreenView, SessionView},
        wire::Id,
    },
    ui::{
        components::{PageHead, ScreenRegion},
        i18n,
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

mod booking;
mod visits;

/// One session.
#[component]
pub fn SessionPage(
    /// Which one.
    id: Id,
) -> impl IntoView {
    let session = use_screen(Screen::Session(id), |view| {
        if let ScreenView::Session(session) = view {
            Some(session)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=session title="Session" children=draw /> }
}

fn draw(session: Memo<SessionView>) -> AnyView {
    let lead = move || {
        session.with(|session| {
            format!(
                "{}, {}",
                i18n::clock_span(session.row.opens, session.row.closes),
                session.row.venue
            )
        })
    };
    view! {
        <PageHead
            title=Signal::derive(move || session.with(|session| i18n::long_day(&session.row.day)))
            lead=Signal::derive(lead)
            back=(Route::Sessions.path(), "Sessions")
        />
        <div class="desk-session">
            <SessionVisits session=session />
            <div class="stack">
                <Booking session=session />
                <Team session=session />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Team(session: Memo<SessionView>) -> impl IntoView {
    let leader = move || session.with(|session| session.row.leader.clone());
    let workers = move || session.read().workers.clone();
    let or_nobody = |names: Vec<String>| {
        if names.is_empty() {
            vec!["Nobody yet".to_owned()]
        } else {
            names
        }
    };
    view! {
        <section class="card stack" aria-labelledby="session-team">
            <h2 class="card-title" id="session-team">
                "Team"
            </h2>
            <Facts>
                <Fact name="Led by" lines=Signal::derive(move || or_nobody(leader().into_iter().collect())) />
                <Fact name="Workers" lines=Signal::derive(move || or_nobody(workers())) />
            </Facts>
        </section>
    }
}
