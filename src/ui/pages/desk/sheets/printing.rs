//! Three sheets on the screen for the one time that they are, each on a page of its own when printed.

use leptos::prelude::*;

use super::put_away;
use crate::ui::{
    a11y,
    components::{Button, ButtonTone, Glyph},
    frame::use_me,
    i18n,
    routes::Route,
    state::use_app,
};

/// The sheets with the button that prints them.
#[component]
pub(super) fn Printing(
    /// The words of each.
    words: [String; 3],
    /// Emptied when they were printed.
    made: RwSignal<Option<[String; 3]>>,
) -> impl IntoView {
    a11y::focus_first("#sheets-print");
    let print = move |()| {
        // A browser that cannot print leaves the words on the screen, to be written down.
        let _refused = window().print();
    };
    let sheets = (1..)
        .zip(words)
        .map(|(number, words)| view! { <Sheet number=number words=words /> });
    view! {
        <div class="stack sheets">
            <section class="card stack sheets-lead" aria-labelledby="sheets-print">
                <h2 class="card-title" id="sheets-print" tabindex="-1">
                    "Print these three pages now"
                </h2>
                <p>
                    "They cannot be shown again. Without a printer, write each page down by hand, words and numbers, on a sheet of its own."
                </p>
                <div class="cluster">
                    <Button tone=ButtonTone::Primary glyph=Glyph::Print on_press=print>
                        "Print three pages"
                    </Button>
                    <Button on_press=move |()| put_away(made)>"All three are on paper"</Button>
                </div>
            </section>
            {sheets.collect_view()}
        </div>
    }
}

#[component]
fn Sheet(number: u32, words: String) -> impl IntoView {
    let (app, me) = (use_app(), use_me());
    let centre =
        me.with_untracked(|me| me.as_ref().map(|me| me.centre.clone()).unwrap_or_default());
    let origin = window().location().origin().unwrap_or_default();
    let made = i18n::date(&i18n::iso_day(app.now.get_untracked()));
    let id = format!("sheet-{number}");
    let labelled_by = id.clone();
    let items = words
        .split(' ')
        .map(|word| view! { <li>{word.to_owned()}</li> });
    view! {
        <section class="card stack sheet" aria-labelledby=labelled_by>
            <h3 class="card-title" id=id>
                {format!("Sheet {number} of 3")}
            </h3>
            <p class="sheet-centre">{centre} {format!(" \u{b7} made on {made}")}</p>
            <ol class="sheet-words">{items.collect_view()}</ol>
            <p>
                "Keep this page at home, where nobody else reads it, and never beside another of the three. Alone it opens nothing. Two of the three open all records of the centre."
            </p>
            <p>
                "If every tablet of the centre is lost: take a new device and a second sheet, open "
                <strong class="sheet-address">{format!("{origin}{}", Route::Rebuild.path())}</strong>
                ", and type the words. Destroy this page when you are given a newer one."
            </p>
        </section>
    }
}
