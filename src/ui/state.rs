//! The page's state: what the engine last said, and the one way to ask it for something.
//!
//! The only place of this layer that touches the platform. Must not know how anything is drawn.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::{
    engine::{
        command::{Command, CommandId, Screen},
        view::{Done, Door, Reply, ScreenView, SyncView, TileView, Trouble, ViewChange},
        wire::Id,
    },
    platform::{
        app_update,
        bridge::{Bridge, Heard},
        message::{StoreName, ToPage, ToWorker},
        outbox_push,
        page_events::{self, Surroundings},
        passkey,
        remembered::{self, LastSeen},
    },
    ui::announce::Announcer,
};

mod device_lock;
mod fits;
mod rest;
mod surroundings;

pub use self::{
    device_lock::{Asked, DeviceLock},
    rest::Rest,
};
pub use crate::platform::passkey::Trouble as LockTrouble;

/// What came of a command.
pub type Outcome = Result<Done, Trouble>;

type Waiting = BTreeMap<CommandId, Box<dyn FnOnce(Outcome)>>;

/// A handle on the page's state, the same one everywhere; read it with [`use_app`].
#[derive(Clone, Copy, Debug)]
pub struct AppState {
    /// Which door we stand at.
    pub door: ReadSignal<Door>,
    /// The sync words.
    pub sync: ReadSignal<SyncView>,
    /// The screen last asked for; see [`use_screen`].
    pub screen: ReadSignal<ScreenView>,
    /// This device's clock in ms, moving on once a second.
    pub now: ReadSignal<i64>,
    /// Why the engine does not run, if it does not.
    pub stopped: ReadSignal<Option<String>>,
    /// A newer build waits.
    pub update_waits: ReadSignal<bool>,
    /// Hidden, resting, about to lock.
    pub rest: Rest,
    /// What is known of this device's lock.
    pub device_lock: DeviceLock,
    /// Who had keys here before the browser lost them.
    pub lost: RwSignal<Vec<TileView>>,
    set: Writers,
    link: StoredValue<Link, LocalStorage>,
}

#[derive(Clone, Copy, Debug)]
struct Writers {
    door: WriteSignal<Door>,
    sync: WriteSignal<SyncView>,
    screen: WriteSignal<ScreenView>,
    now: WriteSignal<i64>,
    stopped: WriteSignal<Option<String>>,
}

struct Link {
    store: StoreName,
    bridge: Option<Bridge>,
    next: CommandId,
    waiting: Waiting,
    /// What the page looks at; asked for again after every unlock and restart.
    looking: Screen,
}

/// The page's state.
///
/// # Panics
/// Outside the tree of [`App`](super::app::App), which is where every component is.
pub fn use_app() -> AppState {
    expect_context()
}

/// A screen that is being looked at; [`ScreenRegion`](super::components::ScreenRegion) draws it.
#[derive(Debug)]
pub struct Looked<T: 'static> {
    pick: fn(&ScreenView) -> Option<&T>,
}

impl<T> Clone for Looked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Looked<T> {}

impl<T> Looked<T> {
    /// The page's part of what the engine last said, if it is of this screen.
    pub fn of<'view>(&self, view: &'view ScreenView) -> Option<&'view T> {
        (self.pick)(view)
    }
}

/// Looks at a screen from now on.
pub fn use_screen<T>(screen: Screen, pick: fn(&ScreenView) -> Option<&T>) -> Looked<T> {
    use_app().look(screen);
    Looked { pick }
}

impl AppState {
    /// Makes the state, hears the browser and starts the engine.
    pub fn start(announcer: Announcer) -> Self {
        let store = remembered::store();
        let (door, set_door) = signal(Door::Opening);
        let (sync, set_sync) = signal(SyncView::default());
        let (screen, set_screen) = signal(ScreenView::Nothing);
        let (now, set_now) = signal(clock());
        let (stopped, set_stopped) = signal(None);
        let (update_waits, set_update_waits) = signal(false);
        let set = Writers {
            door: set_door,
            sync: set_sync,
            screen: set_screen,
            now: set_now,
            stopped: set_stopped,
        };
        let link = StoredValue::new_local(Link {
            store,
            bridge: None,
            next: 0,
            waiting: Waiting::new(),
            looking: Screen::Nothing,
        });
        let app = Self {
            door,
            sync,
            screen,
            now,
            stopped,
            update_waits,
            rest: Rest::new(now.get_untracked()),
            device_lock: DeviceLock::new(remembered::lock_was_offered(store)),
            lost: RwSignal::new(Vec::new()),
            set,
            link,
        };
        let bridge = Bridge::start(store, move |heard| app.hear(heard, announcer));
        link.update_value(|link| link.bridge = Some(bridge));
        app.tell_surroundings();
        page_events::listen(move |change| app.surroundings_changed(change));
        app_update::watch(move || set_update_waits.set(true));
        app
    }

    /// Asks for something; `then` is called with what came of it, once.
    ///
    /// May be called before the engine has been read: it keeps what came early. `Ok` means that the
    /// storage transaction completed. `then` runs outside any component, so read
    /// contexts before asking.
    pub fn ask(&self, command: Command, then: impl FnOnce(Outcome) + 'static) {
        let Some(id) = self.next_id() else { return };
        self.link.update_value(|link| {
            link.waiting.insert(id, Box::new(then));
        });
        self.post(&ToWorker::Command { id, command });
    }

