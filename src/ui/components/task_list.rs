//! A list of things to do, each with its state in plain words.

use leptos::prelude::*;

use crate::ui::signal::Signal;

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The words of the link.
    pub title: String,
    /// A line below it; may be empty.
    pub hint: String,
    /// "To do", "3 waiting", "Done".
    pub state: String,
    /// True once nothing is left to do.
    pub done: bool,
    /// Where it is done.
    pub href: String,
}

/// A list of tasks.
#[component]
pub fn TaskList(
    /// The tasks, in order.
    #[prop(into)]
    tasks: Signal<Vec<Task>>,
) -> impl IntoView {
    view! { <ul class="task-list">{move || tasks.get().into_iter().map(task).collect_view()}</ul> }
}

fn task(task: Task) -> impl IntoView {
    view! {
        <li class="task" data-done=task.done.to_string()>
            <a class="task-link" href=task.href>
                <span class="task-title">{task.title}</span>
                <span class="task-hint">{task.hint}</span>
            </a>
            <span class="task-state">{task.state}</span>
        </li>
    }
}
