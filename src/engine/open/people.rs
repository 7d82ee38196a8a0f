//! Inviting people and approving their devices.
//!
//! What an invite's secret opens is known on the device that made it; the chain knows only that the invite exists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sync_protocol::{
    ErrorCode, InviteId, MemberId, Record, RingSet, Scope, SignedRecord,
    frame::{
        mailbox::{MailboxAnswer, MailboxRequest},
        membership::MembershipRequest,
    },
    limits::MAX_INVITE_MS,
    membership::{DeviceKeys, EpochRecord, InviteState, Payload, SealedKey},
};

use crate::{
    domain::{policy, worker::Role},
    engine::{
        audience,
        command::CommandId,
        crypto::{
            enrolment::{ComparisonCode, InviteLink, InviteSecret, MailboxMessage, Nonce},
            key::EpochKey,
            sealed_key,
        },
        effect::Effect,
        event::{Answer, NoAnswer},
        form::{InviteForm, parse::Invitee},
        open::{
            Open,
            fetching::{Problem, read_answer},
        },
        sync::conversation::Asked,
        turn::Turn,
        view::{Done, Trouble},
        wire::{Id, Wire},
    },
};

/// How often a mailbox is looked into while somebody may be waiting, ms.
const LOOK_MS: i64 = 3_000;

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
    commitment: crate::engine::crypto::enrolment::Commitment,
    pub(crate) code: Option<ComparisonCode>,
    answered: bool,
}

/// Invites of this device and who has answered them.
#[derive(Default)]
pub(crate) struct PeopleDesk {
    pub(crate) sent: Vec<SentInvite>,
    pub(crate) candidates: BTreeMap<InviteId, Candidate>,
    /// The centre's first record, for a relay that has never heard of the centre.
    pub(crate) first_record: Option<Vec<u8>>,
    next_look: Option<i64>,
}

impl PeopleDesk {
    pub(crate) fn new(sent: Vec<SentInvite>) -> Self {
        Self { sent, ..Self::default() }
    }

    /// When to look into the mailboxes next.
    pub(crate) fn next_look(&self) -> Option<i64> {
        self.next_look
    }
}

/// Records on their way to the relay, and what their arrival answers.
#[derive(Debug)]
pub(crate) struct Appending {
    pub(crate) records: Vec<SignedRecord>,
    pub(crate) command: CommandId,
    pub(crate) then: Then,
}

/// What happens once the relay has the records.
#[derive(Debug)]
pub(crate) enum Then {
    /// The invite's link may be shown.
    ShowLink(Box<SentInvite>),
    /// The newcomer is told, and the worker's record is made.
    Welcome(InviteId),
    /// The invite is forgotten.
    Forget(InviteId),
}

