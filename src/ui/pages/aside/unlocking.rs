//! The ways in which whoever is here unlocks this tablet: the four words always, a PIN, this device's lock.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::ui::{
    announce::use_announcer,
    components::{
        Banner, BannerTone, Button, ButtonLink, ButtonTone, Glyph, PageHead, Show, StatusLine, Tag,
        TagTone,
    },
    forms::{ErrorSummary, FormState},
    frame::use_me,
    memo::Memo,
    message,
    routes::Route,
    state::use_app,
};

/// What there is, and how to add or take away.
#[component]
pub fn UnlockingPage() -> impl IntoView {
    let me = use_me();
    let form = FormState::new();
    let has_pin = Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.has_pin)));
    view! {
        <PageHead
            title="Ways to unlock"
            lead="Yours, on this tablet. Whoever else uses it has their own."
            failed=form.failed()
            back=(Route::More.path(), "More")
        />
        <ErrorSummary form=form />
        <div class="stack">
            <Way title="Your four words" state="Always" done=true>
                <p>
                    "They open this tablet for you, also after the app was closed, and no other way takes their place. Keep the paper at home, or keep them in a password manager, which fills them in."
                </p>
            </Way>
            <Way
                title="A PIN of six digits"
                state=Signal::derive(move || state_of(has_pin.get()))
                done=has_pin
            >
                <p>
                    "Quick, when the tablet has locked itself or a colleague had it in between. After the app was closed it is not enough."
                </p>
                <ButtonLink href=Route::Pin.path()>
                    {move || if has_pin.get() { "Change my PIN" } else { "Choose a PIN" }}
                </ButtonLink>
            </Way>
            <DeviceLock form=form />
        </div>
    }
}

/// One way to unlock.
#[component]
fn Way(
    title: &'static str,
    /// Whether it is there, in words.
    #[prop(into)]
    state: Signal<String>,
    /// The same for the look of it.
    #[prop(into)]
    done: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let tag = move || {
        let tone = if done.get() {
            TagTone::Plain
        } else {
            TagTone::Quiet
        };
        view! { <Tag tone=tone>{state.get()}</Tag> }
    };
    view! {
        <section class="way-in stack">
            <div class="cluster">
                <h2>{title}</h2>
                {tag}
            </div>
            {children()}
        </section>
    }
}

#[component]
fn DeviceLock(form: FormState) -> impl IntoView {
    let app = use_app();
    let me = use_me();
    app.look_for_lock();
    // Whoever reads this page needs no notice above it that there is such a thing.
    app.lock_was_offered();
    let added =
        Memo::new(move |_| me.with(|me| me.as_ref().is_some_and(|me| me.passkey.is_some())));
    let shared = app.remembered_people().len() > 1;
    view! {
        <Way
            title="This device's lock"
            state=Signal::derive(move || state_of(added.get()))
            done=added
        >
            <p>
                "Your fingerprint, your face or the device's code: whatever unlocks this device opens Neutral Ground for you too, also after the app was closed and without signal. There is nothing to remember and nothing to type."
            </p>
            <p>
                "Whoever can unlock this device can then come in as you. Add it only on a device that is yours alone, and not where colleagues know its code."
            </p>
            {shared.then(|| view! {
                <Banner tone=BannerTone::Notice>
                    <p>"Other people use this tablet. If they know its code, leave this way out."</p>
                </Banner>
            })}
            <Show when=move || added.get() fallback=move || view! { <Add form=form /> }>
                <Remove form=form />
            </Show>
        </Way>
    }
}

#[component]
fn Add(form: FormState) -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let voice = use_announcer();
    let here = app.device_lock.here;
    let add = move |()| {
        let initials = me.with_untracked(|me| me.as_ref().map(|me| me.initials.clone()));
        if form.begin() {
            app.add_lock(initials.unwrap_or_default(), move |asked| {
                if form.asked(asked) {
                    voice.say("Added. This device's lock opens Neutral Ground for you now.");
                }
            });
        }
    };
    let why_not = move || {
        here.get()
            .and_then(Result::err)
            .map(message::lock_not_added)
    };
    view! {
        <StatusLine words=Signal::derive(move || why_not().unwrap_or_default().to_owned()) />
        <Show when=move || here.get() == Some(Ok(()))>
            <Button tone=ButtonTone::Primary glyph=Glyph::Key busy=form.busy() on_press=add>
                "Add this device's lock"
            </Button>
        </Show>
    }
}

#[component]
fn Remove(form: FormState) -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let voice = use_announcer();
    let remove = move |()| {
        let passkey = me.with_untracked(|me| me.as_ref().and_then(|me| me.passkey.clone()));
        if let Some(passkey) = passkey
            && form.begin()
        {
            app.remove_lock(passkey, move |asked| {
                if form.asked(asked) {
                    voice.say("Taken away. Your four words open this tablet.");
                }
            });
        }
    };
    view! {
        <p class="small muted">
            "If you take it away, the device may still list Neutral Ground among its passkeys. That entry opens nothing then; you can delete it there."
        </p>
        <Button glyph=Glyph::Close busy=form.busy() on_press=remove>
            "Take this device's lock away"
        </Button>
    }
}

fn state_of(added: bool) -> String {
    let words = if added { "Added" } else { "Not added" };
    words.to_owned()
}
