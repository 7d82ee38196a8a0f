//! A list that is never empty, so that nobody asks again whether a family has a child.

use crate::domain::error::{Expected, Found, ParseError};

/// One item, then any number more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NonEmpty<T> {
    first: T,
    rest: Vec<T>,
}

impl<T> NonEmpty<T> {
    /// A list of one.
    pub const fn of(first: T) -> Self {
        Self {
            first,
            rest: Vec::new(),
        }
    }

    /// Accepts any list with something in it.
    pub fn parse(items: Vec<T>) -> Result<Self, ParseError> {
        let mut items = items.into_iter();
        match items.next() {
            Some(first) => Ok(Self {
                first,
                rest: items.collect(),
            }),
            None => Err(ParseError::new(Expected::OneOrMore, Found::Nothing)),
        }
    }

    /// The item that is always there.
    pub const fn first(&self) -> &T {
        &self.first
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// How many there are, from one.
    pub fn count(&self) -> usize {
        1 + self.rest.len()
    }

    /// Gives the items up as a plain list.
    pub fn into_vec(self) -> Vec<T> {
        let mut items = Vec::with_capacity(1 + self.rest.len());
        items.push(self.first);
        items.extend(self.rest);
        items
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_empty_list_is_refused_and_order_is_kept() {
        assert!(NonEmpty::<u8>::parse(Vec::new()).is_err());
        let list = NonEmpty::parse(vec![3, 1, 2]).unwrap();
        assert_eq!(list.count(), 3);
        assert_eq!(list.iter().copied().collect::<Vec<_>>(), [3, 1, 2]);
        assert_eq!(list.into_vec(), [3, 1, 2]);
    }
}
