//! Collecting into ordered containers, and putting short lists in order, in little code.
//!
//! The standard `collect` into a map or set sorts first, and every sort of another type is some five kilobytes of
//! WebAssembly. Lists here have tens of items, at most some hundreds; inserting one by one is as fast and far smaller.

use std::cmp::Ordering;

/// An iterator whose items can be added one by one.
pub trait Gather: Iterator + Sized {
    /// Adds every item to an empty container.
    ///
    /// ```
    /// # use std::collections::BTreeSet;
    /// # use neutral_ground::domain::gather::Gather;
    /// let set: BTreeSet<u8> = [2, 1, 2].into_iter().gather();
    /// assert!(set.into_iter().eq([1, 2]));
    /// ```
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}

/// Puts a short list in order; equal items stay in the order they were in.
///
/// ```
/// # use neutral_ground::domain::gather::put_in_order;
/// let mut ages = vec![("Mia", 7), ("Theo", 4), ("Isla", 7)];
/// put_in_order(&mut ages, |a, b| a.1.cmp(&b.1));
/// assert_eq!(ages, [("Theo", 4), ("Mia", 7), ("Isla", 7)]);
/// ```
pub fn put_in_order<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let (before, rest) = items.split_at(end);
        let Some(item) = rest.first() else {
            return;
        };
        let place = before.partition_point(|other| compare(other, item) != Ordering::Greater);
        if let Some(part) = items.get_mut(place..=end) {
            part.rotate_right(1);
        }
    }
}
