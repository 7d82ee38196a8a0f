//! The way between pages: below on a phone, at the side on a wide screen.

use leptos::prelude::*;

use super::use_me;
use crate::{
    domain::worker::Role,
    ui::{
        components::{Glyph, Icon},
        memo::Memo,
        routes::{Route, use_route},
    },
};

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    route: Route,
    glyph: Glyph,
    words: &'static str,
    /// Shown at the side only; on a phone it is in More.
    wide_only: bool,
}

const fn entry(route: Route, glyph: Glyph, words: &'static str) -> Entry {
    Entry {
        route,
        glyph,
        words,
        wide_only: false,
    }
}

const fn wide(route: Route, glyph: Glyph, words: &'static str) -> Entry {
    Entry {
        route,
        glyph,
        words,
        wide_only: true,
    }
}

const DESK: &[Entry] = &[
    entry(Route::Work, Glyph::Work, "Work"),
    entry(Route::Today, Glyph::Today, "Today"),
    wide(Route::Referrals, Glyph::Referral, "Referrals"),
    entry(Route::Families, Glyph::Families, "Families"),
    wide(Route::Sessions, Glyph::Sessions, "Sessions"),
    wide(Route::People, Glyph::People, "People"),
    wide(Route::Centre, Glyph::Centre, "Centre"),
    entry(Route::More, Glyph::More, "More"),
];

const HALL: &[Entry] = &[
    entry(Route::Today, Glyph::Today, "Today"),
    entry(Route::Help, Glyph::Help, "Help"),
    entry(Route::More, Glyph::More, "More"),
];

const OBSERVER: &[Entry] = &[
    entry(Route::Today, Glyph::Today, "Today"),
    entry(Route::NewNote, Glyph::Notes, "Notes"),
    entry(Route::Help, Glyph::Help, "Help"),
    entry(Route::More, Glyph::More, "More"),
];

/// The entries that a person has.
fn entries(desk: bool, observes: bool) -> &'static [Entry] {
    match (desk, observes) {
        (true, _) => DESK,
        (false, true) => OBSERVER,
        (false, false) => HALL,
    }
}

/// The way between pages.
#[component]
pub(super) fn NavBar() -> impl IntoView {
    let me = use_me();
    let route = use_route();
    let shown = Memo::new(move |_| {
        me.with(|me| {
            let Some(me) = me else { return HALL };
            entries(
                me.desk,
                me.roles.iter().any(|role| role.0 == Role::Supervisor),
            )
        })
    });
    let desk = Memo::new(move |_| shown.get() == DESK);
    let here = Memo::new(move |_| standing(route.get(), desk.get()));
    view! {
        <nav class="nav-bar" aria-label="Pages">
            <ul>{move || shown.get().iter().map(|entry| link(*entry, here)).collect_view()}</ul>
        </nav>
    }
}

/// The entry under which a page stands for this person.
fn standing(route: Route, desk: bool) -> Route {
    let own_entry = !desk && matches!(route, Route::NewNote | Route::Help);
    match (route == Route::Home, desk) {
        (true, true) => Route::Work,
        (true, false) => Route::Today,
        (false, _) if own_entry => route,
        (false, _) => route.section(),
    }
}

fn link(entry: Entry, here: Memo<Route>) -> impl IntoView {
    let current = move || (here.get() == entry.route).then_some("page");
    view! {
        <li data-wide=entry.wide_only.to_string()>
            <a class="nav-link" href=entry.route.path() aria-current=current>
                <Icon glyph=entry.glyph />
                <span>{entry.words}</span>
            </a>
        </li>
    }
}
