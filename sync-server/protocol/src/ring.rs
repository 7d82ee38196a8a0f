//! Rings of readers: who shares an epoch key.

use core::fmt;

/// A ring of devices that share an epoch key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Ring {
    /// Membership rights.
    Admin = 0,
    /// Co-ordinators.
    Office = 1,
    /// The safeguarding lead and their deputy.
    Safeguarding = 2,
    /// Everyone who is active.
    Team = 3,
    /// Totals only.
    Trustees = 4,
    /// Charges only.
    Treasurer = 5,
}

impl Ring {
    /// Every ring, by number.
    pub const ALL: [Self; 6] = [
        Self::Admin,
        Self::Office,
        Self::Safeguarding,
        Self::Team,
        Self::Trustees,
        Self::Treasurer,
    ];

    /// The ring's number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The ring with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|ring| ring.number() == number)
    }
}

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Admin => "admin",
            Self::Office => "office",
            Self::Safeguarding => "safeguarding",
            Self::Team => "team",
            Self::Trustees => "trustees",
            Self::Treasurer => "treasurer",
        })
    }
}

/// A set of rings in one byte: bit *i* is ring *i*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RingSet(u8);

impl RingSet {
    /// No ring at all.
    pub const EMPTY: Self = Self(0);

    /// The set with these bits, if each of them is a ring.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits < 1 << Ring::ALL.len() {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// The set as bits.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the set holds no ring.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the set holds this ring.
    pub const fn contains(self, ring: Ring) -> bool {
        self.0 & (1 << ring.number()) != 0
    }

    /// Puts a ring into the set.
    pub const fn insert(&mut self, ring: Ring) {
        self.0 |= 1 << ring.number();
    }

    /// The rings of the set, by number.
    pub fn iter(self) -> impl Iterator<Item = Ring> {
        Ring::ALL
            .into_iter()
            .filter(move |ring| self.contains(*ring))
    }
}

impl FromIterator<Ring> for RingSet {
    fn from_iter<I: IntoIterator<Item = Ring>>(rings: I) -> Self {
        let mut set = Self::EMPTY;
        for ring in rings {
            set.insert(ring);
        }
        set
    }
}
