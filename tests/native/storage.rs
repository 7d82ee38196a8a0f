//! The store in memory keeps the contract that the browser's store keeps.

use neutral_ground::engine::storage::{contract, memory::MemoryStore};

#[test]
fn the_store_in_memory_keeps_the_contract() {
    let mut store = MemoryStore::default();
    for step in contract::steps() {
        store.commit(&step.batch);
        assert_eq!(store.read(&step.read), step.expected, "{}", step.says);
    }
}
