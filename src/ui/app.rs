//! The tree from the doors to the pages: what stands on the screen follows from the door and the address.

use leptos::prelude::*;

use crate::{
    engine::{
        view::{Door, StorageTrouble},
        wire::Id,
    },
    ui::{
        a11y,
        address::{Address, use_address},
        announce::{Announcer, LiveRegions},
        frame::Frame,
        memo::Memo,
        pages::{self, aside::AsidePage, doors::DoorPage},
        parts::{Parts, Surround, use_parts},
        routes::{Route, use_route},
        state::{AppState, use_app},
    },
};

/// The whole page.
#[component]
pub fn App(
    /// How what is not needed at once is fetched.
    parts: Parts,
) -> impl IntoView {
    provide_context(parts);
    let voice = Announcer::new();
    provide_context(voice);
    provide_context(AppState::start(voice));
    provide_context(Address::follow());
    view! {
        <Standing />
        <LiveRegions voice=voice />
    }
}

/// Where the person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Opening,
    Stopped,
    NoStorage(StorageTrouble),
    OtherTab,
    /// Nobody has keys here.
    Door(DoorPage),
    ShutOut,
    OutOfTouch,
    Unlock,
    /// This device's person, also while the tablet is locked and they may come back to what they left.
    Inside(Id),
}

#[component]
fn Standing() -> impl IntoView {
    let app = use_app();
    let route = use_route();
    let place = Memo::new(move |before: Option<&Place>| {
        if app.stopped.with(Option::is_some) {
            return Place::Stopped;
        }
        let resting = app.rest.inside.get();
        app.door.with(|door| match door {
            Door::NoStorage(why) => Place::NoStorage(*why),
            Door::OtherTab => Place::OtherTab,
            Door::Open(me) => Place::Inside(me.device),
            Door::Locked { .. } if route.get() == Route::Join => Place::Door(DoorPage::Join),
            // The invented families open by themselves.
            Door::Opening | Door::Empty | Door::Joining(_) | Door::Locked { .. }
                if app.is_made_up() =>
            {
                Place::Door(DoorPage::MakingUp)
            }
            Door::Opening => resting.map_or_else(
                || while_opening(&app, route.get(), before.copied()),
                Place::Inside,
            ),
            Door::Empty if app.lost.with(Vec::is_empty) => outside(route.get()),
            // Nothing but a new invite leads on from here; who starts a centre instead has no families in it.
            Door::Empty if route.get() == Route::Rebuild => Place::Door(DoorPage::Rebuild),
            Door::Empty if route.get() != Route::Join => Place::Door(DoorPage::Lost),
            Door::Empty => Place::Door(DoorPage::Join),
            Door::ShutOut(_) => Place::ShutOut,
            Door::OutOfTouch(_) => Place::OutOfTouch,
            Door::Joining(_) => Place::Door(DoorPage::Waiting),
            Door::Locked { .. } => resting.map_or(Place::Unlock, Place::Inside),
        })
    });
    let address = use_address();
    Effect::new(move |before: Option<Place>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            let is_somebody_else =
                matches!((before, now), (Some(Place::Inside(_)), Place::Inside(_)));
            let is_inside = matches!(now, Place::Inside(_));
            if is_somebody_else || is_inside && route.get_untracked().is_door() {
                // The door is behind us; an invite's secret must not stay in the address bar either. And whoever takes
                // the tablet over begins on their own first page.
                address.replace(&Route::Home.path());
            }
            a11y::focus_heading();
        }
        now
    });
    move || draw(place.get())
}

/// What is drawn before the engine has said anything, or while it reads: what was drawn, or what was here last time.
fn while_opening(app: &AppState, route: Route, before: Option<Place>) -> Place {
    match before {
        Some(Place::Door(
            DoorPage::All
            | DoorPage::Start
            | DoorPage::Join
            | DoorPage::Rebuild
            | DoorPage::LookAround,
        )) => outside(route),
        None if app.seems_new() => outside(route),
        _ if !app.remembered_people().is_empty() => Place::Unlock,
        _ => Place::Opening,
    }
}

/// Nobody is here yet: the doors, or what is behind one of them.
fn outside(route: Route) -> Place {
    let door = match route {
        Route::Start => DoorPage::Start,
        Route::Join => DoorPage::Join,
        Route::Rebuild => DoorPage::Rebuild,
        Route::LookAround => DoorPage::LookAround,
        Route::Home
        | Route::Today
        | Route::Visit(_)
        | Route::NewNote
        | Route::Work
        | Route::Referrals
        | Route::NewReferral
        | Route::Referral(_)
        | Route::Families
        | Route::Family(_)
        | Route::Sessions
        | Route::NewSession
        | Route::Session(_)
        | Route::People
        | Route::Person(_)
        | Route::Invite
        | Route::Sheets
        | Route::Centre
        | Route::Sync
        | Route::More
        | Route::Unlocking
        | Route::Pin
        | Route::Help
        | Route::Diagnostics
        | Route::Unknown => DoorPage::All,
    };
    Place::Door(door)
}

fn draw(place: Place) -> AnyView {
    match place {
        Place::Opening => view! { <pages::OpeningPage /> }.into_any(),
        Place::Stopped => view! { <pages::StoppedPage /> }.into_any(),
        Place::NoStorage(why) => view! { <pages::NoStoragePage why=why /> }.into_any(),
        Place::OtherTab => view! { <pages::OtherTabPage /> }.into_any(),
        Place::Door(page) => use_parts()
            .aside
            .draw(AsidePage::Door(page), Surround::Outside),
        Place::ShutOut => view! { <pages::ShutOutPage /> }.into_any(),
        Place::OutOfTouch => view! { <pages::OutOfTouchPage /> }.into_any(),
        Place::Unlock => view! { <pages::UnlockPage /> }.into_any(),
        Place::Inside(_) => view! { <Frame /> }.into_any(),
    }
}
