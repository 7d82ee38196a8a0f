//! From what was typed to values of the domain, with every refusal at once and in the order of the page.
//!
//! Pure. Drafts hold what a form can say; ids, moments and who is acting are added by the engine.

use std::collections::BTreeSet;

use crate::domain::{
    arrangement::Length,
    contact::ContactKind,
    ids::{FamilyId, MemberId, RoomId, SessionId},
    non_empty::NonEmpty,
    person::{Adult, Child, Collector},
    referral::{ReferralSource, Referrer},
    risk::RiskLevel,
    side::PerSide,
    stagger::Stagger,
    text::{EmailAddress, LongText, PersonName, PhoneNumber, PostalAddress, ShortLine},
    time::{ClockTime, Day, Slot},
    worker::Role,
};

mod centre;
mod decision;
mod fields;
mod plan;
mod referral;
/// Two printed sheets.
pub(crate) mod sheets;
#[cfg(test)]
mod tests;

/// A centre as named on its form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CentreDraft {
    /// The centre's name.
    pub name: ShortLine,
    /// The venue's name.
    pub venue: ShortLine,
    /// The rooms; none is allowed, so that a centre can be started before they are known.
    pub rooms: Vec<RoomDraft>,
}

/// A room as named on the centre's form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomDraft {
    /// Which room, unless it is new.
    pub id: Option<RoomId>,
    /// Its name.
    pub name: ShortLine,
}

/// A centre that is being started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StartDraft {
    /// The centre.
    pub centre: CentreDraft,
    /// Its first co-ordinator.
    pub coordinator: PersonName,
    /// What this tablet is called.
    pub tablet: ShortLine,
}

/// How one side can be reached; at least one of the three is there (REF-4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactDetails {
    /// Telephone.
    pub phone: Option<PhoneNumber>,
    /// E-mail.
    pub email: Option<EmailAddress>,
    /// Postal address.
    pub address: Option<PostalAddress>,
}

/// A referral as taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferralDraft {
    /// From where (REF-1).
    pub source: ReferralSource,
    /// From whom; named unless it is a self-referral.
    pub referrer: Referrer,
    /// The children, one at least.
    pub children: NonEmpty<Child>,
    /// The two adults.
    pub adults: PerSide<Adult>,
    /// Their protected details, to be sealed apart from everything else and from each other.
    pub details: PerSide<ContactDetails>,
    /// What is asked for.
    pub kind: ContactKind,
    /// Why.
    pub reason: LongText,
    /// "Allergies: …" first, then other needs, one a line.
    pub needs: Vec<ShortLine>,
}

/// A risk decision, before it is known who decides and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RiskDraft {
    /// The overall judgement.
    pub level: RiskLevel,
    /// The kinds judged suitable, all of them allowed at this level (REF-6).
    pub suitable: BTreeSet<ContactKind>,
    /// Plain instructions.
    pub controls: Vec<ShortLine>,
    /// Why.
    pub reason: LongText,
}

/// An arrangement, before its version and its family are known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArrangementDraft {
    /// The kind, one of those that may be offered (REF-6).
    pub kind: ContactKind,
    /// How long a visit lasts (CAP-7).
    pub length: Length,
    /// Who comes first and by how much; the way out is the usual one (ARR-1, ARR-3).
    pub stagger: Stagger,
    /// Who else may bring or take the children (ARR-10).
    pub collectors: Vec<Collector>,
}

/// A session to plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionDraft {
    /// On which day.
    pub day: Day,
    /// From when, on a UK clock.
    pub opens: ClockTime,
    /// Until when; later than `opens`.
    pub closes: ClockTime,
    /// In charge.
    pub leader: Option<MemberId>,
    /// On duty.
    pub workers: BTreeSet<MemberId>,
}

/// A visit to book; the rules of planning are still to be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VisitDraft {
    /// Into which session.
    pub session: SessionId,
    /// Whose.
    pub family: FamilyId,
    /// From when to when.
    pub slot: Slot,
    /// Where.
    pub room: Option<RoomId>,
    /// Who observes.
    pub supervisor: Option<MemberId>,
}

/// What a person is called and does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonDraft {
    /// Their name.
    pub name: PersonName,
    /// What they do; one role at least.
    pub roles: NonEmpty<Role>,
}

/// Who is invited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Invitee {
    /// Somebody new.
    New(PersonDraft),
    /// A member gets another tablet; the roles stay as they are.
    Member(MemberId),
}
