//! The bars around every page, and the page that the address names.

mod cover;
mod idle_warning;
mod lock_offer;
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
        pages::{self, aside::AsidePage, desk::DeskPage},
        parts::{Surround, use_parts},
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
            | Door::OutOfTouch(_)
            | Door::Joining(_) => None,
        })
    });
    let locked = Memo::new(move |_| app.door.with(|door| !matches!(door, Door::Open(_))));
    a11y::come_back_after(locked);
    let hidden = move || app.rest.hidden.get();
    provide_context(Me(me));
    fetch_ahead();
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

/// What somebody may open next is fetched while they look at their first page: help for everybody, as it may be wanted
/// where there is no signal, and the desk for those who have one.
fn fetch_ahead() {
    let parts = use_parts();
    let desk = use_has_desk();
    parts.aside.fetch_ahead();
    Effect::new(move |_| {
        if desk.get() {
            parts.desk.fetch_ahead();
        }
    });
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Home => home().into_any(),
        Route::Start | Route::Join | Route::Rebuild | Route::LookAround => {
            view! { <pages::AlreadyInsidePage /> }.into_any()
        }
        Route::Today => view! { <pages::hall::TodayPage /> }.into_any(),
        Route::Visit(id) => view! { <pages::hall::VisitPage id=id /> }.into_any(),
        Route::NewNote => view! { <pages::hall::NewNotePage /> }.into_any(),
        Route::Work => at_desk(DeskPage::Work),
        Route::Referrals => at_desk(DeskPage::Referrals),
        Route::NewReferral => at_desk(DeskPage::NewReferral),
        Route::Referral(id) => at_desk(DeskPage::Referral(id)),
        Route::Families => at_desk(DeskPage::Families),
        Route::Family(id) => at_desk(DeskPage::Family(id)),
        Route::Sessions => at_desk(DeskPage::Sessions),
        Route::NewSession => at_desk(DeskPage::NewSession),
        Route::Session(id) => at_desk(DeskPage::Session(id)),
        Route::People => at_desk(DeskPage::People),
        Route::Person(id) => at_desk(DeskPage::Person(id)),
        Route::Invite => at_desk(DeskPage::Invite),
        Route::Sheets => at_desk(DeskPage::Sheets),
        Route::Centre => at_desk(DeskPage::Centre),
        Route::Sync => view! { <pages::SyncPage /> }.into_any(),
        Route::More => view! { <pages::MorePage /> }.into_any(),
        Route::Unlocking => aside(AsidePage::Unlocking),
        Route::Pin => aside(AsidePage::Pin),
        Route::Help => aside(AsidePage::Help),
        Route::Diagnostics => aside(AsidePage::Diagnostics),
        Route::Unknown => view! { <pages::UnknownPage /> }.into_any(),
    }
}

fn aside(page: AsidePage) -> AnyView {
    use_parts().aside.draw(page, Surround::Frame)
}

fn at_desk(page: DeskPage) -> AnyView {
    use_parts().desk.draw(page, Surround::Frame)
}

/// The work list for those who have a desk, today for everybody else.
fn home() -> impl IntoView {
    let desk = use_has_desk();
    move || {
        if desk.get() {
            at_desk(DeskPage::Work)
        } else {
            view! { <pages::hall::TodayPage /> }.into_any()
        }
    }
}
