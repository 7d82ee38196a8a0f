//! Lists and sets as maps, so that two people's additions both stay.

use std::collections::{BTreeMap, BTreeSet};

use super::field;
use crate::{documents::error::Unreadable, domain::error::ParseError};

/// A list: each item under its place, two digits at least, so that the map's order is the list's.
pub(super) type Numbered<T> = BTreeMap<String, T>;

/// A set: each member under its word or id, true while it belongs.
///
/// A member that leaves stays as false, so that leaving and joining at the same time is one value
/// to decide about and not a deletion.
pub(super) type Marks = BTreeMap<String, bool>;

/// Numbers a list.
pub(super) fn number<T>(items: impl IntoIterator<Item = T>) -> Numbered<T> {
    items
        .into_iter()
        .enumerate()
        .map(|(place, item)| (key(place), item))
        .collect()
}

/// The key of a place in a list.
pub(super) fn key(place: usize) -> String {
    format!("{place:03}")
}

/// Parses a numbered list of texts.
pub(super) fn texts<T>(
    name: &'static str,
    lines: Numbered<String>,
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Result<Vec<T>, Unreadable> {
    lines
        .into_values()
        .map(|line| field(name, parse(&line)))
        .collect()
}

/// Parses a numbered list of records.
pub(super) fn items<R, T>(
    records: Numbered<R>,
    parse: impl Fn(R) -> Result<T, Unreadable>,
) -> Result<Vec<T>, Unreadable> {
    records.into_values().map(parse).collect()
}

/// Marks every member of a set.
pub(super) fn mark(members: impl IntoIterator<Item = String>) -> Marks {
    members.into_iter().map(|member| (member, true)).collect()
}

/// Parses the members that belong.
pub(super) fn members<T: Ord>(
    name: &'static str,
    marks: Marks,
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Result<BTreeSet<T>, Unreadable> {
    marks
        .into_iter()
        .filter(|(_, belongs)| *belongs)
        .map(|(member, _)| field(name, parse(&member)))
        .collect()
}
