//! The made-up families: what they are, going there, and the moment while they are made.

use leptos::prelude::*;

use super::super::outside::Outside;
use crate::{
    engine::command::Command,
    ui::{
        announce::use_announcer,
        components::{Banner, BannerTone, Button, ButtonTone},
        message,
        parts::use_parts,
        routes::Route,
        state::use_app,
    },
};

/// Says what the made-up families are before going there.
#[component]
pub fn LookAroundPage() -> impl IntoView {
    let app = use_app();
    let refused = RwSignal::new(false);
    let go = move |()| {
        if !app.work_with_made_up(true) {
            refused.set(true);
        }
    };
    view! {
        <Outside
            title="Look around with made-up families"
            back=(Route::Home.path(), "Back to the doors")
        >
            <div class="stack">
                <p>
                    "You get a centre with a few invented families and a session today. Do whatever you like: record arrivals, write notes, plan, invite."
                </p>
                <p>
                    "It is kept apart from real families in a store of its own, is never sent anywhere, and you leave it by closing this tab."
                </p>
                {move || refused.get().then(|| view! {
                    <Banner tone=BannerTone::Notice>
                        <p>"The browser does not let this page keep anything. Open it in an ordinary window and try again."</p>
                    </Banner>
                })}
                <div class="cluster">
                    <Button tone=ButtonTone::Primary on_press=go>
                        "Look around"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

/// The invented families are being made, or opened again.
#[component]
pub fn MakingUpPage() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    // A co-ordinator shows the visitor around.
    use_parts().desk.fetch_ahead();
    let trouble = RwSignal::new(None::<String>);
    let ask = move || {
        app.ask(Command::FillWithMadeUpFamilies, move |outcome| {
            let words = outcome.err().map(|why| message::trouble(&why));
            if let Some(words) = &words {
                voice.alert(words.clone());
            }
            trouble.set(words);
        });
    };
    ask();
    let leave = move |()| {
        app.work_with_made_up(false);
    };
    let again = move |words: String| {
        view! {
            <Banner tone=BannerTone::Notice>
                <p>{words}</p>
                <Button on_press=move |()| ask()>"Try again"</Button>
            </Banner>
        }
    };
    view! {
        <Outside title="Opening the made-up families…">
            <div class="stack">
                <p class="loading">"Preparing a day at an invented centre. This takes a few seconds."</p>
                {move || trouble.get().map(again)}
                <div class="cluster">
                    <Button tone=ButtonTone::Quiet on_press=leave>
                        "Leave the made-up families"
                    </Button>
                </div>
            </div>
        </Outside>
    }
}
