//! A line across the page that somebody should read.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What kind of line it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BannerTone {
    /// Good to know.
    #[default]
    Plain,
    /// Look here.
    Notice,
    /// Danger to a person; used for nothing else.
    Danger,
}

impl BannerTone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "banner",
            Self::Notice => "banner banner-notice",
            Self::Danger => "banner banner-danger",
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Self::Plain => Glyph::Help,
            Self::Notice => Glyph::Notice,
            Self::Danger => Glyph::Hold,
        }
    }
}

/// A line across the page.
#[component]
pub fn Banner(
    /// What kind.
    #[prop(optional)]
    tone: BannerTone,
    /// Words and links.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class()>
            <Icon glyph=tone.glyph() />
            <div class="banner-words">{children()}</div>
        </div>
    }
}
