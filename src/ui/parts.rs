//! Parts of the page that are fetched when they are wanted, and what stands in their place until then.
//!
//! Knows that a part is a function that draws. Must not know how it is fetched: `src/main.rs` says so.

use core::{fmt, future::Future, pin::Pin, time::Duration};
use std::sync::{Arc, OnceLock};

use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use crate::ui::{
    a11y,
    components::{Button, ButtonTone, EmptyState, Glyph, PageHead},
    pages::{Outside, aside::AsidePage, desk::DeskPage},
};

/// How long after somebody came in a part is fetched that they may want next.
const AHEAD: Duration = Duration::from_secs(1);

/// What a part is once it is here: a function that draws its pages.
pub type Draw<P> = fn(P) -> AnyView;

/// On its way; nothing if it could not be had.
pub type Coming<P> = Pin<Box<dyn Future<Output = Option<Draw<P>>>>>;

/// How each part is fetched.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// The co-ordinator's desk.
    pub desk: fn() -> Coming<DeskPage>,
    /// What is wanted now and then.
    pub aside: fn() -> Coming<AsidePage>,
}

/// The parts of this page; read them with [`use_parts`].
#[derive(Clone, Debug)]
pub struct Parts {
    /// The co-ordinator's desk.
    pub desk: Part<DeskPage>,
    /// What is wanted now and then.
    pub aside: Part<AsidePage>,
}

/// The parts of this page.
///
/// # Panics
/// Outside the tree of [`App`](super::app::App), which is where every component is.
pub fn use_parts() -> Parts {
    expect_context()
}

impl Parts {
    /// Parts of which none is here yet.
    pub fn new(ways: Ways) -> Self {
        Self {
            desk: Part::new(ways.desk),
            aside: Part::new(ways.aside),
        }
    }
}

/// A part of the page.
pub struct Part<P: 'static> {
    fetch: fn() -> Coming<P>,
    here: Arc<OnceLock<Draw<P>>>,
    standing: RwSignal<Standing>,
}

/// Where a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Away,
    OnItsWay,
    Missing,
    Here,
}

/// What is around a part's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surround {
    /// The bars of somebody who is inside.
    Frame,
    /// Nothing: the part draws whole pages.
    Outside,
}

impl<P: Copy + Send + Sync + 'static> Part<P> {
    fn new(fetch: fn() -> Coming<P>) -> Self {
        Self {
            fetch,
            here: Arc::default(),
            standing: RwSignal::new(Standing::Away),
        }
    }

    /// Draws a page of this part, at once if the part is here, else when it has come.
    pub fn draw(&self, page: P, surround: Surround) -> AnyView {
        if let Some(draw) = self.here.get() {
            return draw(page);
        }
        self.fetch();
        let (part, again) = (self.clone(), self.clone());
        let drawn = Box::new(move || part.here.get().map(|draw| draw(page)));
        let again = Callback::new(move |()| again.fetch());
        until_here(self.standing, surround, again, drawn)
    }

    /// Fetches the part in a quiet moment, so that its first page need not wait. If it cannot be had, that is said
    /// when a page of it is wanted.
    pub fn fetch_ahead(&self) {
        let part = self.clone();
        set_timeout(move || part.fetch(), AHEAD);
    }

    fn fetch(&self) {
        if matches!(
            self.standing.get_untracked(),
            Standing::OnItsWay | Standing::Here
        ) {
            return;
        }
        self.standing.set(Standing::OnItsWay);
        let part = self.clone();
        spawn_local(async move {
            let came = (part.fetch)().await;
            let standing = match came {
                Some(draw) => {
                    // Whoever was first has put the same function there.
                    let _same = part.here.set(draw);
                    Standing::Here
                }
                None => Standing::Missing,
            };
            part.standing.set(standing);
        });
    }
}

type Drawn = Box<dyn Fn() -> Option<AnyView> + Send + Sync>;

/// Words until the part is here, then the page. Compiled once for all parts.
fn until_here(
    standing: RwSignal<Standing>,
    surround: Surround,
    again: Callback<()>,
    drawn: Drawn,
) -> AnyView {
    let draw = move || {
        let now = standing.get();
        // What stands here goes; whoever stands in it must not be lost.
        a11y::keep_focus_from(".stand-in");
        drawn().unwrap_or_else(|| match now {
            Standing::Missing => missing(surround, again),
            Standing::Away | Standing::OnItsWay | Standing::Here => waiting(surround),
        })
    };
    draw.into_any()
}

fn waiting(surround: Surround) -> AnyView {
    let words = view! {
        <p class="loading" role="status">
            "Fetching this page…"
        </p>
    };
    stand_in(surround, "coming", "Opening…", words.into_any())
}

fn missing(surround: Surround, again: Callback<()>) -> AnyView {
    let words = view! {
        <EmptyState glyph=Glyph::Notice title="It is fetched once, then it opens without signal">
            <p>
                "What you wrote is kept. Check that this device is connected, then try again. If it still does not come, reload the page."
            </p>
            <Button tone=ButtonTone::Primary on_press=again>
                "Try again"
            </Button>
        </EmptyState>
    };
    let title = "This page could not be fetched";
    stand_in(surround, "missing", title, words.into_any())
}

fn stand_in(
    surround: Surround,
    state: &'static str,
    title: &'static str,
    words: AnyView,
) -> AnyView {
    let page = match surround {
        Surround::Frame => view! {
            <PageHead title=title />
            {words}
        }
        .into_any(),
        Surround::Outside => view! { <Outside title=title>{words}</Outside> }.into_any(),
    };
    view! {
        <div class="stand-in stack" data-state=state>
            {page}
        </div>
    }
    .into_any()
}

impl<P> Clone for Part<P> {
    fn clone(&self) -> Self {
        Self {
            fetch: self.fetch,
            here: Arc::clone(&self.here),
            standing: self.standing,
        }
    }
}

impl<P> fmt::Debug for Part<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}
