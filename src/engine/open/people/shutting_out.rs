//! Shutting a tablet out: one record ends its rights, and with it begins a new key for everything that it could read.
//!
//! It knows the chain and the keys held here. What the tablet already has cannot be called back; it erases that itself
//! when it next meets the relay.

use super::{Then, not_taken};

use sync_protocol::{DeviceId, membership::Payload};

use crate::{
    domain::policy,
    engine::{
        command::CommandId,
        open::{Open, epochs},
        turn::Turn,
        view::{TabletStanding, Trouble},
        wire::Id,
    },
};

impl Open {
    /// Whether a tablet is in, and may be shut out from here.
    pub(crate) fn standing(&self, device: DeviceId) -> TabletStanding {
        let known = self.membership.device(&device);
        if known.is_none_or(|known| known.revoked_at.is_some()) {
            TabletStanding::Out
        } else if device == self.device() {
            TabletStanding::InHand
        } else {
            TabletStanding::In
        }
    }

    /// Ends a tablet's rights.
    ///
    /// Nobody shuts out the one in their own hands, so that there is always somebody left who can let people in.
    pub(crate) fn shut_out(
        &mut self,
        command: CommandId,
        device: Id,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let device = DeviceId::from_bytes(device.0);
        let why_not = match self.standing(device) {
            TabletStanding::In => None,
            TabletStanding::InHand => {
                Some("this is the tablet in your hands; shut it out from another one")
            }
            TabletStanding::Out => Some("that tablet is out already"),
        };
        if let Some(why_not) = why_not {
            return Err(Trouble::NotNow(why_not.to_owned()));
        }
        let known = self.membership.device(&device).ok_or_else(not_taken)?;
        let member = known.member;
        let mut epochs = Vec::new();
        for scope in self.membership.scopes_of(&member) {
            let (membership, held) = (&self.membership, &self.keyring.keyring);
            let next = epochs::without(&[device], scope, membership, held, turn.rng);
            epochs.push(next.map_err(|_| not_taken())?);
        }
        let payload = Payload::DeviceRevoke { device, epochs };
        let record = self.sign(&self.membership, payload, turn)?;
        self.append(vec![record], command, Then::ShutOut(device), turn);
        Ok(())
    }
}
