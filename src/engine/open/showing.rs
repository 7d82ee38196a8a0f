//! What is shown: the frame, and the screen that is looked at with the documents it wants open.

use std::collections::BTreeSet;

use sync_protocol::{DocumentId, Ring};

use crate::domain::gather::Gather;
use crate::{
    documents::DocumentKind,
    domain::{ids::MemberId as PersonId, note::ObservationNote, visit::Visit, worker::Role},
    engine::{
        command::Screen,
        library::{Entry, record::Opened},
        open::{Open, commands::document},
        screens::{
            desk,
            hall::{self, Names},
        },
        summary::Summary,
        view::{Badge, DiagnosticsView, Door, MeView, NoteView, ScreenView, VisitView},
        wire::{Id, Wire},
    },
};

mod sync_words;
mod today;

impl Names for Open {
    fn member(&self, member: PersonId) -> String {
        self.worker_name(Id(*member.as_bytes()))
    }

    fn room(&self, room: [u8; 16]) -> Option<String> {
        let room = self
            .centre_summary()?
            .rooms
            .iter()
            .find(|known| known.id.0 == room)?;
        Some(room.name.clone())
    }
}

impl Open {
    /// The frame.
    pub(crate) fn door(&self) -> Door {
        if let Some(closed) = self.closed_door() {
            return closed;
        }
        let member = Id(*self.member().as_bytes());
        let worker = self.worker(member);
        let roles: Vec<Wire<Role>> = worker
            .map(|worker| worker.roles.clone())
            .unwrap_or_default();
        Door::Open(MeView {
            member,
            device: Id(*self.device().as_bytes()),
            name: worker.map_or_else(String::new, |worker| worker.name.clone()),
            initials: worker.map_or_else(String::new, |worker| worker.initials.clone()),
            desk: self.has_desk(),
            roles,
            tablet: self.tablet.clone(),
            centre: self
                .centre_summary()
                .map_or_else(String::new, |centre| centre.name.clone()),
            made_up: self.made_up,
            sheets_used: self.sheets_used(),
            has_pin: self.pin.is_some(),
            passkey: self.passkey(),
            ready: self.ready && worker.is_some(),
        })
    }

    /// Where a document's latest change is known to be.
    pub(crate) fn badge(&self, entry: &Entry) -> Badge {
        let Some((run, n)) = entry.last else {
            return Badge::Here;
        };
        if self.outbox.holds(run, n) || self.made_up {
            return Badge::Here;
        }
        let (_, author, _) = run;
        if author != self.device() || self.logbook.is_elsewhere(run, n) {
            Badge::Elsewhere
        } else if self.restoring.lacks(run, n) {
            Badge::Here
        } else {
            Badge::AtRelay
        }
    }

    fn badge_of(&self, id: DocumentId) -> Badge {
        if self
            .library
            .live(id)
            .is_some_and(|live| !live.unsealed.is_empty())
        {
            return Badge::Here;
        }
        self.library
            .entry(id)
            .map_or(Badge::Here, |entry| self.badge(entry))
    }

    /// Documents that the screen looked at needs open, as far as they can be opened.
    pub(crate) fn wanted(&self, now: i64) -> BTreeSet<DocumentId> {
        let wanted = match self.screen {
            Screen::Today => self
                .todays_session(now)
                .map(|(id, _)| self.visit_documents(id))
                .unwrap_or_default(),
            Screen::Visit(visit) => {
                let notes = self.notes_of(visit).into_iter().map(|(note, _, _)| note);
                core::iter::once(document(visit)).chain(notes).gather()
            }
            Screen::Referral(referral) => core::iter::once(document(referral)).gather(),
            Screen::Family(family) => {
                let mut wanted = self.family_documents(family);
                wanted.extend(self.family_visits(family));
                wanted
            }
            Screen::Session(session) => {
                let mut wanted = self.visit_documents(session);
                wanted.insert(document(session));
                wanted
            }
            Screen::Centre => self.centre_document().into_iter().gather(),
            Screen::Person(member) => self.worker_document(member).into_iter().gather(),
            Screen::Nothing
            | Screen::Work
            | Screen::Referrals
            | Screen::Families
            | Screen::Sessions
            | Screen::People
            | Screen::Diagnostics => BTreeSet::new(),
        };
        wanted
            .into_iter()
            .filter(|id| self.library.can_open(*id))
            .gather()
    }

