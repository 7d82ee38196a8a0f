//! Pages that are seen briefly or never: opening, stopped, no storage, another tab, shut out, no such address.

use leptos::prelude::*;

use super::outside::Outside;
use crate::{
    engine::{
        command::Command,
        view::{Door, StorageTrouble},
    },
    ui::{
        components::{Button, ButtonLink, ButtonTone, EmptyState, Glyph, PageHead},
        i18n, message,
        routes::Route,
        state::use_app,
    },
};

fn reload(_: ()) {
    // A refusal leaves the page as it is, with its own words.
    let _refused = window().location().reload();
}

/// The engine is still reading this tablet.
#[component]
pub fn OpeningPage() -> impl IntoView {
    view! {
        <Outside title="Opening…">
            <p class="loading">"Reading what is kept on this tablet. This works without signal."</p>
        </Outside>
    }
}

/// The engine does not run.
#[component]
pub fn StoppedPage() -> impl IntoView {
    let stopped = use_app().stopped;
    let reason = move || stopped.get().unwrap_or_default();
    view! {
        <Outside title="Neutral Ground could not start here">
            <div class="stack">
                <p>
                    "What was saved on this tablet is kept. Reload the page; if this comes back, update the browser, then ring your co-ordinator and read out the line below."
                </p>
                <p class="small muted">{reason}</p>
                <div class="cluster">
                    <Button tone=ButtonTone::Primary on_press=reload>
                        "Reload"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

/// The browser's storage cannot be opened.
#[component]
pub fn NoStoragePage(
    /// Why.
    why: StorageTrouble,
) -> impl IntoView {
    let words = match why {
        StorageTrouble::Full => {
            "This tablet has no room left, so nothing could be saved. Delete photos or apps you do not need, then reload."
        }
        StorageTrouble::Failed => {
            "The browser does not let this page keep anything. Private windows do that: open Neutral Ground in an ordinary window, or install it to the home screen."
        }
    };
    view! {
        <Outside title="Nothing can be kept here">
            <div class="stack">
                <p>{words}</p>
                <div class="cluster">
                    <Button tone=ButtonTone::Primary on_press=reload>
                        "Reload"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

/// Another tab has the store.
#[component]
pub fn OtherTabPage() -> impl IntoView {
    view! {
        <Outside title="Already open in another tab">
            <div class="stack">
                <p>
                    "Only one tab at a time may write to this tablet's records. Go on in the other tab, or close it and come back here: this page opens by itself then."
                </p>
                <div class="cluster">
                    <Button tone=ButtonTone::Primary on_press=reload>
                        "Try again"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

/// This tablet has not met its relay for longer than it may be used without.
#[component]
pub fn OutOfTouchPage() -> impl IntoView {
    let app = use_app();
    let busy = RwSignal::new(false);
    let since = app.sync.with_untracked(|sync| sync.last_contact);
    let since = since.map(|at| i18n::date(&i18n::iso_day(at)));
    let trouble = move || app.sync.with(|sync| sync.trouble).map(message::relay);
    let try_now = move |()| {
        busy.set(true);
        app.ask(Command::SendNow, move |_| busy.set(false));
    };
    let lock = move |()| app.ask(Command::Lock, |_| {});
    view! {
        <Outside title="Connect this tablet to a network">
            <div class="stack">
                <p>
                    "Your phrase is right. This tablet has not met your centre\u{2019}s relay "
                    {since.map(|day| format!("since {day}"))}
                    ", which is longer than thirty days. So it stays closed until it has: a tablet that went missing must not stay open for ever."
                </p>
                <p>"Nothing is lost. What waits here is sent, and then the tablet opens by itself."</p>
                <p role="status">
                    {move || trouble().map(|why| format!("Not yet: {why}"))}
                </p>
                <div class="cluster">
                    <Button tone=ButtonTone::Primary busy=busy on_press=try_now>
                        "Try now"
                    </Button>
                    <Button tone=ButtonTone::Quiet glyph=Glyph::Lock on_press=lock>
                        "Lock"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

/// A co-ordinator has ended somebody's keys on this tablet.
#[component]
pub fn ShutOutPage() -> impl IntoView {
    let app = use_app();
    let who = app.door.with_untracked(|door| match door {
        Door::ShutOut(initials) => initials.clone(),
        Door::Opening
        | Door::NoStorage(_)
        | Door::OtherTab
        | Door::Empty
        | Door::OutOfTouch(_)
        | Door::Joining(_)
        | Door::Locked { .. }
        | Door::Open(_) => String::new(),
    });
    view! {
        <Outside title="Keys on this tablet were ended">
            <div class="stack">
                <p>
                    "A co-ordinator has shut out the keys of " <strong>{who}</strong>
                    " on this tablet, as is done when one is lost, no longer used, or its phrase forgotten. They are erased here, and what only they could read."
                </p>
                <p>
                    "What was sent is still with the centre. Write down on paper now, with the times, what you remember of anything that was not."
                </p>
                <p>
                    "Is this a mistake? Ring your co-ordinator. With a new invite link you are back in a few minutes."
                </p>
                <div class="cluster">
                    <Button tone=ButtonTone::Primary on_press=move |()| app.lock(None)>
                        "I have read this"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

/// No page has this address.
#[component]
pub fn UnknownPage() -> impl IntoView {
    view! {
        <PageHead title="There is no page here" />
        <EmptyState glyph=Glyph::Notice title="This address leads nowhere">
            <p>"If somebody sent it to you, ask them to check it. Nothing of yours is lost."</p>
            <ButtonLink href=Route::Home.path() tone=ButtonTone::Primary>
                "Go to the first page"
            </ButtonLink>
        </EmptyState>
    }
}

/// A door was asked for from the inside.
#[component]
pub fn AlreadyInsidePage() -> impl IntoView {
    view! {
        <PageHead title="You are already in" />
        <EmptyState glyph=Glyph::Door title="This tablet belongs to your centre">
            <p>
                "To let a colleague join on this tablet, lock it first, then open their invite link. To look at the made-up families, use another browser or device."
            </p>
            <ButtonLink href=Route::Home.path() tone=ButtonTone::Primary>
                "Go to the first page"
            </ButtonLink>
        </EmptyState>
    }
}
