//! The host's test program: one, because every extra one links again.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has found something"
)]

mod architecture;
mod at_rest;
mod busy_relay;
mod centre;
mod claimed_name;
mod compaction;
mod convergence;
mod damaged_rows;
mod full_tablet;
mod fuzz;
mod joining;
mod lease;
mod lost_tablet;
mod main_job;
mod model;
mod need_to_know;
mod passkey;
mod recovery;
mod relay_process;
mod restored_relay;
mod roles;
mod shared_tablet;
mod simulator;
mod slow_tablet;
mod storage;
mod support;
mod tablet;
mod two_tablets;
mod unheard_record;