    /// The screen that is looked at.
    pub(crate) fn screen_view(&self, now: i64) -> ScreenView {
        if self.out_of_touch.is_some() || !self.library.closed_among(&self.wanted(now)).is_empty() {
            return ScreenView::Loading;
        }
        let drawn = match self.screen {
            Screen::Nothing => Some(ScreenView::Nothing),
            Screen::Today => Some(ScreenView::Today(self.today(now))),
            Screen::Visit(visit) => self.visit_view(visit, now).map(ScreenView::Visit),
            Screen::Diagnostics => Some(ScreenView::Diagnostics(self.diagnostics())),
            screen @ (Screen::Work
            | Screen::Referrals
            | Screen::Referral(_)
            | Screen::Families
            | Screen::Family(_)
            | Screen::Sessions
            | Screen::Session(_)
            | Screen::People
            | Screen::Person(_)
            | Screen::Centre) => {
                // What lies on the desk is for those whose keys open it, and for nobody else.
                self.has_desk()
                    .then(|| desk::draw(self, screen, now))
                    .flatten()
            }
        };
        // Until everything was fetched once, what is not here may still come.
        drawn.unwrap_or(if self.ready {
            ScreenView::NotFound
        } else {
            ScreenView::Loading
        })
    }

    /// Decided by the keys, which are here before the person's own record is.
    fn has_desk(&self) -> bool {
        self.membership
            .member(&self.member())
            .is_some_and(|member| member.rings().contains(Ring::Office))
    }

    /// Notes of a visit that this person's keys open: id, author, finished entries.
    pub(crate) fn notes_of(&self, visit: Id) -> Vec<(DocumentId, Id, u32)> {
        let notes = self.library.of_kind(DocumentKind::ObservationNote);
        let notes = notes.into_iter().filter_map(|(id, summary)| {
            let (of, author, entries) = summary.as_note()?;
            (of == visit).then_some((id, author, entries))
        });
        notes.collect()
    }

    fn visit_view(&self, id: Id, now: i64) -> Option<VisitView> {
        let row = self.visit_row(document(id), now)?;
        let Opened::Visit(visit, day) = self.library.opened(document(id))? else {
            return None;
        };
        let me = PersonId::from_bytes(*self.member().as_bytes());
        let begun = self.written(id, visit, me).or_else(|| {
            let supervisor = visit
                .supervisor
                .filter(|supervisor| *supervisor == me && visit.kind.observed().is_some());
            supervisor.map(|author| hall::blank_note(author, visit, me, self))
        });
        let venue = self
            .library
            .entry(DocumentId::from_bytes(*visit.session.as_bytes()))
            .and_then(|entry| {
                entry
                    .summary
                    .as_ref()?
                    .as_session()
                    .map(|session| session.venue.clone())
            });
        Some(VisitView {
            row,
            venue: venue.unwrap_or_default(),
            history: hall::history(day, self),
            note: begun,
        })
    }

    /// The note of a visit, the reader's own before anybody else's. Whoever began it on two tablets that were
    /// out of touch has two documents of it, which are shown as one.
    fn written(&self, id: Id, visit: &Visit, me: PersonId) -> Option<NoteView> {
        let notes: Vec<(DocumentId, &ObservationNote)> = self
            .notes_of(id)
            .into_iter()
            .filter_map(|(note, _, _)| Some((note, self.library.opened(note)?.as_note()?)))
            .collect();
        let mine = notes.iter().find(|(_, note)| note.author() == me);
        let (_, first) = mine.or_else(|| notes.first())?;
        let same: Vec<_> = notes
            .iter()
            .filter(|(_, note)| note.author() == first.author())
            .collect();
        let entries = same.iter().flat_map(|(_, note)| note.entries());
        let whole = (*first).clone().with_entries(entries.cloned().collect());
        let badge = same.iter().map(|(note, _)| self.badge_of(*note)).min()?;
        Some(hall::note_view(&whole, visit, me, badge, self))
    }

    fn diagnostics(&self) -> DiagnosticsView {
        let short = |text: String| text.chars().take(8).collect::<String>();
        let unreadable = self.library.entries().filter_map(|(id, entry)| {
            let Some(Summary::Unreadable(words)) = &entry.summary else {
                return None;
            };
            Some((short(id.to_string()), words.clone()))
        });
        DiagnosticsView {
            envelopes: self.logbook.total(),
            documents: u32::try_from(self.library.count()).unwrap_or(u32::MAX),
            membership: (
                self.membership.length(),
                short(self.membership.head().to_string()),
            ),
            log_code: self.logbook.code(&self.readable_channels()),
            set_aside: self.set_aside.iter().cloned().chain(unreadable).collect(),
            relay: self
                .conversation
                .relay
                .as_ref()
                .map_or_else(String::new, |relay| {
                    relay
                        .key
                        .iter()
                        .take(4)
                        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
                }),
        }
    }
}
