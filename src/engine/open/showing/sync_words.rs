//! The sync words: what is unsent, what was refused, and since when all is elsewhere.
//!
//! It knows the outbox and the logbook as they are now, and nothing of earlier runs.

use sync_protocol::{DocumentId, frame::push::PushCode};

use crate::engine::{
    open::{Open, commands::document},
    summary::Summary,
    sync::outbox::Waiting,
    view::{SyncView, UnsentView},
    wire::Id,
};

impl Open {
    /// The sync words. All counts come from what is unsent now, never from the last run.
    pub(crate) fn sync_view(&self) -> SyncView {
        let relay = self.conversation.relay.as_ref();
        // What was typed into a record that cannot be opened at present waits too.
        let typing = self.library.unsealed().len() + self.pending.len();
        let typing = u32::try_from(typing).unwrap_or(u32::MAX);
        let refused = self
            .outbox
            .iter()
            .filter(|(_, waiting)| self.refusal(waiting).is_some())
            .count();
        let again = self.left_to_restore();
        SyncView {
            again,
            unsent: u32::try_from(self.outbox.len())
                .unwrap_or(u32::MAX)
                .saturating_add(if self.made_up { 0 } else { typing })
                .saturating_add(again),
            refused: u32::try_from(refused).unwrap_or(u32::MAX),
            busy: self.is_busy(),
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
        if self.out_of_touch.is_some() {
            return Vec::new();
        }
        let items = self
            .outbox
            .iter()
            .filter(|(_, waiting)| waiting.document != DocumentId::NONE)
            .take(50);
        items
            .map(|(_, waiting)| UnsentView {
                what: self.what_it_is(waiting.document),
                saved_at: waiting.saved_at,
                refused: self.refusal(waiting).map(refusal_words),
            })
            .collect()
    }

    /// Why the relay does not take an envelope. One that waits for what the relay has lost needs nobody.
    fn refusal(&self, waiting: &Waiting) -> Option<u8> {
        let waits = |code: &u8| *code == GAP && self.restoring.is_under_way();
        waiting.refused.filter(|code| !waits(code))
    }

    fn what_it_is(&self, id: DocumentId) -> String {
        match self
            .library
            .entry(id)
            .and_then(|entry| entry.summary.as_ref())
        {
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
            Some(Summary::Unreadable(_)) | None => {
                "A record of somebody else on this tablet".to_owned()
            }
        }
    }

    fn visit_summary_of(&self, visit: Id) -> Option<String> {
        self.library
            .entry(document(visit))?
            .summary
            .as_ref()?
            .as_visit()
            .map(|visit| visit.family_code.clone())
    }

    /// The time before which everything written here is known to be on another device; `None` if nothing is yet.
    fn elsewhere_until(&self) -> Option<i64> {
        let mine = self.device();
        let (mut held, mut lacking): (Option<i64>, Option<i64>) = (None, None);
        for (_, entry) in self.library.entries() {
            let Some((run, n)) = entry.last.filter(|((_, author, _), _)| *author == mine) else {
                continue;
            };
            if self.logbook.is_elsewhere(run, n) {
                held = held.max(Some(entry.changed_at));
            } else {
                lacking = Some(
                    lacking.map_or(entry.changed_at, |earliest| earliest.min(entry.changed_at)),
                );
            }
        }
        match (held, lacking) {
            (Some(held), Some(lacking)) if lacking <= held => Some(lacking - 1),
            (held, _) => held,
        }
    }
}

/// The push code of an envelope that came before an earlier one of its run.
const GAP: u8 = PushCode::Gap.number();

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
