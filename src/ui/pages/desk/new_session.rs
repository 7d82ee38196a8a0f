//! Planning a session: the day, the hours, who leads, who works.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use super::wording;
use crate::{
    domain::worker::Role,
    engine::{
        command::{Command, Screen},
        form::SessionForm,
        view::{Done, PeopleView, PersonRow, ScreenView},
        wire::Id,
    },
    ui::{
        announce::use_announcer,
        components::{Button, ButtonLink, ButtonTone, PageHead, ScreenRegion},
        forms::{
            CheckboxField, Choice, DateField, ErrorSummary, FormState, SelectField, TimeField,
        },
        memo::Memo,
        routes::{Route, use_go},
        state::{use_app, use_screen},
    },
};

/// The session form; the people to choose from come with the people's screen.
#[component]
pub fn NewSessionPage() -> impl IntoView {
    let people = use_screen(Screen::People, |view| {
        if let ScreenView::People(people) = view {
            Some(people)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=people title="Plan a session" children=draw /> }
}

/// What is typed about a session.
#[derive(Clone, Copy)]
struct SessionFields {
    day: RwSignal<String>,
    opens: RwSignal<String>,
    closes: RwSignal<String>,
    leader: RwSignal<String>,
    workers: RwSignal<Vec<Id>>,
}

impl SessionFields {
    fn new() -> Self {
        Self {
            day: RwSignal::new(String::new()),
            opens: RwSignal::new(String::new()),
            closes: RwSignal::new(String::new()),
            leader: RwSignal::new(String::new()),
            workers: RwSignal::new(Vec::new()),
        }
    }

    fn read(self) -> SessionForm {
        SessionForm {
            day: self.day.get_untracked(),
            opens: self.opens.get_untracked(),
            closes: self.closes.get_untracked(),
            leader: self.leader.read_untracked().parse().ok(),
            workers: self.workers.get_untracked(),
        }
    }
}

fn draw(people: Memo<PeopleView>) -> AnyView {
    let form = FormState::new();
    let fields = SessionFields::new();
    view! {
        <PageHead
            title="Plan a session"
            lead="One opening of the centre. Families are booked into it next."
            failed=form.failed()
            back=(Route::Sessions.path(), "Sessions")
        />
        <form class="form desk-form" novalidate on:submit=sending(form, fields)>
            <ErrorSummary form=form />
            <DateField form=form name="session-day" label="Day" near=true value=fields.day />
            <div class="desk-pair">
                <TimeField form=form name="session-opens" label="Opens" value=fields.opens />
                <TimeField form=form name="session-closes" label="Closes" value=fields.closes />
            </div>
            <Team form=form fields=fields people=people />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Plan the session"
                </Button>
                <ButtonLink href=Route::Sessions.path() tone=ButtonTone::Quiet>
                    "Leave without saving"
                </ButtonLink>
            </div>
        </form>
    }
    .into_any()
}

/// Reads the form, shows what it lacks or sends it.
fn sending(form: FormState, fields: SessionFields) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice, go) = (use_app(), use_announcer(), use_go());
    move |event: SubmitEvent| {
        event.prevent_default();
        let typed = fields.read();
        if form.begin() {
            let go = go.clone();
            app.ask(Command::PlanSession(typed), move |outcome| {
                if let Some(Done::Created(id)) = form.end(outcome) {
                    voice.say("Session planned. Saved on this tablet.");
                    go(Route::Session(id));
                }
            });
        }
    }
}

#[component]
fn Team(form: FormState, fields: SessionFields, people: Memo<PeopleView>) -> impl IntoView {
    let leaders = Signal::derive(move || people.with(leaders));
    let workers = Signal::derive(move || people.with(|people| workers(people, fields.workers)));
    view! {
        <SelectField
            form=form
            name="session-leader"
            label="Who leads (if known)"
            hint="In charge on the day: a session leader or a co-ordinator."
            nothing="Nobody yet"
            options=leaders
            value=fields.leader
        />
        <div class="desk-choices-wide">
            <CheckboxField
                form=form
                name="session-workers"
                label="Who works (if known)"
                hint="Who is on duty."
                choices=workers
            />
        </div>
        <p class="muted small">
            "Somebody missing? "
            <a href=Route::Invite.path()>"Invite them"</a>
            " first; a person can be added to a session once they are in the list."
        </p>
    }
}

fn leaders(people: &PeopleView) -> Vec<(String, String)> {
    let leaders = people.people.iter().filter(|person| may_lead(person));
    leaders
        .map(|person| (person.member.to_string(), person.name.clone()))
        .collect()
}

fn workers(people: &PeopleView, chosen: RwSignal<Vec<Id>>) -> Vec<Choice> {
    let choice = |person: &PersonRow| {
        Choice::many(chosen, person.member, person.name.clone())
            .with_hint(wording::roles(&person.roles))
    };
    let here = people.people.iter();
    here.filter(|person| !person.roles.is_empty())
        .map(choice)
        .collect()
}

fn may_lead(person: &PersonRow) -> bool {
    person
        .roles
        .iter()
        .any(|role| matches!(role.0, Role::SessionLeader | Role::Coordinator))
}
