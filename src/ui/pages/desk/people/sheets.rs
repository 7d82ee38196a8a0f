//! What there is for the day when every tablet is lost.

use leptos::prelude::*;

use crate::{
    engine::view::{PeopleView, SheetsView},
    ui::{
        components::{ButtonLink, ButtonTone},
        i18n,
        memo::Memo,
        routes::Route,
    },
};

/// Whether there are sheets, and the way to make, try or renew them.
#[component]
pub(super) fn Sheets(
    /// People and invites.
    people: Memo<PeopleView>,
) -> impl IntoView {
    let sheets = Memo::new(move |_| people.read().sheets.clone());
    let act = move || {
        if sheets.read().made.is_some() {
            "Try or renew the sheets"
        } else {
            "Print three sheets"
        }
    };
    view! {
        <section class="card stack" aria-labelledby="if-lost">
            <h2 class="card-title" id="if-lost">
                "If every tablet is lost"
            </h2>
            {move || sheets.with(state).into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
            <div>
                <ButtonLink href=Route::Sheets.path() tone=ButtonTone::Plain>
                    {act}
                </ButtonLink>
            </div>
        </section>
    }
}

/// How it stands, a sentence each.
pub(in crate::ui::pages::desk) fn state(sheets: &SheetsView) -> Vec<String> {
    let Some((made, by)) = &sheets.made else {
        return vec![
            "Nothing is printed yet. If every tablet of the centre were lost today, all its records would be gone."
                .to_owned(),
        ];
    };
    let mut words = vec![format!(
        "{by} made three sheets on {}. Any two of them let somebody in again.",
        i18n::date(&i18n::iso_day(*made))
    )];
    words.extend(sheets.before.map(|before| {
        format!(
            "Nobody has tried them yet, so the sheets of {} open the centre too.",
            i18n::date(&i18n::iso_day(before))
        )
    }));
    words.extend(sheets.used.map(|used| {
        format!(
            "Sheets were used on {} at {}: two people have seen what is on them. Make new ones.",
            i18n::day(used),
            i18n::clock(used)
        )
    }));
    words
}
