//! Everybody, with roles and tablets; from here a person gets another tablet, and a lost one is found.

use leptos::prelude::*;

use crate::{
    engine::{
        command::Command,
        form::PersonForm,
        view::{PeopleView, PersonRow},
        wire::Id,
    },
    ui::{
        a11y,
        components::{Button, ButtonTone, Show, Tag, TagTone},
        i18n,
        memo::Memo,
        pages::desk::{
            asking::{Asking, Refused},
            table::{Cell, DeskRow, DeskTable, HeadCell},
            wording,
        },
        routes::Route,
        state::use_app,
    },
};

const COLUMNS: [&str; 5] = [
    "Name",
    "Roles",
    "Tablets",
    "Last heard from",
    "Another tablet",
];

/// Everybody.
#[component]
pub(super) fn Roster(
    /// People and invites.
    people: Memo<PeopleView>,
) -> impl IntoView {
    let rows = Memo::new(move |_| people.read().people.clone());
    view! {
        <section class="stack" aria-labelledby="everybody">
            <h2 id="everybody">"Everybody"</h2>
            <DeskTable caption="People with their roles and tablets" columns=&COLUMNS each=rows key=id row=draw_row />
        </section>
    }
}

const fn id(person: &PersonRow) -> Id {
    person.member
}

fn draw_row(person: Memo<PersonRow>) -> AnyView {
    let app = use_app();
    let seen = Memo::new(move |_| match person.read().last_seen {
        Some(at) => i18n::ago(app.now.get(), at),
        None => "Not yet".to_owned(),
    });
    view! {
        <DeskRow>
            <HeadCell
                href=move || Route::Person(person.read().member).path()
                words=move || person.read().name.clone()
            />
            <Cell column="Roles">{move || person.with(|person| wording::roles(&person.roles))}</Cell>
            <Cell column="Tablets">{move || person.with(tablets)}</Cell>
            <Cell column="Last heard from">{move || seen.get()}</Cell>
            <Cell column="Another tablet">
                <Show when=move || !person.read().roles.is_empty()>
                    <AnotherTablet person=person />
                </Show>
            </Cell>
        </DeskRow>
    }
    .into_any()
}

fn tablets(person: &PersonRow) -> AnyView {
    if person.tablets == 0 && !person.roles.is_empty() {
        view! { <Tag tone=TagTone::Notice>"No tablet yet"</Tag> }.into_any()
    } else {
        i18n::count(i64::from(person.tablets), "tablet", "tablets").into_any()
    }
}

#[component]
fn AnotherTablet(person: Memo<PersonRow>) -> impl IntoView {
    let asking = Asking::new();
    let invite = move |()| {
        let typed = PersonForm {
            member: Some(person.with_untracked(|person| person.member)),
            ..PersonForm::default()
        };
        let said = "The link is made. It is at the head of this page.";
        asking.ask(Command::Invite(typed), said, || {
            a11y::focus_first("#links-sent");
        });
    };
    view! {
        <Button tone=ButtonTone::Quiet busy=asking.busy on_press=invite>
            "Make a link"
            <span class="visually-hidden">{move || format!(" for another tablet of {}", person.read().name)}</span>
        </Button>
        <Refused trouble=asking.trouble />
    }
}
