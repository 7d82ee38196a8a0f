//! Asks the engine to record what happened at the door, and says what came of it.
//!
//! Knows no markup. "Recorded" is said only after the engine's `Ok`, which means that it was stored.

use leptos::prelude::*;

use crate::{
    engine::{
        command::{Command, Happening},
        view::{UndoView, VisitRow},
    },
    ui::{
        announce::{Announcer, use_announcer},
        i18n::{self, sentence},
        message,
        pages::hall::wording::steps,
        state::{AppState, Outcome, use_app},
    },
};

/// What one visit's buttons share: the way to record, what is under way, and the last trouble.
#[derive(Clone, Copy, Debug)]
pub struct Recorder {
    app: StoredValue<AppState>,
    announcer: Announcer,
    /// What was asked for and is not stored yet.
    pub pending: RwSignal<Option<Happening>>,
    /// Why the last request was not carried out, in words.
    pub trouble: RwSignal<Option<String>>,
    tapped_at: StoredValue<Option<i64>>,
}

impl Recorder {
    /// For one visit; call it where the visit's component begins.
    pub fn new() -> Self {
        Self {
            app: StoredValue::new(use_app()),
            announcer: use_announcer(),
            pending: RwSignal::new(None),
            trouble: RwSignal::new(None),
            tapped_at: StoredValue::new(None),
        }
    }

    /// Records this; a second tap while the first is being stored is the same tap.
    pub fn record(self, row: &VisitRow, what: Happening) {
        if self
            .pending
            .with_untracked(|pending| pending.as_ref() == Some(&what))
        {
            return;
        }
        self.pending.set(Some(what.clone()));
        self.tapped();
        let said = steps::recorded(
            row,
            &what,
            &i18n::clock(self.app.get_value().now.get_untracked()),
        );
        let command = Command::Record {
            visit: row.id,
            what,
        };
        self.app
            .get_value()
            .ask(command, move |outcome| self.finish(&outcome, &said));
    }

    /// Takes the last thing recorded on this tablet back; both stay in the history.
    pub fn take_back(self, row: &VisitRow, undo: &UndoView) {
        let said = steps::taken_back(row, &undo.what);
        self.tapped();
        let command = Command::Undo {
            visit: row.id,
            event: undo.event,
        };
        self.app
            .get_value()
            .ask(command, move |outcome| self.finish(&outcome, &said));
    }

    /// True if something was asked for in this row so short a time ago.
    pub fn tapped_within(self, ms: i64) -> bool {
        let now = self.app.get_value().now.get_untracked();
        self.tapped_at.get_value().is_some_and(|at| now - at <= ms)
    }

    fn tapped(self) {
        self.tapped_at
            .set_value(Some(self.app.get_value().now.get_untracked()));
    }

    fn finish(self, outcome: &Outcome, said: &str) {
        // The visit may have been left meanwhile; its signals are gone then, its words are not.
        let _gone = self.pending.try_set(None);
        match outcome {
            Ok(_) => {
                let _gone = self.trouble.try_set(None);
                self.announcer.say(said);
            }
            Err(trouble) => {
                let words = sentence(&message::trouble(trouble));
                self.announcer.alert(&words);
                let _gone = self.trouble.try_set(Some(words));
            }
        }
    }
}
