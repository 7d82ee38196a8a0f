//! Spreads and rates, as they are printed, beside what they aim at.

use std::time::Duration;

/// So many a second.
#[allow(clippy::cast_precision_loss, reason = "printed with a few digits")]
pub(crate) fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Median, 99th percentile and the longest, in milliseconds.
pub(crate) fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |percent: usize| {
        let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(index).map_or(0.0, Duration::as_secs_f64) * 1000.0
    };
    let count = times.len();
    let (median, most, all) = (at(50), at(99), at(100));
    format!("p50 {median:.1} ms  p99 {most:.1} ms  max {all:.1} ms  ({count} requests)")
}

/// One line: what, how much, and the aim.
pub(crate) fn line(what: &str, found: &str, aim: &str) {
    let aim = if aim.is_empty() {
        String::new()
    } else {
        format!("   aim: {aim}")
    };
    println!("  {what:<44} {found}{aim}");
}
