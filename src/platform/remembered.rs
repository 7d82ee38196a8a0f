//! The few words a page keeps outside the sealed store, because it needs them before the engine is read.
//!
//! Holds no name, no phrase and nothing that was typed: initials on the unlock tiles and what their passkeys are asked
//! with, the theme, which of the two stores this tab works with, and hashes of changes that stopped the engine.
#![expect(
    clippy::disallowed_methods,
    reason = "these run on the page, where there is a window"
)]

use sync_protocol::hex;
use web_sys::Storage;

use crate::{
    engine::{
        crypto::keyring::Passkey,
        trial::{Lesson, Mark},
        view::{Door, MeView, TileView},
    },
    platform::message::StoreName,
};

const THEME: &str = "ng-theme";
const STORE: &str = "ng.store";
const LOCK_CARD: &str = "ng.lock-card.";
const REFUSED: &str = "ng.refused.";
const LOCK_OFFERED: &str = "ng.lock-offered.";
const MADE_UP: &str = "made-up";
const LOST: &str = "lost";
const BEGUN: &str = "begun";

/// What this page found on its last visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LastSeen {
    /// Nothing was ever kept in this store.
    Nothing,
    /// Somebody has begun to join or to start a centre, only the engine knows how far; these people had keys here already.
    Begun(Vec<TileView>),
    /// These people have keys here.
    People(Vec<TileView>),
    /// These people had keys here, and the browser has thrown the store away.
    Lost(Vec<TileView>),
}

/// Reads what was last seen of a store.
pub fn last_seen(store: StoreName) -> LastSeen {
    let Some(card) = local().and_then(|kept| kept.get_item(&lock_card(store)).ok().flatten())
    else {
        return LastSeen::Nothing;
    };
    let people: Vec<_> = card.lines().filter_map(tile).collect();
    if card.starts_with(LOST) {
        LastSeen::Lost(people)
    } else if card.starts_with(BEGUN) || people.is_empty() {
        LastSeen::Begun(people)
    } else {
        LastSeen::People(people)
    }
}

/// Keeps whose tiles the next start draws before the engine is read; the invented families open by themselves.
pub fn keep_door(store: StoreName, door: &Door) {
    if store == StoreName::MadeUp {
        return;
    }
    let seen = match door {
        Door::Locked { people, .. } => LastSeen::People(people.clone()),
        Door::Joining(_) => LastSeen::Begun(people(last_seen(store))),
        Door::Empty => empty(last_seen(store)),
        // Whose keys were ended is not said to have lost them.
        Door::ShutOut(_) => LastSeen::Nothing,
        Door::Open(me) => with(last_seen(store), me),
        Door::Opening | Door::NoStorage(_) | Door::OtherTab | Door::OutOfTouch(_) => return,
    };
    keep(store, &seen);
}

/// Forgets that a store was lost; the next start is a first one.
pub fn forget_lost(store: StoreName) {
    keep(store, &LastSeen::Nothing);
}

/// Whoever has keys here as far as this page knows.
fn people(seen: LastSeen) -> Vec<TileView> {
    match seen {
        LastSeen::People(people) | LastSeen::Begun(people) => people,
        LastSeen::Nothing | LastSeen::Lost(_) => Vec::new(),
    }
}

/// No key ever leaves a store by itself: where people had one and none is left, the browser has lost it.
fn empty(seen: LastSeen) -> LastSeen {
    match seen {
        LastSeen::Lost(people) => LastSeen::Lost(people),
        LastSeen::Nothing | LastSeen::People(_) | LastSeen::Begun(_) => {
            let people = people(seen);
            if people.is_empty() {
                LastSeen::Nothing
            } else {
                LastSeen::Lost(people)
            }
        }
    }
}

/// Whoever starts a centre or joins one is inside without having unlocked; no door has shown their tile. And how they
/// unlock may have changed since one did.
fn with(seen: LastSeen, me: &MeView) -> LastSeen {
    let mut people = people(seen);
    if !me.initials.is_empty() {
        let tile = TileView {
            device: me.device,
            initials: me.initials.clone(),
            passkey: me.passkey.clone(),
        };
        match people.iter_mut().find(|known| known.device == me.device) {
            Some(known) => *known = tile,
            None => people.push(tile),
        }
    }
    if people.is_empty() {
        LastSeen::Begun(people)
    } else {
        LastSeen::People(people)
    }
}

