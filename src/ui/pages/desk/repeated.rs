//! Fields that are there once for each of several things: the children of a referral, the rooms of a venue.

use leptos::prelude::*;

use crate::ui::{
    a11y,
    announce::{Announcer, use_announcer},
};

/// Entries of which each keeps its signals while others are added or taken out.
///
/// `T` holds counted signals (`ArcRwSignal`), so that an entry that is taken out is freed.
pub(super) struct Repeated<T: 'static> {
    entries: RwSignal<Vec<(u32, T)>>,
    next: StoredValue<u32>,
    voice: Announcer,
}

impl<T: 'static> Clone for Repeated<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Repeated<T> {}

/// One entry, with the place that its field names carry.
#[derive(Clone)]
pub(super) struct Placed<T> {
    key: u32,
    /// Counted from nought.
    pub(super) place: usize,
    /// The entry's signals.
    pub(super) fields: T,
}

impl<T> Placed<T> {
    /// Draws an entry anew only where it is new or has moved.
    pub(super) const fn key(&self) -> (u32, usize) {
        (self.key, self.place)
    }
}

impl<T: Clone + Send + Sync + 'static> Repeated<T> {
    /// Begins with these entries.
    pub(super) fn new(entries: impl IntoIterator<Item = T>) -> Self {
        let entries: Vec<_> = (0..).zip(entries).collect();
        let next = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        Self {
            entries: RwSignal::new(entries),
            next: StoredValue::new(next),
            voice: use_announcer(),
        }
    }

    /// All entries with their places.
    pub(super) fn placed(self) -> Vec<Placed<T>> {
        let entries = self.entries.get().into_iter().enumerate();
        entries
            .map(|(place, (key, fields))| Placed { key, place, fields })
            .collect()
    }

    /// How many there are.
    pub(super) fn count(self) -> usize {
        self.entries.read().len()
    }

    /// What `read` takes from each.
    pub(super) fn read<V>(self, read: impl Fn(&T) -> V) -> Vec<V> {
        self.entries
            .read_untracked()
            .iter()
            .map(|(_, fields)| read(fields))
            .collect()
    }

    /// Adds an entry at the end and puts the focus into its field, `{before}{place}{after}`.
    pub(super) fn add(self, fields: T, before: &'static str, after: &'static str) {
        let key = self.next.get_value();
        self.next.set_value(key.saturating_add(1));
        self.entries.update(|entries| entries.push((key, fields)));
        let place = self.entries.read_untracked().len().saturating_sub(1);
        focus_later(format!("{before}{place}{after}"));
    }

    /// Takes an entry out, says so, and puts the focus on the control with this id.
    pub(super) fn take_out(self, place: usize, said: impl Into<String>, then_focus: &'static str) {
        self.entries.update(|entries| {
            if place < entries.len() {
                entries.remove(place);
            }
        });
        self.voice.say(said);
        focus_later(then_focus.to_owned());
    }
}

/// The control may only be drawn after this turn.
fn focus_later(id: String) {
    request_animation_frame(move || a11y::focus_field(&id));
}
