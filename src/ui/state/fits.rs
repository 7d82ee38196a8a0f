//! Whether a view is of the screen that the page looks at: views may arrive after the page has moved on.

use crate::engine::{command::Screen, view::ScreenView};

/// True if the view answers this screen.
pub(super) fn fits(screen: Screen, view: &ScreenView) -> bool {
    match view {
        ScreenView::Loading | ScreenView::NotFound => screen != Screen::Nothing,
        ScreenView::Nothing => screen == Screen::Nothing,
        ScreenView::Today(_) => screen == Screen::Today,
        ScreenView::Visit(visit) => screen == Screen::Visit(visit.row.id),
        ScreenView::Work(_) => screen == Screen::Work,
        ScreenView::Referrals(_) => screen == Screen::Referrals,
        ScreenView::Referral(referral) => screen == Screen::Referral(referral.row.id),
        ScreenView::Families(_) => screen == Screen::Families,
        ScreenView::Family(family) => screen == Screen::Family(family.row.id),
        ScreenView::Sessions(_) => screen == Screen::Sessions,
        ScreenView::Session(session) => screen == Screen::Session(session.row.id),
        ScreenView::People(_) => screen == Screen::People,
        ScreenView::Person(view) => screen == Screen::Person(view.row.member),
        ScreenView::Centre(_) => screen == Screen::Centre,
        ScreenView::Diagnostics(_) => screen == Screen::Diagnostics,
    }
}
