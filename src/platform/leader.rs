//! One tab has the store: a Web Lock that is held for as long as the Worker lives.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Asks for the store's lock. `busy` is called if another tab has it, then `ours` as soon as it is free.
///
/// Where the browser has no locks, the store is ours at once.
pub(crate) fn take(store: &str, ours: impl FnOnce() + 'static, busy: impl FnOnce() + 'static) {
    let Some(locks) = lock_manager() else {
        ours();
        return;
    };
    let name = JsValue::from_str(&format!("ng-store:{store}"));
    let waiting = (locks.clone(), name.clone());
    let mut outcome = Some((ours, busy));
    let if_free = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let Some((ours, busy)) = outcome.take() else {
            return JsValue::UNDEFINED;
        };
        if lock.is_null() {
            busy();
            let (locks, name) = waiting;
            let when_free = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
                ours();
                for_ever()
            });
            request(&locks, &[name, when_free]);
            return JsValue::UNDEFINED;
        }
        ours();
        for_ever()
    });
    let options = Object::new();
    // Setting a field of an object made one line earlier cannot fail.
    drop(Reflect::set(
        &options,
        &"ifAvailable".into(),
        &JsValue::TRUE,
    ));
    request(&locks, &[name, options.into(), if_free]);
}

/// A promise that never settles keeps the lock until the Worker is gone.
fn for_ever() -> JsValue {
    Promise::new(&mut |_, _| {}).into()
}

fn lock_manager() -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

fn request(locks: &JsValue, arguments: &[JsValue]) {
    let arguments: js_sys::Array = arguments.iter().collect();
    if let Ok(function) = Reflect::get(locks, &"request".into())
        && let Some(function) = function.dyn_ref::<Function>()
    {
        // A refused lock leaves the tab on the page that says so.
        drop(function.apply(locks, &arguments));
    }
}
