//! The co-ordinator's desk: work list, referrals, families, sessions, people, centre.
//!
//! Lists are tables where there is room and cards where there is not; files are facts first, then what may be
//! done next. A page reads its view and sends commands; which kinds, people or rooms may be chosen comes with the
//! view.

use leptos::prelude::*;

use self::{
    centre::CentrePage, families::FamiliesPage, family::FamilyPage, invite::InvitePage,
    new_referral::NewReferralPage, new_session::NewSessionPage, people::PeoplePage,
    person::PersonPage, referral::ReferralPage, referrals::ReferralsPage, session::SessionPage,
    sessions::SessionsPage, sheets::SheetsPage, work::WorkPage,
};
use crate::engine::wire::Id;

mod arrangement;
mod asking;
mod centre;
mod facts;
mod families;
mod family;
mod invite;
mod invite_link;
mod new_referral;
mod new_session;
mod people;
mod person;
mod referral;
mod referrals;
mod repeated;
mod role_field;
mod session;
mod sessions;
mod sheets;
mod table;
mod wording;
mod work;

/// A page of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskPage {
    /// What waits for a decision.
    Work,
    /// Referrals.
    Referrals,
    /// The referral form.
    NewReferral,
    /// One referral.
    Referral(Id),
    /// Families.
    Families,
    /// One family.
    Family(Id),
    /// Sessions.
    Sessions,
    /// The session form.
    NewSession,
    /// One session.
    Session(Id),
    /// People and tablets.
    People,
    /// One person and their tablets.
    Person(Id),
    /// The invite form.
    Invite,
    /// The trustees' sheets.
    Sheets,
    /// The centre.
    Centre,
}

/// Draws one of them.
pub fn draw(page: DeskPage) -> AnyView {
    match page {
        DeskPage::Work => view! { <WorkPage /> }.into_any(),
        DeskPage::Referrals => view! { <ReferralsPage /> }.into_any(),
        DeskPage::NewReferral => view! { <NewReferralPage /> }.into_any(),
        DeskPage::Referral(id) => view! { <ReferralPage id=id /> }.into_any(),
        DeskPage::Families => view! { <FamiliesPage /> }.into_any(),
        DeskPage::Family(id) => view! { <FamilyPage id=id /> }.into_any(),
        DeskPage::Sessions => view! { <SessionsPage /> }.into_any(),
        DeskPage::NewSession => view! { <NewSessionPage /> }.into_any(),
        DeskPage::Session(id) => view! { <SessionPage id=id /> }.into_any(),
        DeskPage::People => view! { <PeoplePage /> }.into_any(),
        DeskPage::Person(id) => view! { <PersonPage id=id /> }.into_any(),
        DeskPage::Invite => view! { <InvitePage /> }.into_any(),
        DeskPage::Sheets => view! { <SheetsPage /> }.into_any(),
        DeskPage::Centre => view! { <CentrePage /> }.into_any(),
    }
}
