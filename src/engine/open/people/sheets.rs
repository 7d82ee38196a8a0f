//! The trustees' sheets: a member without a tablet, whose keys lie in three parts in three people's drawers.
//!
//! It knows how a kit is made, tried and replaced. What happens on the day it is needed is in
//! [`rebuilding`](crate::engine::doors::rebuilding).

use sync_protocol::{
    MemberId, Ring, RingSet,
    membership::{RecoveryKit, RecoveryUse},
};

use super::{Then, not_made};
use crate::{
    domain::policy,
    engine::{
        command::CommandId,
        crypto::recovery::KitSecret,
        form::SheetsForm,
        open::{
            Open,
            letting_in::{self, Newcomer},
        },
        turn::Turn,
        view::{Done, SheetsView, Trouble},
        wire::Id,
    },
};

impl Open {
    /// Makes a kit.
    ///
    /// The one before stays in force until two of the new sheets were tried: had the tablet been switched off before
    /// they could be printed, there would be none that opens anything. One that was made and never tried goes.
    pub(crate) fn make_sheets(
        &mut self,
        command: CommandId,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let secret = KitSecret::random(turn.rng);
        let keys = secret.device().public_keys();
        let kit = Newcomer {
            member: MemberId::of_kit(&keys.sign),
            rings: Ring::ALL.into_iter().collect(),
            keys,
            invite: None,
        };
        let (mut ahead, held) = (self.membership.clone(), &self.keyring.keyring);
        let let_in = letting_in::let_in(kit, &mut ahead, held, turn);
        let mut records = let_in.map_err(not_made)?;
        if let [untried, _tried, ..] = self.kits()[..] {
            records.extend(self.records_of_change(&ahead, untried, RingSet::EMPTY, turn)?);
        }
        self.append(records, command, Then::ShowSheets(secret), turn);
        Ok(())
    }

    /// Says whether these two sheets make the newest kit; then the one before opens nothing any more.
    pub(crate) fn try_sheets(
        &mut self,
        command: CommandId,
        form: &SheetsForm,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let (centre, secret) = form.parse().map_err(Trouble::Form)?;
        let keys = secret.device().public_keys();
        let member = MemberId::of_kit(&keys.sign);
        let kits = self.kits();
        let place = kits.iter().position(|kit| *kit == member);
        match place.filter(|_| centre == self.centre()) {
            Some(0) => {}
            Some(_) => {
                return Err(not_these(
                    "newer ones were made since, and these are the ones before; take the newest",
                ));
            }
            None if self.membership.member(&member).is_some() => {
                return Err(not_these(
                    "they were replaced by newer ones and open nothing any more; destroy them",
                ));
            }
            None => {
                return Err(not_these(
                    "they are not two of this centre's newest three; look at the dates printed on them",
                ));
            }
        }
        let Some(before) = kits.get(1) else {
            self.finish(command, Done::Saved, turn);
            return Ok(());
        };
        let records = self.records_of_change(&self.membership, *before, RingSet::EMPTY, turn)?;
        self.append(records, command, Then::EndSheets(*before), turn);
        Ok(())
    }

    /// The kits in force, the latest first.
    fn kits(&self) -> Vec<MemberId> {
        let kits = self.membership.kits();
        let devices = kits.filter_map(|kit| self.membership.device(&kit.device));
        devices.map(|device| device.member).collect()
    }

    /// What the desk says of the sheets.
    pub(crate) fn sheets_view(&self) -> SheetsView {
        let made = |kit: &RecoveryKit| {
            let maker = self.membership.device(&kit.made_by);
            let maker = maker.map(|device| self.worker_name(Id(*device.member.as_bytes())));
            (kit.made_ms, maker.unwrap_or_default())
        };
        let mut kits = self.membership.kits();
        SheetsView {
            made: kits.next().map(made),
            before: kits.next().map(|kit| kit.made_ms),
            used: self.sheets_used(),
        }
    }

    /// When sheets were used that are still in force, ms: two people have seen what is on them.
    pub(crate) fn sheets_used(&self) -> Option<i64> {
        let in_force =
            |used: &&RecoveryUse| self.membership.kits().any(|kit| kit.device == used.kit);
        let used = self.membership.recoveries().filter(in_force).last();
        used.map(|used| used.used_ms)
    }
}

fn not_these(why: &str) -> Trouble {
    Trouble::NotNow(format!("each of these sheets is whole, but {why}"))
}