impl Open {
    /// Makes an invite and asks the relay to take it.
    pub(crate) fn invite(&mut self, command: CommandId, form: &InviteForm, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        policy::may_invite(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let (member, rings, newcomer) = match form.parse().map_err(Trouble::Form)? {
            Invitee::Member(member) => {
                let member = MemberId::from_bytes(*member.as_bytes());
                let rings = self.membership.member(&member).ok_or(Trouble::NotAllowed)?.rings();
                (member, rings, None)
            }
            Invitee::New { name, roles } => {
                let rings = audience::rings(roles.iter());
                let roles = roles.iter().copied().map(Wire).collect();
                (MemberId::from_bytes(turn.random()), rings, Some((name.as_str().to_owned(), roles)))
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
        let record = self.sign(self.membership.length(), self.membership.head(), payload, turn)?;
        self.append(vec![record], command, Then::ShowLink(Box::new(sent)), turn);
        Ok(())
    }

    /// Takes an invite back.
    pub(crate) fn cancel_invite(&mut self, command: CommandId, invite: Id, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        policy::may_invite(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let invite = InviteId::from_bytes(invite.0);
        let payload = Payload::InviteCancel { invite };
        let record = self.sign(self.membership.length(), self.membership.head(), payload, turn)?;
        self.append(vec![record], command, Then::Forget(invite), turn);
        Ok(())
    }

    /// Lets a waiting device in: its person, if new, then the device with the keys it may hold.
    pub(crate) fn approve(&mut self, command: CommandId, invite: Id, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        policy::may_invite(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let invite = InviteId::from_bytes(invite.0);
        let candidate = self.people.candidates.get(&invite).filter(|candidate| candidate.code.is_some());
        let keys = candidate.map(|candidate| candidate.keys.clone()).ok_or_else(nobody_waits)?;
        let known = self.membership.invite(&invite).ok_or_else(nobody_waits)?;
        let (member, rings) = (known.member, known.rings);
        let mut records = Vec::new();
        let mut ahead = self.membership.clone();
        let mut new_desk = None;
        if ahead.member(&member).is_none() {
            let (desk, key) = self.new_epoch(Scope::Desk(member), &ahead, turn)?;
            let payload = Payload::MemberAdd { member, rings, desk };
            let record = self.sign(ahead.length(), ahead.head(), payload, turn)?;
            ahead.apply(&record).map_err(|_| not_taken())?;
            records.push(record);
            new_desk = Some(key);
        }
        let sealed = self.seal_for(member, &keys, &ahead, new_desk.as_ref(), turn)?;
        let payload = Payload::DeviceAdd { member, keys, invite: Some(invite), sealed };
        records.push(self.sign(ahead.length(), ahead.head(), payload, turn)?);
        self.append(records, command, Then::Welcome(invite), turn);
        Ok(())
    }

    /// Turns a waiting device away; its invite is used up by taking it back.
    pub(crate) fn refuse(&mut self, command: CommandId, invite: Id, turn: &mut Turn<'_>) -> Result<(), Trouble> {
        let id = InviteId::from_bytes(invite.0);
        self.cancel_invite(command, invite, turn)?;
        self.leave_message(id, &MailboxMessage::Refused, turn);
        Ok(())
    }

    /// Looks into the mailboxes of this device's open invites.
    pub(crate) fn look_into_mailboxes(&mut self, turn: &mut Turn<'_>) {
        let open: Vec<InviteId> = self.open_invites().map(|(invite, _)| invite).collect();
        let watching = self.conversation.online && self.conversation.visible && !open.is_empty();
        self.people.next_look = watching.then_some(turn.now + LOOK_MS);
        for invite in open {
            self.ask_mailbox(invite, None, turn);
        }
    }

    /// A mailbox was answered: notes the newcomer's keys, then its nonce, and answers in turn.
    pub(crate) fn mailbox_answered(&mut self, invite: InviteId, answer: Result<Answer, NoAnswer>, turn: &mut Turn<'_>) {
        let Some(answer) = read_answer(answer).ok().and_then(|body| MailboxAnswer::decode(&body).ok()) else {
            return;
        };
        let Some(sent) = self.open_invites().find(|(open, _)| *open == invite).map(|(_, sent)| sent.clone()) else {
            return;
        };
        let secret = InviteSecret::from_bytes(sent.secret);
        for bytes in &answer.messages {
            match MailboxMessage::open(&secret, bytes) {
                Ok(MailboxMessage::Hello { keys, commitment }) => {
                    let candidate = Candidate { keys: *keys, commitment, code: None, answered: false };
                    self.people.candidates.entry(invite).or_insert(candidate);
                }
                Ok(MailboxMessage::Reveal { nonce }) => self.reveal(invite, &sent, nonce),
                Ok(MailboxMessage::Answer { .. } | MailboxMessage::Approved | MailboxMessage::Refused) | Err(_) => {}
            }
        }
        if self.people.candidates.get(&invite).is_some_and(|candidate| !candidate.answered) {
            let nonce = Nonce::from_bytes(sent.nonce);
            self.leave_message(invite, &MailboxMessage::Answer { nonce }, turn);
            if let Some(candidate) = self.people.candidates.get_mut(&invite) {
                candidate.answered = true;
            }
        }
    }

    fn reveal(&mut self, invite: InviteId, sent: &SentInvite, nonce: Nonce) {
        let centre = self.centre();
        if let Some(candidate) = self.people.candidates.get_mut(&invite)
            && let Some(revealed) = candidate.commitment.check(nonce)
        {
            let own = Nonce::from_bytes(sent.nonce);
            candidate.code = Some(ComparisonCode::of(centre, invite, &candidate.keys, &revealed, &own));
        }
    }

    /// The relay answered an append.
    pub(crate) fn append_answered(&mut self, appending: Appending, answer: Result<Answer, NoAnswer>, turn: &mut Turn<'_>) {
        let Appending { records, command, then } = appending;
        match read_answer(answer) {
            Ok(_) => {
                let bytes: Vec<Vec<u8>> = records.into_iter().map(SignedRecord::into_bytes).collect();
                self.take_records(&bytes, turn);
                self.appended(command, then, turn);
            }
            Err(Problem::Failure(failure)) => {
                let trouble = match failure.code {
                    ErrorCode::MembershipMoved => {
                        self.fetch(turn);
                        Trouble::TryAgain
                    }
                    _ => not_taken(),
                };
                turn.reply(command, Err(trouble));
            }
            Err(Problem::Trouble(trouble)) => turn.reply(command, Err(Trouble::NoRelay(trouble))),
        }
    }

    fn appended(&mut self, command: CommandId, then: Then, turn: &mut Turn<'_>) {
        match then {
            Then::ShowLink(sent) => {
                let secret = InviteSecret::from_bytes(sent.secret);
                let expires_at = self.membership.invite(&secret.invite()).map_or(turn.now, |invite| invite.expires_ms);
                let link = InviteLink { centre: self.centre(), secret };
                self.people.sent.push(*sent);
                self.write_private(turn);
                let done = Done::Invited { fragment: link.fragment().to_string(), expires_at };
                self.finish(command, done, turn);
                self.look_into_mailboxes(turn);
            }
            Then::Welcome(invite) => {
                self.leave_message(invite, &MailboxMessage::Approved, turn);
                self.people.candidates.remove(&invite);
                let made = self.make_worker(invite, turn);
                self.write_private(turn);
                match made {
                    Ok(()) => self.finish(command, Done::Saved, turn),
                    Err(trouble) => turn.reply(command, Err(trouble)),
                }
            }
            Then::Forget(invite) => {
                self.people.candidates.remove(&invite);
                self.people.sent.retain(|sent| InviteSecret::from_bytes(sent.secret).invite() != invite);
                self.write_private(turn);
                self.finish(command, Done::Saved, turn);
            }
        }
    }

    /// Invites of this device that nobody has used.
    pub(crate) fn open_invites(&self) -> impl Iterator<Item = (InviteId, &SentInvite)> {
        self.people.sent.iter().filter_map(|sent| {
            let invite = InviteSecret::from_bytes(sent.secret).invite();
            let open = self.membership.invite(&invite).is_some_and(|known| matches!(known.state, InviteState::Open));
            open.then_some((invite, sent))
        })
    }

    fn leave_message(&mut self, invite: InviteId, message: &MailboxMessage, turn: &mut Turn<'_>) {
        let sent = self.people.sent.iter().find(|sent| InviteSecret::from_bytes(sent.secret).invite() == invite);
        if let Some(secret) = sent.map(|sent| InviteSecret::from_bytes(sent.secret)) {
            let sealed = message.seal(&secret, turn.rng);
            self.ask_mailbox(invite, Some(sealed), turn);
        }
    }

    fn ask_mailbox(&mut self, invite: InviteId, message: Option<Vec<u8>>, turn: &mut Turn<'_>) {
        let sent = self.people.sent.iter().find(|sent| InviteSecret::from_bytes(sent.secret).invite() == invite);
        let Some(secret) = sent.map(|sent| InviteSecret::from_bytes(sent.secret)) else {
            return;
        };
        let body = MailboxRequest { token: secret.token(), after: 0, message }.encode();
        let id = turn.request();
        turn.effects.push(Effect::Post { id, path: format!("/v1/mailbox/{invite}"), authorization: None, body });
        self.conversation.asked(id, Asked::Mailbox(invite));
    }

    fn append(&mut self, records: Vec<SignedRecord>, command: CommandId, then: Then, turn: &mut Turn<'_>) {
        if self.made_up {
            turn.reply(command, Err(Trouble::NotNow("nobody can join made-up families".to_owned())));
            return;
        }
        let request = MembershipRequest {
            expected: self.membership.length(),
            records: records.iter().map(|record| record.bytes().to_vec()).collect(),
        };
        let id = turn.request();
        let path = format!("/v1/{}/membership", self.centre());
        turn.effects.push(Effect::Post { id, path, authorization: None, body: request.encode() });
        self.conversation.asked(id, Asked::Append(Box::new(Appending { records, command, then })));
    }

    fn sign(
        &self,
        index: u32,
        prev: sync_protocol::RecordHash,
        payload: Payload,
        turn: &Turn<'_>,
    ) -> Result<SignedRecord, Trouble> {
        let record = Record { index, prev, signer: self.device(), claimed_ms: turn.now, payload };
        SignedRecord::sign(&record, self.keyring.keyring.device.signing_key()).map_err(|_| not_taken())
    }

    /// The first epoch of a scope, sealed to each of its readers.
    fn new_epoch(
        &self,
        scope: Scope,
        membership: &sync_protocol::Membership,
        turn: &mut Turn<'_>,
    ) -> Result<(EpochRecord, EpochKey), Trouble> {
        let key = EpochKey::random(turn.rng);
        let mut sealed = Vec::new();
        for device in membership.readers(scope) {
            let public = membership.device(&device).ok_or_else(not_taken)?.seal;
            let output = sealed_key::seal_epoch_key(&key, scope, 1, device, &public, turn.rng).map_err(|_| not_taken())?;
            sealed.push(SealedKey { device, scope, epoch: 1, output });
        }
        let box_public = key.box_keypair(scope, 1).public;
        Ok((EpochRecord { scope, epoch: 1, box_public, sealed, link: None }, key))
    }

    /// The current key of every scope a member reads, sealed to a new device.
    fn seal_for(
        &self,
        member: MemberId,
        keys: &DeviceKeys,
        membership: &sync_protocol::Membership,
        desk: Option<&EpochKey>,
        turn: &mut Turn<'_>,
    ) -> Result<Vec<SealedKey>, Trouble> {
        let device = keys.device();
        let mut sealed = Vec::new();
        for scope in membership.scopes_of(&member) {
            let Some(epoch) = membership.epoch(scope).map(|record| record.epoch) else {
                continue;
            };
            let own = if scope == Scope::Desk(member) { desk } else { None };
            let key = own.or_else(|| self.keyring.keyring.epoch(scope, epoch)).ok_or_else(not_taken)?;
            let output =
                sealed_key::seal_epoch_key(key, scope, epoch, device, &keys.seal, turn.rng).map_err(|_| not_taken())?;
            sealed.push(SealedKey { device, scope, epoch, output });
        }
        Ok(sealed)
    }
}

/// The rings of a first co-ordinator.
pub(crate) fn first_rings() -> RingSet {
    audience::rings([&Role::Coordinator])
}

fn nobody_waits() -> Trouble {
    Trouble::NotNow("no tablet is waiting with this invite; ask for its six digits and look again".to_owned())
}

fn not_taken() -> Trouble {
    Trouble::NotNow("the list of people could not be changed; fetch what is new and try again".to_owned())
}
