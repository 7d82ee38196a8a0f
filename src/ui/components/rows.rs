//! A list whose rows stay in place while their facts change.

use core::hash::Hash;

use leptos::prelude::*;

/// Draws one row a key; a row is drawn once and follows its facts through a memo.
///
/// So focus, an open menu or half-typed text inside a row survive a change of the list.
#[component]
pub fn Rows<T, K, V>(
    /// The facts, in order.
    #[prop(into)]
    each: Signal<Vec<T>>,
    /// What makes two rows the same row.
    key: fn(&T) -> K,
    /// Draws a row.
    row: fn(Memo<T>) -> V,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Clone + Copy + Eq + Hash + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let keyed = move || each.get();
    view! {
        <For
            each=keyed
            key=move |item| key(item)
            children=move |item| {
                let name = key(&item);
                // A row about to leave keeps its last facts.
                let facts = Memo::new(move |before: Option<&T>| {
                    each.with(|all| all.iter().find(|found| key(found) == name).cloned())
                        .or_else(|| before.cloned())
                        .unwrap_or_else(|| item.clone())
                });
                row(facts)
            }
        />
    }
}
