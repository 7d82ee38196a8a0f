//! A family's file and the neutral code that stands for it on day screens (CON-3).

use std::{collections::BTreeSet, fmt};

use crate::domain::{
    error::{Expected, Found, ParseError},
    ids::ReferralId,
    non_empty::NonEmpty,
    person::{Adult, Child, Collector},
    text::ShortLine,
    time::Day,
};

/// Small, friendly, easy to read aloud across a hall, and none that could describe a person.
const ANIMALS: [&str; 60] = [
    "Otter",
    "Wren",
    "Heron",
    "Finch",
    "Badger",
    "Linnet",
    "Robin",
    "Hare",
    "Dunnock",
    "Plover",
    "Curlew",
    "Swift",
    "Martin",
    "Puffin",
    "Avocet",
    "Dipper",
    "Siskin",
    "Kestrel",
    "Osprey",
    "Merlin",
    "Lapwing",
    "Redwing",
    "Starling",
    "Sparrow",
    "Goldcrest",
    "Nuthatch",
    "Treecreeper",
    "Bullfinch",
    "Chaffinch",
    "Skylark",
    "Swallow",
    "Sandpiper",
    "Turnstone",
    "Gannet",
    "Eider",
    "Teal",
    "Pintail",
    "Wigeon",
    "Grebe",
    "Moorhen",
    "Kingfisher",
    "Woodlark",
    "Hedgehog",
    "Squirrel",
    "Dormouse",
    "Vole",
    "Seal",
    "Dolphin",
    "Porpoise",
    "Salmon",
    "Minnow",
    "Newt",
    "Ladybird",
    "Dragonfly",
    "Lobster",
    "Starfish",
    "Limpet",
    "Cockle",
    "Pony",
    "Fallow",
];
const MOST: u16 = 99;

/// An animal and a number, such as "Otter 14".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyCode {
    animal: &'static str,
    number: u16,
}

impl FamilyCode {
    /// Reads an animal of the list and a number from 1 to 99.
    ///
    /// ```
    /// use neutral_ground::domain::family::FamilyCode;
    /// assert_eq!(FamilyCode::parse("otter 14").map(|code| code.to_string()), Ok("Otter 14".into()));
    /// assert!(FamilyCode::parse("Marlowe 14").is_err());
    /// ```
    pub fn parse(typed: &str) -> Result<Self, ParseError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(ParseError::new(Expected::FamilyCode, Found::Nothing));
        }
        let refused = |found| ParseError::new(Expected::FamilyCode, found);
        let (name, number) = typed.rsplit_once(' ').ok_or(refused(Found::OtherShape))?;
        let number: u16 = number.parse().map_err(|_| refused(Found::OtherShape))?;
        let animal = ANIMALS
            .iter()
            .find(|animal| animal.eq_ignore_ascii_case(name.trim()));
        match animal {
            Some(animal) if (1..=MOST).contains(&number) => Ok(Self { animal, number }),
            Some(_) | None => Err(refused(Found::NoSuch)),
        }
    }

    /// A code nobody has yet, chosen by a random seed; none if all are taken.
    pub fn suggest(taken: &BTreeSet<Self>, seed: u64) -> Option<Self> {
        let all = ANIMALS.len() as u64 * u64::from(MOST);
        (0..all).find_map(|step| {
            let place = (seed % all + step) % all;
            let animal = usize::try_from(place % ANIMALS.len() as u64).ok();
            let number = u16::try_from(place / ANIMALS.len() as u64).ok();
            let code = Self {
                animal: animal.and_then(|animal| ANIMALS.get(animal))?,
                number: number? + 1,
            };
            (!taken.contains(&code)).then_some(code)
        })
    }
}

impl fmt::Display for FamilyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.animal, self.number)
    }
}

impl fmt::Debug for FamilyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

vocabulary! {
    /// Why a family's use of the centre came to its end (REV-8).
    EndReason, "a reason for ending" {
        /// They manage by themselves now.
        Independent = "independent",
        /// Another centre or another kind took over.
        SteppedElsewhere = "stepped-elsewhere",
        /// The order changed.
        OrderChanged = "order-changed",
        /// The family withdrew.
        FamilyWithdrew = "family-withdrew",
        /// They stopped coming.
        NonAttendance = "non-attendance",
        /// Rules were broken.
        RulesBroken = "rules-broken",
        /// It became unsafe.
        Risk = "risk",
        /// The child did not want to.
        ChildsWishes = "childs-wishes",
        /// The centre closed.
        CentreClosed = "centre-closed",
    }
}

/// Whether a family comes at present.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FamilyState {
    /// Being set up.
    Opening,
    /// Coming.
    Active,
    /// Not coming for now.
    Suspended,
    /// Over.
    Ended {
        /// Why.
        reason: EndReason,
        /// The day.
        on: Day,
    },
}

/// Everything the office holds about one family, except what is protected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FamilyFile {
    /// What day screens show instead of a surname.
    pub code: FamilyCode,
    /// The referral it grew from.
    pub referral: Option<ReferralId>,
    /// The children, one at least.
    pub children: NonEmpty<Child>,
    /// The adult they live with.
    pub resident: Adult,
    /// The adult who visits.
    pub visiting: Adult,
    /// Allergies, medicine, access, language; shown to every worker of the session (PPL-7).
    pub needs: Vec<ShortLine>,
    /// Who else may bring or take the children for the resident side (ARR-10).
    pub collectors: Vec<Collector>,
    /// Whether they come at present.
    pub state: FamilyState,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn con_3_a_code_is_an_animal_of_the_list_and_a_small_number() {
        for (typed, accepted) in [
            ("Otter 14", true),
            (" wren 3 ", true),
            ("Otter", false),
            ("Otter 0", false),
            ("Otter 100", false),
            ("Marlowe 14", false),
            ("Otter fourteen", false),
            ("", false),
        ] {
            assert_eq!(FamilyCode::parse(typed).is_ok(), accepted, "{typed}");
        }
    }

    #[test]
    fn a_suggestion_is_never_taken_and_runs_out_only_at_the_end() {
        let mut taken = BTreeSet::new();
        for seed in 0..(60 * 99) {
            let code = FamilyCode::suggest(&taken, seed * 7919).unwrap();
            assert_eq!(FamilyCode::parse(&code.to_string()).unwrap(), code);
            assert!(taken.insert(code));
        }
        assert_eq!(FamilyCode::suggest(&taken, 5), None);
    }
}
