//! The unlock screen: drawn from remembered initials, so it does not wait for the engine.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use super::outside::Outside;
use crate::{
    engine::{
        command::Command,
        view::{Door, TileView},
        wire::Id,
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonTone, Glyph, Icon, Show},
        forms::{Entry, ErrorSummary, FormState, TextField},
        i18n,
        memo::Memo,
        routes::Route,
        state::{AppState, use_app},
    },
};

mod pin_pad;

use self::pin_pad::PinPad;

/// Tiles and the phrase.
#[component]
pub fn UnlockPage() -> impl IntoView {
    let app = use_app();
    let remembered = app.remembered_people();
    let people = Memo::new(move |_| {
        app.door.with(|door| match door {
            Door::Locked { people, .. } => people.clone(),
            Door::Opening
            | Door::NoStorage(_)
            | Door::OtherTab
            | Door::Empty
            | Door::ShutOut(_)
            | Door::OutOfTouch(_)
            | Door::Joining(_)
            | Door::Open(_) => remembered.clone(),
        })
    });
    let chosen = RwSignal::new(who_is_likely(&app, people));
    let by_phrase = RwSignal::new(false);
    let by_pin = Memo::new(move |before: Option<&bool>| {
        let device = chosen.get();
        let rests = app.door.with(|door| match door {
            Door::Locked { resting, .. } => resting.iter().any(|rests| Some(*rests) == device),
            // Nothing changes under the finger while the store is being read.
            Door::Opening => match before {
                Some(before) => *before,
                None => app.rest.inside.with_untracked(Option::is_some),
            },
            Door::NoStorage(_)
            | Door::OtherTab
            | Door::Empty
            | Door::ShutOut(_)
            | Door::OutOfTouch(_)
            | Door::Joining(_)
            | Door::Open(_) => false,
        });
        rests && !by_phrase.get()
    });
    let form = FormState::new();
    if app.rest.inside.with_untracked(Option::is_some) {
        // Over the page of whoever rests; where their PIN is asked for, its field takes the focus next.
        a11y::focus_heading();
    }
    view! {
        <Outside title="Who is here?" failed=form.failed()>
            <div class="unlock">
                <Tiles people=people chosen=chosen by_phrase=by_phrase />
                <Show
                    when=move || by_pin.get()
                    fallback=move || view! { <Phrase form=form chosen=chosen people=people /> }
                >
                    <PinPad chosen=chosen by_phrase=by_phrase />
                </Show>
                <Unsent />
                <details class="disclosure">
                    <summary>"I am not here, or I have lost my phrase"</summary>
                    <p>
                        "Ask a co-ordinator for an invite: it opens this tablet for you in a few minutes, and nothing that was saved is lost. "
                        <a href=Route::Join.path()>"I have an invite link"</a>
                    </p>
                </details>
            </div>
        </Outside>
    }
}

/// Whoever was chosen when the tablet was handed over, whoever was here last, or the only one.
fn who_is_likely(app: &AppState, people: Memo<Vec<TileView>>) -> Option<Id> {
    let next = app.rest.next.get_untracked();
    next.or_else(|| app.rest.inside.get_untracked())
        .or_else(|| {
            people.with_untracked(|people| match people.as_slice() {
                [only] => Some(only.device),
                _ => None,
            })
        })
}

#[component]
fn Tiles(
    people: Memo<Vec<TileView>>,
    chosen: RwSignal<Option<Id>>,
    by_phrase: RwSignal<bool>,
) -> impl IntoView {
    let tile = move |tile: TileView| {
        let TileView { device, initials } = tile;
        let pressed = move || (chosen.get() == Some(device)).to_string();
        let choose = move |_| {
            by_phrase.set(false);
            chosen.set(Some(device));
            a11y::focus_field("phrase");
        };
        view! {
            <li>
                <button class="tile" type="button" aria-pressed=pressed on:click=choose>
                    <Icon glyph=Glyph::People />
                    <span class="tile-initials">{initials}</span>
                </button>
            </li>
        }
    };
    view! {
        <ul class="tiles" aria-label="People on this tablet">
            {move || people.get().into_iter().map(tile).collect_view()}
        </ul>
    }
}

#[component]
fn Phrase(
    form: FormState,
    chosen: RwSignal<Option<Id>>,
    people: Memo<Vec<TileView>>,
) -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let phrase = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((device, phrase)) = ask_for_both(form, chosen, phrase) else {
            return;
        };
        if form.begin() {
            voice.say("Checking your phrase");
            app.ask(Command::Unlock { device, phrase }, move |outcome| {
                form.end(outcome);
            });
        }
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <ErrorSummary form=form />
            <EntryName chosen=chosen people=people />
            <PhraseField form=form phrase=phrase />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary glyph=Glyph::Lock busy=form.busy()>
                    "Unlock"
                </Button>
            </div>
            <Progress busy=form.busy() />
        </form>
    }
}

/// Who and with which phrase; says what is missing.
fn ask_for_both(
    form: FormState,
    chosen: RwSignal<Option<Id>>,
    phrase: RwSignal<String>,
) -> Option<(Id, String)> {
    let phrase = phrase.get_untracked();
    match chosen.get_untracked() {
        None => form.say("Choose your initials first."),
        Some(_) if phrase.trim().is_empty() => form.say("Type the four words of your phrase."),
        Some(device) => return Some((device, phrase)),
    }
    None
}

#[component]
fn PhraseField(form: FormState, phrase: RwSignal<String>) -> impl IntoView {
    let shown = RwSignal::new(false);
    let words = move || {
        if shown.get() {
            "Hide the words"
        } else {
            "Show the words"
        }
    };
    view! {
        <TextField
            form=form
            name="phrase"
            label="Your phrase"
            hint="Four words. Capitals and spaces do not matter."
            entry=Entry::Phrase
            shown=shown
            value=phrase
        />
        <Button
            tone=ButtonTone::Quiet
            glyph=Glyph::Show
            on_press=move |()| shown.update(|shown| *shown = !*shown)
        >
            {words}
        </Button>
    }
}

/// Password managers keep one entry a name; people do not see this field.
#[component]
fn EntryName(chosen: RwSignal<Option<Id>>, people: Memo<Vec<TileView>>) -> impl IntoView {
    let initials = move || {
        let device = chosen.get();
        people.with(|people| {
            let tile = people.iter().find(|tile| Some(tile.device) == device);
            tile.map(|tile| tile.initials.clone()).unwrap_or_default()
        })
    };
    view! {
        <input
            class="visually-hidden"
            type="text"
            name="username"
            autocomplete="username"
            tabindex="-1"
            aria-hidden="true"
            readonly
            prop:value=initials
        />
    }
}

#[component]
fn Progress(busy: Signal<bool>) -> impl IntoView {
    let app = use_app();
    let opening = move || app.door.with(|door| matches!(door, Door::Opening));
    let words = move || match (busy.get(), opening()) {
        (false, _) => "",
        (true, true) => "Opening this tablet's records, then checking your phrase…",
        (true, false) => "Checking your phrase. This takes a second or two…",
    };
    view! { <p class="status-line">{words}</p> }
}

/// What waits to be sent, said also while locked: it goes by itself.
#[component]
fn Unsent() -> impl IntoView {
    let app = use_app();
    let unsent = Memo::new(move |_| app.sync.with(|sync| sync.unsent));
    move || {
        let number = unsent.get();
        (number > 0).then(|| {
            let changes = i18n::count(i64::from(number), "change waits", "changes wait");
            view! {
                <p class="small muted">
                    {format!("{changes} to be sent. They go by themselves, also while this tablet is locked.")}
                </p>
            }
        })
    }
}
