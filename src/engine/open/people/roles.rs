//! What somebody is called and does, and that they have left: the chain says what they may read, their record the rest.
//!
//! It knows both, in this order: keys go first, so that no record ever promises more than the keys give.

use std::collections::BTreeSet;

use sync_protocol::{MemberId, Membership, RingSet, SignedRecord, membership::Payload};

use super::{Then, not_made, not_taken};
use crate::domain::gather::Gather;
use crate::{
    documents::record::worker,
    domain::{policy, text::PersonName, worker::Role},
    engine::{
        audience,
        command::CommandId,
        form::PersonForm,
        open::{
            Open, epochs, letting_in,
            writing::{Sealing, gone},
        },
        turn::Turn,
        view::{Done, Trouble},
        wire::Id,
    },
};

/// What is written down of a person once the relay has the records that it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonChange {
    member: MemberId,
    /// Their name, if it was asked for.
    name: Option<PersonName>,
    /// Nobody without a role is one of the team any more.
    roles: BTreeSet<Role>,
}

impl Open {
    /// Says what somebody is called and does.
    pub(crate) fn change_person(
        &mut self,
        command: CommandId,
        form: &PersonForm,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let draft = form.parse().map_err(Trouble::Form)?;
        let member = form.member.ok_or_else(gone)?;
        let change = PersonChange {
            member: MemberId::from_bytes(member.0),
            name: Some(draft.name),
            roles: draft.roles.iter().copied().gather(),
        };
        self.follow_change(command, change, turn)
    }

    /// Somebody has left.
    pub(crate) fn has_left(
        &mut self,
        command: CommandId,
        member: Id,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let change = PersonChange {
            member: MemberId::from_bytes(member.0),
            name: None,
            roles: BTreeSet::new(),
        };
        self.follow_change(command, change, turn)
    }

    /// Nobody changes their own roles: so there is always somebody left who may give them back.
    fn follow_change(
        &mut self,
        command: CommandId,
        change: PersonChange,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let acting = self.acting();
        policy::may_manage_people(&acting).map_err(|_| Trouble::NotAllowed)?;
        let member = change.member;
        if member == self.member() && change.roles != acting.roles {
            return Err(Trouble::NotNow(
                "nobody changes their own roles; another co-ordinator can change yours".to_owned(),
            ));
        }
        let known = self.membership.member(&member).ok_or_else(not_taken)?;
        let rings = audience::rings(change.roles.iter());
        if rings == known.rings() {
            self.write_change(&change, turn)?;
            self.finish(command, Done::Saved, turn);
            return Ok(());
        }
        let records = self.records_of_change(&self.membership, member, rings, turn)?;
        self.append(records, command, Then::Change(change), turn);
        Ok(())
    }

    /// New epochs of what they lose, the keys of what they gain; whoever has nothing left has no tablets left.
    pub(super) fn records_of_change(
        &self,
        chain: &Membership,
        member: MemberId,
        rings: RingSet,
        turn: &mut Turn<'_>,
    ) -> Result<Vec<SignedRecord>, Trouble> {
        let devices: Vec<epochs::Reader> = chain
            .devices_of(&member)
            .map(|device| (device.id, device.seal))
            .collect();
        let theirs: Vec<_> = devices.iter().map(|(device, _)| *device).collect();
        let (before, after) = (chain.scopes_of(&member), chain.scopes_with(member, rings));
        let mut ended = Vec::new();
        for scope in before.iter().filter(|scope| !after.contains(scope)) {
            let held = &self.keyring.keyring;
            let next = epochs::without(&theirs, *scope, chain, held, turn.rng);
            ended.push(next.map_err(|_| not_taken())?);
        }
        let mut gained = after;
        gained.retain(|scope| !before.contains(scope));
        let mut sealed = Vec::new();
        for device in &devices {
            let held = (&self.keyring.keyring, None);
            let keys = letting_in::seal_for(&gained, *device, chain, held, turn.rng);
            sealed.extend(keys.map_err(not_made)?);
        }
        let payload = Payload::RoleChange {
            member,
            rings,
            epochs: ended,
            sealed,
        };
        let mut ahead = chain.clone();
        let mut records = vec![self.sign(&ahead, payload, turn)?];
        if rings.is_empty() {
            for device in theirs {
                let newest = records.last().ok_or_else(not_taken)?;
                ahead.apply(newest).map_err(|_| not_taken())?;
                // What it could read has new keys already.
                let epochs = Vec::new();
                let payload = Payload::DeviceRevoke { device, epochs };
                records.push(self.sign(&ahead, payload, turn)?);
            }
        }
        Ok(records)
    }

    /// Writes name and roles into the person's record.
    ///
    /// Had the tablet been switched off before this, the record would show the roles from before: asked again, there is
    /// nothing left to do in the chain, and it is written.
    pub(super) fn write_change(
        &mut self,
        change: &PersonChange,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let record = self.worker_document(Id(*change.member.as_bytes()));
        let record = record.ok_or_else(gone)?;
        let opened = self.library.opened(record).ok_or_else(gone)?;
        let known = opened.as_worker().ok_or_else(gone)?;
        let name = change.name.clone().filter(|name| *name != known.name);
        let roles = Some(&change.roles).filter(|roles| **roles != known.roles);
        self.edit(
            record,
            Sealing::AtOnce,
            |document| {
                if let Some(name) = &name {
                    worker::rename(document, permit, name)?;
                }
                if let Some(roles) = roles {
                    worker::set_roles(document, permit, roles)?;
                }
                Ok(())
            },
            turn,
        )
    }
}
