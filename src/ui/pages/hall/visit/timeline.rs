//! Everything recorded of one visit in one stream: events at the door and entries of the note, by time.

use leptos::prelude::*;

use crate::{
    domain::gather::put_in_order,
    engine::{
        view::{EntryView, VisitView},
        wire::Id,
    },
    ui::{
        components::Show,
        i18n::clock,
        memo::Memo,
        pages::hall::wording::{
            hours::{clock_beside, minutes_between},
            steps::told,
        },
    },
};

/// One line of the stream.
#[derive(Clone, PartialEq)]
struct Line {
    id: Id,
    at: i64,
    tag: Tag,
    words: String,
    by: String,
    /// When it was typed, in words, where that was not at once.
    typed: Option<String>,
    /// Typed more than a day later (REC-6).
    late: bool,
}

/// What a line is; the styles know the word as `data-tag`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Event,
    TakenBack,
    Observed,
    Said,
    Action,
}

/// The stream, oldest first.
#[component]
pub(super) fn Timeline(
    /// The visit.
    visit: Memo<VisitView>,
) -> impl IntoView {
    let lines = Memo::new(move |_| visit.with(lines));
    view! {
        <section class="timeline" aria-labelledby="timeline-title">
            <h2 id="timeline-title">"What happened"</h2>
            <Show
                when=move || !lines.read().is_empty()
                fallback=|| view! { <p class="timeline-empty">"Nothing is recorded yet."</p> }
            >
                <ol class="timeline-lines">
                    <For each=move || lines.get() key=|line| (line.id, line.tag.word(), line.at) let(line)>
                        <TimelineLine line=line />
                    </For>
                </ol>
            </Show>
        </section>
    }
}

#[component]
fn TimelineLine(line: Line) -> impl IntoView {
    let Line {
        at,
        tag,
        words,
        by,
        typed,
        late,
        ..
    } = line;
    view! {
        <li class="timeline-line" data-tag=tag.word()>
            <time class="timeline-time">{clock(at)}</time>
            <div class="timeline-what">
                {tag.label().map(|label| view! { <p class="timeline-tag">{label}</p> })}
                {match tag {
                    Tag::Said => view! { <blockquote class="timeline-words">{words}</blockquote> }.into_any(),
                    Tag::TakenBack => view! { <p class="timeline-words"><del>{words}</del></p> }.into_any(),
                    Tag::Event | Tag::Observed | Tag::Action => {
                        view! { <p class="timeline-words">{words}</p> }.into_any()
                    }
                }}
                <p class="timeline-by">
                    {by}
                    {typed.map(|typed| view! { <span>{typed}</span> })}
                    {late.then(|| view! { <span class="timeline-late">"Written more than a day later"</span> })}
                </p>
            </div>
        </li>
    }
}

impl Tag {
    const fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::TakenBack => "taken-back",
            Self::Observed => "observed",
            Self::Said => "said",
            Self::Action => "action",
        }
    }

    const fn label(self) -> Option<&'static str> {
        match self {
            Self::Event => None,
            Self::TakenBack => Some("Taken back"),
            Self::Observed => Some("Observed"),
            Self::Said => Some("Said"),
            Self::Action => Some("Action"),
        }
    }
}

fn lines(visit: &VisitView) -> Vec<Line> {
    let told = told(&visit.row, &visit.history);
    let events = visit.history.iter().zip(told).map(|(line, words)| Line {
        id: line.event,
        at: line.occurred_at,
        tag: if line.undone {
            Tag::TakenBack
        } else {
            Tag::Event
        },
        words,
        by: line.by.clone(),
        typed: typed_later(line.occurred_at, line.recorded_at),
        late: false,
    });
    let note = visit.note.as_ref();
    let author = note.map(|note| note.author.clone()).unwrap_or_default();
    let entries = note.map(|note| note.entries.as_slice()).unwrap_or_default();
    let mut all: Vec<Line> = events
        .chain(entries.iter().map(|entry| of_entry(entry, &author)))
        .collect();
    put_in_order(&mut all, |a, b| a.at.cmp(&b.at));
    all
}

fn of_entry(entry: &EntryView, author: &str) -> Line {
    use crate::domain::note::EntryKind;
    let tag = match entry.kind.0 {
        EntryKind::Observed => Tag::Observed,
        EntryKind::Said => Tag::Said,
        EntryKind::Action => Tag::Action,
    };
    let by = if tag == Tag::Said && !entry.speaker.is_empty() {
        format!("{}'s words, written by {author}", entry.speaker)
    } else {
        author.to_owned()
    };
    Line {
        id: entry.id,
        at: entry.occurred_at,
        tag,
        words: entry.text.clone(),
        by,
        typed: typed_later(entry.occurred_at, entry.written_at),
        late: entry.late,
    }
}

/// "typed at 10:12" where that is another minute than the one it happened in.
fn typed_later(at: i64, typed: i64) -> Option<String> {
    (minutes_between(at, typed) >= 1).then(|| format!("typed at {}", clock_beside(typed, at)))
}
