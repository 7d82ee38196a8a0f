//! The tablets of one person; a lost one is shut out here.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        command::Command,
        view::{PersonView, TabletRow, TabletStanding},
        wire::Id,
    },
    ui::{
        components::{Rows, Show, Tag, TagTone},
        i18n,
        memo::Memo,
        pages::desk::{
            asking::AskFirst,
            facts::{Fact, Facts},
        },
        state::use_app,
    },
};

/// Each tablet with what is known of it.
#[component]
pub(super) fn Tablets(
    /// Whose.
    person: Memo<PersonView>,
) -> impl IntoView {
    let tablets = Memo::new(move |_| person.read().tablets.clone());
    view! {
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
                <AskFirst
                    title=Signal::derive(move || format!("Shut {} out?", name.get()))
                    words=(
                        "From now on the relay refuses it, and everything new is locked with keys that it does not have. When it next meets the relay it erases what this person had on it.",
                        "What it has received already cannot be called back before that: until then their phrase protects it. What was written on it and not sent is lost.",
                    )
                    act="Shut it out now"
                    command=|device| Command::ShutOut { device }
                    of=Signal::derive(move || tablet.with(device))
                    said="Shut out. The relay refuses that tablet from now on."
                >
                    "Shut out"
                    <span class="visually-hidden">{move || format!(" {}", name.get())}</span>
                </AskFirst>
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
