//! One stroke style, one sprite, always beside words.

use leptos::prelude::*;

/// A picture of the sprite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A sun over a door: today.
    Today,
    /// A list with ticks: work.
    Work,
    /// Two people.
    Families,
    /// A sheet with a pen.
    Notes,
    /// Three dots.
    More,
    /// A letter coming in.
    Referral,
    /// A calendar leaf.
    Sessions,
    /// A person with a tablet.
    People,
    /// A hall with a gable.
    Centre,
    /// An arrow up to a line: sending.
    Send,
    /// A tick.
    Tick,
    /// An eye with a stroke: hide.
    Hide,
    /// An eye: show.
    Show,
    /// A padlock.
    Lock,
    /// A key.
    Key,
    /// A door.
    Door,
    /// A hand held up.
    Hold,
    /// A plus.
    Add,
    /// A curved arrow back.
    Undo,
    /// An arrow to the right.
    Next,
    /// An arrow to the left.
    Back,
    /// A cross.
    Close,
    /// A question mark.
    Help,
    /// A triangle with a stroke: look here.
    Notice,
    /// A clock.
    Clock,
    /// A pencil.
    Edit,
    /// Two sheets: copy.
    Copy,
    /// A printer.
    Print,
    /// A nut or another need.
    Need,
    /// A speech mark: said.
    Said,
    /// An open eye over a line: observed.
    Observed,
    /// A hand doing something: action.
    Action,
}

impl Glyph {
    fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Work => "work",
            Self::Families => "families",
            Self::Notes => "notes",
            Self::More => "more",
            Self::Referral => "referral",
            Self::Sessions => "sessions",
            Self::People => "people",
            Self::Centre => "centre",
            Self::Send => "send",
            Self::Tick => "tick",
            Self::Hide => "hide",
            Self::Show => "show",
            Self::Lock => "lock",
            Self::Key => "key",
            Self::Door => "door",
            Self::Hold => "hold",
            Self::Add => "add",
            Self::Undo => "undo",
            Self::Next => "next",
            Self::Back => "back",
            Self::Close => "close",
            Self::Help => "help",
            Self::Notice => "notice",
            Self::Clock => "clock",
            Self::Edit => "edit",
            Self::Copy => "copy",
            Self::Print => "print",
            Self::Need => "need",
            Self::Said => "said",
            Self::Observed => "observed",
            Self::Action => "action",
        }
    }
}

/// A picture that repeats what the words beside it say, so it is silent to those who listen.
#[component]
pub fn Icon(
    /// Which picture.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=format!("/icons/sprite.svg#{}", glyph.name())></use>
        </svg>
    }
}
