//! The real IndexedDB keeps the contract that the store in memory keeps.

#![allow(
    clippy::disallowed_methods,
    reason = "each run wants a store of its own; its name is no secret"
)]

use neutral_ground::{engine::storage::contract, platform::indexed_db::IndexedDbStore};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn indexed_db_keeps_the_contract() {
    let name = format!("contract-{}", js_sys::Math::random());
    let store = IndexedDbStore::open(&name).await.unwrap();
    for step in contract::steps() {
        store.commit(&step.batch).await.unwrap();
        assert_eq!(
            store.read(&step.read).await.unwrap(),
            step.expected,
            "{}",
            step.says
        );
    }
}

#[wasm_bindgen_test]
async fn what_was_written_is_there_after_opening_again() {
    let name = format!("again-{}", js_sys::Math::random());
    let first = contract::steps().remove(0);
    IndexedDbStore::open(&name)
        .await
        .unwrap()
        .commit(&first.batch)
        .await
        .unwrap();
    let store = IndexedDbStore::open(&name).await.unwrap();
    assert_eq!(store.read(&first.read).await.unwrap(), first.expected);
}
