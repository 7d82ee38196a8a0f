//! Every tablet is lost: two printed sheets make the kit's keys again, and the kit lets this tablet in.
//!
//! It knows the kit only for as long as that takes; nothing of it is stored. Whoever comes in is a new person of the
//! centre: two sheets prove that two trustees agreed, and not who sits at the tablet.

use std::collections::BTreeSet;

use sync_protocol::{
    ErrorCode, MemberId, Membership, SignedRecord,
    frame::{
        auth::Challenge,
        membership::MembershipRequest,
        pull::{PullAnswer, PullRequest},
    },
    membership::Payload,
};

use super::{KeyringRow, OpenedKeyring, starting};
use crate::domain::gather::Gather;
use crate::{
    documents::{DocumentKind, record::worker},
    domain::{
        ids::{DeviceId as PersonDevice, MemberId as PersonId},
        policy::{self, Acting},
        text::{PersonName, ShortLine},
        time::Moment,
        worker::{Role, Tablet, Worker},
    },
    engine::{
        command::CommandId,
        crypto::{
            device::DeviceSecrets,
            key::{KeyringKey, LocalKey, UnlockKey},
            keyring::{Keyring, KeyringWrap, Standing},
            passphrase::{KdfParams, UnlockSalt},
        },
        effect::{Effect, RequestId},
        event::{Answer, Event, NoAnswer},
        form::parse::sheets::RebuildDraft,
        open::{
            Open, epochs,
            fetching::{Problem, read_answer},
            letting_in::{self, Newcomer, NotMade},
            people,
        },
        storage::key::{Key, Table},
        sync::conversation::Conversation,
        turn::Turn,
        view::{Done, RelayTrouble, Trouble},
    },
};

/// Two sheets on their way into the centre.
pub(crate) struct Rebuilding {
    command: CommandId,
    name: PersonName,
    tablet: ShortLine,
    /// The kit, as if it were this tablet's.
    kit: OpenedKeyring,
    /// What this tablet will be, if the centre takes it.
    own: OpenedKeyring,
    member: MemberId,
    conversation: Conversation,
    challenge: Option<Challenge>,
    asked: Option<(RequestId, Asked)>,
    /// The chain as far as it has come.
    records: Vec<SignedRecord>,
}

/// What was asked of the relay.
enum Asked {
    /// What follows the records that are here.
    Chain,
    /// To take what lets this tablet in.
    LetIn(Vec<SignedRecord>),
}

/// What an event leads to.
pub(crate) enum Step {
    /// An answer is still to come.
    Wait,
    /// It was said why not; the sheets are as good as before.
    GiveUp,
    /// Somebody is in.
    Enter(Box<Open>),
}

impl Rebuilding {
    /// Makes this tablet's keys and asks for the centre's chain.
    pub(crate) fn begin(
        draft: RebuildDraft,
        command: CommandId,
        (unlock, params, salt): (&UnlockKey, KdfParams, UnlockSalt),
        turn: &mut Turn<'_>,
    ) -> Self {
        let member = MemberId::from_bytes(turn.random());
        let own = DeviceSecrets::generate(turn.rng);
        let mut ring = |member, device| {
            let local = LocalKey::random(turn.rng);
            let keyring = Keyring::new(draft.centre, Standing::Member(member), device, local);
            let key = KeyringKey::random(turn.rng);
            let wrap = KeyringWrap::seal(&key, unlock, params, salt, turn.rng).encode();
            let row = KeyringRow {
                initials: String::new(),
                wrap,
                keyring: Vec::new(),
                passkey: None,
            };
            OpenedKeyring { keyring, key, row }
        };
        let kit = draft.kit.device();
        let kit = ring(MemberId::of_kit(&kit.public_keys().sign), kit);
        let own = ring(member, own);
        let mut rebuilding = Self {
            command,
            name: draft.name,
            tablet: draft.tablet,
            kit,
            own,
            member,
            conversation: Conversation::new(None),
            challenge: None,
            asked: None,
            records: Vec::new(),
        };
        rebuilding.ask_for_the_chain(turn);
        rebuilding
    }

