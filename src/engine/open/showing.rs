//! What is shown: the frame, the sync words, and the screen that is looked at.

use std::collections::BTreeSet;

use sync_protocol::DocumentId;

use crate::{
    domain::{ids::MemberId as PersonId, time::Moment, worker::Role},
    engine::{
        command::Screen,
        library::{Entry, record::Opened},
        open::{Open, commands::document},
        screens::{
            desk,
            hall::{self, Names, VisitFacts},
        },
        summary::{SessionSummary, Summary},
        view::{
            Badge, DiagnosticsView, Door, MeView, NoteState, ScreenView, SyncView, TodaySession, TodayView,
            UnsentView, VisitRow, VisitView,
        },
        wire::{Id, Wire},
    },
};

impl Names for Open {
    fn member(&self, member: PersonId) -> String {
        self.worker_name(Id(*member.as_bytes()))
    }

    fn room(&self, room: [u8; 16]) -> Option<String> {
        let room = self.centre_summary()?.rooms.iter().find(|known| known.id.0 == room)?;
        Some(room.name.clone())
    }
}

impl Open {
    /// The frame.
    pub(crate) fn door(&self) -> Door {
        let member = Id(*self.member().as_bytes());
        let worker = self.workers().into_iter().find(|worker| worker.member == member);
        let roles: Vec<Wire<Role>> = worker.map(|worker| worker.roles.clone()).unwrap_or_default();
        Door::Open(MeView {
            member,
            name: worker.map_or_else(String::new, |worker| worker.name.clone()),
            initials: worker.map_or_else(String::new, |worker| worker.initials.clone()),
            desk: roles.iter().any(|role| role.0 == Role::Coordinator),
            roles,
            tablet: self.tablet.clone(),
            centre: self.centre_summary().map_or_else(String::new, |centre| centre.name.clone()),
            made_up: self.made_up,
            ready: self.ready && worker.is_some(),
        })
    }

    /// The sync words. All counts come from what is unsent now, never from the last run.
    pub(crate) fn sync_view(&self) -> SyncView {
        let relay = self.conversation.relay.as_ref();
        let typing = u32::try_from(self.library.unsealed().len()).unwrap_or(u32::MAX);
        let refused = self.outbox.iter().filter(|(_, waiting)| waiting.refused.is_some()).count();
        SyncView {
            unsent: u32::try_from(self.outbox.len()).unwrap_or(u32::MAX).saturating_add(if self.made_up { 0 } else { typing }),
            refused: u32::try_from(refused).unwrap_or(u32::MAX),
            busy: self.conversation.is_busy(),
            last_contact: relay.map(|relay| relay.last_contact),
            last_heard: relay.and_then(|relay| relay.last_heard),
            elsewhere_until: self.elsewhere_until(),
            trouble: self.conversation.trouble,
            storage: self.storage_trouble,
            set_aside: u32::try_from(self.set_aside.len()).unwrap_or(u32::MAX),
            items: self.unsent_items(),
        }
    }

    fn unsent_items(&self) -> Vec<UnsentView> {
        let items = self.outbox.iter().filter(|(_, waiting)| waiting.document != DocumentId::NONE).take(50);
        items
            .map(|(_, waiting)| UnsentView {
                what: self.what_it_is(waiting.document),
                saved_at: waiting.saved_at,
                refused: waiting.refused.map(refusal_words),
            })
            .collect()
    }

    fn what_it_is(&self, id: DocumentId) -> String {
        match self.library.entry(id).and_then(|entry| entry.summary.as_ref()) {
            Some(Summary::Centre(_)) => "The centre".to_owned(),
            Some(Summary::Worker(worker)) => format!("Person: {}", worker.name),
            Some(Summary::Session(session)) => format!("Session on {}", session.day),
            Some(Summary::Visit(visit)) => format!("Visit: {}", visit.family_code),
            Some(Summary::Referral(referral)) => format!("Referral {}", referral.reference),
            Some(Summary::Family(family)) => format!("Family file: {}", family.code),
            Some(Summary::Arrangement(_)) => "An arrangement".to_owned(),
            Some(Summary::Details { .. }) => "Sealed details".to_owned(),
            Some(Summary::Note { visit, .. }) => match self.visit_summary_of(*visit) {
                Some(code) => format!("Note: {code}"),
                None => "A note".to_owned(),
            },
            Some(Summary::Unreadable(_)) | None => "A record of somebody else on this tablet".to_owned(),
        }
    }

