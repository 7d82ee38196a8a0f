//! Whether a newer build of the app waits, and how it takes over.
//!
//! Knows the service worker's registration. Must not know what is on the page.
#![expect(
    clippy::disallowed_methods,
    reason = "these run on the page, where there is a window"
)]

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

/// The word that a waiting service worker understands.
const TAKE_OVER: &str = "skip-waiting";

/// Calls `ready` once a newer build waits; asks again whenever one is found.
pub fn watch(ready: impl Fn() + Clone + 'static) {
    let Some(container) = container() else { return };
    spawn_local(async move {
        let Ok(promise) = container.ready() else {
            return;
        };
        let Ok(registration) = JsFuture::from(promise).await else {
            return;
        };
        let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else {
            return;
        };
        if registration.waiting().is_some() {
            ready();
        }
        watch_for_next(&registration, ready);
    });
}

/// Lets the waiting build take over and loads the page once it has.
pub fn take_over() {
    let Some(container) = container() else { return };
    EventListener::once(&container, "controllerchange", |_| {
        if let Some(window) = web_sys::window() {
            let _refused = window.location().reload();
        }
    })
    .forget();
    spawn_local(async move {
        let Ok(registration) = JsFuture::from(container.get_registration()).await else {
            return;
        };
        if let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>()
            && let Some(waiting) = registration.waiting()
        {
            let _refused = waiting.post_message(&JsValue::from_str(TAKE_OVER));
        }
    });
}

fn watch_for_next(registration: &ServiceWorkerRegistration, ready: impl Fn() + Clone + 'static) {
    let found = registration.clone();
    EventListener::new(registration, "updatefound", move |_| {
        let Some(installing) = found.installing() else {
            return;
        };
        let (registration, ready) = (found.clone(), ready.clone());
        EventListener::new(&installing, "statechange", move |_| {
            if registration.waiting().is_some() && registration.active().is_some() {
                ready();
            }
        })
        .forget();
    })
    .forget();
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let present =
        js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false);
    present.then(|| navigator.service_worker())
}
