//! Virtual time: what is due, in the order of time and, within a millisecond, of asking. Nobody sleeps.

use std::collections::BTreeMap;

/// The clock and what is due.
pub(crate) struct Agenda<T> {
    now: u64,
    asked: u64,
    due: BTreeMap<(u64, u64), T>,
}

impl<T> Agenda<T> {
    /// Nothing is due.
    pub(crate) fn new(now: u64) -> Self {
        Self {
            now,
            asked: 0,
            due: BTreeMap::new(),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// Something becomes due after so many milliseconds.
    pub(crate) fn after(&mut self, wait: u64, what: T) {
        self.asked += 1;
        self.due.insert((self.now + wait, self.asked), what);
    }

    /// Moves the clock to the next thing that is due before `end`, and gives it; else to `end`.
    pub(crate) fn next(&mut self, end: u64) -> Option<T> {
        let first = *self.due.keys().next().unwrap_or(&(u64::MAX, 0));
        if first.0 > end {
            self.now = self.now.max(end);
            return None;
        }
        self.now = self.now.max(first.0);
        self.due.remove(&first)
    }
}

#[test]
fn what_is_due_comes_by_time_and_then_by_the_order_of_asking() {
    let mut agenda = Agenda::new(100);
    agenda.after(20, 'c');
    agenda.after(10, 'a');
    agenda.after(10, 'b');
    agenda.after(90, 'd');
    let early: Vec<char> = std::iter::from_fn(|| agenda.next(150)).collect();
    assert_eq!(early, ['a', 'b', 'c']);
    assert_eq!(agenda.now(), 150);
    assert_eq!(agenda.next(u64::MAX), Some('d'));
    assert_eq!(agenda.now(), 190);
}
