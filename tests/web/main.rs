//! The browser's test program: one, because every extra one links again.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has found something"
)]

mod hall_wording;
mod page;
mod storage;
mod vectors;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