fn keep(store: StoreName, seen: &LastSeen) {
    let Some(kept) = local() else { return };
    let name = lock_card(store);
    // A refusal only means a slower next start.
    let _refused = match seen {
        LastSeen::Nothing => kept.remove_item(&name),
        LastSeen::Begun(people) => kept.set_item(&name, &format!("{BEGUN}\n{}", lines(people))),
        LastSeen::People(people) => kept.set_item(&name, &lines(people)),
        LastSeen::Lost(people) => kept.set_item(&name, &format!("{LOST}\n{}", lines(people))),
    };
}

fn lines(people: &[TileView]) -> String {
    let lines: Vec<_> = people.iter().map(line).collect();
    lines.join("\n")
}

/// The device, the initials, and after tabs the passkey's credential and salt.
fn line(tile: &TileView) -> String {
    let mut line = format!("{} {}", tile.device, tile.initials);
    if let Some(Passkey { credential, salt }) = &tile.passkey {
        for part in [credential, salt] {
            line.push('\t');
            line.push_str(&hex::encode(part));
        }
    }
    line
}

/// Whether this device's lock was offered here once.
pub fn lock_was_offered(store: StoreName) -> bool {
    let offered = local().and_then(|kept| kept.get_item(&lock_offered(store)).ok().flatten());
    offered.is_some()
}

/// This device's lock was offered, and is not offered again.
pub fn keep_lock_offered(store: StoreName) {
    // Without it, it is offered once more at the next start.
    let _refused = local().map(|kept| kept.set_item(&lock_offered(store), "yes"));
}

fn lock_offered(store: StoreName) -> String {
    format!("{LOCK_OFFERED}{}", store.database())
}

/// What an engine over this store must refuse, because earlier ones died of it.
pub fn lesson(store: StoreName) -> Lesson {
    let kept = local().and_then(|kept| kept.get_item(&refused(store)).ok().flatten());
    let lines = kept.unwrap_or_default();
    Lesson {
        refused: lines
            .lines()
            .filter_map(|line| hex::parse::<32>(line).ok())
            .collect(),
        ..Lesson::default()
    }
}

/// Keeps what was learned for good.
pub fn keep_lesson(store: StoreName, lesson: &Lesson) {
    let lines: Vec<_> = lesson
        .refused
        .iter()
        .map(|mark: &Mark| hex::encode(mark))
        .collect();
    // Without it the same lesson is learned again at the next start.
    let _refused = local().map(|kept| kept.set_item(&refused(store), &lines.join("\n")));
}

fn refused(store: StoreName) -> String {
    format!("{REFUSED}{}", store.database())
}

/// Which store this tab works with.
pub fn store() -> StoreName {
    let chosen = session().and_then(|kept| kept.get_item(STORE).ok().flatten());
    if chosen.as_deref() == Some(MADE_UP) {
        StoreName::MadeUp
    } else {
        StoreName::Real
    }
}

/// Chooses the store for this tab; it holds from the next load of the page.
///
/// False where the browser keeps nothing, so that the change would not come about.
pub fn choose_store(store: StoreName) -> bool {
    session().is_some_and(|kept| match store {
        StoreName::Real => kept.remove_item(STORE).is_ok(),
        StoreName::MadeUp => kept.set_item(STORE, MADE_UP).is_ok(),
    })
}

/// The theme that was chosen here, if one was.
pub fn theme() -> Option<String> {
    local()?.get_item(THEME).ok().flatten()
}

/// Keeps the theme and shows it; `None` follows the system.
pub fn choose_theme(theme: Option<&str>) {
    // A refusal only means that the choice lasts as long as this page.
    let _refused = local().map(|kept| match theme {
        Some(theme) => kept.set_item(THEME, theme),
        None => kept.remove_item(THEME),
    });
    let Some(root) = web_sys::window().and_then(|window| window.document()?.document_element())
    else {
        return;
    };
    let _refused = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
}

fn tile(line: &str) -> Option<TileView> {
    let (device, rest) = line.split_once(' ')?;
    let mut parts = rest.split('\t');
    Some(TileView {
        device: device.parse().ok()?,
        initials: parts.next()?.to_owned(),
        passkey: passkey(parts.next(), parts.next()),
    })
}

fn passkey(credential: Option<&str>, salt: Option<&str>) -> Option<Passkey> {
    Some(Passkey {
        credential: bytes_of(credential?)?,
        salt: bytes_of(salt?)?,
    })
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for pair in digits.as_bytes().chunks(2) {
        let [byte] = hex::parse(core::str::from_utf8(pair).ok()?).ok()?;
        bytes.push(byte);
    }
    Some(bytes)
}

fn lock_card(store: StoreName) -> String {
    format!("{LOCK_CARD}{}", store.database())
}

fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
