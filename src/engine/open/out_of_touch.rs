//! A lapsed lease: this tablet has not met the relay for so long that it opens only after it has.
//!
//! Everything is in memory as after any unlock, and nothing of it is shown or changed. What waits is sent meanwhile,
//! and the first honest answer of the relay opens the tablet, or says that it was shut out.

use crate::{
    domain::lease,
    engine::{
        command::Command,
        open::Open,
        turn::Turn,
        view::{Door, Trouble},
    },
};

impl Open {
    /// Looks whether the lease has lapsed; once, when somebody unlocks.
    pub(crate) fn look_at_the_lease(&mut self, turn: &Turn<'_>) {
        let met = self.conversation.relay.as_ref();
        let met = met.map(|relay| relay.last_contact);
        self.out_of_touch = met.filter(|_| lease::has_lapsed(met, turn.now));
    }

    /// What the page shows of it.
    pub(crate) fn closed_door(&self) -> Option<Door> {
        self.out_of_touch.map(Door::OutOfTouch)
    }

    /// Why a command is not obeyed, if it is not.
    pub(crate) fn refuses(&self, command: &Command) -> Option<Trouble> {
        let harmless = matches!(command, Command::Look(_) | Command::SendNow);
        let refused = self.out_of_touch.is_some() && !harmless;
        refused.then(|| {
            Trouble::NotNow(
                "this tablet has been out of touch for too long; connect it to a network"
                    .to_owned(),
            )
        })
    }
}
