//! Inviting people and approving their devices.
//!
//! What an invite's secret opens is known on the device that made it; the chain knows only that the invite exists.

use serde::{Deserialize, Serialize};
use sync_protocol::{
    InviteId, MemberId, RingSet,
    limits::MAX_INVITE_MS,
    membership::{DeviceKeys, Payload},
};

use crate::domain::few::Few;
use crate::{
    domain::{policy, text::ShortLine, worker::Role},
    engine::{
        audience,
        command::CommandId,
        crypto::enrolment::{ComparisonCode, InviteSecret, MailboxMessage},
        form::{
            PersonForm,
            parse::{Invitee, PersonDraft},
        },
        open::{
            Open,
            letting_in::{self, Newcomer, NotMade},
        },
        turn::Turn,
        view::Trouble,
        wire::{Id, Wire},
    },
};

mod appending;
mod mailbox;
mod renewing;
mod roles;
mod roster;
mod sheets;
mod shutting_out;

pub(crate) use appending::{Appending, Then};

/// How often a mailbox is looked into while somebody may be waiting, ms.
const LOOK_MS: i64 = 3_000;
/// The same on a tablet that cannot keep what it finds there, ms.
const LATER_MS: i64 = 60_000;

/// An invite made on this device.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SentInvite {
    /// For whom.
    pub(crate) member: [u8; 16],
    /// The secret in the link.
    pub(crate) secret: [u8; 16],
    /// Our half of the comparison code.
    pub(crate) nonce: [u8; 16],
    /// Name and roles, until the worker's record is made at approval.
    pub(crate) newcomer: Option<(String, Vec<Wire<Role>>)>,
}

/// A device that waits for approval.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) keys: DeviceKeys,
    /// What its tablet calls itself, if that can be a name.
    pub(crate) tablet: Option<ShortLine>,
    commitment: crate::engine::crypto::enrolment::Commitment,
    pub(crate) code: Option<ComparisonCode>,
    answered: bool,
}

/// Invites of this device and who has answered them.
#[derive(Default)]
pub(crate) struct PeopleDesk {
    pub(crate) sent: Vec<SentInvite>,
    pub(crate) candidates: Few<InviteId, Candidate>,
    next_look: Option<i64>,
    /// Records of which it is not known whether the relay took them.
    unsure: Option<Appending>,
    /// The batch that makes them durable, until it has.
    keeping: Option<u32>,
    /// They are on their way.
    asking: bool,
}

impl PeopleDesk {
    pub(crate) fn new(sent: Vec<SentInvite>, unsure: Option<Appending>) -> Self {
        Self {
            sent,
            unsure,
            ..Self::default()
        }
    }

    /// There is no use in looking now.
    pub(crate) fn look_later(&mut self, turn: &Turn<'_>) {
        self.next_look = Some(turn.now + LATER_MS);
    }

    /// What is under way goes on, but whoever waits for it looks again.
    pub(crate) fn answer_to_try_again(&mut self, turn: &mut Turn<'_>) {
        let unsure = self.unsure.as_mut();
        if let Some(command) = unsure.and_then(|unsure| unsure.command.take()) {
            turn.reply(command, Err(Trouble::TryAgain));
        }
    }

    /// When to look into the mailboxes next.
    pub(crate) fn next_look(&self) -> Option<i64> {
        self.next_look
    }
}

impl Open {
    /// Makes an invite and asks the relay to take it.
    pub(crate) fn invite(
        &mut self,
        command: CommandId,
        form: &PersonForm,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let (member, rings, newcomer) = match form.parse_invite().map_err(Trouble::Form)? {
            Invitee::Member(member) => {
                let member = MemberId::from_bytes(*member.as_bytes());
                let rings = self
                    .membership
                    .member(&member)
                    .ok_or(Trouble::NotAllowed)?
                    .rings();
                (member, rings, None)
            }
            Invitee::New(PersonDraft { name, roles }) => {
                let rings = audience::rings(roles.iter());
                let roles = roles.iter().copied().map(Wire).collect();
                (
                    MemberId::from_bytes(turn.random()),
                    rings,
                    Some((name.as_str().to_owned(), roles)),
                )
            }
        };
        let secret = InviteSecret::random(turn.rng);
        let payload = Payload::Invite {
            invite: secret.invite(),
            member,
            rings,
            mailbox_hash: secret.mailbox_hash(),
            expires_ms: turn.now + MAX_INVITE_MS,
        };
        let sent = SentInvite {
            member: *member.as_bytes(),
            secret: *secret.expose(),
            nonce: turn.random(),
            newcomer,
        };
        let record = self.sign(&self.membership, payload, turn)?;
        self.append(vec![record], command, Then::ShowLink(Box::new(sent)), turn);
        Ok(())
    }

    /// Takes an invite back.
    pub(crate) fn cancel_invite(
        &mut self,
        command: CommandId,
        invite: Id,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let invite = InviteId::from_bytes(invite.0);
        let payload = Payload::InviteCancel { invite };
        let record = self.sign(&self.membership, payload, turn)?;
        self.append(vec![record], command, Then::Forget(invite), turn);
        Ok(())
    }

    /// Lets a waiting device in: its person, if new, then the device with the keys it may hold.
    pub(crate) fn approve(
        &mut self,
        command: CommandId,
        invite: Id,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        policy::may_manage_people(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let invite = InviteId::from_bytes(invite.0);
        let candidate = self
            .people
            .candidates
            .get(&invite)
            .filter(|candidate| candidate.code.is_some());
        let keys = candidate
            .map(|candidate| candidate.keys.clone())
            .ok_or_else(nobody_waits)?;
        let known = self.membership.invite(&invite).ok_or_else(nobody_waits)?;
        let newcomer = Newcomer {
            member: known.member,
            rings: known.rings,
            keys,
            invite: Some(invite),
        };
        let (mut ahead, held) = (self.membership.clone(), &self.keyring.keyring);
        let records = letting_in::let_in(newcomer, &mut ahead, held, turn).map_err(not_made)?;
        self.append(records, command, Then::Welcome(invite), turn);
        Ok(())
    }

    /// Turns a waiting device away; its invite is used up by taking it back.
    pub(crate) fn refuse(
        &mut self,
        command: CommandId,
        invite: Id,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let id = InviteId::from_bytes(invite.0);
        if self.may_have_let_in(id) {
            let why = "your approval was on its way and may have arrived; look again in a moment";
            return Err(Trouble::NotNow(why.to_owned()));
        }
        self.cancel_invite(command, invite, turn)?;
        self.leave_message(id, &MailboxMessage::Refused, turn);
        Ok(())
    }
}

/// The rings of a first co-ordinator.
pub(crate) fn first_rings() -> RingSet {
    audience::rings([&Role::Coordinator])
}

fn nobody_waits() -> Trouble {
    Trouble::NotNow(
        "no tablet is waiting with this invite; ask for its six digits and look again".to_owned(),
    )
}

fn not_made(_: NotMade) -> Trouble {
    not_taken()
}

fn not_taken() -> Trouble {
    Trouble::NotNow(
        "the list of people could not be changed; fetch what is new and try again".to_owned(),
    )
}
