//! Who may do what, as permits.
//!
//! A screen asks the same function to decide whether to show a button; a document's verb takes the
//! permit, so that it cannot run unasked. A permit has no public constructor.
//! What a device can *read* is decided by the keys it holds, never here.

use std::collections::BTreeSet;

use crate::domain::{
    contact::{ContactKind, ObservedKind},
    ids::MemberId,
    visit::Visit,
    worker::Role,
};

/// The person at the screen, with the roles the centre has given them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acting {
    /// Who.
    pub member: MemberId,
    /// As what.
    pub roles: BTreeSet<Role>,
}

/// Why somebody may not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// None of their roles allows it; this one would.
    RoleNeeded(Role),
    /// This kind of contact is not observed, so no note exists (REC-1).
    NotObserved(ContactKind),
    /// Another supervisor is named for the visit.
    OtherSupervisor,
}

macro_rules! permits {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name {
            by: MemberId,
        }

        impl $name {
            /// Who was permitted.
            pub const fn by(self) -> MemberId {
                self.by
            }
        }
    )+ };
}

permits! {
    /// May write the centre's settings, workers, sessions, visits, referrals, family files.
    OfficePermit,
    /// May decide on risk.
    RiskPermit,
    /// May record who came and went.
    AttendancePermit,
    /// May look at protected details, which is logged.
    OpeningPermit,
    /// May say who belongs: let people and their tablets in, and shut them out.
    PeoplePermit,
}

/// May write the note of one observed visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotePermit {
    by: MemberId,
    kind: ObservedKind,
}

impl NotePermit {
    /// The author.
    pub const fn by(self) -> MemberId {
        self.by
    }

    /// The kind of contact that was proved to be observed.
    pub const fn kind(self) -> ObservedKind {
        self.kind
    }
}

/// Whether they may plan: centre, workers, sessions, visits, referrals, family files.
pub fn may_plan(acting: &Acting) -> Result<OfficePermit, Refusal> {
    acting
        .any(&[Role::Coordinator])
        .map(|by| OfficePermit { by })
}

/// Whether they may decide on a referral's risk.
pub fn may_decide_risk(acting: &Acting) -> Result<RiskPermit, Refusal> {
    acting.any(&[Role::Coordinator]).map(|by| RiskPermit { by })
}

/// Whether they may record who came and went.
pub fn may_record_attendance(acting: &Acting) -> Result<AttendancePermit, Refusal> {
    let on_the_day = [
        Role::Volunteer,
        Role::SessionLeader,
        Role::Supervisor,
        Role::Coordinator,
    ];
    acting.any(&on_the_day).map(|by| AttendancePermit { by })
}

/// Whether they may write the note of this visit: it is observed (REC-1) and theirs.
///
/// An assisted visit may have nobody named; then any supervisor on the session may.
pub fn may_write_note(acting: &Acting, visit: &Visit) -> Result<NotePermit, Refusal> {
    let kind = visit
        .kind
        .observed()
        .ok_or(Refusal::NotObserved(visit.kind))?;
    match visit.supervisor {
        Some(named) if named == acting.member => Ok(NotePermit { by: named, kind }),
        Some(_) => Err(Refusal::OtherSupervisor),
        None => acting
            .any(&[Role::Supervisor])
            .map(|by| NotePermit { by, kind }),
    }
}

/// Whether they may open one side's protected details.
pub fn may_open_protected(acting: &Acting) -> Result<OpeningPermit, Refusal> {
    acting
        .any(&[Role::Coordinator, Role::SafeguardingLead])
        .map(|by| OpeningPermit { by })
}

/// Whether they may let people and their tablets in, and shut them out.
pub fn may_manage_people(acting: &Acting) -> Result<PeoplePermit, Refusal> {
    acting
        .any(&[Role::Coordinator])
        .map(|by| PeoplePermit { by })
}

impl Acting {
    /// The member, if one of their roles is among these; else the first that would do.
    fn any(&self, allowed: &[Role]) -> Result<MemberId, Refusal> {
        if allowed.iter().any(|role| self.roles.contains(role)) {
            return Ok(self.member);
        }
        Err(Refusal::RoleNeeded(
            allowed.first().copied().unwrap_or(Role::Coordinator),
        ))
    }
}

#[cfg(test)]
mod tests;
