//! Keys that have grown old begin anew, whoever of those who may approve meets the relay first.
//!
//! It knows when each epoch began, by its signer's claim. A key that somebody has copied unseen is worth something for
//! so long and no longer.

use sync_protocol::membership::Payload;

use crate::{
    domain::{lease, policy},
    engine::{
        open::{Open, epochs},
        turn::Turn,
    },
};

impl Open {
    /// Replaces the keys of everything this person reads, if any of them is old.
    ///
    /// Two tablets that think of it at once ask for the same place in the chain, and the later one finds nothing left
    /// to do. What only others read is for them.
    pub(crate) fn renew_old_keys(&mut self, turn: &mut Turn<'_>) {
        if policy::may_manage_people(&self.acting()).is_err() || self.is_appending() {
            return;
        }
        let chain = &self.membership;
        let mut scopes = chain.scopes_of(&self.member());
        scopes.retain(|scope| {
            let begun = chain.epochs(*scope).last();
            let begun = begun.and_then(|(index, _)| chain.claimed_at(index));
            begun.is_some_and(|begun| lease::is_old(begun, turn.now))
        });
        let mut epochs = Vec::new();
        for scope in scopes {
            let held = &self.keyring.keyring;
            epochs.extend(epochs::without(&[], scope, chain, held, turn.rng));
        }
        if epochs.is_empty() {
            return;
        }
        let payload = Payload::RingEpoch { epochs };
        if let Ok(record) = self.sign(chain, payload, turn) {
            self.append_by_itself(vec![record], turn);
        }
    }
}
