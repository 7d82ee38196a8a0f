//! What the app's code meets in a browser.

use wasm_bindgen_test::wasm_bindgen_test;

/// Without its switch for the browser the crate does not compile, or answers an error here.
#[wasm_bindgen_test]
#[allow(
    clippy::disallowed_methods,
    reason = "the browser's own source is what is tested"
)]
fn random_bytes_come_from_the_browser() {
    let draw = || {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map(|()| bytes)
    };
    assert_ne!(draw().unwrap(), draw().unwrap());
}

/// Passkeys, locks and the database are offered in secure contexts only; localhost counts as one.
#[wasm_bindgen_test]
fn the_page_runs_in_a_secure_context() {
    let secure = js_sys::Reflect::get(&js_sys::global(), &"isSecureContext".into()).unwrap();
    assert_eq!(secure.as_bool(), Some(true));
}