    fn visit_summary_of(&self, visit: Id) -> Option<String> {
        match self.library.entry(document(visit))?.summary.as_ref()? {
            Summary::Visit(visit) => Some(visit.family_code.clone()),
            _ => None,
        }
    }

    /// The time before which everything written here is known to be on another device; `None` if nothing is yet.
    fn elsewhere_until(&self) -> Option<i64> {
        let mine = self.device();
        let own = self.library.entries().filter(|(_, entry)| entry.last.is_some_and(|((_, author, _), _)| author == mine));
        let (mut held, mut lacking): (Option<i64>, Option<i64>) = (None, None);
        for (_, entry) in own {
            if self.badge(entry) == Badge::Elsewhere {
                held = held.max(Some(entry.changed_at));
            } else {
                lacking = Some(lacking.map_or(entry.changed_at, |earliest| earliest.min(entry.changed_at)));
            }
        }
        match (held, lacking) {
            (Some(held), Some(lacking)) if lacking <= held => Some(lacking - 1),
            (held, _) => held,
        }
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
        if author != self.device() || self.logbook.is_elsewhere(run, n) { Badge::Elsewhere } else { Badge::AtRelay }
    }

    fn badge_of(&self, id: DocumentId) -> Badge {
        if self.library.live(id).is_some_and(|live| !live.unsealed.is_empty()) {
            return Badge::Here;
        }
        self.library.entry(id).map_or(Badge::Here, |entry| self.badge(entry))
    }

    /// Documents that the screen looked at needs open, as far as they can be opened.
    pub(crate) fn wanted(&self, now: i64) -> BTreeSet<DocumentId> {
        let wanted = match self.screen {
            Screen::Today => self.todays_session(now).map(|(id, _)| self.visit_documents(id)).unwrap_or_default(),
            Screen::Visit(visit) => {
                let notes = self.notes_of(visit).into_iter().map(|(note, _, _)| note);
                core::iter::once(document(visit)).chain(notes).collect()
            }
            Screen::Referral(referral) => self.referral_documents(referral),
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
            Screen::Centre => self.centre_document().into_iter().collect(),
            Screen::Nothing
            | Screen::Work
            | Screen::Referrals
            | Screen::Families
            | Screen::Sessions
            | Screen::People
            | Screen::Diagnostics => BTreeSet::new(),
        };
        wanted.into_iter().filter(|id| self.library.can_open(*id)).collect()
    }

    /// The screen that is looked at.
    pub(crate) fn screen_view(&self, now: i64) -> ScreenView {
        if !self.library.closed_among(&self.wanted(now)).is_empty() {
            return ScreenView::Loading;
        }
        let drawn = match self.screen {
            Screen::Nothing => Some(ScreenView::Nothing),
            Screen::Today => Some(ScreenView::Today(self.today(now))),
            Screen::Visit(visit) => self.visit_view(visit, now).map(ScreenView::Visit),
            Screen::Diagnostics => Some(ScreenView::Diagnostics(self.diagnostics())),
            screen => {
                // What lies on the desk is for those whose keys open it, and for nobody else.
                self.has_desk().then(|| desk::draw(self, screen, now)).flatten()
            }
        };
        drawn.unwrap_or(ScreenView::NotFound)
    }

    fn has_desk(&self) -> bool {
        self.acting().roles.contains(&Role::Coordinator)
    }

    fn today(&self, now: i64) -> TodayView {
        let day = Moment::from_ms(now).uk_day().iso();
        let Some((id, session)) = self.todays_session(now) else {
            return TodayView { day, session: None, coming: false, visits: Vec::new() };
        };
        TodayView {
            coming: session.day != day,
            day,
            session: Some(TodaySession {
                id,
                day: session.day.clone(),
                venue: session.venue.clone(),
                opens: session.opens,
                closes: session.closes,
                leader: session.leader.map(|leader| self.worker_name(leader)),
                workers: session.workers.iter().map(|worker| self.worker_name(*worker)).collect(),
            }),
            visits: self.visit_rows(&self.visit_documents(id), now),
        }
    }

    /// The session of the day, else the next one to come.
    pub(crate) fn todays_session(&self, now: i64) -> Option<(Id, &SessionSummary)> {
        let today = Moment::from_ms(now).uk_day().iso();
        let sessions = self.library.summaries().filter_map(|(id, _, summary)| match summary {
            Summary::Session(session) if session.day >= today => Some((Id(*id.as_bytes()), session)),
            _ => None,
        });
        sessions.min_by_key(|(id, session)| (session.opens, *id))
    }