    /// Handles one event.
    pub(crate) fn handle(&mut self, event: Event, turn: &mut Turn<'_>) -> Step {
        let Event::Answered(id, answer) = event else {
            return Step::Wait;
        };
        match self.asked.take_if(|(asked, _)| *asked == id) {
            Some((_, Asked::Chain)) => self.chain_came(answer, turn),
            Some((_, Asked::LetIn(records))) => self.let_in(records, answer, turn),
            None => Step::Wait,
        }
    }

    fn ask_for_the_chain(&mut self, turn: &mut Turn<'_>) {
        let held = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        let request = PullRequest {
            membership_held: held,
            ..PullRequest::default()
        };
        let keyring = &self.kit.keyring;
        let path = format!("/v1/{}/pull", keyring.centre);
        let (centre, key) = (keyring.centre, keyring.device.signing_key());
        let id = self
            .conversation
            .post_signed(&path, centre, request.encode(), key, turn);
        self.asked = Some((id, Asked::Chain));
    }

    fn chain_came(&mut self, answer: Result<Answer, NoAnswer>, turn: &mut Turn<'_>) -> Step {
        let answer = read_answer(answer).and_then(|body| {
            PullAnswer::open(&body).map_err(|_| Problem::Trouble(RelayTrouble::NotARelay))
        });
        let answer = match answer {
            Ok(answer) => answer,
            Err(Problem::Trouble(trouble)) => {
                return self.give_up(Trouble::NoRelay(trouble), turn);
            }
            Err(Problem::Failure(failure)) => {
                let fresh = failure.challenge != self.challenge;
                self.challenge = failure.challenge;
                if fresh && self.conversation.was_challenged(failure.challenge) {
                    self.ask_for_the_chain(turn);
                    return Step::Wait;
                }
                return self.give_up(refused(failure.code), turn);
            }
        };
        let came = answer.records.into_iter();
        let before = self.records.len();
        let came = came.filter_map(|bytes| SignedRecord::parse(bytes).ok());
        self.records.extend(came);
        if answer.more && self.records.len() > before {
            self.challenge = None;
            self.conversation.was_challenged(Some(answer.challenge));
            self.ask_for_the_chain(turn);
            return Step::Wait;
        }
        self.ask_to_be_let_in(turn)
    }

    /// The chain must be the one that the sheets name, and the kit in force in it.
    fn ask_to_be_let_in(&mut self, turn: &mut Turn<'_>) -> Step {
        let chain = Membership::replay(self.records.iter()).ok();
        let Some(chain) = chain.filter(|chain| chain.centre() == self.kit.keyring.centre) else {
            return self.give_up(Trouble::NoRelay(RelayTrouble::WrongRelay), turn);
        };
        let kit = chain.device(&self.kit.keyring.device.device_id());
        if kit.is_none_or(|kit| kit.revoked_at.is_some()) {
            return self.give_up(replaced(), turn);
        }
        epochs::take(&mut self.kit, &chain);
        let Ok(records) = self.sign(chain, turn) else {
            return self.give_up(replaced(), turn);
        };
        let request = MembershipRequest {
            expected: u32::try_from(self.records.len()).unwrap_or(u32::MAX),
            records: records
                .iter()
                .map(|record| record.bytes().to_vec())
                .collect(),
        };
        let id = turn.request();
        turn.effects.push(Effect::Post {
            id,
            path: format!("/v1/{}/membership", self.kit.keyring.centre),
            authorization: None,
            body: request.encode(),
        });
        self.asked = Some((id, Asked::LetIn(records)));
        Step::Wait
    }

    fn sign(
        &self,
        mut chain: Membership,
        turn: &mut Turn<'_>,
    ) -> Result<Vec<SignedRecord>, NotMade> {
        let kit = &self.kit.keyring;
        let used = letting_in::sign(&chain, kit, Payload::RecoveryUsed, turn.now)?;
        chain.apply(&used).map_err(|_| NotMade)?;
        let mut records = vec![used];
        let newcomer = Newcomer {
            member: self.member,
            rings: people::first_rings(),
            keys: self.own.keyring.device.public_keys(),
            invite: None,
        };
        records.extend(letting_in::let_in(newcomer, &mut chain, kit, turn)?);
        Ok(records)
    }

