//! Lines above every page that must not be missed: invented families, not saved, not sent for a day.

use leptos::prelude::*;

use super::{lock_offer::LockOffer, use_has_desk, use_me};
use crate::{
    engine::view::StorageTrouble,
    ui::{
        components::{Banner, BannerTone, Button, ButtonTone, Show},
        i18n,
        memo::Memo,
        message,
        routes::Route,
        state::use_app,
    },
};

const A_DAY: i64 = 24 * 60 * 60 * 1000;

/// The lines that stand above every page while they are true.
#[component]
pub(super) fn StandingNotes() -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let desk = use_has_desk();
    let made_up = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.made_up)));
    let fetching = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| !me.ready)));
    let wants_pin = Memo::new(move |_| {
        me.with(|me| {
            me.as_ref()
                .is_some_and(|me| !me.has_pin && !me.made_up && me.ready)
        })
    });
    let sheets = Memo::new(move |_| me.with(|me| me.as_ref().and_then(|me| me.sheets_used)));
    let storage = Memo::new(move |_| app.sync.with(|sync| sync.storage));
    let oldest = Memo::new(move |_| {
        app.sync
            .with(|sync| sync.items.first().map(|item| item.saved_at))
    });
    let waiting = Memo::new(move |_| {
        let now = app.now.get();
        oldest
            .get()
            .filter(|at| now - at > A_DAY)
            .and_then(|at| i18n::length(now - at))
    });
    view! {
        <aside class="standing-notes" aria-label="Please note">
            <Show when=move || made_up.get()>
                <MadeUpNote />
            </Show>
            {move || storage.get().map(not_saved)}
            <Show when=move || wants_pin.get()>
                <Banner>
                    <p>
                        "This tablet locks itself when nobody touches it. Six digits open it again: "
                        <a href=Route::Pin.path()>"choose your PIN"</a>
                    </p>
                </Banner>
            </Show>
            <LockOffer />
            <Show when=move || fetching.get()>
                <Banner>
                    <p>
                        "This tablet is fetching your centre's families and sessions. Keep it near a network until they are here."
                    </p>
                </Banner>
            </Show>
            {move || sheets.get().map(|used| sheets_used(used, desk.get()))}
            {move || waiting.get().map(not_sent)}
        </aside>
    }
}

fn not_saved(why: StorageTrouble) -> impl IntoView {
    view! {
        <Banner tone=BannerTone::Notice>
            <p>{message::storage(why)}</p>
        </Banner>
    }
}

/// Everybody sees it, so that nobody comes in by paper unnoticed.
fn sheets_used(at: i64, desk: bool) -> impl IntoView {
    let (day, clock) = (i18n::day(at), i18n::clock(at));
    let words =
        format!("The trustees\u{2019} sheets were used to open the centre on {day} at {clock}. ");
    view! {
        <Banner tone=BannerTone::Notice>
            <p>
                {words}
                {if desk {
                    view! { <a href=Route::Sheets.path()>"Make new ones"</a> }.into_any()
                } else {
                    "Ask your co-ordinator if you did not know.".into_any()
                }}
            </p>
        </Banner>
    }
}

fn not_sent(length: String) -> impl IntoView {
    view! {
        <Banner tone=BannerTone::Notice>
            <p>
                {format!("Something on this tablet has waited {length} to be sent. ")}
                <a href=Route::Sync.path()>"See what waits and send it"</a>
            </p>
        </Banner>
    }
}

#[component]
fn MadeUpNote() -> impl IntoView {
    let app = use_app();
    view! {
        <div class="made-up">
            <p>
                <strong>"Made-up families."</strong>
                <span class="made-up-more">
                    " Nothing here is real, and nothing leaves this device."
                </span>
            </p>
            <Button tone=ButtonTone::Quiet on_press=move |()| {
                app.work_with_made_up(false);
            }>"Leave"</Button>
        </div>
    }
}
