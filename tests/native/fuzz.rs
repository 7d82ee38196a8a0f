//! Bytes that no honest writer makes, given to everything that reads bytes of others.
//!
//! Real bytes are made wrong by a seed; the same seed makes the same ones, so that a gate's answer is no matter of luck.
//! `cargo xtask fuzz [TARGET] [--seconds N] [--seed S]` goes on for longer, and with other seeds.
//! What was found once stays in `fuzz/found.rs`, byte by byte.

mod answers;
mod calls;
mod changes;
mod found;
pub(crate) mod insider;
mod mutation;
mod payloads;
mod run;
mod wire;

/// Makes a target.
type Make = fn() -> Box<dyn run::Target>;

/// Every target, and how many rounds of it belong to each run of the tests.
const TARGETS: [(&str, u64, Make); 7] = [
    ("frames", 60_000, wire::Frames::make),
    ("envelopes", 20_000, wire::Envelopes::make),
    ("records", 6_000, wire::Records::make),
    ("payloads", 30_000, payloads::Payloads::make),
    ("changes", 2_500, changes::Chunks::make),
    ("calls", 5_000, calls::Calls::make),
    ("answers", 60, answers::Answers::make),
];

#[test]
fn hostile_bytes_of_every_kind_are_survived() {
    run::all();
}