    /// Keeps this screen's view up to date from now on.
    pub fn look(&self, screen: Screen) {
        let Some(id) = self.next_id() else { return };
        let before = self
            .link
            .try_update_value(|link| core::mem::replace(&mut link.looking, screen));
        let there =
            before == Some(screen) && self.screen.with_untracked(|view| fits::fits(screen, view));
        if !there {
            self.set.screen.set(ScreenView::Loading);
        }
        self.post(&ToWorker::Command {
            id,
            command: Command::Look(screen),
        });
    }

    /// The people who have keys here, as remembered from the last visit.
    pub fn remembered_people(&self) -> Vec<TileView> {
        match self.last_seen() {
            LastSeen::People(people) => people,
            LastSeen::Nothing | LastSeen::Begun(_) | LastSeen::Lost(_) => Vec::new(),
        }
    }

    /// Leaves the page that tells of the loss.
    pub fn forget_lost(&self) {
        remembered::forget_lost(self.store());
        self.lost.set(Vec::new());
    }

    /// True where this store was never used, as far as the page remembers.
    pub fn seems_new(&self) -> bool {
        self.last_seen() == LastSeen::Nothing
    }

    /// True while the tab works with invented families.
    pub fn is_made_up(&self) -> bool {
        self.store() == StoreName::MadeUp
    }

    /// Goes to the invented families or back; the page loads anew. False where the browser refuses.
    pub fn work_with_made_up(&self, made_up: bool) -> bool {
        let store = if made_up {
            StoreName::MadeUp
        } else {
            StoreName::Real
        };
        let chosen = remembered::choose_store(store);
        if chosen {
            let _refused = window().location().assign("/");
        }
        chosen
    }

    /// A new name for something that this page creates; `None` where the browser gives no randomness.
    pub fn fresh_id(&self) -> Option<Id> {
        page_events::fresh_id()
    }

    /// Pushes the outbox without the engine.
    pub fn push_outbox(&self) {
        outbox_push::push_now(self.store());
    }

    /// The theme chosen on this device, if one was.
    pub fn theme(&self) -> Option<String> {
        remembered::theme()
    }

    /// Chooses a theme; `None` follows the system.
    pub fn choose_theme(&self, theme: Option<&str>) {
        remembered::choose_theme(theme);
    }

    /// Lets the newer build take over; the page loads anew.
    pub fn update_now(&self) {
        app_update::take_over();
    }

    fn last_seen(&self) -> LastSeen {
        remembered::last_seen(self.store())
    }

    fn store(&self) -> StoreName {
        self.link
            .try_with_value(|link| link.store)
            .unwrap_or(StoreName::Real)
    }

    fn next_id(&self) -> Option<CommandId> {
        self.link.try_update_value(|link| {
            link.next = link.next.wrapping_add(1);
            link.next
        })
    }

    fn post(&self, message: &ToWorker) {
        let bridge = self
            .link
            .try_with_value(|link| link.bridge.clone())
            .flatten();
        if let Some(bridge) = bridge {
            bridge.post(message);
        }
    }

    fn hear(&self, heard: Heard, announcer: Announcer) {
        match heard {
            Heard::Message(ToPage::View(change)) => self.change(change),
            Heard::Message(ToPage::PushOutbox) => {
                self.push_outbox();
                outbox_push::push_later();
            }
            Heard::Restarted => {
                self.set.door.set(Door::Opening);
                self.tell_surroundings();
                self.forget_waiting();
                announcer.alert(RESTARTED);
            }
            Heard::Failed(reason) => {
                self.forget_waiting();
                self.set.stopped.set(Some(reason));
            }
        }
    }

    fn change(&self, change: ViewChange) {
        match change {
            ViewChange::Door(door) => self.arrive(door),
            ViewChange::Sync(sync) => self.set.sync.set(sync),
            ViewChange::Screen(screen) => {
                let looking = self.link.try_with_value(|link| link.looking);
                if looking.is_some_and(|looking| fits::fits(looking, &screen)) {
                    self.set.screen.set(screen);
                }
            }
            ViewChange::Reply(Reply { command, outcome }) => {
                let then = self
                    .link
                    .try_update_value(|link| link.waiting.remove(&command));
                if let Some(then) = then.flatten() {
                    then(outcome);
                }
            }
        }
    }

    fn arrive(&self, door: Door) {
        remembered::keep_door(self.store(), &door);
        if let LastSeen::Lost(people) = self.last_seen() {
            self.lost.set(people);
        }
        let opened = matches!(door, Door::Open(_))
            && self
                .door
                .with_untracked(|before| !matches!(before, Door::Open(_)));
        if self.rest.arrive(&door) {
            self.set.screen.set(ScreenView::Nothing);
        }
        if self.door.with_untracked(|before| *before != door) {
            self.set.door.set(door);
        }
        if opened {
            self.came_in();
            if let Some(screen) = self.link.try_with_value(|link| link.looking) {
                self.look(screen);
            }
        }
    }

    fn forget_waiting(&self) {
        let waiting = self
            .link
            .try_update_value(|link| core::mem::take(&mut link.waiting));
        for then in waiting.unwrap_or_default().into_values() {
            then(Err(Trouble::NotNow(RESTARTED.to_owned())));
        }
    }
}

/// This device's clock, ms since 1970.
fn clock() -> i64 {
    page_events::now_ms()
}

const RESTARTED: &str = "The part that keeps your records stopped and was started again. What was saved is kept. Unlock, then check your last step.";

impl core::fmt::Debug for Link {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Link")
            .field("waiting", &self.waiting.len())
            .finish_non_exhaustive()
    }
}
