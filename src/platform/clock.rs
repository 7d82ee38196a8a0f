//! Reads the clock. The only place that does.

/// Milliseconds since 1970 UTC by this device's clock, right or wrong.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the place that reads the clock"
)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole milliseconds fit an i64 for 292 million years"
)]
pub(crate) fn now() -> i64 {
    js_sys::Date::now() as i64
}
