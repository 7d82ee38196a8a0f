//! Asks the plain script `outbox.js` to push, and the browser to push later.
//!
//! Knows two names: the function on the window and the sync tag. Must not know what an envelope is.
#![expect(
    clippy::disallowed_methods,
    reason = "these run on the page, where there is a window"
)]

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::platform::message::StoreName;

/// The tag that the service worker listens for.
const TAG: &str = "outbox";

/// Pushes now from the page.
pub fn push_now(store: StoreName) {
    let Some(window) = web_sys::window() else {
        return;
    };
    // The script is deferred; until it is there, the next trigger pushes.
    let Some(drain) = member::<Function>(&window, "drainOutbox") else {
        return;
    };
    let database = JsValue::from_str(store.database());
    if let Ok(report) = drain.call1(&JsValue::UNDEFINED, &database)
        && let Ok(promise) = report.dyn_into::<Promise>()
    {
        settle(promise);
    }
}

/// Asks the browser to wake the service worker when there is a network, where it can.
pub fn push_later() {
    let Some(window) = web_sys::window() else {
        return;
    };
    let navigator = window.navigator();
    if !Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false) {
        return;
    }
    let container = navigator.service_worker();
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(container.get_registration()).await else {
            return;
        };
        let Some(sync) = member::<JsValue>(&registration, "sync") else {
            return;
        };
        let Some(register) = member::<Function>(&sync, "register") else {
            return;
        };
        if let Ok(promise) = register.call1(&sync, &JsValue::from_str(TAG))
            && let Ok(promise) = promise.dyn_into::<Promise>()
        {
            settle(promise);
        }
    });
}

fn member<T: JsCast>(of: &JsValue, name: &str) -> Option<T> {
    let value = Reflect::get(of, &JsValue::from_str(name)).ok()?;
    if value.is_undefined() || value.is_null() {
        None
    } else {
        value.dyn_into().ok()
    }
}

/// A refusal is no news here: the sync words tell what is still unsent.
fn settle(promise: Promise) {
    spawn_local(async move {
        let _refused = JsFuture::from(promise).await;
    });
}
