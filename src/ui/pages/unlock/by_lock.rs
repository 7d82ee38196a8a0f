//! This device's lock in place of the words: one press, then whatever the device asks for.

use leptos::prelude::*;

use super::Chosen;
use crate::{
    engine::{crypto::keyring::Passkey, wire::Id},
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonTone, Glyph},
        forms::{ErrorSummary, FormState},
        state::use_app,
    },
};

/// The button, and the words one press away.
#[component]
pub(super) fn ByLock(
    form: FormState,
    who: Chosen,
    /// Whose keys.
    device: Id,
    /// What the device's lock is asked with.
    passkey: Passkey,
) -> impl IntoView {
    if who.moved.get_untracked() {
        a11y::focus_first(".by-lock button");
    }
    view! {
        <div class="form by-lock">
            <ErrorSummary form=form />
            <div class="form-actions">
                <LockButton form=form device=device passkey=passkey tone=ButtonTone::Primary />
                <Button tone=ButtonTone::Quiet on_press=move |()| who.by_words(true)>
                    "Use my four words instead"
                </Button>
            </div>
            <p class="small muted">
                "The device asks for your fingerprint, your face or its code. This works without signal."
            </p>
        </div>
    }
}

/// Asks this device's lock; as often as anybody likes.
#[component]
pub(super) fn LockButton(
    form: FormState,
    device: Id,
    passkey: Passkey,
    #[prop(optional)] tone: ButtonTone,
) -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let unlock = move |()| {
        if form.begin() {
            voice.say("Waiting for this device's lock");
            app.unlock_with_lock(device, passkey.clone(), move |asked| {
                form.asked(asked);
            });
        }
    };
    view! {
        <Button tone=tone glyph=Glyph::Lock busy=form.busy() on_press=unlock>
            "Unlock with this device's lock"
        </Button>
    }
}
