//! A list whose rows stay in place while their facts change.

use std::sync::Arc;

use leptos::prelude::*;

use crate::ui::{memo::Memo, signal::Signal};

use crate::{domain::gather::Gather, engine::wire::Id};

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
    /// How many rows to draw at most; all without it.
    #[prop(optional)]
    most: Option<RwSignal<usize>>,
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
    let names = Signal::derive(move || each.with(|all| all.iter().map(key).gather::<Vec<_>>()));
    keyed(names, most, Arc::new(draw))
}

/// The part that is the same for every list, so that it is compiled once.
fn keyed(
    names: Signal<Vec<Id>>,
    most: Option<RwSignal<usize>>,
    draw: Arc<dyn Fn(Id) -> AnyView + Send + Sync>,
) -> AnyView {
    let drawn = move || {
        let mut names = names.get();
        if let Some(most) = most {
            names.truncate(most.get());
        }
        names
    };
    view! { <For each=drawn key=|name| *name children=move |name| draw(name) /> }.into_any()
}

/// Those rows that are wanted, in the same order.
pub fn only<T: Clone>(rows: &[T], wanted: &dyn Fn(&T) -> bool) -> Vec<T> {
    rows.iter().filter(|row| wanted(row)).cloned().gather()
}
