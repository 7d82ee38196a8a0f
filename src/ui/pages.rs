//! One module a page. A page draws a view and sends commands; what it may show was decided before.

/// What is wanted now and then.
pub mod aside;
/// The co-ordinator's desk: work list, referrals, families, sessions, people, centre.
pub mod desk;
/// Where nobody has keys yet: the doors and what is behind them.
pub mod doors;
/// The session day: today, one visit, its note.
pub mod hall;

mod more;
mod outside;
mod sheet_fields;
mod sync;
mod threshold;
mod unlock;

pub use more::MorePage;
pub(super) use outside::Outside;
pub use sync::SyncPage;
pub use threshold::{
    AlreadyInsidePage, NoStoragePage, OpeningPage, OtherTabPage, OutOfTouchPage, ShutOutPage,
    StoppedPage, UnknownPage,
};
pub use unlock::UnlockPage;
