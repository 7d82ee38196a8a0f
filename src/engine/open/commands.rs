//! What a command does: which documents it needs, then the verb.

use std::collections::BTreeSet;

use sync_protocol::DocumentId;

use crate::domain::gather::Gather;
use crate::{
    domain::{ids::MemberId as PersonId, policy::Acting},
    engine::{
        command::{Command, CommandId},
        form::PersonForm,
        open::{Open, WaitingCommand},
        turn::Turn,
        view::{Done, Trouble},
        wire::Id,
    },
};

impl Open {
    /// Obeys a command, at once or as soon as the documents it needs are open.
    pub(crate) fn obey(&mut self, id: CommandId, command: Command, turn: &mut Turn<'_>) {
        if let Some(why) = self.refuses(&command) {
            return turn.reply(id, Err(why));
        }
        if let Command::Look(screen) = &command {
            self.screen = *screen;
            self.details = None;
            turn.reply(id, Ok(Done::Saved));
            return;
        }
        let needs = self.needs(&command);
        if !self.library.closed_among(&needs).is_empty() {
            self.want(&needs, turn);
            self.under_way
                .waiting
                .push(WaitingCommand { needs, id, command });
            return;
        }
        let outcome = match command {
            Command::Invite(form) => {
                return self.told(id, |open, turn| open.invite(id, &form, turn), turn);
            }
            Command::CancelInvite { invite } => {
                return self.told(id, |open, turn| open.cancel_invite(id, invite, turn), turn);
            }
            Command::ApproveDevice { invite } => {
                return self.told(id, |open, turn| open.approve(id, invite, turn), turn);
            }
            Command::RefuseDevice { invite } => {
                return self.told(id, |open, turn| open.refuse(id, invite, turn), turn);
            }
            Command::ChangePerson(form) => {
                return self.told(id, |open, turn| open.change_person(id, &form, turn), turn);
            }
            Command::HasLeft { member } => {
                return self.told(id, |open, turn| open.has_left(id, member, turn), turn);
            }
            Command::ShutOut { device } => {
                return self.told(id, |open, turn| open.shut_out(id, device, turn), turn);
            }
            Command::TrySheets(form) => {
                return self.told(id, |open, turn| open.try_sheets(id, &form, turn), turn);
            }
            Command::MakeSheets => {
                return self.told(id, |open, turn| open.make_sheets(id, turn), turn);
            }
            Command::SendNow => return self.send_now(id, turn),
            Command::UseThisRelay => {
                return self.told(id, |open, turn| open.use_this_relay(id, turn), turn);
            }
            command @ (Command::Look(_)
            | Command::FillWithMadeUpFamilies
            | Command::TakeReferral(_)
            | Command::DecideRisk { .. }
            | Command::AcceptReferral { .. }
            | Command::DeclineReferral { .. }
            | Command::ChangeArrangement { .. }
            | Command::OpenProtectedDetails { .. }
            | Command::CloseProtectedDetails
            | Command::ChoosePin { .. }
            | Command::AddPasskey { .. }
            | Command::RemovePasskey
            | Command::ChangeCentre(_)
            | Command::PlanSession(_)
            | Command::BookVisit(_)
            | Command::Record { .. }
            | Command::Undo { .. }
            | Command::TypeEntry { .. }
            | Command::FinishEntry { .. }
            | Command::SuggestPhrase
            | Command::StartCentre { .. }
            | Command::Join { .. }
            | Command::Rebuild { .. }
            | Command::AbandonJoin
            | Command::Unlock { .. }
            | Command::UnlockWithPin { .. }
            | Command::UnlockWithPasskey { .. }
            | Command::Lock) => self.change(command, turn),
        };
        match outcome {
            Ok(done) => self.finish(id, done, turn),
            Err(trouble) => {
                turn.forget_writes();
                turn.reply(id, Err(trouble));
            }
        }
    }

