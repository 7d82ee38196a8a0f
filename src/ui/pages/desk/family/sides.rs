//! The two adults in two equal columns, each with its sealed details behind a deliberate, logged step (DP-10).

use leptos::prelude::*;

use crate::{
    domain::side::Side,
    engine::{
        command::Command,
        view::{DetailsView, FamilyView},
        wire::{Id, Wire},
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, Glyph, Icon},
        i18n,
        memo::Memo,
        message,
        pages::desk::{
            facts::{Fact, Facts},
            wording,
        },
        state::{AppState, use_app},
    },
};

/// Both sides; details of one at a time.
#[component]
pub(super) fn Sides(
    /// The family.
    family: Memo<FamilyView>,
) -> impl IntoView {
    close_on_leaving(use_app(), family);
    view! {
        <section class="stack" aria-labelledby="two-sides">
            <h2 id="two-sides">"The two adults"</h2>
            <div class="sides desk-family-sides">
                <OneSide family=family side=Side::Resident />
                <OneSide family=family side=Side::Visiting />
            </div>
        </section>
    }
}

/// An address does not stay open behind another page.
fn close_on_leaving(app: AppState, family: Memo<FamilyView>) {
    on_cleanup(move || {
        let open = family.try_with_untracked(|family| family.details.is_some());
        if open != Some(false) {
            app.ask(Command::CloseProtectedDetails, |_| {});
        }
    });
}

#[component]
fn OneSide(family: Memo<FamilyView>, side: Side) -> impl IntoView {
    let details = Memo::new(move |_| {
        family.with(|family| {
            family
                .details
                .clone()
                .filter(|details| details.side.0 == side)
        })
    });
    let who = move || {
        family.with(|family| match side {
            Side::Resident => family.resident.clone(),
            Side::Visiting => family.visiting.clone(),
        })
    };
    let id = family.with_untracked(|family| family.row.id);
    view! {
        <div class="side stack" data-side=side.word()>
            <h3>{i18n::side_name(side)}</h3>
            <p>{who}</p>
            {move || match details.get() {
                Some(details) => view! { <Opened details=details /> }.into_any(),
                None => view! { <Sealed family=id side=side /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Sealed(family: Id, side: Side) -> impl IntoView {
    let (app, voice) = (use_app(), use_announcer());
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(String::new()));
    let open = move |()| {
        busy.set(true);
        trouble.set(String::new());
        let command = Command::OpenProtectedDetails {
            family,
            side: Wire(side),
        };
        app.ask(command, move |outcome| {
            busy.set(false);
            match outcome {
                Ok(_) => a11y::focus_first(".desk-opened"),
                Err(refused) => {
                    let words = message::trouble(&refused);
                    voice.alert(words.clone());
                    trouble.set(words);
                }
            }
        });
    };
    view! {
        <p class="desk-sealed-words">
            <Icon glyph=Glyph::Lock />
            <span>"Address and phone are sealed. Opening them is written down with your name and the time."</span>
        </p>
        <div>
            <Button glyph=Glyph::Key busy=busy on_press=open>
                {match side {
                    Side::Resident => "Open and log: who brings",
                    Side::Visiting => "Open and log: who visits",
                }}
            </Button>
        </div>
        <p class="field-error" hidden=move || trouble.read().is_empty()>
            {move || trouble.get()}
        </p>
    }
}

#[component]
fn Opened(details: DetailsView) -> impl IntoView {
    let app = use_app();
    let DetailsView {
        phone,
        email,
        address,
        openings,
        side: _,
    } = details;
    let or_none = |text: String| {
        if text.trim().is_empty() {
            "Not given".to_owned()
        } else {
            text
        }
    };
    let address: Vec<_> = or_none(address).lines().map(str::to_owned).collect();
    let openings: Vec<_> = openings
        .into_iter()
        .map(|(who, at)| {
            format!(
                "{who}, {} at {}",
                wording::short_day(&i18n::iso_day(at)),
                i18n::clock(at)
            )
        })
        .collect();
    let close = move |()| {
        app.ask(Command::CloseProtectedDetails, |_| {
            a11y::focus_first(".sides .button");
        });
    };
    view! {
        <div class="desk-opened stack" tabindex="-1">
            <Facts>
                <Fact name="Phone" lines=vec![or_none(phone)] />
                <Fact name="E-mail" lines=vec![or_none(email)] />
                <Fact name="Address" lines=address />
                <Fact name="Opened by" lines=openings />
            </Facts>
            <div>
                <Button glyph=Glyph::Lock on_press=close>
                    "Close and put away"
                </Button>
            </div>
        </div>
    }
}
