//! What the browser tells the page, passed on: the network, the clock, whether anybody looks.

use leptos::prelude::*;

use super::{AppState, Surroundings, ToWorker, clock, page_events};

/// Every so many seconds the page pushes the outbox by itself, also while locked.
const PUSH_EVERY_S: i64 = 60;

impl AppState {
    /// What a new engine cannot know.
    pub(super) fn tell_surroundings(&self) {
        self.post(&ToWorker::Online(page_events::is_online()));
        self.post(&ToWorker::Visible(!document().hidden()));
    }

    pub(super) fn surroundings_changed(&self, change: Surroundings) {
        match change {
            Surroundings::Online => {
                self.post(&ToWorker::Online(true));
                self.push_outbox();
            }
            Surroundings::Offline => self.post(&ToWorker::Online(false)),
            Surroundings::Shown => {
                self.set.now.set(clock());
                self.post(&ToWorker::Visible(true));
                self.rest(clock());
                self.push_outbox();
            }
            Surroundings::Touched => self.touched(),
            Surroundings::PutAway => self.post(&ToWorker::Visible(false)),
            Surroundings::Tick => self.tick(),
        }
    }

    fn tick(&self) {
        let now = clock();
        self.set.now.set(now);
        self.rest(now);
        if now / 1000 % PUSH_EVERY_S == 0 && !document().hidden() {
            self.push_outbox();
        }
    }
}
