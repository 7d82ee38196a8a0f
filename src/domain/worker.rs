//! Workers and the roles that decide what they may do and see.

use std::collections::BTreeSet;

use crate::domain::{
    few::Few,
    ids::{DeviceId, MemberId},
    text::{PersonName, ShortLine},
    time::Moment,
};

vocabulary! {
    /// What a person does at the centre.
    Role, "a role" {
        /// Runs the centre, decides referrals, holds the files.
        Coordinator = "coordinator",
        /// In charge on the day.
        SessionLeader = "session-leader",
        /// Greets, signs in, hands over.
        Volunteer = "volunteer",
        /// Observes supervised or assisted contact.
        Supervisor = "supervisor",
        /// Decides what happens to every concern.
        SafeguardingLead = "safeguarding-lead",
        /// Governs; sees totals.
        Trustee = "trustee",
        /// Sees charges.
        Treasurer = "treasurer",
    }
}

/// A worker as the whole team knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worker {
    /// The member they are.
    pub member: MemberId,
    /// What colleagues call them.
    pub name: PersonName,
    /// What they do.
    pub roles: BTreeSet<Role>,
    /// The tablets on which they were let in, whether or not they still may.
    pub tablets: Few<DeviceId, Tablet>,
}

/// A tablet as whoever let it in wrote it down: by this a lost one is found in the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tablet {
    /// What it calls itself.
    pub name: ShortLine,
    /// When it was let in.
    pub since: Moment,
}

impl Worker {
    /// The letters on their tile.
    pub fn initials(&self) -> String {
        self.name.initials()
    }
}
