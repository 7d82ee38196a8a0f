//! The entry being written: its id, time, kind and speaker, and what the engine said about its last state.
//!
//! Every change sends the whole entry, so a lost message is made good by the next one.

use leptos::{html, prelude::*};

use crate::{
    domain::note::EntryKind,
    engine::{
        command::Command,
        view::{EntryView, NoteView},
        wire::{Id, Wire},
    },
    ui::{
        a11y,
        announce::{Announcer, use_announcer},
        i18n::{clock, sentence},
        memo::Memo,
        message,
        state::{AppState, Outcome, use_app},
    },
};

const MINUTE: i64 = 60_000;

/// What became of the latest state of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Nothing was typed yet.
    Nothing,
    /// Sent to the engine, not stored yet.
    Saving,
    /// Stored.
    Saved,
    /// Not stored; the reason in words. The text stays on the screen.
    Trouble(String),
}

/// Why an entry cannot be added yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// There are no words.
    NoWords,
    /// Exact words without the person who said them.
    NoSpeaker,
}

impl Gap {
    /// What to do about it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::NoWords => "Write a few words first, then add them.",
            Self::NoSpeaker => "Choose whose words these are, then add them.",
        }
    }
}

/// Name and time, from the first key on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Begun {
    id: Id,
    at: i64,
}

/// The entry being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    app: StoredValue<AppState>,
    announcer: Announcer,
    visit: Id,
    area: NodeRef<html::Textarea>,
    begun: RwSignal<Option<Begun>>,
    minutes_back: RwSignal<i64>,
    text: StoredValue<String>,
    sent: StoredValue<u64>,
    /// The entry that was added last: a view from just before may still call it a draft.
    added: StoredValue<Option<Id>>,
    /// Fact, exact words, or action.
    pub(super) kind: RwSignal<EntryKind>,
    /// Whose words.
    pub(super) speaker: RwSignal<String>,
    /// What became of the latest state.
    pub(super) status: RwSignal<Status>,
    /// Why it could not be added when that was asked for.
    pub(super) gap: RwSignal<Option<Gap>>,
    /// It is being added; the text rests until then.
    pub(super) finishing: RwSignal<bool>,
    /// Since when its words were kept, if they are from before.
    pub(super) kept_from: RwSignal<Option<i64>>,
}

impl Writing {
    /// A blank entry.
    pub(super) fn new(visit: Id, area: NodeRef<html::Textarea>) -> Self {
        Self {
            app: StoredValue::new(use_app()),
            announcer: use_announcer(),
            visit,
            area,
            begun: RwSignal::new(None),
            minutes_back: RwSignal::new(0),
            text: StoredValue::new(String::new()),
            sent: StoredValue::new(0),
            added: StoredValue::new(None),
            kind: RwSignal::new(EntryKind::Observed),
            speaker: RwSignal::new(String::new()),
            status: RwSignal::new(Status::Nothing),
            gap: RwSignal::new(None),
            finishing: RwSignal::new(false),
            kept_from: RwSignal::new(None),
        }
    }

    /// Takes up words kept from before, as long as nothing was typed here: the note may be read from storage
    /// after the page is drawn.
    pub(super) fn take_up(self, note: Memo<Option<NoteView>>) {
        Effect::new(move |_| {
            let draft = note.with(|note| note.as_ref().and_then(|note| note.draft.clone()));
            if let (Some(draft), Some(area)) = (draft, self.area.get())
                && self.begun.with_untracked(Option::is_none)
                && self.added.get_value() != Some(draft.id)
                && !draft.text.trim().is_empty()
            {
                area.set_value(&draft.text);
                self.resume(draft);
            }
        });
    }

    fn resume(self, draft: EntryView) {
        self.announcer.say(format!(
            "We kept your words from {}",
            clock(draft.written_at)
        ));
        self.begun.set(Some(Begun {
            id: draft.id,
            at: draft.occurred_at,
        }));
        self.kind.set(draft.kind.0);
        self.speaker.set(draft.speaker);
        self.text.set_value(draft.text);
        self.status.set(Status::Saved);
        self.kept_from.set(Some(draft.written_at));
    }

    /// When it happened: the first key's time less the minutes taken off, or this moment before the first key.
    pub(super) fn occurred_at(self) -> i64 {
        let start = self
            .begun
            .get()
            .map_or_else(|| self.app.get_value().now.get(), |begun| begun.at);
        start - self.minutes_back.get() * MINUTE
    }

    /// True while the time is the first key's, or still running.
    pub(super) fn is_untouched(self) -> bool {
        self.minutes_back.get() == 0
    }

    /// Moves the time this many minutes back.
    pub(super) fn move_back(self, minutes: i64) {
        self.minutes_back.update(|back| *back += minutes);
        self.send_again();
    }

    /// Takes the minutes off again.
    pub(super) fn forget_minutes(self) {
        self.minutes_back.set(0);
        self.send_again();
    }

    /// Chooses the kind.
    pub(super) fn choose_kind(self, kind: EntryKind) {
        self.kind.set(kind);
        self.gap.set(None);
        self.send_again();
    }

