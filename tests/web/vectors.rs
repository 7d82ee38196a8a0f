//! The published vectors come out the same in WebAssembly as natively.

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_vectors_of_the_protocol_hold_in_webassembly() {
    sync_protocol::vectors::check_all().unwrap();
}

#[wasm_bindgen_test]
fn the_vectors_of_the_seals_hold_in_webassembly() {
    let checked = neutral_ground::engine::crypto::vectors::check_all();
    assert!(
        checked.as_ref().is_ok_and(|count| *count > 0),
        "{checked:?}"
    );
}
