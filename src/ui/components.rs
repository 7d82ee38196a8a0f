//! Small parts that several pages use, one a file. Each names things; none decides anything.

mod badge;
mod banner;
mod button;
mod clock;
mod copy_line;
mod dialog;
mod empty;
mod hall_picture;
mod icon;
mod page_head;
mod rows;
mod screen;
mod show;
mod status;
mod tag;
mod task_list;

pub use badge::SavedBadge;
pub use banner::{Banner, BannerTone};
pub use button::{Button, ButtonLink, ButtonTone, StepButton};
pub use clock::HallClock;
pub use copy_line::CopyLine;
pub use dialog::Dialog;
pub use empty::EmptyState;
pub use hall_picture::HallPicture;
pub use icon::{Glyph, Icon};
pub use page_head::PageHead;
pub use rows::{Rows, only};
pub use screen::ScreenRegion;
pub use show::Show;
pub use status::StatusLine;
pub use tag::{KindTag, Tag, TagTone};
pub use task_list::{Task, TaskList};