    fn let_in(
        &mut self,
        records: Vec<SignedRecord>,
        answer: Result<Answer, NoAnswer>,
        turn: &mut Turn<'_>,
    ) -> Step {
        match read_answer(answer) {
            Ok(_) => {
                self.records.extend(records);
                match self.enter(turn) {
                    Some(open) => Step::Enter(open),
                    None => self.give_up(Trouble::TryAgain, turn),
                }
            }
            Err(Problem::Failure(failure)) if failure.code == ErrorCode::MembershipMoved => {
                // Somebody is not lost after all, or another pair of sheets is at work.
                self.ask_for_the_chain(turn);
                Step::Wait
            }
            Err(Problem::Failure(failure)) => self.give_up(refused(failure.code), turn),
            Err(Problem::Trouble(trouble)) => self.give_up(Trouble::NoRelay(trouble), turn),
        }
    }

    /// The relay has the records: this tablet's keys, the chain and the person's own record become one transaction.
    fn enter(&mut self, turn: &mut Turn<'_>) -> Option<Box<Open>> {
        let membership = Membership::replay(self.records.iter()).ok()?;
        let device = PersonDevice::from_bytes(*self.own.keyring.device.device_id().as_bytes());
        let tablet = Tablet {
            name: self.tablet.clone(),
            since: Moment::from_ms(turn.now),
        };
        let worker = Worker {
            member: PersonId::from_bytes(*self.member.as_bytes()),
            name: self.name.clone(),
            roles: BTreeSet::from([Role::Coordinator]),
            tablets: core::iter::once((device, tablet)).gather(),
        };
        let mut own = self.own.clone();
        own.row.initials = worker.initials();
        epochs::take(&mut own, &membership);
        own.write(turn);
        starting::write_relay(&membership.centre().to_string(), turn);
        for (index, record) in (0..).zip(&self.records) {
            turn.put(Table::Chain, Key::chain(index), record.bytes().to_vec());
        }
        let tablet = self.tablet.as_str().to_owned();
        let mut open = starting::blank(own, membership, tablet, false, turn);
        open.ready = false;
        let permit = policy::may_plan(&Acting {
            member: worker.member,
            roles: worker.roles.clone(),
        });
        let (permit, me) = (permit.ok()?, open.member());
        let write = |document: &mut _| worker::write_new(document, permit, &worker);
        open.create(DocumentKind::Worker, me, write, turn).ok()?;
        open.write_private(turn);
        open.finish(self.command, Done::Saved, turn);
        Some(Box::new(open))
    }

    fn give_up(&self, why: Trouble, turn: &mut Turn<'_>) -> Step {
        turn.forget_writes();
        turn.reply(self.command, Err(why));
        Step::GiveUp
    }
}

/// Two whole sheets that open nothing.
fn replaced() -> Trouble {
    Trouble::NotNow(
        "each sheet is whole, but together they open nothing: newer sheets were made since, or these are of two different sets. Look at the dates printed on them".to_owned(),
    )
}

fn refused(code: ErrorCode) -> Trouble {
    match code {
        ErrorCode::UnknownDevice | ErrorCode::Revoked => replaced(),
        ErrorCode::UnknownCentre => Trouble::NoRelay(RelayTrouble::UnknownCentre),
        ErrorCode::Malformed
        | ErrorCode::ChallengeNeeded
        | ErrorCode::ChallengeExpired
        | ErrorCode::Signature
        | ErrorCode::Forbidden
        | ErrorCode::UnknownPath
        | ErrorCode::WrongMethod
        | ErrorCode::Timeout
        | ErrorCode::MembershipMoved
        | ErrorCode::TooLarge
        | ErrorCode::MembershipRefused
        | ErrorCode::SlowDown
        | ErrorCode::Unavailable
        | ErrorCode::Quota
        | ErrorCode::UnknownInvite
        | ErrorCode::WrongToken
        | ErrorCode::MailboxClosed
        | ErrorCode::MailboxFull => Trouble::NoRelay(RelayTrouble::ServerError),
    }
}
