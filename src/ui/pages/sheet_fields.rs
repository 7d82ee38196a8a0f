//! Two of the three printed sheets: the fields that they are typed into.

use leptos::prelude::*;

use crate::{
    engine::form::SheetsForm,
    ui::forms::{FormState, TextArea},
};

/// What was typed from two sheets.
#[derive(Clone, Copy)]
pub(super) struct TwoSheets {
    one: RwSignal<String>,
    other: RwSignal<String>,
}

impl TwoSheets {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            one: text(),
            other: text(),
        }
    }

    /// Takes the words off the screen.
    pub(super) fn clear(self) {
        self.one.set(String::new());
        self.other.set(String::new());
    }

    pub(super) fn read(self) -> SheetsForm {
        SheetsForm {
            one: self.one.get_untracked(),
            other: self.other.get_untracked(),
        }
    }
}

/// The two fields.
#[component]
pub(super) fn SheetFields(
    /// The form they belong to.
    form: FormState,
    /// What is typed.
    sheets: TwoSheets,
) -> impl IntoView {
    view! {
        <TextArea
            form=form
            name="sheet-one"
            label="Words of one sheet"
            hint="All 28, in the order of their numbers. The first four letters of each word are enough."
            rows=4
            value=sheets.one
        />
        <TextArea
            form=form
            name="sheet-other"
            label="Words of another sheet"
            hint="Any other of the three"
            rows=4
            value=sheets.other
        />
    }
}
