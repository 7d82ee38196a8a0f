//! The bars around every page, and the page that the address names.

mod cover;
mod idle_warning;
mod nav_bar;
mod standing_notes;
mod top_bar;

use leptos::prelude::*;

use self::{
    cover::Cover, idle_warning::IdleWarning, nav_bar::NavBar, standing_notes::StandingNotes,
    top_bar::TopBar,
};
use crate::{
    engine::view::{Door, MeView},
    ui::{
        a11y::{self, SkipLink},
        components::Show,
        memo::Memo,
        pages,
        routes::{Route, use_route},
        state::use_app,
    },
};

/// Who is signed in; read it with [`use_me`].
#[derive(Clone, Copy, Debug)]
struct Me(Memo<Option<MeView>>);

/// Who is signed in, or rests below the lock. `None` only in the moment of locking for good.
///
/// # Panics
/// Outside the frame, where nobody is signed in.
pub fn use_me() -> Memo<Option<MeView>> {
    expect_context::<Me>().0
}

/// True for those who take referrals, plan and invite.
pub fn use_has_desk() -> Memo<bool> {
    let me = use_me();
    Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.desk)))
}

/// The bars and the page.
#[component]
pub fn Frame() -> impl IntoView {
    let app = use_app();
    // Below the lock the page stays as it was left.
    let me = Memo::new(move |before: Option<&Option<MeView>>| {
        app.door.with(|door| match door {
            Door::Open(me) => Some(me.clone()),
            Door::Opening | Door::Locked { .. } => before.cloned().flatten(),
            Door::NoStorage(_)
            | Door::OtherTab
            | Door::Empty
            | Door::ShutOut(_)
            | Door::Joining(_) => None,
        })
    });
    let locked = Memo::new(move |_| app.door.with(|door| !matches!(door, Door::Open(_))));
    a11y::come_back_after(locked);
    let hidden = move || app.rest.hidden.get();
    provide_context(Me(me));
    let route = use_route();
    a11y::follow_with_focus(route);
    view! {
        <Cover />
        <Show when=move || locked.get() && !hidden()>
            <pages::UnlockPage />
        </Show>
        <IdleWarning />
        <div class="frame" hidden=move || hidden() || locked.get()>
            <SkipLink />
            <TopBar />
            <NavBar />
            <div class="frame-body">
                <StandingNotes />
                <main class="page" id=a11y::MAIN tabindex="-1">
                    {move || page(route.get())}
                </main>
            </div>
        </div>
    }
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Home => home().into_any(),
        Route::Start | Route::Join | Route::LookAround => {
            view! { <pages::AlreadyInsidePage /> }.into_any()
        }
        Route::Today => view! { <pages::hall::TodayPage /> }.into_any(),
        Route::Visit(id) => view! { <pages::hall::VisitPage id=id /> }.into_any(),
        Route::NewNote => view! { <pages::hall::NewNotePage /> }.into_any(),
        Route::Work => view! { <pages::desk::WorkPage /> }.into_any(),
        Route::Referrals => view! { <pages::desk::ReferralsPage /> }.into_any(),
        Route::NewReferral => view! { <pages::desk::NewReferralPage /> }.into_any(),
        Route::Referral(id) => view! { <pages::desk::ReferralPage id=id /> }.into_any(),
        Route::Families => view! { <pages::desk::FamiliesPage /> }.into_any(),
        Route::Family(id) => view! { <pages::desk::FamilyPage id=id /> }.into_any(),
        Route::Sessions => view! { <pages::desk::SessionsPage /> }.into_any(),
        Route::NewSession => view! { <pages::desk::NewSessionPage /> }.into_any(),
        Route::Session(id) => view! { <pages::desk::SessionPage id=id /> }.into_any(),
        Route::People => view! { <pages::desk::PeoplePage /> }.into_any(),
        Route::Person(id) => view! { <pages::desk::PersonPage id=id /> }.into_any(),
        Route::Invite => view! { <pages::desk::InvitePage /> }.into_any(),
        Route::Centre => view! { <pages::desk::CentrePage /> }.into_any(),
        Route::Sync => view! { <pages::SyncPage /> }.into_any(),
        Route::More => view! { <pages::MorePage /> }.into_any(),
        Route::Pin => view! { <pages::PinPage /> }.into_any(),
        Route::Help => view! { <pages::HelpPage /> }.into_any(),
        Route::Diagnostics => view! { <pages::DiagnosticsPage /> }.into_any(),
        Route::Unknown => view! { <pages::UnknownPage /> }.into_any(),
    }
}

/// The work list for those who have a desk, today for everybody else.
fn home() -> impl IntoView {
    let desk = use_has_desk();
    move || {
        if desk.get() {
            view! { <pages::desk::WorkPage /> }.into_any()
        } else {
            view! { <pages::hall::TodayPage /> }.into_any()
        }
    }
}