    /// Chooses whose words they are.
    pub(super) fn choose_speaker(self, speaker: String) {
        self.speaker.set(speaker);
        self.gap.set(None);
        self.send_again();
    }

    /// The text as it stands after a key.
    pub(super) fn typed(self, text: String) {
        self.gap.set(None);
        self.text.set_value(text);
        if self.begun.with_untracked(Option::is_none) {
            let Some(id) = self.app.get_value().fresh_id() else {
                self.status.set(Status::Trouble(NO_RANDOMNESS.to_owned()));
                return;
            };
            self.begun.set(Some(Begun {
                id,
                at: self.app.get_value().now.get_untracked(),
            }));
        }
        self.send();
    }

    /// Adds the entry to the note and begins a blank one.
    pub(super) fn finish(self) {
        if self.finishing.get_untracked() {
            return;
        }
        match (self.begun.get_untracked(), self.find_gap()) {
            (Some(begun), None) => {
                self.finishing.set(true);
                let at = clock(begun.at - self.minutes_back.get_untracked() * MINUTE);
                let command = Command::FinishEntry {
                    visit: self.visit,
                    entry: begun.id,
                };
                self.app.get_value().ask(command, move |outcome| {
                    self.finished(&outcome, begun.id, &at);
                });
            }
            (None, None) | (_, Some(Gap::NoWords)) => {
                self.tell(Gap::NoWords);
                a11y::focus_field("composer-text");
            }
            (_, Some(Gap::NoSpeaker)) => {
                self.tell(Gap::NoSpeaker);
                a11y::focus_field("composer-speakers");
            }
        }
    }

    fn find_gap(self) -> Option<Gap> {
        let nobody = self
            .speaker
            .with_untracked(|speaker| speaker.trim().is_empty());
        if self.text.with_value(|text| text.trim().is_empty()) {
            Some(Gap::NoWords)
        } else if self.kind.get_untracked() == EntryKind::Said && nobody {
            Some(Gap::NoSpeaker)
        } else {
            None
        }
    }

    fn tell(self, gap: Gap) {
        self.gap.set(Some(gap));
        self.announcer.alert(gap.words());
    }

    fn send_again(self) {
        if self.begun.with_untracked(Option::is_some) {
            self.send();
        }
    }

    fn send(self) {
        let Some(begun) = self.begun.get_untracked() else {
            return;
        };
        let number = self.sent.try_update_value(|sent| {
            *sent += 1;
            *sent
        });
        let command = Command::TypeEntry {
            visit: self.visit,
            entry: begun.id,
            kind: Wire(self.kind.get_untracked()),
            occurred_at: begun.at - self.minutes_back.get_untracked() * MINUTE,
            speaker: self.speaker_of_kind(),
            text: self.text.get_value(),
        };
        if !matches!(*self.status.read_untracked(), Status::Trouble(_)) {
            self.status.set(Status::Saving);
        }
        self.app.get_value().ask(command, move |outcome| {
            // Only the latest state counts: it holds all earlier ones.
            if self.sent.try_get_value() == number {
                self.settle(&outcome);
            }
        });
    }

    /// A speaker is kept while another kind is tried, but only exact words have one.
    fn speaker_of_kind(self) -> String {
        match self.kind.get_untracked() {
            EntryKind::Said => self.speaker.get_untracked(),
            EntryKind::Observed | EntryKind::Action => String::new(),
        }
    }

    fn settle(self, outcome: &Outcome) {
        let status = match outcome {
            Ok(_) => Status::Saved,
            Err(trouble) => Status::Trouble(sentence(&message::trouble(trouble))),
        };
        if self.status.try_get_untracked().as_ref() == Some(&status) {
            return;
        }
        match &status {
            Status::Trouble(why) => self.announcer.alert(format!("Not saved yet. {why}")),
            Status::Saved if self.sent.try_get_value() == Some(1) => {
                self.announcer.say("Saved on this tablet");
            }
            Status::Saved | Status::Saving | Status::Nothing => {}
        }
        let _gone = self.status.try_set(status);
    }

    fn finished(self, outcome: &Outcome, entry: Id, at: &str) {
        let _gone = self.finishing.try_set(false);
        match outcome {
            Ok(_) => {
                self.announcer.say(format!("Added to the note, {at}"));
                self.added.try_update_value(|added| *added = Some(entry));
                self.begin_blank();
            }
            Err(trouble) => {
                let why = sentence(&message::trouble(trouble));
                self.announcer.alert(format!("Not added yet. {why}"));
                let _gone = self.status.try_set(Status::Trouble(why));
            }
        }
    }

    fn begin_blank(self) {
        let _gone = (
            self.begun.try_set(None),
            self.minutes_back.try_set(0),
            self.speaker.try_set(String::new()),
            self.status.try_set(Status::Nothing),
            self.kept_from.try_set(None),
        );
        self.text.try_update_value(String::clear);
        self.sent.try_update_value(|sent| *sent = 0);
        if let Some(area) = self.area.try_get_untracked().flatten() {
            area.set_value("");
            let _refused = area.focus();
        }
    }
}

const NO_RANDOMNESS: &str = "This browser cannot make a name for the entry. Copy your words to paper, then close the app and open it again.";
