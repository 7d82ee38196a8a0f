//! A join in progress: six digits to compare, and what to do if nothing moves.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::super::outside::Outside;
use crate::{
    engine::{
        command::Command,
        view::{Door, JoiningView},
    },
    ui::{
        announce::use_announcer,
        components::{Banner, BannerTone, Button, ButtonTone},
        memo::Memo,
        message,
        state::use_app,
    },
};

/// Waiting to be approved.
#[component]
pub fn WaitingPage() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let joining = Memo::new(move |_| {
        app.door.with(|door| match door {
            Door::Joining(joining) => Some(joining.clone()),
            Door::Opening
            | Door::NoStorage(_)
            | Door::OtherTab
            | Door::Empty
            | Door::ShutOut(_)
            | Door::OutOfTouch(_)
            | Door::Locked { .. }
            | Door::Open(_) => None,
        })
    });
    let over = Memo::new(move |_| {
        joining.with(|joining| {
            joining
                .as_ref()
                .is_some_and(|it| it.refused || it.ended.is_some())
        })
    });
    let title = Signal::derive(move || {
        if over.get() {
            "This invite does not open the door"
        } else {
            "Nearly there"
        }
        .to_owned()
    });
    let trouble = move || joining.with(|joining| joining.as_ref().and_then(|it| it.trouble));
    let abandon = move |()| {
        app.ask(Command::AbandonJoin, move |outcome| {
            if let Err(why) = outcome {
                voice.alert(message::trouble(&why));
            }
        });
    };
    view! {
        <Outside title=title>
            <div class="stack">
                {move || state(joining.get())}
                {move || trouble().map(|why| view! {
                    <Banner tone=BannerTone::Notice>
                        <p>"Nothing moves at the moment: " {message::relay(why)}</p>
                    </Banner>
                })}
                <div class="cluster">
                    <Button tone=ButtonTone::Quiet on_press=abandon>
                        {move || if over.get() { "Use another invite" } else { "Stop joining" }}
                    </Button>
                </div>
            </div>
        </Outside>
    }
}

fn state(joining: Option<JoiningView>) -> AnyView {
    match joining {
        Some(JoiningView { ended: Some(why), .. }) => view! {
            <Banner tone=BannerTone::Notice>
                <p>{message::trouble(&why)}</p>
            </Banner>
        }
        .into_any(),
        Some(JoiningView { refused: true, .. }) => view! {
            <Banner tone=BannerTone::Notice>
                <p>
                    "Your co-ordinator turned this tablet away. If the six digits were different, somebody else may have used your link: talk to your co-ordinator before you try again with a new invite."
                </p>
            </Banner>
        }
        .into_any(),
        Some(JoiningView { code: Some(code), .. }) => view! { <Compare code=code /> }.into_any(),
        Some(JoiningView { code: None, .. }) | None => view! {
            <p class="loading">"Telling your centre that this tablet is here…"</p>
        }
        .into_any(),
    }
}

#[component]
fn Compare(code: String) -> impl IntoView {
    let digits = code.chars().filter(char::is_ascii_digit).map(String::from);
    let spoken = digits.collect::<Vec<_>>().join(" ");
    let (left, right) = code.split_once(' ').unwrap_or((&code, ""));
    view! {
        <p>"Ring or ask your co-ordinator. They open People and see six digits beside your name:"</p>
        <p class="six-digits" role="img" aria-label=spoken>
            <span>{left.to_owned()}</span>
            <span>{right.to_owned()}</span>
        </p>
        <p>
            "If the digits are the same, they press Approve and this tablet opens by itself. If they are different, stop joining and tell them."
        </p>
        <p class="loading">"Waiting for approval. You may put the tablet down meanwhile."</p>
    }
}
