//! The bar on top: the place, the clock, the sync words, hide, and who is here.

use leptos::{html, prelude::*};

use super::use_me;
use crate::{
    engine::view::TileView,
    ui::{
        announce::use_announcer,
        components::{Button, Glyph, HallClock, Icon, Show},
        i18n,
        memo::Memo,
        routes::Route,
        state::use_app,
    },
};

/// The bar on top.
#[component]
pub(super) fn TopBar() -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let centre = move || me.with(|me| me.as_ref().map(|me| me.centre.clone()));
    view! {
        <header class="top-bar">
            <a class="top-place" href=Route::Home.path()>
                {centre}
            </a>
            <HallClock />
            <SyncChip />
            <button class="top-button" type="button" on:click=move |_| app.hide()>
                <Icon glyph=Glyph::Hide />
                <span>"Hide"</span>
            </button>
            <MeMenu />
        </header>
    }
}

/// What is sent and what is not, in words; leads to the whole story.
#[component]
fn SyncChip() -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let words = Memo::new(move |_| app.sync.with(|sync| i18n::sync_words(sync, app.now.get())));
    let unsent = Memo::new(move |_| app.sync.with(|sync| sync.unsent));
    Effect::new(move |before: Option<u32>| {
        let now = unsent.get();
        if before.is_some_and(|before| before > 0) && now == 0 {
            voice.say("All sent");
        }
        now
    });
    let state = move || {
        app.sync
            .with(|sync| match (sync.unsent, sync.storage, sync.refused) {
                (_, Some(_), _) | (_, None, 1..) => "look",
                (0, None, 0) => "sent",
                (1.., None, 0) => "waiting",
            })
    };
    view! {
        <a class="sync-chip" href=Route::Sync.path() data-state=state>
            <Icon glyph=Glyph::Send />
            <span class="visually-hidden">"Sending: "</span>
            <span>{move || words.get()}</span>
        </a>
    }
}

/// Who is here: switch to somebody else, or lock.
#[component]
fn MeMenu() -> impl IntoView {
    let app = use_app();
    let me = use_me();
    let name = move || me.with(|me| me.as_ref().map(|me| me.name.clone()));
    let initials = move || me.with(|me| me.as_ref().map(|me| me.initials.clone()));
    let tablet = move || me.with(|me| me.as_ref().map(|me| me.tablet.clone()));
    let roles = move || {
        me.with(|me| {
            me.as_ref().map(|me| {
                let names: Vec<_> = me
                    .roles
                    .iter()
                    .map(|role| i18n::role_name(role.0))
                    .collect();
                names.join(", ")
            })
        })
    };
    let menu = NodeRef::<html::Details>::new();
    let lock = move |next| {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
        app.lock(next);
    };
    let others = Memo::new(move |_| {
        let mine = me.with(|me| me.as_ref().map(|me| me.device));
        let mut people = app.remembered_people();
        people.retain(|tile| Some(tile.device) != mine);
        people
    });
    let colleague = move |tile: TileView| {
        view! {
            <Button glyph=Glyph::People on_press=move |()| lock(Some(tile.device))>
                <span class="visually-hidden">"Hand over to "</span>
                {tile.initials}
            </Button>
        }
    };
    view! {
        <details class="me-menu" node_ref=menu>
            <summary class="me-initials">
                <span class="visually-hidden">"You: "</span>
                {initials}
            </summary>
            <div class="me-panel">
                <p class="me-name">{name}</p>
                <p class="me-detail">{roles}</p>
                <p class="me-detail">"This tablet: " {tablet}</p>
                <Button glyph=Glyph::Lock on_press=move |()| lock(None)>
                    "Lock"
                </Button>
                <Show when=move || !others.read().is_empty()>
                    <p class="me-detail">"Hand over to"</p>
                    <div class="cluster">
                        {move || others.get().into_iter().map(colleague).collect_view()}
                    </div>
                </Show>
            </div>
        </details>
    }
}
