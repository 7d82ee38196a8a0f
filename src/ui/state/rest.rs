//! Hiding, resting, locking: what becomes of a page that nobody touches, and whose page lies below the lock.

use leptos::prelude::*;

use super::AppState;
use crate::{
    domain::idle::{self, Idle, Watch},
    engine::{
        command::{Command, Screen},
        view::Door,
        wire::Id,
    },
};

/// Who was here last and when they touched the tablet.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// The screen is covered by the neutral page.
    pub hidden: RwSignal<bool>,
    /// Whose page stands; below the lock while they rest.
    pub inside: RwSignal<Option<Id>>,
    /// Unless somebody touches it, the tablet locks at this time, ms.
    pub locks_at: RwSignal<Option<i64>>,
    /// Who was chosen to go on when the tablet was handed over.
    pub next: RwSignal<Option<Id>>,
    touched: StoredValue<Touched>,
}

#[derive(Clone, Copy, Debug)]
struct Touched {
    at: i64,
    hidden_at: Option<i64>,
}

impl Rest {
    pub(super) fn new(now: i64) -> Self {
        Self {
            hidden: RwSignal::new(false),
            inside: RwSignal::new(None),
            locks_at: RwSignal::new(None),
            next: RwSignal::new(None),
            touched: StoredValue::new(Touched {
                at: now,
                hidden_at: None,
            }),
        }
    }

    /// Takes note of the door; true if what was drawn before is for nobody who is here now.
    pub(super) fn arrive(&self, door: &Door) -> bool {
        let before = self.inside.get_untracked();
        let now = match door {
            Door::Open(me) => Some(me.device),
            Door::Locked { resting, .. } => before.filter(|device| resting.contains(device)),
            Door::Opening => before,
            Door::NoStorage(_)
            | Door::OtherTab
            | Door::Empty
            | Door::ShutOut(_)
            | Door::OutOfTouch(_)
            | Door::Joining(_) => None,
        };
        if now != before {
            self.inside.set(now);
        }
        before.is_some() && now != before
    }
}

impl AppState {
    /// Covers the screen with the neutral page; soon after, the tablet locks.
    pub fn hide(&self) {
        self.rest.hidden.set(true);
        let now = super::clock();
        let hide = |touched: &mut Touched| touched.hidden_at = Some(now);
        self.rest.touched.update_value(hide);
    }

    /// Takes the neutral page away; what lies below may be locked by now.
    pub fn uncover(&self) {
        self.rest.hidden.set(false);
        let uncover = |touched: &mut Touched| touched.hidden_at = None;
        self.rest.touched.update_value(uncover);
        self.touched();
    }

    /// Locks, so that somebody else can go on: the chosen one, if one is.
    pub fn lock(&self, next: Option<Id>) {
        self.rest.next.set(next);
        self.ask(Command::Lock, |_| {});
    }

    /// Somebody touched the tablet. A touch that comes too late finds it locked; one on the neutral page counts for nothing.
    pub(super) fn touched(&self) {
        let now = super::clock();
        if !self.rest(now) && !self.rest.hidden.get_untracked() {
            self.rest.touched.update_value(|touched| touched.at = now);
            if self.rest.locks_at.with_untracked(Option::is_some) {
                self.rest.locks_at.set(None);
            }
        }
    }

    /// Somebody has just come in.
    pub(super) fn came_in(&self) {
        let now = super::clock();
        self.rest.touched.update_value(|touched| touched.at = now);
        self.rest.next.set(None);
    }

    /// Locks, or says that it will, if nobody has touched the tablet for long enough; true if it locks.
    pub(super) fn rest(&self, now: i64) -> bool {
        let open = self
            .door
            .with_untracked(|door| matches!(door, Door::Open(_)));
        if !open || self.is_made_up() {
            return false;
        }
        // A clock that was set back counts from now.
        let counts = |touched: &mut Touched| touched.at = touched.at.min(now);
        self.rest.touched.update_value(counts);
        let Touched { at, hidden_at } = self.rest.touched.get_value();
        let locks_at = idle::locks_at(at, hidden_at, self.watch());
        let stands = idle::stands(now, locks_at, hidden_at.is_some());
        let warned = match stands {
            Idle::LocksAt(at) => Some(at),
            Idle::Awake | Idle::Locks => None,
        };
        if self.rest.locks_at.get_untracked() != warned {
            self.rest.locks_at.set(warned);
        }
        let locks = stands == Idle::Locks;
        if locks {
            self.lock(None);
        }
        locks
    }

    fn watch(&self) -> Watch {
        let looking = self.link.try_with_value(|link| link.looking);
        if matches!(looking, Some(Screen::Today | Screen::Visit(_))) {
            Watch::Session
        } else {
            Watch::Elsewhere
        }
    }
}
