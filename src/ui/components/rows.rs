//! A list whose rows stay in place while their facts change.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::wire::Id;

/// Draws one row a key; a row is drawn once and follows its facts through a memo.
///
/// So focus, an open menu or half-typed text inside a row survive a change of the list.
#[component]
pub fn Rows<T, V>(
    /// The facts, in order.
    #[prop(into)]
    each: Signal<Vec<T>>,
    /// What makes two rows the same row.
    key: fn(&T) -> Id,
    /// Draws a row.
    row: fn(Memo<T>) -> V,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let find =
        move |name: Id| each.with(|all| all.iter().find(|found| key(found) == name).cloned());
    let draw = move |name: Id| {
        let Some(first) = untrack(|| find(name)) else {
            return ().into_any();
        };
        // A row about to leave keeps its last facts.
        let facts = Memo::new(move |before: Option<&T>| {
            find(name)
                .or_else(|| before.cloned())
                .unwrap_or_else(|| first.clone())
        });
        row(facts).into_any()
    };
    let names = Signal::derive(move || each.with(|all| all.iter().map(key).collect::<Vec<_>>()));
    keyed(names, Arc::new(draw))
}

/// The part that is the same for every list, so that it is compiled once.
fn keyed(names: Signal<Vec<Id>>, draw: Arc<dyn Fn(Id) -> AnyView + Send + Sync>) -> AnyView {
    view! { <For each=move || names.get() key=|name| *name children=move |name| draw(name) /> }
        .into_any()
}

/// Puts a list in the order of a number; equal ones keep their order.
///
/// For lists that fit a screen: one row after another is put in its place, which needs far less code than a sort.
pub fn in_order<T>(rows: &mut Vec<T>, number: fn(&T) -> i64) {
    for row in core::mem::take(rows) {
        let place = rows.partition_point(|before| number(before) <= number(&row));
        rows.insert(place, row);
    }
}
