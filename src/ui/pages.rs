//! One module a page. A page draws a view and sends commands; what it may show was decided before.

/// The co-ordinator's desk: work list, referrals, families, sessions, people, centre.
pub mod desk;
/// The session day: today, one visit, its note.
pub mod hall;

mod diagnostics;
mod doors;
mod help;
mod join;
mod look_around;
mod lost;
mod more;
mod outside;
mod phrase;
mod pin;
mod start;
mod sync;
mod threshold;
mod unlock;
mod waiting;

pub use diagnostics::DiagnosticsPage;
pub use doors::DoorsPage;
pub use help::HelpPage;
pub use join::JoinPage;
pub use look_around::{LookAroundPage, MakingUpPage};
pub use lost::LostPage;
pub use more::MorePage;
pub use pin::PinPage;
pub use start::StartPage;
pub use sync::SyncPage;
pub use threshold::{
    AlreadyInsidePage, NoStoragePage, OpeningPage, OtherTabPage, ShutOutPage, StoppedPage,
    UnknownPage,
};
pub use unlock::UnlockPage;
pub use waiting::WaitingPage;
