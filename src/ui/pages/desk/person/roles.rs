//! What one person is called and does, and that they have left.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use crate::{
    domain::worker::Role,
    engine::{command::Command, form::PersonForm, view::PersonView, wire::Wire},
    ui::{
        announce::use_announcer,
        components::{Button, ButtonTone, Show, StatusLine},
        forms::{ErrorSummary, FormState, TextField},
        memo::Memo,
        pages::desk::{asking::AskFirst, role_field::RoleField},
        state::use_app,
    },
};

/// Name and roles, to change; nobody changes their own roles.
#[component]
pub(super) fn Roles(
    /// Who.
    person: Memo<PersonView>,
) -> impl IntoView {
    let form = FormState::new();
    let before = Memo::new(move |_| given(&person.read()));
    let is_me = person.with_untracked(|person| person.is_me);
    let name = RwSignal::new(person.with_untracked(|person| person.row.name.clone()));
    let roles = RwSignal::new(Vec::new());
    // Whoever changes them, here or at another desk: what is ticked is what they do.
    Effect::new(move |_| roles.set(before.get()));
    let saved = RwSignal::new(String::new());
    let effect = move || reads_what(&before.read(), &roles.read());
    let called = move || person.read().row.name.clone();
    let has_left = Memo::new(move |_| before.read().is_empty());
    view! {
        <section class="stack" aria-labelledby="what-they-do">
            <h2 id="what-they-do">"Name and roles"</h2>
            <form class="form desk-form" novalidate on:submit=sending(form, person, name, roles, saved)>
                <ErrorSummary form=form />
                <TextField
                    form=form
                    name="person-name"
                    label="Name"
                    hint="First name and surname, as the team knows them."
                    value=name
                />
                <Show
                    when=move || !is_me
                    fallback=|| view! { <p class="muted">"Nobody changes their own roles: ask another co-ordinator."</p> }
                >
                    <RoleField form=form roles=roles />
                    <p class="muted" hidden=move || effect().is_empty()>
                        {effect}
                    </p>
                </Show>
                <div class="form-actions">
                    <Button tone=ButtonTone::Primary busy=form.busy()>
                        {move || match (is_me, has_left.get()) {
                            (true, _) => "Save the name",
                            (false, true) => "Take them back",
                            (false, false) => "Save name and roles",
                        }}
                    </Button>
                    <StatusLine words=saved />
                </div>
            </form>
            <Show when=move || !is_me && !has_left.get()>
                <AskFirst
                    title=Signal::derive(move || format!("Has {} left?", called()))
                    words=(
                        "All their tablets and phones are shut out: the relay refuses them, everything new is locked with other keys, and each erases what they had on it when it next meets the relay.",
                        "What they wrote and sent stays, with their name. Should they come back, give them their roles here and a new link.",
                    )
                    act="They have left: shut them out"
                    command=|member| Command::HasLeft { member }
                    of=Signal::derive(move || person.read().row.member)
                    said="They have left. The relay refuses their tablets from now on."
                >
                    {move || format!("{} has left", called())}
                </AskFirst>
            </Show>
        </section>
    }
}

fn given(person: &PersonView) -> Vec<Role> {
    person.row.roles.iter().map(|role| role.0).collect()
}

/// What changes for them beyond the buttons they see.
fn reads_what(before: &[Role], after: &[Role]) -> &'static str {
    let reads = |roles: &[Role]| roles.contains(&Role::Coordinator);
    match (reads(before), reads(after)) {
        (false, true) => "They will read every referral and every family file.",
        (true, false) => {
            "They will no longer read referrals and family files: their tablets erase them, and what comes next has new keys."
        }
        (false, false) | (true, true) => "",
    }
}

/// Reads the form, shows what it lacks or saves it.
fn sending(
    form: FormState,
    person: Memo<PersonView>,
    name: RwSignal<String>,
    roles: RwSignal<Vec<Role>>,
    saved: RwSignal<String>,
) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice) = (use_app(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        saved.set(String::new());
        let typed = PersonForm {
            member: Some(person.with_untracked(|person| person.row.member)),
            name: name.get_untracked(),
            roles: roles.get_untracked().into_iter().map(Wire).collect(),
        };
        if form.begin() {
            app.ask(Command::ChangePerson(typed), move |outcome| {
                if form.end(outcome).is_some() {
                    saved.set("Saved".to_owned());
                    voice.say("Saved");
                }
            });
        }
    }
}
