//! The trustees' sheets: made and printed once, tried, renewed.

use leptos::prelude::*;

use self::{printing::Printing, trying::Trying};
use super::{asking::Refused, people::sheets_state};
use crate::ui::state::use_app;
use crate::{
    engine::{
        command::{Command, Screen},
        view::{Done, PeopleView, ScreenView, SheetsView},
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Banner, BannerTone, Button, ButtonTone, PageHead, ScreenRegion, Show},
        memo::Memo,
        message,
        routes::Route,
        state::use_screen,
    },
};

mod printing;
mod trying;

/// The three sheets.
#[component]
pub fn SheetsPage() -> impl IntoView {
    let people = use_screen(Screen::People, |view| {
        if let ScreenView::People(people) = view {
            Some(people)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=people title="The trustees\u{2019} sheets" children=draw /> }
}

fn draw(people: Memo<PeopleView>) -> AnyView {
    let sheets = Memo::new(move |_| people.read().sheets.clone());
    let made: RwSignal<Option<[String; 3]>> = RwSignal::new(None);
    view! {
        <PageHead
            title="The trustees\u{2019} sheets"
            lead="Three printed pages, any two of which open the centre when every tablet is lost."
            back=(Route::People.path(), "People")
        />
        {move || match made.get() {
            Some(words) => view! { <Printing words=words made=made /> }.into_any(),
            None => view! { <Standing sheets=sheets made=made /> }.into_any(),
        }}
    }
    .into_any()
}

/// How it stands, and what can be done.
#[component]
fn Standing(sheets: Memo<SheetsView>, made: RwSignal<Option<[String; 3]>>) -> impl IntoView {
    let any = Memo::new(move |_| sheets.read().made.is_some());
    view! {
        <div class="stack">
            <section class="card stack" aria-labelledby="sheets-now">
                <h2 class="card-title" id="sheets-now">
                    "How it stands"
                </h2>
                {move || sheets.with(sheets_state).into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
            </section>
            <Show when=move || any.get()>
                <Trying />
            </Show>
            <Making any=any made=made />
        </div>
    }
}

#[component]
fn Making(any: Memo<bool>, made: RwSignal<Option<[String; 3]>>) -> impl IntoView {
    let (app, voice) = (use_app(), use_announcer());
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let make = move |()| {
        busy.set(true);
        trouble.set(String::new());
        app.ask(Command::MakeSheets, move |outcome| {
            busy.set(false);
            match outcome {
                Ok(Done::Sheets(words)) => {
                    voice.say("Three sheets are made");
                    made.set(Some(words));
                }
                Ok(_) => {}
                Err(refused) => {
                    let words = message::trouble(&refused);
                    voice.alert(words.clone());
                    trouble.set(words);
                }
            }
        });
    };
    let title = move || {
        if any.get() {
            "Make new sheets"
        } else {
            "Make three sheets"
        }
    };
    view! {
        <section class="card stack" aria-labelledby="sheets-make">
            <h2 class="card-title" id="sheets-make">{title}</h2>
            <Banner tone=BannerTone::Notice>
                <p>
                    "Have a printer at hand and nobody behind you. The words are shown once; this app does not keep them."
                </p>
            </Banner>
            <ol class="desk-steps">
                <li>"You print three pages and give each to another trustee, who keeps it at home."</li>
                <li>"One page alone opens nothing. Two of them open everything."</li>
                <li>"You type two of them in, so that you know they are right."</li>
                <Show when=move || any.get()>
                    <li>"Then the sheets from before open nothing any more, and are destroyed."</li>
                </Show>
            </ol>
            <div>
                <Button tone=ButtonTone::Primary busy=busy on_press=make>
                    {title}
                </Button>
            </div>
            <Refused trouble=trouble />
        </section>
    }
}

/// After printing: the words go, and the page says what comes next.
fn put_away(made: RwSignal<Option<[String; 3]>>) {
    made.set(None);
    a11y::focus_first("#sheets-try");
}
