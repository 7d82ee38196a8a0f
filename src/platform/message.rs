//! What crosses between the page and the engine's Worker: postcard bytes of these enums.
//!
//! Knows the shape of the conversation. Must not know what either side does with it.

use serde::{Deserialize, Serialize};

use crate::engine::{
    command::{Command, CommandId},
    trial::Lesson,
    view::ViewChange,
};

/// Which store a tab works with. The two never share a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoreName {
    /// The centre's own families.
    Real,
    /// Invented families, to look around.
    MadeUp,
}

impl StoreName {
    /// The name of its database; a stored format.
    pub const fn database(self) -> &'static str {
        match self {
            Self::Real => "neutral-ground",
            Self::MadeUp => "neutral-ground-made-up",
        }
    }
}

/// From the page to the Worker.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time is on the stack; a box would cost an allocation each"
)]
pub enum ToWorker {
    /// The first message: open this store.
    Open {
        /// Which store.
        store: StoreName,
        /// What earlier Workers died of.
        lesson: Lesson,
    },
    /// A person asks for something.
    Command {
        /// Repeated in the reply.
        id: CommandId,
        /// What is asked.
        command: Command,
    },
    /// The browser thinks that there is a network, or that there is none.
    Online(bool),
    /// The page can be seen, or was put away.
    Visible(bool),
}

/// From the Worker to the page.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time is on the stack; a box would cost an allocation each"
)]
pub enum ToPage {
    /// Something to draw, or the answer to a command.
    View(ViewChange),
    /// Rows wait in the outbox: push them, also after this page is gone.
    PushOutbox,
}

/// Commands carry phrases and notes, so nothing inside is printed.
impl core::fmt::Debug for ToWorker {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ToWorker(…)")
    }
}

/// Views carry names and notes, so nothing inside is printed.
impl core::fmt::Debug for ToPage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ToPage(…)")
    }
}
