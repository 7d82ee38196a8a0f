//! A table where there is room, cards where there is not; the same markup for both.
//!
//! A narrow screen lays the cells out as blocks, and a browser may then forget that they are cells: the roles say
//! it again. Each cell carries its column's name, which the card shows before the words.

use leptos::prelude::*;

use crate::ui::{memo::Memo, signal::Signal};
use crate::{
    engine::wire::Id,
    ui::components::{Button, Rows, Show},
};

/// A centre that has been open for years has thousands of rows, and a browser draws about three in a millisecond: so
/// many are drawn at first, and as many more at each press.
const ROWS_AT_ONCE: usize = 100;

/// A table of rows that stay in place while their facts change.
#[component]
pub(super) fn DeskTable<T>(
    /// What the table lists, for those who cannot see the heading above it.
    caption: &'static str,
    /// The columns' names, in order.
    columns: &'static [&'static str],
    /// The facts, in order.
    #[prop(into)]
    each: Signal<Vec<T>>,
    /// What makes two rows the same row.
    key: fn(&T) -> Id,
    /// Draws a row: `DeskRow` with its cells.
    row: fn(Memo<T>) -> AnyView,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let most = RwSignal::new(ROWS_AT_ONCE);
    let more = Signal::derive(move || each.with(Vec::len) > most.get());
    let rows = view! { <Rows each=each key=key row=row most=most /> }.into_any();
    table(caption, columns, rows, show_more(most, more))
}

/// The part that is the same for every table, so that it is compiled once.
fn table(
    caption: &'static str,
    columns: &[&'static str],
    rows: AnyView,
    after: AnyView,
) -> AnyView {
    let heads = columns.iter().map(|name| {
        view! {
            <th role="columnheader" scope="col">
                {*name}
            </th>
        }
    });
    view! {
        <div class="desk-table-room">
            <table class="table desk-table" role="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads.collect_view()}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        {after}
    }
    .into_any()
}

fn show_more(most: RwSignal<usize>, more: Signal<bool>) -> AnyView {
    let press = move |()| most.update(|most| *most += ROWS_AT_ONCE);
    view! {
        <Show when=move || more.get()>
            <Button on_press=press>"Show more"</Button>
        </Show>
    }
    .into_any()
}

/// One row.
#[component]
pub(super) fn DeskRow(
    /// Its cells, the first made with [`HeadCell`].
    children: Children,
) -> impl IntoView {
    view! { <tr role="row">{children()}</tr> }
}

/// The cell that names the row and leads to it.
#[component]
pub(super) fn HeadCell(
    /// Where the row's thing has its page.
    #[prop(into)]
    href: Signal<String>,
    /// Its name.
    #[prop(into)]
    words: Signal<String>,
    /// A line below the name.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    view! {
        <th class="desk-table-head" role="rowheader" scope="row">
            <a href=move || href.get()>{move || words.get()}</a>
            <span class="desk-table-hint">{move || hint.get()}</span>
        </th>
    }
}

/// Any other cell.
#[component]
pub(super) fn Cell(
    /// The column's name, shown before the words where the table is laid out as cards.
    column: &'static str,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <td role="cell">
            <span class="desk-table-column" aria-hidden="true">
                {column}
            </span>
            <span class="desk-table-words">{children()}</span>
        </td>
    }
}
