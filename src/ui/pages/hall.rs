//! The hall's pages: today, one visit, the way to a note.
//!
//! Written for a shared tablet held in one hand: one tap records, undo instead of questions, the same words and the
//! same layout for both adults.

pub use self::{new_note::NewNotePage, today::TodayPage, visit::VisitPage};

mod attendance;
mod facts;
mod new_note;
mod recorder;
mod today;
mod visit;
pub mod wording;
