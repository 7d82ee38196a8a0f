//! Forms as typed, and the one place where they are parsed into domain values.
//!
//! The engine parses what the page sends, because a message from another thread is not proof of anything;
//! the page shows the errors that come back and keeps what was typed.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        contact::ContactKind, referral::ReferralSource, risk::RiskLevel, side::Side, worker::Role,
    },
    engine::wire::{Id, Wire},
};

mod blank;
/// From what was typed to values of the domain.
pub mod parse;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name; also the `id` of its control on the page.
    pub field: String,
    /// What was expected.
    pub problem: Problem,
}

/// Why a field was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nothing was entered.
    Missing,
    /// Longer than allowed.
    TooLong {
        /// The most characters allowed.
        max: u32,
    },
    /// Not a day such as 14/03/2026 or 2026-03-14.
    NotADay,
    /// Not a time such as 10:00.
    NotATime,
    /// Not a phone number.
    NotAPhone,
    /// Not an e-mail address.
    NotAnEmail,
    /// A number outside its range.
    OutOfRange {
        /// Smallest allowed.
        min: i32,
        /// Largest allowed.
        max: i32,
    },
    /// The end is not after the start.
    EndsBeforeStart,
    /// Not six digits.
    NotAPin,
    /// Six digits that a stranger tries first.
    EasyPin,
    /// Control characters or something else unreadable.
    Unreadable,
    /// At least one must be chosen.
    ChooseOne,
    /// No contact details for this side (REF-4).
    NoContactDetails,
    /// The risk decision does not allow this kind (REF-6).
    KindNotAllowed,
    /// A sheet's words, but not as many as it has.
    SheetLength {
        /// Words found.
        found: u32,
    },
    /// A word that no sheet has.
    SheetWord {
        /// Its place, from 1.
        place: u32,
    },
    /// A sheet's words, but one of them is another than the printed one.
    SheetMistyped,
    /// The same sheet twice.
    SameSheet,
    /// A closer gap than the rule allows while the sides are kept apart (ARR-1).
    GapTooSmall,
}

/// Start a centre, or change it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CentreForm {
    /// Field `centre-name`.
    pub name: String,
    /// Field `venue-name`.
    pub venue: String,
    /// Fields `room-0`, `room-1`, …; blank ones are left out.
    pub rooms: Vec<RoomForm>,
    /// Field `coordinator-name`; only when starting.
    pub coordinator: String,
    /// Field `tablet-name`; only when starting.
    pub tablet: String,
}

/// A room of the centre.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoomForm {
    /// Which room, if it is known already: its bookings stay with it when its name changes.
    pub id: Option<Id>,
    /// Its name.
    pub name: String,
}

/// A child on a referral.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChildForm {
    /// Field `child-N-first`.
    pub first_name: String,
    /// Field `child-N-last`.
    pub last_name: String,
    /// Field `child-N-born`, may be blank.
    pub born: String,
}

/// One adult on a referral, with the details that will be sealed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdultForm {
    /// Field `SIDE-first` where SIDE is `resident` or `visiting`.
    pub first_name: String,
    /// Field `SIDE-last`.
    pub last_name: String,
    /// Field `SIDE-relationship`, for example "mum", "dad", "gran".
    pub relationship: String,
    /// Field `SIDE-phone`.
    pub phone: String,
    /// Field `SIDE-email`.
    pub email: String,
    /// Field `SIDE-address`.
    pub address: String,
}

/// The short referral form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferralForm {
    /// Field `source`.
    pub source: Option<Wire<ReferralSource>>,
    /// Field `referrer-name`; may be blank for a self-referral.
    pub referrer_name: String,
    /// Field `referrer-organisation`.
    pub referrer_organisation: String,
    /// Field `referrer-phone`.
    pub referrer_phone: String,
    /// Field `kind`.
    pub kind: Option<Wire<ContactKind>>,
    /// At least one.
    pub children: Vec<ChildForm>,
    /// The adult the child lives with.
    pub resident: AdultForm,
    /// The adult coming to see the child.
    pub visiting: AdultForm,
    /// Field `reason`.
    pub reason: String,
    /// Field `allergies`; "none known" must be said.
    pub allergies: String,
    /// Field `other-needs`: access, language, diet.
    pub other_needs: String,
}

/// The risk decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskForm {
    /// Field `risk-level`.
    pub level: Option<Wire<RiskLevel>>,
    /// Field `suitable`: the kinds judged suitable.
    pub suitable: Vec<Wire<ContactKind>>,
    /// Field `controls`: one plain instruction a line.
    pub controls: String,
    /// Field `risk-reason`.
    pub reason: String,
}

/// The arrangement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArrangementForm {
    /// Field `arrangement-kind`.
    pub kind: Option<Wire<ContactKind>>,
    /// Field `length`, minutes (CAP-7).
    pub length_minutes: String,
    /// Field `first-in` (ARR-2).
    pub first_in: Wire<Side>,
    /// Field `gap`, minutes, 10 to 30 (ARR-1).
    pub gap_minutes: String,
    /// Field `keep-apart` (ARR-4).
    pub keep_apart: bool,
    /// Field `collectors`: one name a line, who may bring or take the child besides the resident adult.
    pub collectors: String,
}

/// A session to plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionForm {
    /// Field `session-day`.
    pub day: String,
    /// Field `session-opens`.
    pub opens: String,
    /// Field `session-closes`.
    pub closes: String,
    /// Field `session-leader`: a member, if chosen.
    pub leader: Option<Id>,
    /// Field `session-workers`.
    pub workers: Vec<Id>,
}

/// A visit to book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitForm {
    /// The session.
    pub session: Id,
    /// Field `visit-family`.
    pub family: Option<Id>,
    /// Field `visit-starts`.
    pub starts: String,
    /// Field `visit-ends`.
    pub ends: String,
    /// Field `visit-room`.
    pub room: Option<Id>,
    /// Field `visit-supervisor`: a member; needed for observed kinds (CAP-3).
    pub supervisor: Option<Id>,
}

/// Two of the three printed sheets.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetsForm {
    /// Field `sheet-one`.
    pub one: String,
    /// Field `sheet-other`.
    pub other: String,
}

/// The words of a sheet stay out of logs.
impl core::fmt::Debug for SheetsForm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SheetsForm(…)")
    }
}

/// Come into the centre with two of its sheets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RebuildForm {
    /// The sheets.
    pub sheets: SheetsForm,
    /// Field `own-name`.
    pub name: String,
    /// Field `tablet-name`.
    pub tablet: String,
}

/// A person: to invite, or to be called and do something else from now on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonForm {
    /// Somebody who is here already. Invited, they get another tablet, and are asked neither name nor roles.
    pub member: Option<Id>,
    /// Field `person-name`.
    pub name: String,
    /// Field `person-roles`.
    pub roles: Vec<Wire<Role>>,
}
