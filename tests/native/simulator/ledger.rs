//! What the people of a simulation were told, to hold it against what is there in the end.

use std::collections::{BTreeMap, BTreeSet};

use neutral_ground::engine::{
    view::{Done, Trouble},
    wire::Id,
};
use sync_protocol::EnvelopeId;

/// What a command was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Something happened at the door of this visit.
    Record(Id),
    /// Take back this event of this visit.
    Undo {
        /// The visit.
        visit: Id,
        /// The event.
        event: Id,
    },
    /// One key of an entry.
    Type {
        /// The entry.
        entry: Id,
        /// The whole text.
        text: String,
    },
    /// The entry is complete.
    Finish(Id),
    /// Take a referral.
    Refer,
    /// Decide the risk of this referral.
    Decide(Id),
    /// Accept this referral.
    Accept(Id),
    /// Plan this day's session.
    Plan(String),
    /// Book this family into this session.
    Book {
        /// The session.
        session: Id,
        /// The family.
        family: Id,
    },
    /// Make a link for the newcomer.
    Invite,
    /// Join by it.
    Join,
    /// Nothing that leaves a trace.
    Other,
}

/// How far a referral was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Taken.
    Taken,
    /// Its risk was decided.
    Decided,
    /// A family file was opened.
    Accepted,
    /// A step was turned down, for example because an earlier try had gone through unheard.
    Left,
}

/// One entry of a note.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The visit.
    pub(crate) visit: Id,
    /// Whose tablet.
    pub(crate) device: usize,
    /// The text last acknowledged.
    pub(crate) acknowledged: String,
    /// The text last typed, acknowledged or not.
    pub(crate) typed: String,
    /// Its completion was acknowledged.
    pub(crate) is_finished: bool,
}

/// What one answer added to the ledger, as it was before, to be taken out again if the only store that had it is lost.
pub(crate) enum Written {
    /// This event.
    Event(Id),
    /// That this event was taken back.
    Undone(Id),
    /// A part of this entry.
    Entry(Id, Entry),
}

/// Everything acknowledged.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    /// Recorded events, and their visits.
    pub(crate) events: BTreeMap<Id, Id>,
    /// Events taken back, and their visits.
    pub(crate) undone: BTreeMap<Id, Id>,
    /// Entries typed at.
    pub(crate) entries: BTreeMap<Id, Entry>,
    /// Referrals.
    pub(crate) referrals: BTreeMap<Id, Stage>,
    /// Family files.
    pub(crate) families: Vec<Id>,
    /// Sessions by day.
    pub(crate) sessions: BTreeMap<String, Id>,
    /// Visits by session and family.
    pub(crate) visits: BTreeMap<(Id, Id), Id>,
    /// The link that the newcomer was handed.
    pub(crate) link: Option<String>,
    /// The words of the trustees' sheets.
    pub(crate) sheets: Vec<String>,
    /// Envelopes that the relay has said it holds.
    pub(crate) receipts: BTreeSet<EnvelopeId>,
    /// Of those, what it has lost and was not brought again.
    pub(crate) lost: BTreeSet<EnvelopeId>,
}

impl Ledger {
    /// A key is about to be sent.
    pub(crate) fn types(&mut self, device: usize, visit: Id, entry: Id, text: &str) {
        let entry = self.entries.entry(entry).or_insert_with(|| Entry {
            visit,
            device,
            acknowledged: String::new(),
            typed: String::new(),
            is_finished: false,
        });
        text.clone_into(&mut entry.typed);
    }

    /// What was acknowledged by a store that is lost, and nowhere else for all that anybody was told.
    pub(crate) fn forget(&mut self, written: Written) {
        match written {
            Written::Event(event) => drop(self.events.remove(&event)),
            Written::Undone(event) => drop(self.undone.remove(&event)),
            Written::Entry(id, before) => {
                if let Some(entry) = self.entries.get_mut(&id) {
                    entry.acknowledged = before.acknowledged;
                    entry.is_finished = before.is_finished;
                }
            }
        }
    }

    /// What hearing this will add of what people write in the hall.
    pub(crate) fn will_write(
        &self,
        intent: &Intent,
        outcome: &Result<Done, Trouble>,
    ) -> Option<Written> {
        match (intent, outcome) {
            (Intent::Record(_), Ok(Done::Created(event))) => Some(Written::Event(*event)),
            (Intent::Undo { event, .. }, Ok(_)) => Some(Written::Undone(*event)),
            (Intent::Type { entry, .. } | Intent::Finish(entry), Ok(_)) => {
                let before = self.entries.get(entry)?;
                Some(Written::Entry(*entry, before.clone()))
            }
            _ => None,
        }
    }

    /// A command was answered.
    pub(crate) fn hear(&mut self, intent: Intent, outcome: &Result<Done, Trouble>) {
        match (intent, outcome) {
            (Intent::Record(visit), Ok(Done::Created(event))) => {
                self.events.insert(*event, visit);
            }
            (Intent::Undo { visit, event }, Ok(_)) => {
                self.undone.insert(event, visit);
            }
            (Intent::Type { entry, text }, Ok(_)) => {
                if let Some(entry) = self.entries.get_mut(&entry) {
                    entry.acknowledged = text;
                }
            }
            (Intent::Finish(entry), Ok(_)) => {
                if let Some(entry) = self.entries.get_mut(&entry) {
                    entry.is_finished = true;
                }
            }
            (Intent::Refer, Ok(Done::Created(referral))) => {
                self.referrals.insert(*referral, Stage::Taken);
            }
            (Intent::Decide(referral), Ok(_)) => {
                self.referrals.insert(referral, Stage::Decided);
            }
            (Intent::Accept(referral), Ok(Done::Created(family))) => {
                self.referrals.insert(referral, Stage::Accepted);
                self.families.push(*family);
            }
            (Intent::Decide(referral) | Intent::Accept(referral), Err(_)) => {
                self.referrals.insert(referral, Stage::Left);
            }
            (Intent::Plan(day), Ok(Done::Created(session))) => {
                self.sessions.insert(day, *session);
            }
            (Intent::Book { session, family }, Ok(Done::Created(visit))) => {
                self.visits.insert((session, family), *visit);
            }
            (Intent::Invite, Ok(Done::Invited { fragment, .. })) => {
                self.link = Some(format!("https://centre.invalid/join#{fragment}"));
            }
            (
                Intent::Join,
                Err(
                    Trouble::LinkUnreadable
                    | Trouble::LinkExpired
                    | Trouble::LinkUsed
                    | Trouble::LinkCancelled
                    | Trouble::LinkUnknown,
                ),
            ) => self.link = None,
            _ => {}
        }
    }

    /// How many acknowledged writes there are.
    pub(crate) fn writes(&self) -> usize {
        self.events.len()
            + self.undone.len()
            + self.entries.len()
            + self.referrals.len()
            + self.families.len()
            + self.sessions.len()
            + self.visits.len()
    }
}
