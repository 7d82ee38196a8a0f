//! Everybody, with roles and tablets; from here a person gets another tablet.

use leptos::prelude::*;

use crate::{
    engine::{
        command::Command,
        form::InviteForm,
        view::{PeopleView, PersonRow},
        wire::Id,
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonTone, Tag, TagTone},
        i18n,
        memo::Memo,
        message,
        pages::desk::{
            table::{Cell, DeskRow, DeskTable},
            wording,
        },
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
            <th class="desk-table-head" role="rowheader" scope="row">
                {move || person.read().name.clone()}
            </th>
            <Cell column="Roles">{move || person.with(|person| wording::roles(&person.roles))}</Cell>
            <Cell column="Tablets">{move || tablets(person.read().tablets)}</Cell>
            <Cell column="Last heard from">{move || seen.get()}</Cell>
            <Cell column="Another tablet">
                <AnotherTablet person=person />
            </Cell>
        </DeskRow>
    }
    .into_any()
}

fn tablets(number: u32) -> AnyView {
    if number == 0 {
        view! { <Tag tone=TagTone::Notice>"No tablet yet"</Tag> }.into_any()
    } else {
        i18n::count(i64::from(number), "tablet", "tablets").into_any()
    }
}

#[component]
fn AnotherTablet(person: Memo<PersonRow>) -> impl IntoView {
    let (app, voice) = (use_app(), use_announcer());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(String::new());
    let invite = move |()| {
        busy.set(true);
        trouble.set(String::new());
        let member = person.with_untracked(|person| person.member);
        let typed = InviteForm {
            member: Some(member),
            ..InviteForm::default()
        };
        app.ask(Command::Invite(typed), move |outcome| {
            busy.set(false);
            match outcome {
                Ok(_) => {
                    voice.say("The link is made. It is at the head of this page.");
                    a11y::focus_first("#links-sent");
                }
                Err(refused) => {
                    let words = message::trouble(&refused);
                    voice.alert(words.clone());
                    trouble.set(words);
                }
            }
        });
    };
    view! {
        <Button tone=ButtonTone::Quiet busy=busy on_press=invite>
            "Make a link"
            <span class="visually-hidden">{move || format!(" for another tablet of {}", person.read().name)}</span>
        </Button>
        <p class="field-error" hidden=move || trouble.read().is_empty()>
            {move || trouble.get()}
        </p>
    }
}
