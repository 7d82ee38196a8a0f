//! What is saved, what is sent and what another tablet holds: three truths, never mixed.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        command::Command,
        view::{RelayTrouble, SyncView, Trouble, UnsentView},
    },
    ui::{
        announce::use_announcer,
        components::{Banner, BannerTone, Button, ButtonTone, Glyph, PageHead, Show, StatusLine},
        frame::use_has_desk,
        i18n,
        memo::Memo,
        message,
        routes::Route,
        state::use_app,
    },
};

/// The sync panel.
#[component]
pub fn SyncPage() -> impl IntoView {
    let app = use_app();
    let now = Memo::new(move |_| app.now.get() / 60_000 * 60_000);
    view! {
        <PageHead title="What is saved and sent" back=(Route::More.path(), "More") />
        <div class="stack">
            <dl class="truths">
                <Truth label="On this tablet" words=Signal::derive(move || app.sync.with(here)) />
                <Truth
                    label="At the relay"
                    words=Signal::derive(move || app.sync.with(|sync| at_relay(sync, now.get())))
                />
                <Truth
                    label="On another tablet"
                    words=Signal::derive(move || app.sync.with(|sync| elsewhere(sync, now.get())))
                />
            </dl>
            {move || app.sync.with(|sync| sync.trouble).map(|why| view! {
                <Banner tone=BannerTone::Notice>
                    <p>"The last attempt did not work: " {message::relay(why)}</p>
                    {(why == RelayTrouble::WrongRelay).then(|| view! { <OtherRelay /> })}
                </Banner>
            })}
            {move || app.sync.with(sent_again).map(|words| view! {
                <Banner tone=BannerTone::Notice>
                    <p>{words}</p>
                </Banner>
            })}
            <SendNow />
            <Unsent now=now />
            <p class="small muted">
                "The relay passes sealed envelopes between your centre's tablets. It sees when something is sent and how large it is, and nothing of what is in it. "
                <a href=Route::Diagnostics.path()>"Details for help"</a>
            </p>
        </div>
    }
}

#[component]
fn Truth(label: &'static str, words: Signal<String>) -> impl IntoView {
    view! {
        <div class="truth">
            <dt>{label}</dt>
            <dd>{move || words.get()}</dd>
        </div>
    }
}

#[component]
fn SendNow() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let said = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let send = move |()| {
        busy.set(true);
        said.set("Sending and fetching…".to_owned());
        app.push_outbox();
        app.ask(Command::SendNow, move |outcome| {
            busy.set(false);
            let words = match outcome {
                Ok(_) => app.sync.with_untracked(after_sending),
                Err(Trouble::NoRelay(why)) => not_sent(why),
                Err(why) => message::trouble(&why),
            };
            voice.say(words.clone());
            said.set(words);
        });
    };
    view! {
        <div class="cluster">
            <Button tone=ButtonTone::Primary glyph=Glyph::Send busy=busy on_press=send>
                "Send now"
            </Button>
            <StatusLine words=said />
        </div>
    }
}

/// Offered to those who may say so: the relay that answers is the centre's own new one.
#[component]
fn OtherRelay() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let said = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let follow = move |()| {
        busy.set(true);
        app.ask(Command::UseThisRelay, move |outcome| {
            busy.set(false);
            let words = match outcome {
                Ok(_) => "Noted. Everything is being sent to the new relay.".to_owned(),
                Err(why) => message::trouble(&why),
            };
            voice.say(words.clone());
            said.set(words);
        });
    };
    let desk = use_has_desk();
    view! {
        <Show when=move || desk.get()>
            <p>"Only if whoever looks after your relay has told you that they replaced it:"</p>
            <div class="cluster">
                <Button glyph=Glyph::Tick busy=busy on_press=follow>
                    "This is our new relay"
                </Button>
                <StatusLine words=said />
            </div>
        </Show>
    }
}

#[component]
fn Unsent(now: Memo<i64>) -> impl IntoView {
    let app = use_app();
    let items = Memo::new(move |_| app.sync.with(|sync| sync.items.clone()));
    let total = Memo::new(move |_| app.sync.with(|sync| sync.unsent));
    view! {
        <Show when=move || !items.with(Vec::is_empty)>
            <section class="stack">
                <h2>"Not sent yet"</h2>
                <ul class="list">
                    {move || items.get().into_iter().map(|item| unsent(item, now)).collect_view()}
                </ul>
                {move || more_than_shown(total.get(), items.with(Vec::len))}
            </section>
        </Show>
    }
}

fn unsent(item: UnsentView, now: Memo<i64>) -> impl IntoView {
    let UnsentView {
        what,
        saved_at,
        refused,
    } = item;
    view! {
        <li>
            <span class="unsent-what">{what}</span>
            <span class="muted">{move || format!("saved {}", i18n::ago(now.get(), saved_at))}</span>
            {refused.map(|why| view! { <span class="notice-words">{why}</span> })}
        </li>
    }
}

fn more_than_shown(total: u32, shown: usize) -> Option<String> {
    let more = usize::try_from(total).ok()?.checked_sub(shown)?;
    (more > 0).then(|| format!("and {more} more"))
}

fn here(sync: &SyncView) -> String {
    match sync.storage {
        Some(why) => message::storage(why).to_owned(),
        None => "Everything you have done is saved.".to_owned(),
    }
}

fn at_relay(sync: &SyncView, now: i64) -> String {
    let unsent = i64::from(sync.unsent);
    let refused = match sync.refused {
        0 => String::new(),
        some => format!(
            " {} not accepted and needs your co-ordinator.",
            if some == 1 {
                "1 was".to_owned()
            } else {
                format!("{some} were")
            },
        ),
    };
    match (unsent, sync.last_contact) {
        (0, Some(at)) => format!("Everything. It last answered {}.", i18n::when(now, at)),
        (0, None) => "Nothing has needed sending yet.".to_owned(),
        (some, Some(at)) => format!(
            "All but {}. It last answered {}.{refused}",
            i18n::count(some, "change", "changes"),
            i18n::when(now, at),
        ),
        (some, None) => format!(
            "Nothing yet: {} waiting.{refused}",
            i18n::count(some, "change is", "changes are"),
        ),
    }
}

fn elsewhere(sync: &SyncView, now: i64) -> String {
    let held = match sync.elsewhere_until {
        Some(at) => format!(
            "Everything up to {} is on another tablet too.",
            i18n::short_when(now, at)
        ),
        None => "No other tablet has said yet that it holds your changes.".to_owned(),
    };
    match sync.last_heard {
        Some(at) => format!(
            "{held} This one last heard from another {}.",
            i18n::when(now, at)
        ),
        None => held,
    }
}

/// What a person is told while a log is brought back.
fn sent_again(sync: &SyncView) -> Option<String> {
    let again = i64::from(sync.again);
    let comes = sync.trouble != Some(RelayTrouble::WrongRelay);
    (comes && again > 0).then(|| {
        format!(
            "The relay was restored from an old copy, or replaced. {} to be sent again; nothing of it is lost.",
            i18n::count(again, "change is", "changes are")
        )
    })
}

fn after_sending(sync: &SyncView) -> String {
    match (sync.unsent, sync.trouble) {
        (0, None) => "All sent, and the newest from other tablets is here.".to_owned(),
        (_, Some(why)) => not_sent(why),
        (some, None) => format!(
            "{} still to send.",
            i18n::count(i64::from(some), "change is", "changes are")
        ),
    }
}

fn not_sent(why: RelayTrouble) -> String {
    format!("Not sent: {}", message::relay(why))
}
