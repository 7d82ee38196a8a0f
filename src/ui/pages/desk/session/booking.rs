//! Booking a family into a session. What the rules refuse is said in words, and what was typed stays.

use leptos::{ev::SubmitEvent, prelude::*};

use crate::ui::signal::Signal;

use crate::{
    domain::{contact::ContactKind, time::ClockTime},
    engine::{
        command::Command,
        form::VisitForm,
        view::SessionView,
        wire::{Id, Wire},
    },
    ui::{
        a11y,
        announce::use_announcer,
        components::{Button, ButtonLink, ButtonTone, EmptyState, Glyph, Show},
        forms::{ErrorSummary, FormState, SelectField, TimeField},
        i18n,
        memo::Memo,
        routes::Route,
        state::use_app,
    },
};

/// What is typed about a visit.
#[derive(Clone, Copy)]
struct VisitFields {
    family: RwSignal<String>,
    starts: RwSignal<String>,
    ends: RwSignal<String>,
    /// The end that was filled in by itself; it moves with the start until somebody types another.
    ends_filled: StoredValue<String>,
    room: RwSignal<String>,
    supervisor: RwSignal<String>,
}

impl VisitFields {
    fn new() -> Self {
        Self {
            family: RwSignal::new(String::new()),
            starts: RwSignal::new(String::new()),
            ends: RwSignal::new(String::new()),
            ends_filled: StoredValue::new(String::new()),
            room: RwSignal::new(String::new()),
            supervisor: RwSignal::new(String::new()),
        }
    }

    fn read(self, session: Id) -> VisitForm {
        VisitForm {
            session,
            family: self.family.read_untracked().parse().ok(),
            starts: self.starts.get_untracked(),
            ends: self.ends.get_untracked(),
            room: self.room.read_untracked().parse().ok(),
            supervisor: self.supervisor.read_untracked().parse().ok(),
        }
    }

    fn clear(self) {
        for field in [
            self.family,
            self.starts,
            self.ends,
            self.room,
            self.supervisor,
        ] {
            field.set(String::new());
        }
        self.ends_filled.set_value(String::new());
    }

    /// Fills the end from the family's usual length, unless somebody typed one.
    fn fill_end(self, session: &SessionView) {
        let typed = self.ends.get_untracked();
        if !typed.is_empty() && typed != self.ends_filled.get_value() {
            return;
        }
        let usual = self.chosen(session).map(|(_, _, _, _, minutes)| *minutes);
        let starts = ClockTime::parse(&self.starts.read_untracked()).ok();
        if let (Some(minutes), Some(starts)) = (usual, starts) {
            let end = ClockTime::from_minutes(starts.minutes() + i64::from(minutes)).to_string();
            self.ends_filled.set_value(end.clone());
            self.ends.set(end);
        }
    }

    fn chosen(self, session: &SessionView) -> Option<&Bookable> {
        let family: Id = self.family.read().parse().ok()?;
        session.families.iter().find(|(id, ..)| *id == family)
    }
}

type Bookable = (Id, String, Vec<String>, Wire<ContactKind>, u32);

/// The form that books a visit, or what has to be there first.
#[component]
pub(super) fn Booking(
    /// The session.
    session: Memo<SessionView>,
) -> impl IntoView {
    view! {
        <section class="card desk-booking" aria-labelledby="book">
            <h2 class="card-title" id="book">
                "Book a visit"
            </h2>
            <Show when=move || !session.read().families.is_empty() fallback=NoFamilies>
                <BookingForm session=session />
            </Show>
        </section>
    }
}

#[component]
fn NoFamilies() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Families title="No family can be booked yet">
            <p>"A family can be booked once its referral is accepted."</p>
            <ButtonLink href=Route::Referrals.path()>"Go to the referrals"</ButtonLink>
        </EmptyState>
    }
}

#[component]
fn BookingForm(session: Memo<SessionView>) -> impl IntoView {
    let form = FormState::new();
    let fields = VisitFields::new();
    // Runs after the control inside has taken the change into its signal.
    let fill = move || session.with_untracked(|session| fields.fill_end(session));
    view! {
        <form class="form" novalidate on:submit=sending(form, session, fields)>
            <ErrorSummary form=form />
            <div class="stack" on:input=move |_| fill() on:change=move |_| fill()>
                <FamilyField form=form fields=fields session=session />
                <div class="desk-pair">
                    <TimeField form=form name="visit-starts" label="Starts" value=fields.starts />
                    <TimeField
                        form=form
                        name="visit-ends"
                        label="Ends"
                        hint="Filled from the usual length."
                        value=fields.ends
                    />
                </div>
            </div>
            <PlaceFields form=form fields=fields session=session />
            <div class="form-actions">
                <Button tone=ButtonTone::Primary busy=form.busy()>
                    "Book the visit"
                </Button>
            </div>
        </form>
    }
}

/// Reads the form, shows what it lacks or books the visit.
fn sending(
    form: FormState,
    session: Memo<SessionView>,
    fields: VisitFields,
) -> impl Fn(SubmitEvent) + 'static {
    let (app, voice) = (use_app(), use_announcer());
    move |event: SubmitEvent| {
        event.prevent_default();
        let typed = fields.read(session.with_untracked(|session| session.row.id));
        if form.begin() {
            app.ask(Command::BookVisit(typed), move |outcome| {
                if form.end(outcome).is_some() {
                    fields.clear();
                    voice.say("Visit booked. Saved on this tablet.");
                    a11y::focus_first("#session-visits");
                }
            });
        }
    }
}

#[component]
fn FamilyField(form: FormState, fields: VisitFields, session: Memo<SessionView>) -> impl IntoView {
    let families = Signal::derive(move || {
        session.with(|session| {
            session
                .families
                .iter()
                .map(|(id, code, children, kind, _)| {
                    (
                        id.to_string(),
                        format!(
                            "{code}: {} ({})",
                            i18n::list(children),
                            i18n::kind_name(kind.0)
                        ),
                    )
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        <SelectField
            form=form
            name="visit-family"
            label="Family"
            nothing="Choose a family"
            options=families
            value=fields.family
        />
    }
}

#[component]
fn PlaceFields(form: FormState, fields: VisitFields, session: Memo<SessionView>) -> impl IntoView {
    let kind = Memo::new(move |_| {
        session.with(|session| fields.chosen(session).map(|(_, _, _, kind, _)| kind.0))
    });
    let observed = Memo::new(move |_| kind.get().is_some_and(|kind| kind.observed().is_some()));
    let needed = Memo::new(move |_| kind.get().is_some_and(ContactKind::needs_supervisor));
    let named = |all: &[(Id, String)]| {
        all.iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect::<Vec<_>>()
    };
    let rooms = Signal::derive(move || session.with(|session| named(&session.rooms)));
    let supervisors = Signal::derive(move || session.with(|session| named(&session.supervisors)));
    view! {
        <SelectField
            form=form
            name="visit-room"
            label="Room"
            nothing="No room yet"
            options=rooms
            value=fields.room
        />
        <Show when=move || session.read().rooms.is_empty()>
            <p class="muted small">
                "The venue has no rooms yet. " <a href=Route::Centre.path()>"Add them to the centre"</a> "."
            </p>
        </Show>
        <Show when=move || observed.get()>
            <SelectField
                form=form
                name="visit-supervisor"
                label=if needed.get_untracked() { "Supervisor" } else { "Supervisor (if named)" }
                hint="Stays with this family and writes the note. Nobody can supervise two families at once."
                nothing="Choose a supervisor"
                options=supervisors
                value=fields.supervisor
            />
        </Show>
    }
}
