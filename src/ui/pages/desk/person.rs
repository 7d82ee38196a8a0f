//! One person and their tablets; a lost one is shut out here.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use super::{
    asking::{Asking, Refused},
    facts::{Fact, Facts},
    wording,
};
use crate::{
    engine::{
        command::{Command, Screen},
        view::{PersonView, ScreenView, TabletRow, TabletStanding},
        wire::Id,
    },
    ui::{
        a11y,
        components::{
            Button, ButtonTone, Dialog, Glyph, PageHead, Rows, ScreenRegion, Show, Tag, TagTone,
        },
        i18n,
        memo::Memo,
        routes::Route,
        state::{use_app, use_screen},
    },
};

/// One person.
#[component]
pub fn PersonPage(
    /// Which one.
    id: Id,
) -> impl IntoView {
    let person = use_screen(Screen::Person(id), |view| {
        if let ScreenView::Person(person) = view {
            Some(person)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=person title="Person" children=draw /> }
}

fn draw(person: Memo<PersonView>) -> AnyView {
    let tablets = Memo::new(move |_| person.read().tablets.clone());
    view! {
        <PageHead
            title=Signal::derive(move || person.read().row.name.clone())
            lead=Signal::derive(move || person.with(|person| wording::roles(&person.row.roles)))
            back=(Route::People.path(), "People")
        />
        <section class="stack" aria-labelledby="tablets">
            <h2 id="tablets">"Tablets and phones"</h2>
            <p class="muted" hidden=move || !tablets.read().is_empty()>
                "No tablet has been let in for them yet."
            </p>
            <div class="desk-file">
                <Rows each=tablets key=device row=draw_tablet />
            </div>
        </section>
    }
    .into_any()
}

const fn device(tablet: &TabletRow) -> Id {
    tablet.device
}

fn draw_tablet(tablet: Memo<TabletRow>) -> AnyView {
    let app = use_app();
    let name = Signal::derive(move || tablet.with(called));
    let let_in = Signal::derive(move || {
        let known = tablet.read().known_as.clone();
        known
            .into_iter()
            .map(|(_, at)| i18n::day(at))
            .collect::<Vec<_>>()
    });
    let heard = Signal::derive(move || {
        let seen = tablet.read().last_seen;
        vec![seen.map_or_else(|| "Not yet".to_owned(), |at| i18n::ago(app.now.get(), at))]
    });
    let standing = Memo::new(move |_| tablet.read().standing);
    view! {
        <article class="card stack">
            <h3 class="card-title cluster">
                {move || name.get()} {move || tag(standing.get())}
            </h3>
            <Facts>
                <Fact name="Let in" lines=let_in />
                <Fact name="Last heard from" lines=heard />
            </Facts>
            <Show when=move || standing.get() == TabletStanding::In>
                <ShutOut tablet=tablet name=name />
            </Show>
        </article>
    }
    .into_any()
}

fn called(tablet: &TabletRow) -> String {
    let known = tablet.known_as.as_ref();
    known.map_or_else(
        || "A tablet without a name".to_owned(),
        |(name, _)| name.clone(),
    )
}

fn tag(standing: TabletStanding) -> AnyView {
    match standing {
        TabletStanding::In => ().into_any(),
        TabletStanding::InHand => view! { <Tag>"In your hands"</Tag> }.into_any(),
        TabletStanding::Out => view! { <Tag tone=TagTone::Notice>"Shut out"</Tag> }.into_any(),
    }
}

#[component]
fn ShutOut(tablet: Memo<TabletRow>, name: Signal<String>) -> impl IntoView {
    let asking = Asking::new();
    let open = RwSignal::new(false);
    let shut_out = move |()| {
        let device = tablet.with_untracked(device);
        asking.ask(
            Command::ShutOut { device },
            "Shut out. The relay refuses that tablet from now on.",
            a11y::focus_heading,
        );
    };
    view! {
        <div>
            <Button tone=ButtonTone::Plain glyph=Glyph::Lock on_press=move |()| open.set(true)>
                "Shut out"
                <span class="visually-hidden">{move || format!(" {}", name.get())}</span>
            </Button>
        </div>
        <Dialog open=open title=Signal::derive(move || format!("Shut {} out?", name.get()))>
            <div class="stack">
                <p>
                    "From now on the relay refuses it, and everything new is locked with keys that it does not have. When it next meets the relay it erases what this person had on it."
                </p>
                <p>
                    "What it has received already cannot be called back before that: until then their phrase protects it. What was written on it and not sent is lost."
                </p>
                <div>
                    <Button tone=ButtonTone::Grave glyph=Glyph::Lock busy=asking.busy on_press=shut_out>
                        "Shut it out now"
                    </Button>
                </div>
                <Refused trouble=asking.trouble />
            </div>
        </Dialog>
    }
}
