//! Today: the session's head with the hall's clock, and every visit of the day by time.
//!
//! Rows are keyed by visit, so a change in one leaves the focus and the place of all others alone.

use leptos::prelude::*;

use crate::{
    engine::{
        command::Screen,
        view::{ScreenView, TodaySession, TodayView, VisitRow},
    },
    ui::{
        components::{EmptyState, Glyph, PageHead, Rows, ScreenRegion, Show},
        memo::Memo,
        pages::hall::today::{head::Head, row::TodayRow},
        state::use_screen,
    },
};

mod head;
mod row;

/// The page of the day.
#[component]
pub fn TodayPage() -> impl IntoView {
    let today = use_screen(Screen::Today, |view| {
        if let ScreenView::Today(today) = view {
            Some(today)
        } else {
            None
        }
    });
    view! {
        <div class="today session">
            <ScreenRegion view=today title="Today" children=|today| view! { <Day today=today /> }.into_any() />
        </div>
    }
}

#[component]
fn Day(today: Memo<TodayView>) -> impl IntoView {
    let session = Memo::new(move |_| today.with(|today| today.session.clone()));
    let there = Memo::new(move |_| session.with(Option::is_some));
    move || match session.get_untracked() {
        Some(first) if there.get() => {
            view! { <Board today=today session=followed(session, first) /> }.into_any()
        }
        Some(_) | None => {
            there.track();
            view! { <NoSession /> }.into_any()
        }
    }
}

#[component]
fn NoSession() -> impl IntoView {
    view! {
        <PageHead title="Today" />
        <EmptyState glyph=Glyph::Sessions title="No session is planned">
            <p>
                "When your co-ordinator plans one, it appears here the next time this tablet has signal."
            </p>
        </EmptyState>
    }
}

#[component]
fn Board(today: Memo<TodayView>, session: Memo<TodaySession>) -> impl IntoView {
    let visits = Memo::new(move |_| today.with(|today| today.visits.clone()));
    let coming = Memo::new(move |_| today.read().coming);
    let none = move || visits.read().is_empty();
    view! {
        <Head session=session visits=visits coming=coming />
        <Show when=none>
            <EmptyState glyph=Glyph::Families title="No visits are planned yet">
                <p>"Families that are booked into this session appear here by themselves."</p>
            </EmptyState>
        </Show>
        <ol class="today-rows" hidden=none>
            <Rows each=visits key=visit_id row=draw />
        </ol>
    }
}

fn visit_id(row: &VisitRow) -> crate::engine::wire::Id {
    row.id
}

fn draw(row: Memo<VisitRow>) -> AnyView {
    view! { <TodayRow row=row /> }.into_any()
}

/// Follows the session; keeps the last one for the moment in which it goes.
fn followed(session: Memo<Option<TodaySession>>, first: TodaySession) -> Memo<TodaySession> {
    Memo::new(move |before: Option<&TodaySession>| {
        session
            .get()
            .or_else(|| before.cloned())
            .unwrap_or_else(|| first.clone())
    })
}
