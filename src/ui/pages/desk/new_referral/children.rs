//! The children: one at least, as many as there are.

use leptos::prelude::*;

use crate::{
    engine::form::ChildForm,
    ui::{
        components::{Button, ButtonTone, Glyph, Icon, Show},
        forms::{DateField, FormState, TextField},
        memo::Memo,
        pages::desk::repeated::{Placed, Repeated},
    },
};

const ADD: &str = "add-child";

/// What is typed about one child.
#[derive(Clone)]
pub(super) struct ChildFields {
    first: ArcRwSignal<String>,
    last: ArcRwSignal<String>,
    born: ArcRwSignal<String>,
}

impl ChildFields {
    /// Nothing typed.
    pub(super) fn new() -> Self {
        Self::named(String::new())
    }

    /// Brothers and sisters mostly share a surname.
    fn named(last: String) -> Self {
        Self {
            first: ArcRwSignal::new(String::new()),
            last: ArcRwSignal::new(last),
            born: ArcRwSignal::new(String::new()),
        }
    }

    /// The child as typed.
    pub(super) fn read(&self) -> ChildForm {
        ChildForm {
            first_name: self.first.get_untracked(),
            last_name: self.last.get_untracked(),
            born: self.born.get_untracked(),
        }
    }
}

/// The section about the children.
#[component]
pub(super) fn ChildrenSection(
    /// The form it belongs to.
    form: FormState,
    /// What is typed.
    children_fields: Repeated<ChildFields>,
) -> impl IntoView {
    let add = move |_| {
        let surname = children_fields
            .read(|child| child.last.get_untracked())
            .into_iter()
            .next();
        children_fields.add(
            ChildFields::named(surname.unwrap_or_default()),
            "child-",
            "-first",
        );
    };
    view! {
        <fieldset class="group">
            <legend>"The children"</legend>
            <For
                each=move || children_fields.placed()
                key=Placed::key
                children=move |child| view! { <ChildRow form=form all=children_fields child=child /> }
            />
            <button class="button" type="button" id=ADD on:click=add>
                <Icon glyph=Glyph::Add />
                <span>"Add another child"</span>
            </button>
        </fieldset>
    }
}

#[component]
fn ChildRow(
    form: FormState,
    all: Repeated<ChildFields>,
    child: Placed<ChildFields>,
) -> impl IntoView {
    let place = child.place;
    let ChildFields { first, last, born } = child.fields;
    let number = place + 1;
    let several = Memo::new(move |_| all.count() > 1);
    let field = |part: &str| format!("child-{place}-{part}");
    // The summary names a field by its label, so each label says which child.
    let label = |words: &str| {
        if place == 0 {
            words.to_owned()
        } else {
            format!("{words}, child {number}")
        }
    };
    view! {
        <div class="desk-repeat" role="group" aria-label=format!("Child {number}")>
            <div class="desk-pair">
                <TextField form=form name=field("first") label=label("First name") value=RwSignal::from(first) />
                <TextField form=form name=field("last") label=label("Surname") value=RwSignal::from(last) />
            </div>
            <DateField
                form=form
                name=field("born")
                label=label("Day of birth (if known)")
                value=RwSignal::from(born)
            />
            <Show when=move || several.get()>
                <Button
                    tone=ButtonTone::Quiet
                    glyph=Glyph::Close
                    on_press=move |()| all.take_out(place, format!("Child {number} taken out"), ADD)
                >
                    {format!("Take child {number} out")}
                </Button>
            </Show>
        </div>
    }
}
