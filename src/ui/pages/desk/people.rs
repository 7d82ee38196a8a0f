//! People, their tablets, and the invites that wait.

use leptos::prelude::*;

use self::{invites::Invites, roster::Roster, sheets::Sheets};
use crate::{
    engine::{
        command::Screen,
        view::{PeopleView, ScreenView},
    },
    ui::{
        components::{ButtonLink, ButtonTone, Glyph, PageHead, ScreenRegion},
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

mod invites;
mod roster;
mod sheets;

pub(super) use sheets::state as sheets_state;

/// People and tablets.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let people = use_screen(Screen::People, |view| {
        if let ScreenView::People(people) = view {
            Some(people)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=people title="People" children=draw /> }
}

fn draw(people: Memo<PeopleView>) -> AnyView {
    view! {
        <PageHead title="People">
            <ButtonLink href=Route::Invite.path() glyph=Glyph::Add tone=ButtonTone::Primary>
                "Invite a person"
            </ButtonLink>
        </PageHead>
        <div class="stack">
            <Invites people=people />
            <Roster people=people />
            <Sheets people=people />
        </div>
    }
    .into_any()
}
