//! The co-ordinator's desk: work list, referrals, families, sessions, people, centre.
//!
//! Lists are tables where there is room and cards where there is not; files are facts first, then what may be
//! done next. A page reads its view and sends commands; which kinds, people or rooms may be chosen comes with the
//! view.

pub use self::{
    centre::CentrePage, families::FamiliesPage, family::FamilyPage, invite::InvitePage,
    new_referral::NewReferralPage, new_session::NewSessionPage, people::PeoplePage,
    person::PersonPage, referral::ReferralPage, referrals::ReferralsPage, session::SessionPage,
    sessions::SessionsPage, work::WorkPage,
};

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
mod table;
mod wording;
mod work;
