//! One person: their tablets, of which a lost one is shut out here; what they do, and that they have left.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use self::{roles::Roles, tablets::Tablets};
use super::wording;
use crate::{
    engine::{
        command::Screen,
        view::{PersonView, ScreenView},
        wire::Id,
    },
    ui::{
        components::{PageHead, ScreenRegion},
        memo::Memo,
        routes::Route,
        state::use_screen,
    },
};

mod roles;
mod tablets;

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
    view! {
        <PageHead
            title=Signal::derive(move || person.read().row.name.clone())
            lead=Signal::derive(move || person.with(|person| wording::roles(&person.row.roles)))
            back=(Route::People.path(), "People")
        />
        <div class="stack">
            <Tablets person=person />
            <Roles person=person />
        </div>
    }
    .into_any()
}
