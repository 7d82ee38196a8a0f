//! Inviting a person: a name, what they will do, then the link to send.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{invite_link::InviteLink, role_field::RoleField};
use crate::{
    domain::worker::Role,
    engine::{
        command::{Command, Screen},
        form::PersonForm,
        view::Done,
        wire::Wire,
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonLink, ButtonTone, PageHead},
        forms::{ErrorSummary, FormState, TextField},
        routes::Route,
        state::use_app,
    },
};

/// An invite that was just made.
#[derive(Clone, PartialEq, Eq)]
struct Made {
    fragment: String,
    name: String,
    expires_at: i64,
}

/// The invite form, then its result.
#[component]
pub fn InvitePage() -> impl IntoView {
    use_app().look(Screen::Nothing);
    let made: RwSignal<Option<Made>> = RwSignal::new(None);
    move || match made.get() {
        None => view! { <Asking made=made /> }.into_any(),
        Some(invite) => view! { <Result invite=invite made=made /> }.into_any(),
    }
}

#[component]
fn Asking(made: RwSignal<Option<Made>>) -> impl IntoView {
    let form = FormState::new();
    let name = RwSignal::new(String::new());
    let roles: RwSignal<Vec<Role>> = RwSignal::new(Vec::new());
    view! {
        <PageHead
            title="Invite a person"
            lead="They get a link for one tablet. You let them in when their six numbers match yours."
            failed=form.failed()
            back=(Route::People.path(), "People")
        />
        <form class="form desk-form" novalidate on:submit=sending(form, name, roles, made)>
            <ErrorSummary form=form />
            <TextField form=form name="person-name" label="Name" hint="First name and surname, as the team knows them." value=name />
            <RoleField form=form roles=roles />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Make the link"
                </Button>
                <ButtonLink href=Route::People.path() tone=ButtonTone::Quiet>
                    "Leave without inviting"
                </ButtonLink>
            </div>
        </form>
    }
}

/// Reads the form, shows what it lacks or asks for the link.
fn sending(
    form: FormState,
    name: RwSignal<String>,
    roles: RwSignal<Vec<Role>>,
    made: RwSignal<Option<Made>>,
) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice) = (use_app(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = roles.get_untracked().into_iter().map(Wire).collect();
        let typed = PersonForm {
            name: name.get_untracked(),
            roles: chosen,
            member: None,
        };
        if form.begin() {
            let name = typed.name.trim().to_owned();
            app.ask(Command::Invite(typed), move |outcome| {
                if let Some(Done::Invited {
                    fragment,
                    expires_at,
                }) = form.end(outcome)
                {
                    voice.say("The link is made");
                    made.set(Some(Made {
                        fragment,
                        name,
                        expires_at,
                    }));
                    a11y::focus_heading();
                }
            });
        }
    }
}

#[component]
fn Result(invite: Made, made: RwSignal<Option<Made>>) -> impl IntoView {
    let Made {
        fragment,
        name,
        expires_at,
    } = invite;
    let again = move |()| {
        made.set(None);
        a11y::focus_heading();
    };
    view! {
        <PageHead
            title=format!("Send this link to {name}")
            tab="Send this link"
            back=(Route::People.path(), "People")
        />
        <div class="card stack desk-form">
            <InviteLink fragment=fragment name=name expires_at=expires_at />
            <ol class="desk-steps">
                <li>"They open it on the tablet they will use and choose their phrase."</li>
                <li>"Six numbers appear on their tablet, and the same six here under People."</li>
                <li>"Compare them by voice or side by side, then approve."</li>
            </ol>
            <div class="form-actions">
                <ButtonLink href=Route::People.path() tone=ButtonTone::Primary>
                    "Go to People"
                </ButtonLink>
                <Button on_press=again>"Invite another person"</Button>
            </div>
        </div>
    }
}