    /// A command that answers by itself, later, unless it fails at once.
    fn told(
        &mut self,
        id: CommandId,
        verb: impl FnOnce(&mut Self, &mut Turn<'_>) -> Result<(), Trouble>,
        turn: &mut Turn<'_>,
    ) {
        if let Err(trouble) = verb(self, turn) {
            turn.forget_writes();
            turn.reply(id, Err(trouble));
        }
    }

    fn change(&mut self, command: Command, turn: &mut Turn<'_>) -> Result<Done, Trouble> {
        match command {
            Command::TakeReferral(form) => self.take_referral(&form, turn),
            Command::DecideRisk { referral, risk } => self.decide_risk(referral, &risk, turn),
            Command::AcceptReferral {
                referral,
                arrangement,
            } => self.accept_referral(referral, &arrangement, turn),
            Command::DeclineReferral { referral, reason } => {
                self.decline_referral(referral, &reason, turn)
            }
            Command::ChangeArrangement {
                family,
                arrangement,
            } => self.change_arrangement(family, &arrangement, turn),
            Command::OpenProtectedDetails { family, side } => {
                self.open_details(family, side.0, turn)
            }
            Command::CloseProtectedDetails => {
                self.details = None;
                Ok(Done::Saved)
            }
            Command::ChoosePin { pin } => self.choose_pin(&pin, turn),
            Command::AddPasskey { passkey, secret } => self.add_passkey(passkey, &secret, turn),
            Command::RemovePasskey => Ok(self.remove_passkey(turn)),
            Command::ChangeCentre(form) => self.change_centre(&form, turn),
            Command::PlanSession(form) => self.plan_session(&form, turn),
            Command::BookVisit(form) => self.book_visit(&form, turn),
            Command::Record { visit, what } => self.record(visit, &what, turn),
            Command::Undo { visit, event } => self.undo(visit, event, turn),
            Command::TypeEntry {
                visit,
                entry,
                kind,
                occurred_at,
                speaker,
                text,
            } => {
                let typed = super::day::Typed {
                    entry,
                    kind: kind.0,
                    occurred_at,
                    speaker,
                    text,
                };
                self.type_entry(visit, &typed, turn)
            }
            Command::FinishEntry { visit, entry } => self.finish_entry(visit, entry, turn),
            Command::FillWithMadeUpFamilies => self.fill_with_made_up_families(turn),
            Command::Look(_)
            | Command::SuggestPhrase
            | Command::StartCentre { .. }
            | Command::Join { .. }
            | Command::Rebuild { .. }
            | Command::AbandonJoin
            | Command::Unlock { .. }
            | Command::UnlockWithPin { .. }
            | Command::UnlockWithPasskey { .. }
            | Command::Lock
            | Command::Invite(_)
            | Command::CancelInvite { .. }
            | Command::ApproveDevice { .. }
            | Command::RefuseDevice { .. }
            | Command::ChangePerson(_)
            | Command::HasLeft { .. }
            | Command::ShutOut { .. }
            | Command::MakeSheets
            | Command::TrySheets(_)
            | Command::SendNow
            | Command::UseThisRelay => Err(Trouble::NotNow(
                "this tablet is already unlocked".to_owned(),
            )),
        }
    }

    /// Documents that must be open before a command can be carried out.
    fn needs(&self, command: &Command) -> BTreeSet<DocumentId> {
        match command {
            Command::DecideRisk { referral, .. }
            | Command::AcceptReferral { referral, .. }
            | Command::DeclineReferral { referral, .. } => {
                core::iter::once(document(*referral)).gather()
            }
            Command::ChangeArrangement { family, .. }
            | Command::OpenProtectedDetails { family, .. } => self.family_documents(*family),
            Command::ChangeCentre(_) | Command::PlanSession(_) => {
                self.centre_document().into_iter().gather()
            }
            Command::BookVisit(form) => self.booking_documents(form),
            // The name of the tablet that is let in is written down in it.
            Command::ApproveDevice { invite } => {
                self.invited_document(*invite).into_iter().gather()
            }
            Command::ChangePerson(PersonForm {
                member: Some(member),
                ..
            })
            | Command::HasLeft { member } => self.worker_document(*member).into_iter().gather(),
            Command::Record { visit, .. } | Command::Undo { visit, .. } => {
                core::iter::once(document(*visit)).gather()
            }
            Command::TypeEntry { visit, .. } | Command::FinishEntry { visit, .. } => {
                let notes = self.own_notes(*visit);
                core::iter::once(document(*visit)).chain(notes).gather()
            }
            Command::Look(_)
            | Command::SuggestPhrase
            | Command::StartCentre { .. }
            | Command::Join { .. }
            | Command::Rebuild { .. }
            | Command::AbandonJoin
            | Command::FillWithMadeUpFamilies
            | Command::Unlock { .. }
            | Command::UnlockWithPin { .. }
            | Command::UnlockWithPasskey { .. }
            | Command::Lock
            | Command::ChoosePin { .. }
            | Command::AddPasskey { .. }
            | Command::RemovePasskey
            | Command::TakeReferral(_)
            | Command::CloseProtectedDetails
            | Command::Invite(_)
            | Command::CancelInvite { .. }
            | Command::RefuseDevice { .. }
            | Command::ChangePerson(_)
            | Command::ShutOut { .. }
            | Command::MakeSheets
            | Command::TrySheets(_)
            | Command::SendNow
            | Command::UseThisRelay => BTreeSet::new(),
        }
        .into_iter()
        .filter(|document| self.library.can_open(*document))
        .gather()
    }

    /// The store is read again: what was asked and can be asked once more, and what cannot is said to whoever waits.
    pub(crate) fn unanswered(&mut self, turn: &mut Turn<'_>) -> Vec<(CommandId, Command)> {
        let waiting = core::mem::take(&mut self.under_way.waiting).into_iter();
        let sending = core::mem::take(&mut self.conversation.send_now).into_iter();
        self.people.answer_to_try_again(turn);
        waiting
            .map(|waiting| (waiting.id, waiting.command))
            .chain(sending.map(|id| (id, Command::SendNow)))
            .collect()
    }

    /// This person and their roles, for the policies.
    pub(crate) fn acting(&self) -> Acting {
        let member = Id(*self.member().as_bytes());
        let roles = self
            .worker(member)
            .map(|worker| worker.roles.iter().map(|role| role.0).gather());
        Acting {
            member: PersonId::from_bytes(member.0),
            roles: roles.unwrap_or_default(),
        }
    }
}

/// A document named by the page.
pub(crate) const fn document(id: Id) -> DocumentId {
    DocumentId::from_bytes(id.0)
}
