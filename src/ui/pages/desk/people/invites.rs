//! Invites: tablets that wait to be let in first, then links that nobody has used yet.

use leptos::prelude::*;

use crate::ui::signal::Signal;

use crate::{
    engine::{
        command::Command,
        view::{InviteRow, PeopleView},
        wire::Id,
    },
    ui::{
        a11y,
        components::{Button, ButtonTone, Glyph, Rows, Show},
        i18n,
        memo::Memo,
        pages::desk::{
            asking::{Asking, Refused},
            invite_link::InviteLink,
        },
    },
};

/// The invites, if there are any.
#[component]
pub(super) fn Invites(
    /// People and invites.
    people: Memo<PeopleView>,
) -> impl IntoView {
    let part = move |waiting: bool| {
        people.with(|people| {
            let fits = |invite: &&InviteRow| invite.code.is_some() == waiting;
            people
                .invites
                .iter()
                .filter(fits)
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let waiting = Memo::new(move |_| part(true));
    let unused = Memo::new(move |_| part(false));
    view! {
        <Show when=move || !waiting.read().is_empty()>
            <section class="stack" aria-labelledby="tablets-waiting">
                <h2 id="tablets-waiting">"Waiting to be let in"</h2>
                <Rows each=waiting key=id row=draw_waiting />
            </section>
        </Show>
        <Show when=move || !unused.read().is_empty()>
            <section class="stack" aria-labelledby="links-sent">
                <h2 id="links-sent" tabindex="-1">
                    "Links not used yet"
                </h2>
                <Rows each=unused key=id row=draw_unused />
            </section>
        </Show>
    }
}

const fn id(invite: &InviteRow) -> Id {
    invite.id
}

fn draw_waiting(invite: Memo<InviteRow>) -> AnyView {
    view! { <Waiting invite=invite /> }.into_any()
}

fn draw_unused(invite: Memo<InviteRow>) -> AnyView {
    view! { <Unused invite=invite /> }.into_any()
}

#[component]
fn Waiting(invite: Memo<InviteRow>) -> impl IntoView {
    let asking = Asking::new();
    let id = invite.with_untracked(|invite| invite.id);
    let name = move || invite.read().name.clone();
    let tablet = move || match invite.read().tablet.clone() {
        Some(tablet) if !tablet.trim().is_empty() => {
            format!("The tablet calls itself \u{201c}{tablet}\u{201d}.")
        }
        Some(_) | None => String::new(),
    };
    let approve = move |()| {
        asking.ask(
            Command::ApproveDevice { invite: id },
            "Approved. The tablet is let in.",
            a11y::focus_heading,
        );
    };
    let refuse = move |()| {
        asking.ask(
            Command::RefuseDevice { invite: id },
            "Refused. The tablet stays out.",
            a11y::focus_heading,
        );
    };
    view! {
        <article class="card stack desk-waiting">
            <h3 class="card-title">{name}</h3>
            <p>{tablet} " Do these six numbers stand on it too?"</p>
            <p class="desk-code">
                <span class="visually-hidden">"Six numbers: "</span>
                {move || invite.read().code.clone()}
            </p>
            <div class="cluster">
                <Button tone=ButtonTone::Primary glyph=Glyph::Tick busy=asking.busy on_press=approve>
                    "They are the same: approve"
                </Button>
                <Button tone=ButtonTone::Grave glyph=Glyph::Close busy=asking.busy on_press=refuse>
                    "The numbers differ: refuse"
                </Button>
            </div>
            <Refused trouble=asking.trouble />
        </article>
    }
}

#[component]
fn Unused(invite: Memo<InviteRow>) -> impl IntoView {
    let asking = Asking::new();
    let id = invite.with_untracked(|invite| invite.id);
    let fragment = Memo::new(move |_| invite.read().fragment.clone());
    let ends = move || {
        let at = invite.read().expires_at;
        format!(
            "The link was made on another tablet; it works until {} at {}.",
            i18n::day(at),
            i18n::clock(at)
        )
    };
    let cancel = move |()| {
        asking.ask(
            Command::CancelInvite { invite: id },
            "The invite is taken back",
            a11y::focus_heading,
        );
    };
    view! {
        <article class="card stack">
            <h3 class="card-title">{move || invite.read().name.clone()}</h3>
            <Show
                when=move || fragment.read().is_some()
                fallback=move || view! { <p class="muted">{ends}</p> }
            >
                <InviteLink
                    fragment=Signal::derive(move || fragment.get().unwrap_or_default())
                    name=Signal::derive(move || invite.read().name.clone())
                    expires_at=Signal::derive(move || invite.read().expires_at)
                />
            </Show>
            <div>
                <Button tone=ButtonTone::Quiet busy=asking.busy on_press=cancel>
                    "Take the invite back"
                </Button>
            </div>
            <Refused trouble=asking.trouble />
        </article>
    }
}
