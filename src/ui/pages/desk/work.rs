//! The work list: first steps of a new centre, then counts that open lists.

use leptos::prelude::*;

use crate::{
    engine::{
        command::Screen,
        view::{FirstStep, ScreenView, WorkView},
    },
    ui::{
        components::{
            ButtonLink, ButtonTone, Glyph, Icon, PageHead, ScreenRegion, Show, Task, TaskList,
        },
        i18n,
        memo::Memo,
        pages::desk::wording,
        routes::Route,
        state::use_screen,
    },
};

/// Every first step, in the order that makes sense.
const STEPS: [FirstStep; 5] = [
    FirstStep::AddRooms,
    FirstStep::InvitePeople,
    FirstStep::PrintSheets,
    FirstStep::TakeReferral,
    FirstStep::PlanSession,
];

/// The work list.
#[component]
pub fn WorkPage() -> impl IntoView {
    let work = use_screen(Screen::Work, |view| {
        if let ScreenView::Work(work) = view {
            Some(work)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=work title="Work" children=draw /> }
}

fn draw(work: Memo<WorkView>) -> AnyView {
    view! {
        <PageHead title="Work">
            <ButtonLink href=Route::NewReferral.path() glyph=Glyph::Add tone=ButtonTone::Primary>
                "New referral"
            </ButtonLink>
        </PageHead>
        <div class="stack">
            <Show when=move || !work.read().first_steps.is_empty()>
                <FirstSteps work=work />
            </Show>
            <Counts work=work />
        </div>
    }
    .into_any()
}

#[component]
fn FirstSteps(work: Memo<WorkView>) -> impl IntoView {
    let tasks = Memo::new(move |_| {
        let left = work.with(|work| work.first_steps.clone());
        STEPS
            .iter()
            .map(|step| task(*step, !left.contains(step)))
            .collect::<Vec<_>>()
    });
    let done = move || tasks.read().iter().filter(|task| task.done).count();
    view! {
        <section class="card desk-first-steps" aria-labelledby="first-steps">
            <h2 class="card-title" id="first-steps">
                "Get your centre ready"
            </h2>
            <p class="muted">{move || format!("{} of {} steps done. Any order works.", done(), STEPS.len())}</p>
            <TaskList tasks=tasks />
        </section>
    }
}

fn task(step: FirstStep, done: bool) -> Task {
    let (title, hint, route) = match step {
        FirstStep::AddRooms => (
            "Add the rooms of your venue",
            "So that two families are never sent to the same one.",
            Route::Centre,
        ),
        FirstStep::InvitePeople => (
            "Invite the people you work with",
            "Each gets a link for their own tablet or the shared one.",
            Route::Invite,
        ),
        FirstStep::PrintSheets => (
            "Print the trustees\u{2019} sheets",
            "Three pages, any two of which open the centre when every tablet is lost.",
            Route::Sheets,
        ),
        FirstStep::TakeReferral => (
            "Take the first referral",
            "The short form takes about four minutes.",
            Route::NewReferral,
        ),
        FirstStep::PlanSession => (
            "Plan the first session",
            "The day, the hours, who leads and who works.",
            Route::NewSession,
        ),
    };
    Task {
        title: title.to_owned(),
        hint: hint.to_owned(),
        state: if done { "Done" } else { "To do" }.to_owned(),
        done,
        href: route.path(),
    }
}

#[component]
fn Counts(work: Memo<WorkView>) -> impl IntoView {
    let referrals = Memo::new(move |_| work.with(referrals_count));
    let waiting = Memo::new(move |_| work.with(waiting_count));
    let next = Memo::new(move |_| work.with(next_session));
    let families = Memo::new(move |_| work.with(families_count));
    view! {
        <section aria-labelledby="waiting-for-you">
            <h2 id="waiting-for-you">"Waiting for you"</h2>
            <ul class="desk-counts">
                <CountLink glyph=Glyph::Referral count=referrals />
                <CountLink glyph=Glyph::People count=waiting />
            </ul>
        </section>
        <section aria-labelledby="coming-up">
            <h2 id="coming-up">"Coming up"</h2>
            <ul class="desk-counts">
                <CountLink glyph=Glyph::Sessions count=next />
                <CountLink glyph=Glyph::Families count=families />
            </ul>
        </section>
    }
}

/// A figure that opens a list.
#[derive(Clone, PartialEq, Eq)]
struct Count {
    figure: String,
    words: String,
    hint: String,
    route: Route,
    /// True where somebody should look.
    look: bool,
}

fn referrals_count(work: &WorkView) -> Count {
    let hint = match (work.referrals_open, work.oldest_days) {
        (0, _) => "Nothing is waiting for a decision.".to_owned(),
        (_, 0) => "The oldest came today.".to_owned(),
        (_, days) => format!("The oldest has waited {}.", wording::age(days)),
    };
    Count {
        figure: work.referrals_open.to_string(),
        words: if work.referrals_open == 1 {
            "referral to decide"
        } else {
            "referrals to decide"
        }
        .to_owned(),
        hint,
        route: Route::Referrals,
        look: work.referrals_open > 0,
    }
}

fn waiting_count(work: &WorkView) -> Count {
    let none = work.devices_waiting == 0;
    Count {
        figure: work.devices_waiting.to_string(),
        words: if work.devices_waiting == 1 {
            "tablet waiting"
        } else {
            "tablets waiting"
        }
        .to_owned(),
        hint: if none {
            "No tablet asks to join."
        } else {
            "Compare six digits, then approve."
        }
        .to_owned(),
        route: Route::People,
        look: !none,
    }
}

fn next_session(work: &WorkView) -> Count {
    let Some((id, day, visits)) = &work.next_session else {
        return Count {
            figure: "–".to_owned(),
            words: "no session planned".to_owned(),
            hint: "Plan one, then book families into it.".to_owned(),
            route: Route::NewSession,
            look: false,
        };
    };
    Count {
        figure: visits.to_string(),
        words: if *visits == 1 {
            "visit at the next session"
        } else {
            "visits at the next session"
        }
        .to_owned(),
        hint: i18n::long_day(day),
        route: Route::Session(*id),
        look: false,
    }
}

fn families_count(work: &WorkView) -> Count {
    Count {
        figure: work.families.to_string(),
        words: if work.families == 1 {
            "family on the books"
        } else {
            "families on the books"
        }
        .to_owned(),
        hint: String::new(),
        route: Route::Families,
        look: false,
    }
}

#[component]
fn CountLink(glyph: Glyph, count: Memo<Count>) -> impl IntoView {
    view! {
        <li>
            <a
                class="desk-count"
                href=move || count.read().route.path()
                data-look=move || count.read().look.to_string()
            >
                <Icon glyph=glyph />
                <span class="figure">{move || count.read().figure.clone()}</span>
                <span class="desk-count-words">{move || count.read().words.clone()}</span>
                <span class="desk-count-hint">{move || count.read().hint.clone()}</span>
            </a>
        </li>
    }
}
