//! The two sides of a family.
//!
//! What belongs to one side is never shown to the other, so a value per side has its own type and
//! is asked for by side, never by position.

vocabulary! {
    /// Which side of a family.
    Side, "a side of the family" {
        /// The adult the child lives with.
        Resident = "resident",
        /// The adult who comes to see the child.
        Visiting = "visiting",
    }
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Resident => Self::Visiting,
            Self::Visiting => Self::Resident,
        }
    }
}

/// One value for each side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PerSide<T> {
    /// The value of the side the child lives with.
    pub resident: T,
    /// The value of the side that visits.
    pub visiting: T,
}

impl<T> PerSide<T> {
    /// The value of one side.
    pub const fn of(&self, side: Side) -> &T {
        match side {
            Side::Resident => &self.resident,
            Side::Visiting => &self.visiting,
        }
    }
}
