//! How the state changes once the rules have let a record through. Nothing in here can refuse.

use crate::{
    id::{InviteId, MemberId, RecordHash},
    membership::{
        Device, Invite, InviteState, Member, Membership, RecoveryKit, RecoveryUse,
        record::{DeviceKeys, EpochRecord, Payload, Record, SealedKey},
    },
    ring::RingSet,
};

impl Membership {
    /// Takes what the rules have let through.
    pub(super) fn commit(&mut self, hash: RecordHash, record: Record) {
        let index = record.index;
        let (signer, claimed_ms) = (record.signer, record.claimed_ms);
        self.hashes.push(hash);
        self.claimed.push(claimed_ms);
        match record.payload {
            Payload::Genesis {
                member,
                rings,
                keys,
                epochs,
                ..
            } => {
                self.put_member(index, member, rings);
                self.put_device(index, member, &keys, None);
                self.put_epochs(index, epochs);
            }
            Payload::MemberAdd {
                member,
                rings,
                desk,
            } => {
                self.put_member(index, member, rings);
                self.put_epochs(index, vec![desk]);
            }
            Payload::DeviceAdd {
                member,
                keys,
                invite,
                sealed,
            } => {
                let device = keys.device();
                self.put_device(index, member, &keys, invite);
                self.put_sealed(sealed);
                self.close_invite(invite, InviteState::Used { device });
                if self.device(&device).is_some_and(Device::is_kit) {
                    let kit = RecoveryKit {
                        device,
                        made_by: signer,
                        made_ms: claimed_ms,
                    };
                    self.kits.push(kit);
                }
            }
            Payload::DeviceRevoke { device, epochs } => {
                if let Some(device) = self.devices.get_mut(&device) {
                    device.revoked_at = Some(index);
                }
                self.put_epochs(index, epochs);
            }
            Payload::RoleChange {
                member,
                rings,
                epochs,
                sealed,
            } => {
                self.put_member(index, member, rings);
                self.put_epochs(index, epochs);
                self.put_sealed(sealed);
            }
            Payload::RingEpoch { epochs } => self.put_epochs(index, epochs),
            Payload::Invite {
                invite,
                member,
                rings,
                mailbox_hash,
                expires_ms,
            } => {
                let state = InviteState::Open;
                let entry = Invite {
                    id: invite,
                    member,
                    rings,
                    mailbox_hash,
                    expires_ms,
                    state,
                };
                self.invites.insert(invite, entry);
            }
            Payload::InviteCancel { invite } => {
                self.close_invite(Some(invite), InviteState::Cancelled);
            }
            Payload::RecoveryUsed => self.recoveries.push(RecoveryUse {
                kit: signer,
                index,
                used_ms: claimed_ms,
            }),
            Payload::RelayChange { relay } => self.relay = Some(relay),
        }
    }

    fn put_member(&mut self, index: u32, id: MemberId, rings: RingSet) {
        let history = Vec::new();
        self.members
            .entry(id)
            .or_insert(Member { id, history })
            .history
            .push((index, rings));
    }

    fn put_device(
        &mut self,
        added_at: u32,
        member: MemberId,
        keys: &DeviceKeys,
        invite: Option<InviteId>,
    ) {
        let id = keys.device();
        let device = Device {
            id,
            member,
            sign: keys.sign,
            seal: keys.seal,
            added_at,
            revoked_at: None,
            invite,
        };
        self.devices.insert(id, device);
    }

    fn put_epochs(&mut self, index: u32, epochs: Vec<EpochRecord>) {
        for epoch in epochs {
            self.put_sealed(epoch.sealed.clone());
            self.epochs
                .entry(epoch.scope)
                .or_default()
                .push((index, epoch));
        }
    }

    fn put_sealed(&mut self, sealed: Vec<SealedKey>) {
        for key in sealed {
            self.sealed.entry(key.device).or_default().push(key);
        }
    }

    fn close_invite(&mut self, invite: Option<InviteId>, state: InviteState) {
        if let Some(invite) = invite.and_then(|id| self.invites.get_mut(&id)) {
            invite.state = state;
        }
    }
}
