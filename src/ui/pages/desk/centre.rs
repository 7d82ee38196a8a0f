//! The centre: its name, its venue, its rooms.

use leptos::{ev::SubmitEvent, prelude::*};

use super::repeated::{Placed, Repeated};
use crate::{
    engine::{
        command::{Command, Screen},
        form::{CentreForm, RoomForm},
        view::{CentreView, ScreenView},
        wire::Id,
    },
    ui::{
        announce::use_announcer,
        components::{Button, ButtonTone, Glyph, Icon, PageHead, ScreenRegion, Show, StatusLine},
        forms::{ErrorSummary, FormState, TextField},
        memo::Memo,
        state::{use_app, use_screen},
    },
};

const ADD: &str = "add-room";

/// The centre.
#[component]
pub fn CentrePage() -> impl IntoView {
    let centre = use_screen(Screen::Centre, |view| {
        if let ScreenView::Centre(centre) = view {
            Some(centre)
        } else {
            None
        }
    });
    view! { <ScreenRegion view=centre title="Centre" children=draw /> }
}

/// What is typed about the centre.
#[derive(Clone, Copy)]
struct CentreFields {
    name: RwSignal<String>,
    venue: RwSignal<String>,
    rooms: Repeated<RoomFields>,
}

impl CentreFields {
    fn new(form: CentreForm) -> Self {
        let CentreForm {
            name,
            venue,
            rooms,
            coordinator: _,
            tablet: _,
        } = form;
        Self {
            name: RwSignal::new(name),
            venue: RwSignal::new(venue),
            rooms: Repeated::new(rooms.into_iter().map(RoomFields::new)),
        }
    }

    fn read(self) -> CentreForm {
        CentreForm {
            name: self.name.get_untracked(),
            venue: self.venue.get_untracked(),
            rooms: self.rooms.read(RoomFields::read),
            ..CentreForm::default()
        }
    }
}

/// What is typed about one room.
#[derive(Clone)]
struct RoomFields {
    id: Option<Id>,
    name: ArcRwSignal<String>,
}

impl RoomFields {
    fn new(RoomForm { id, name }: RoomForm) -> Self {
        let name = ArcRwSignal::new(name);
        Self { id, name }
    }

    fn read(&self) -> RoomForm {
        RoomForm {
            id: self.id,
            name: self.name.get_untracked(),
        }
    }
}

fn draw(centre: Memo<CentreView>) -> AnyView {
    let form = FormState::new();
    let fields = CentreFields::new(centre.with_untracked(|centre| centre.form.clone()));
    let saved = RwSignal::new(String::new());
    view! {
        <PageHead
            title="Centre"
            lead="What everybody on the team sees. A change reaches the other tablets when they next have signal."
            failed=form.failed()
        />
        <form class="form desk-form" novalidate on:submit=sending(form, fields, saved)>
            <ErrorSummary form=form />
            <TextField form=form name="centre-name" label="Name of the centre" value=fields.name />
            <TextField
                form=form
                name="venue-name"
                label="Venue"
                hint="The hall or building, as a parent would look for it."
                value=fields.venue
            />
            <Rooms form=form rooms=fields.rooms />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Save the centre"
                </Button>
                <StatusLine words=saved />
            </div>
        </form>
    }
    .into_any()
}

/// Reads the form, shows what it lacks or saves the centre.
fn sending(
    form: FormState,
    fields: CentreFields,
    saved: RwSignal<String>,
) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice) = (use_app(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        saved.set(String::new());
        let typed = fields.read();
        if form.begin() {
            app.ask(Command::ChangeCentre(typed), move |outcome| {
                if form.end(outcome).is_some() {
                    saved.set("Saved on this tablet".to_owned());
                    voice.say("Saved on this tablet");
                }
            });
        }
    }
}

#[component]
fn Rooms(form: FormState, rooms: Repeated<RoomFields>) -> impl IntoView {
    view! {
        <fieldset class="group">
            <legend>"Rooms"</legend>
            <Show when=move || rooms.count() == 0>
                <p class="muted">"No rooms yet. A supervised visit needs a room of its own, so add each one."</p>
            </Show>
            <For
                each=move || rooms.placed()
                key=Placed::key
                children=move |room| view! { <Room form=form all=rooms room=room /> }
            />
            <button
                class="button"
                type="button"
                id=ADD
                on:click=move |_| rooms.add(RoomFields::new(RoomForm::default()), "room-", "")
            >
                <Icon glyph=Glyph::Add />
                <span>"Add a room"</span>
            </button>
        </fieldset>
    }
}

#[component]
fn Room(form: FormState, all: Repeated<RoomFields>, room: Placed<RoomFields>) -> impl IntoView {
    let place = room.place;
    let number = place + 1;
    view! {
        <div class="desk-room">
            <TextField
                form=form
                name=format!("room-{place}")
                label=format!("Room {number}")
                value=RwSignal::from(room.fields.name)
            />
            <Button
                tone=ButtonTone::Quiet
                glyph=Glyph::Close
                on_press=move |()| all.take_out(place, format!("Room {number} taken out"), ADD)
            >
                {format!("Take room {number} out")}
            </Button>
        </div>
    }
}
