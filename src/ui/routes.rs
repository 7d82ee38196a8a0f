//! The addresses of the pages: one closed list, read from a path and written back as one.
//!
//! Knows paths and which screen of the engine belongs to each. Must not know how a page looks.

use core::fmt;

use leptos::prelude::*;

use crate::ui::memo::Memo;
use crate::{engine::wire::Id, ui::address::use_address};

/// A page with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The work list for a co-ordinator, today for everybody else.
    Home,
    /// Start a centre.
    Start,
    /// Join a centre with an invite.
    Join,
    /// Come into a centre with two of its sheets.
    Rebuild,
    /// The invented families.
    LookAround,
    /// Today's session.
    Today,
    /// One visit.
    Visit(Id),
    /// Straight to the note that this person is writing today.
    NewNote,
    /// The co-ordinator's work list.
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
    /// What is sent and what is not.
    Sync,
    /// Everything else.
    More,
    /// The ways in which whoever is here unlocks.
    Unlocking,
    /// The PIN of whoever is here.
    Pin,
    /// Help.
    Help,
    /// What a person reads out when asking for help.
    Diagnostics,
    /// No page has this address.
    Unknown,
}

impl Route {
    /// Reads the path of an address.
    pub fn parse(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let (first, second, third) = (parts.next(), parts.next(), parts.next());
        if third.is_some() {
            return Self::Unknown;
        }
        match (first.unwrap_or_default(), second) {
            ("visits", Some(id)) => with_id(id, Self::Visit),
            ("referrals", Some("new")) => Self::NewReferral,
            ("referrals", Some(id)) => with_id(id, Self::Referral),
            ("families", Some(id)) => with_id(id, Self::Family),
            ("sessions", Some("new")) => Self::NewSession,
            ("sessions", Some(id)) => with_id(id, Self::Session),
            ("people", Some("invite")) => Self::Invite,
            ("people", Some("sheets")) => Self::Sheets,
            ("people", Some(id)) => with_id(id, Self::Person),
            (first, None) => Self::parse_first(first),
            (_, Some(_)) => Self::Unknown,
        }
    }

    fn parse_first(part: &str) -> Self {
        match part {
            "" => Self::Home,
            "start" => Self::Start,
            "join" => Self::Join,
            "rebuild" => Self::Rebuild,
            "look-around" => Self::LookAround,
            "today" => Self::Today,
            "new-note" => Self::NewNote,
            "work" => Self::Work,
            "referrals" => Self::Referrals,
            "families" => Self::Families,
            "sessions" => Self::Sessions,
            "people" => Self::People,
            "centre" => Self::Centre,
            "sync" => Self::Sync,
            "more" => Self::More,
            "unlocking" => Self::Unlocking,
            "pin" => Self::Pin,
            "help" => Self::Help,
            "diagnostics" => Self::Diagnostics,
            _ => Self::Unknown,
        }
    }

    /// The entry of the frame's navigation under which this page stands.
    #[must_use]
    pub fn section(self) -> Self {
        match self {
            Self::Visit(_) | Self::NewNote => Self::Today,
            Self::Referral(_) | Self::NewReferral => Self::Referrals,
            Self::Family(_) => Self::Families,
            Self::Session(_) | Self::NewSession => Self::Sessions,
            Self::Person(_) | Self::Invite | Self::Sheets => Self::People,
            Self::Sync | Self::Unlocking | Self::Pin | Self::Help | Self::Diagnostics => Self::More,
            Self::Home
            | Self::Start
            | Self::Join
            | Self::Rebuild
            | Self::LookAround
            | Self::Today
            | Self::Work
            | Self::Referrals
            | Self::Families
            | Self::Sessions
            | Self::People
            | Self::Centre
            | Self::More
            | Self::Unknown => self,
        }
    }

    /// True for the doors, which nobody who is inside has a use for.
    #[must_use]
    pub fn is_door(self) -> bool {
        matches!(
            self,
            Self::Start | Self::Join | Self::Rebuild | Self::LookAround
        )
    }

    /// The path as text, for `href`.
    pub fn path(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visit(id) => write!(f, "/visits/{id}"),
            Self::Referral(id) => write!(f, "/referrals/{id}"),
            Self::Family(id) => write!(f, "/families/{id}"),
            Self::Session(id) => write!(f, "/sessions/{id}"),
            Self::Person(id) => write!(f, "/people/{id}"),
            Self::Home | Self::Unknown => f.write_str("/"),
            Self::Start => f.write_str("/start"),
            Self::Join => f.write_str("/join"),
            Self::Rebuild => f.write_str("/rebuild"),
            Self::LookAround => f.write_str("/look-around"),
            Self::Today => f.write_str("/today"),
            Self::NewNote => f.write_str("/new-note"),
            Self::Work => f.write_str("/work"),
            Self::Referrals => f.write_str("/referrals"),
            Self::NewReferral => f.write_str("/referrals/new"),
            Self::Families => f.write_str("/families"),
            Self::Sessions => f.write_str("/sessions"),
            Self::NewSession => f.write_str("/sessions/new"),
            Self::People => f.write_str("/people"),
            Self::Invite => f.write_str("/people/invite"),
            Self::Sheets => f.write_str("/people/sheets"),
            Self::Centre => f.write_str("/centre"),
            Self::Sync => f.write_str("/sync"),
            Self::More => f.write_str("/more"),
            Self::Unlocking => f.write_str("/unlocking"),
            Self::Pin => f.write_str("/pin"),
            Self::Help => f.write_str("/help"),
            Self::Diagnostics => f.write_str("/diagnostics"),
        }
    }
}

/// The page that the address names now.
pub fn use_route() -> Memo<Route> {
    let path = use_address().path();
    Memo::new(move |_| path.with(|path| Route::parse(path)))
}

/// A function that goes to a page; take it inside a component, call it anywhere.
pub fn use_go() -> impl Fn(Route) + Clone {
    let address = use_address();
    move |route: Route| address.go(&route.path())
}

fn with_id(text: &str, route: fn(Id) -> Route) -> Route {
    text.parse().map_or(Route::Unknown, route)
}
