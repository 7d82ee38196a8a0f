//! This device's lock, offered once to whoever has the device to themselves.

use leptos::prelude::*;

use super::use_me;
use crate::ui::{
    components::{Banner, Button, ButtonTone, Show},
    memo::Memo,
    routes::{Route, use_go},
    state::use_app,
};

/// Offers a way in that asks nobody to remember anything. On a tablet of several people it stands under More only: who
/// knows the tablet's own code could come in as each of them.
#[component]
pub(super) fn LockOffer() -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let go = use_go();
    let lock = app.device_lock;
    // After the PIN, so that there is never more than one of the two.
    let suits = Memo::new(move |_| {
        let is_alone = move || app.remembered_people().len() < 2;
        me.with(|me| {
            me.as_ref()
                .is_some_and(|me| me.has_pin && me.ready && me.passkey.is_none())
        }) && !lock.offered.get()
            && is_alone()
    });
    Effect::new(move |_| {
        if suits.get() {
            app.look_for_lock();
        }
    });
    let offer = move || suits.get() && lock.here.get() == Some(Ok(()));
    let see = Callback::new(move |()| {
        app.lock_was_offered();
        go(Route::Unlocking);
    });
    view! {
        <Show when=offer>
            <Banner>
                <p>
                    "What unlocks this device, your fingerprint, face or code, can open Neutral Ground for you too. Then there is nothing to remember."
                </p>
                <div class="cluster">
                    <Button on_press=see>"How it works"</Button>
                    <Button tone=ButtonTone::Quiet on_press=move |()| app.lock_was_offered()>
                        "Not now"
                    </Button>
                </div>
            </Banner>
        </Show>
    }
}