    /// Rows of open visits, by time.
    pub(crate) fn visit_rows(&self, visits: &BTreeSet<DocumentId>, now: i64) -> Vec<VisitRow> {
        let mut rows: Vec<VisitRow> = visits.iter().filter_map(|id| self.visit_row(*id, now)).collect();
        rows.sort_by(|a, b| (a.starts, &a.family_code).cmp(&(b.starts, &b.family_code)));
        rows
    }

    fn visit_row(&self, id: DocumentId, now: i64) -> Option<VisitRow> {
        let Opened::Visit(visit, day) = self.library.opened(id)? else {
            return None;
        };
        let page = Id(*id.as_bytes());
        let facts = VisitFacts {
            id: page,
            visit,
            day,
            note: self.note_state(page, visit),
            badge: self.badge_of(id),
            me: PersonId::from_bytes(*self.member().as_bytes()),
            tablet: &self.tablet,
        };
        Some(hall::visit_row(&facts, self, Moment::from_ms(now)))
    }

    fn note_state(&self, id: Id, visit: &crate::domain::visit::Visit) -> NoteState {
        if visit.kind.observed().is_none() {
            return NoteState::NoPlaceForNotes;
        }
        let me = PersonId::from_bytes(*self.member().as_bytes());
        let entries = self.notes_of(id).iter().map(|(_, _, entries)| *entries).sum();
        if visit.supervisor == Some(me) {
            return NoteState::Mine { entries };
        }
        if self.has_desk() { NoteState::Readable { entries } } else { NoteState::SomebodyElses }
    }

    /// Notes of a visit that this person's keys open: id, author, finished entries.
    fn notes_of(&self, visit: Id) -> Vec<(DocumentId, Id, u32)> {
        let notes = self.library.summaries().filter_map(|(id, _, summary)| match summary {
            Summary::Note { visit: of, author, entries } if *of == visit => Some((id, *author, *entries)),
            _ => None,
        });
        notes.collect()
    }

    fn visit_view(&self, id: Id, now: i64) -> Option<VisitView> {
        let row = self.visit_row(document(id), now)?;
        let Opened::Visit(visit, day) = self.library.opened(document(id))? else {
            return None;
        };
        let me = PersonId::from_bytes(*self.member().as_bytes());
        let written = self.notes_of(id).into_iter().find_map(|(note, _, _)| match self.library.opened(note)? {
            Opened::Note(record) => Some(hall::note_view(record, visit, me, self.badge_of(note), self)),
            _ => None,
        });
        let begun = written.or_else(|| {
            let supervisor = visit.supervisor.filter(|supervisor| *supervisor == me && visit.kind.observed().is_some());
            supervisor.map(|author| hall::blank_note(author, visit, me, self))
        });
        let venue = self.library.entry(DocumentId::from_bytes(*visit.session.as_bytes())).and_then(|entry| {
            match entry.summary.as_ref()? {
                Summary::Session(session) => Some(session.venue.clone()),
                _ => None,
            }
        });
        Some(VisitView { row, venue: venue.unwrap_or_default(), history: hall::history(day, self), note: begun })
    }

    fn diagnostics(&self) -> DiagnosticsView {
        let short = |text: String| text.chars().take(8).collect::<String>();
        DiagnosticsView {
            envelopes: self.logbook.total(),
            documents: u32::try_from(self.library.summaries().count()).unwrap_or(u32::MAX),
            membership: (self.membership.length(), short(self.membership.head().to_string())),
            log_code: self.logbook.code(&self.readable_channels()),
            set_aside: self.set_aside.clone(),
            relay: self.conversation.relay.as_ref().map_or_else(String::new, |relay| {
                relay.key.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
            }),
        }
    }
}

/// The relay's refusal of one envelope in words.
fn refusal_words(code: u8) -> String {
    let words = match code {
        2 => "the relay holds another entry in its place",
        3 => "an earlier entry has to arrive first",
        4 => "it was sealed with a key that is no longer in use",
        5 => "the relay has no room left for this centre",
        6 => "this tablet has no access any more",
        7 | 11 => "the relay could not read it",
        8 => "this person may not write there",
        9 => "it is too large",
        10 => "the relay does not know this centre",
        12 => "the relay has to hear of a change of people first",
        13 => "the relay asked for a pause",
        _ => "the relay refused it",
    };
    words.to_owned()
}
