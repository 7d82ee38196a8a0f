//! Everything that is not needed every minute: theme, update, help, lock.

use leptos::prelude::*;

use crate::ui::{
    components::{Banner, Button, ButtonTone, Glyph, Icon, PageHead, Show},
    forms::{Choice, FormState, RadioField},
    frame::use_has_desk,
    routes::Route,
    state::use_app,
};

/// More.
#[component]
pub fn MorePage() -> impl IntoView {
    let app = use_app();
    let desk = use_has_desk();
    let desk_links = move || {
        desk.get().then(|| {
            view! {
                {way(Route::Referrals, Glyph::Referral, "Referrals")}
                {way(Route::Sessions, Glyph::Sessions, "Sessions")}
                {way(Route::People, Glyph::People, "People and tablets")}
                {way(Route::Centre, Glyph::Centre, "The centre")}
            }
        })
    };
    view! {
        <PageHead title="More" />
        <div class="stack">
            <UpdateLine />
            <ul class="list ways">
                {desk_links} {way(Route::Sync, Glyph::Send, "What is saved and sent")}
                {(!app.is_made_up()).then(|| way(Route::Unlocking, Glyph::Key, "Ways to unlock"))}
                {way(Route::Help, Glyph::Help, "Help")}
                {way(Route::Diagnostics, Glyph::Notice, "Details for help")}
            </ul>
            <ThemeChoice />
            <section class="stack">
                <h2>"This tablet"</h2>
                <p>"Lock it when you put it down or hand it to somebody else. What you were writing is kept."</p>
                <div class="cluster">
                    <Button glyph=Glyph::Lock on_press=move |()| app.lock(None)>
                        "Lock"
                    </Button>
                </div>
            </section>
            <p class="small muted">
                "Neutral Ground is free software under the AGPL. No outside body has audited its security yet."
            </p>
        </div>
    }
}

fn way(route: Route, glyph: Glyph, words: &'static str) -> impl IntoView {
    view! {
        <li>
            <a class="list-link" href=route.path()>
                <Icon glyph=glyph />
                <span>{words}</span>
            </a>
        </li>
    }
}

#[component]
fn UpdateLine() -> impl IntoView {
    let app = use_app();
    view! {
        <Show when=move || app.update_waits.get()>
            <Banner>
                <p>"A newer version is ready. It takes about five seconds, and you unlock again afterwards."</p>
                <Button tone=ButtonTone::Primary on_press=move |()| app.update_now()>
                    "Update now"
                </Button>
            </Banner>
        </Show>
    }
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let app = use_app();
    let form = FormState::new();
    let theme = RwSignal::new(Some(app.theme().unwrap_or_default()));
    Effect::new(move |before: Option<String>| {
        let now = theme.get().unwrap_or_default();
        if before.is_some_and(|before| before != now) {
            app.choose_theme(Some(now.as_str()).filter(|name| !name.is_empty()));
        }
        now
    });
    let choice = move |name: &str, label: &str, hint: &str| {
        Choice::one(theme, name.to_owned(), label).with_hint(hint)
    };
    let choices = vec![
        choice(
            "",
            "As the device has it",
            "Light by day or dark by night, as set in its settings",
        ),
        choice("light", "Light", "Warm paper"),
        choice("dark", "Dark", "For dim rooms"),
        choice(
            "hall",
            "Hall",
            "Strongest contrast, for bright sun and tired eyes",
        ),
    ];
    view! { <RadioField form=form name="theme" label="Colours" choices=choices /> }
}
