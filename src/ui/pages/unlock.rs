//! The unlock screen: drawn from remembered initials, so it does not wait for the engine.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use super::outside::Outside;
use crate::{
    engine::{
        command::Command,
        crypto::keyring::Passkey,
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

mod by_lock;
mod pin_pad;

use self::{by_lock::ByLock, pin_pad::PinPad};

/// Whose tile was chosen, and how.
#[derive(Clone, Copy)]
struct Chosen {
    person: RwSignal<Option<Id>>,
    /// They want to use their words, whatever else there is.
    by_phrase: RwSignal<bool>,
    /// Somebody has chosen something on this page, so that the focus goes on from there.
    moved: RwSignal<bool>,
}

impl Chosen {
    /// Goes to the words, or back to the quicker way.
    fn by_words(self, by_words: bool) {
        self.moved.set(true);
        self.by_phrase.set(by_words);
    }
}

/// What the chosen person is asked for.
#[derive(Clone, PartialEq)]
enum Way {
    Pin,
    Lock(Id, Passkey),
    Phrase,
}

/// Tiles, and the way in of whoever is chosen.
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
    let who = Chosen {
        person: RwSignal::new(who_is_likely(&app, people)),
        by_phrase: RwSignal::new(false),
        moved: RwSignal::new(false),
    };
    let passkey = Memo::new(move |_| {
        let device = who.person.get();
        people.with(|people| {
            let tile = people.iter().find(|tile| Some(tile.device) == device);
            tile.and_then(|tile| Some((tile.device, tile.passkey.clone()?)))
        })
    });
    let rests = rests(app, who);
    let way = Memo::new(
        move |_| match (who.by_phrase.get(), rests.get(), passkey.get()) {
            (false, true, _) => Way::Pin,
            (false, false, Some((device, passkey))) => Way::Lock(device, passkey),
            (true, _, _) | (false, false, None) => Way::Phrase,
        },
    );
    let form = FormState::new();
    if app.rest.inside.with_untracked(Option::is_some) {
        // Over the page of whoever rests; where their PIN is asked for, its field takes the focus next.
        a11y::focus_heading();
    }
    let draw = move || match way.get() {
        Way::Pin => view! { <PinPad who=who passkey=passkey /> }.into_any(),
        Way::Lock(device, passkey) => {
            view! { <ByLock form=form who=who device=device passkey=passkey /> }.into_any()
        }
        Way::Phrase => {
            view! { <Phrase form=form who=who passkey=passkey people=people /> }.into_any()
        }
    };
    view! {
        <Outside title="Who is here?" failed=form.failed()>
            <div class="unlock">
                <Tiles people=people who=who />
                {draw}
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

/// Whether the chosen person's keys are in memory, so that their PIN brings them back.
fn rests(app: AppState, who: Chosen) -> Memo<bool> {
    Memo::new(move |before: Option<&bool>| {
        let device = who.person.get();
        app.door.with(|door| match door {
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
        })
    })
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
fn Tiles(people: Memo<Vec<TileView>>, who: Chosen) -> impl IntoView {
    let tile = move |tile: TileView| {
        let TileView {
            device, initials, ..
        } = tile;
        let pressed = move || (who.person.get() == Some(device)).to_string();
        let choose = move |_| {
            who.by_words(false);
            who.person.set(Some(device));
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
    who: Chosen,
    passkey: Memo<Option<(Id, Passkey)>>,
    people: Memo<Vec<TileView>>,
) -> impl IntoView {
    let app = use_app();
    let voice = use_announcer();
    let phrase = RwSignal::new(String::new());
    if who.moved.get_untracked() {
        a11y::focus_first("#phrase");
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some((device, phrase)) = ask_for_both(form, who, phrase) else {
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
            <EntryName who=who people=people />
            <PhraseField form=form phrase=phrase />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary glyph=Glyph::Lock busy=form.busy()>
                    "Unlock"
                </Button>
                <Show when=move || passkey.with(Option::is_some)>
                    <Button tone=ButtonTone::Quiet on_press=move |()| who.by_words(false)>
                        "Use this device's lock instead"
                    </Button>
                </Show>
            </div>
            <Progress busy=form.busy() />
        </form>
    }
}

/// Who and with which phrase; says what is missing.
fn ask_for_both(form: FormState, who: Chosen, phrase: RwSignal<String>) -> Option<(Id, String)> {
    let phrase = phrase.get_untracked();
    match who.person.get_untracked() {
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
fn EntryName(who: Chosen, people: Memo<Vec<TileView>>) -> impl IntoView {
    let initials = move || {
        let device = who.person.get();
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
