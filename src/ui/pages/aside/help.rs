//! Help that works without signal, in the same place on every screen.

use leptos::prelude::*;

use crate::ui::{components::PageHead, routes::Route};

const ANSWERS: &[(&str, &str)] = &[
    (
        "Do I have to save?",
        "No. Every tap and every letter is saved on this tablet at once. The words beside it say so.",
    ),
    (
        "There is no signal. What now?",
        "Carry on. Everything works without. What you record is sent by itself when there is a network again; leave the app open for a minute then.",
    ),
    (
        "I pressed the wrong thing.",
        "Press Undo beside it. Both the slip and the correction stay in the history, which is as it should be.",
    ),
    (
        "Somebody came who is not on the list.",
        "The child stays with the adult who brought them. Get the session leader; do not decide alone.",
    ),
    (
        "Where do I write notes?",
        "Only visits that are observed have a place for notes, and only their supervisor writes there. Supported visits record times and nothing else; that protects families and you.",
    ),
    (
        "I am worried about a child.",
        "If somebody is in danger now, ring 999. Then tell the session leader, who rings the safeguarding lead. Do not wait for the app.",
    ),
    (
        "Somebody looks over my shoulder.",
        "Press Hide at the top. The screen shows a notice board; Back brings everything as it was.",
    ),
    (
        "I have lost my phrase.",
        "A co-ordinator lets you in again with a new invite. Nothing that was saved is lost, and wrong tries never delete anything.",
    ),
    (
        "A tablet is lost or stolen.",
        "Ring a co-ordinator at once. What is on it is sealed and needs a phrase to open.",
    ),
];

/// Help.
#[component]
pub fn HelpPage() -> impl IntoView {
    let answer = |(question, words): &(&'static str, &'static str)| {
        view! {
            <details class="disclosure">
                <summary>{*question}</summary>
                <p>{*words}</p>
            </details>
        }
    };
    view! {
        <PageHead
            title="Help"
            lead="In danger: 999. Otherwise ask the session leader, then ring a co-ordinator."
            back=(Route::More.path(), "More")
        />
        <div class="disclosures">{ANSWERS.iter().map(answer).collect_view()}</div>
    }
}
