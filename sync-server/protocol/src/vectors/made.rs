//! How each vector is made. Inputs are fixed and small; failures show as text that is no vector.

use crate::{
    channel::{Channel, Scope},
    envelope::SealedEnvelope,
    error::ErrorCode,
    frame::{
        Authorization, Challenge, ChannelPage, Failure, LiveHello, MailboxAnswer, MailboxRequest,
        MailboxState, MembershipAnswer, MembershipRequest, Poke, PullAnswer, PullRequest,
        PushAnswer, PushCode, PushOutcome, PushRequest, RequestSigning,
    },
    hex,
    id::{ChainHash, DeviceId, Incarnation, InviteId, KeyId},
    membership::{MembershipError, Payload, SignedRecord},
    padding::padded_len,
    ring::Ring,
    vectors::centre::{Author, CLAIMED_MS, MadeUpCentre, device_keys, member, signing_key},
};

/// Device, invite and key ids, and a chain of two envelopes' ids.
pub(super) fn names() -> String {
    let device = DeviceId::of(&signing_key(1).verifying_key());
    let invite = InviteId::of(&[2; 16]);
    let key = KeyId::of(&[3; 32]);
    let first = crate::id::EnvelopeId::from_bytes([4; 32]);
    let chain = ChainHash::START.next(first).next(first);
    format!("{device}{invite}{key}{chain}")
}

pub(super) fn channels() -> String {
    let rings = Ring::ALL
        .into_iter()
        .flat_map(|ring| [Channel::Ring(ring), Channel::RingBox(ring)]);
    rings
        .chain([Channel::Desk(member(9)), Channel::MemberBox(member(9))])
        .map(|channel| hex::encode(&channel.to_bytes()))
        .collect()
}

/// Payload lengths around every step, and what they become, four bytes each.
pub(super) fn padding() -> String {
    let lengths = [
        0, 1, 252, 253, 508, 4092, 4093, 5116, 5117, 16_380, 16_381, 17_404, 17_405, 40_000,
        100_000, 1_000_000,
    ];
    lengths.into_iter().fold(String::new(), |text, length| {
        format!("{text}{length:08x}{:08x}", padded_len(length))
    })
}

pub(super) fn header() -> String {
    made(|centre| {
        Ok(hex::encode(
            &author().header(&centre.membership, 100).encode(),
        ))
    })
}

/// Two envelopes of one stream.
pub(super) fn envelope() -> String {
    made(|centre| {
        let [first, second] = envelopes(centre)?;
        Ok(hex::encode(&[first, second].concat()))
    })
}

/// What is left of the first envelope once it is pruned.
pub(super) fn stub() -> String {
    made(|centre| {
        let [first, _] = envelopes(centre)?;
        let first = SealedEnvelope::parse(first).map_err(|_| MembershipError::Empty)?;
        Ok(hex::encode(&first.stub()))
    })
}

/// What an attest of a snapshot says.
pub(super) fn vouching() -> String {
    made(|centre| {
        let [_, attest, _] = pruned(centre).ok_or(MembershipError::Empty)?;
        Ok(hex::encode(attest.clear().unwrap_or_default()))
    })
}

/// A snapshot, the attest of it and the prune that names both.
pub(super) fn prune() -> String {
    made(|centre| {
        let written = pruned(centre).ok_or(MembershipError::Empty)?;
        let written: Vec<&[u8]> = written.iter().map(SealedEnvelope::bytes).collect();
        Ok(hex::encode(&written.concat()))
    })
}

/// A chain with every kind of record, one after the other.
pub(super) fn membership_chain() -> String {
    made(|centre| Ok(chain(centre)))
}

/// A chain of two: a centre opens, and its first admin names another relay.
pub(super) fn relay_change() -> String {
    let changed = || {
        let mut centre = MadeUpCentre::open(9)?;
        centre.append(Payload::RelayChange { relay: [44; 32] })?;
        Ok::<_, MembershipError>(centre)
    };
    changed().map_or_else(|error| error.to_string(), |centre| chain(&centre))
}

/// A centre makes a recovery kit, which is then used.
pub(super) fn recovery() -> String {
    let used = || {
        let mut centre = MadeUpCentre::open(9)?;
        centre.admin = centre.make_kit(45)?;
        centre.append(Payload::RecoveryUsed)?;
        Ok::<_, MembershipError>(centre)
    };
    used().map_or_else(|error| error.to_string(), |centre| chain(&centre))
}

fn chain(centre: &MadeUpCentre) -> String {
    let records: Vec<&[u8]> = centre.records.iter().map(SignedRecord::bytes).collect();
    hex::encode(&records.concat())
}

pub(super) fn membership_hashes() -> String {
    made(|centre| {
        Ok(centre
            .records
            .iter()
            .map(|record| record.hash().to_string())
            .collect())
    })
}

pub(super) fn challenge() -> String {
    hex::encode(a_challenge().as_bytes())
}

/// The authorization header, as the bytes of its text.
pub(super) fn authorization() -> String {
    made(|centre| {
        Ok(hex::encode(
            signed(centre, "POST", "pull", b"body").header().as_bytes(),
        ))
    })
}

pub(super) fn push_request() -> String {
    made(|centre| {
        let envelopes = envelopes(centre)?;
        let envelopes = envelopes.iter().map(Vec::as_slice).collect();
        Ok(bytes_of(PushRequest { envelopes }.encode()))
    })
}

pub(super) fn push_answer() -> String {
    made(|centre| {
        let ids: Vec<_> = envelopes(centre)?
            .iter()
            .map(|bytes| crate::id::EnvelopeId::from_bytes(*blake3::hash(bytes).as_bytes()))
            .collect();
        let outcomes = vec![
            PushOutcome {
                code: PushCode::Accepted,
                seq: 7,
            },
            PushOutcome {
                code: PushCode::Gap,
                seq: 2,
            },
        ];
        let answer = PushAnswer {
            outcomes,
            incarnation: incarnation(),
        };
        Ok(bytes_of(answer.sign(
            centre.membership.centre(),
            &ids,
            &signing_key(200),
        )))
    })
}

pub(super) fn pull_request() -> String {
    let channels = vec![
        (Channel::Ring(Ring::Team), 5),
        (Channel::Desk(member(2)), 0),
    ];
    let request = PullRequest {
        membership_held: 3,
        channels,
        wait_ms: 0,
    };
    hex::encode(&request.encode())
}

pub(super) fn pull_answer() -> String {
    made(|centre| {
        let [first, _] = envelopes(centre)?;
        let page = ChannelPage {
            channel: Channel::Ring(Ring::Team),
            head_seq: 1,
            head_chain: ChainHash::START,
            envelopes: vec![(1, first)],
        };
        let key = signing_key(200);
        let answer = PullAnswer {
            relay_key: key.verifying_key().to_bytes(),
            incarnation: incarnation(),
            relay_ms: CLAIMED_MS,
            challenge: a_challenge(),
            membership_length: centre.membership.length(),
            membership_head: centre.membership.head(),
            records: centre
                .records
                .iter()
                .take(1)
                .map(|record| record.bytes().to_vec())
                .collect(),
            pages: vec![page],
            more: true,
        };
        Ok(hex::encode(&answer.sign(&key)))
    })
}

pub(super) fn membership_request() -> String {
    let request = MembershipRequest {
        expected: 1,
        records: vec![vec![1, 2, 3], vec![4]],
    };
    hex::encode(&request.encode())
}

pub(super) fn membership_answer() -> String {
    made(|centre| {
        let (length, head) = (centre.membership.length(), centre.membership.head());
        Ok(hex::encode(&MembershipAnswer { length, head }.encode()))
    })
}

/// With a message and without one.
pub(super) fn mailbox_request() -> String {
    let with = MailboxRequest {
        token: [5; 32],
        after: 1,
        message: Some(vec![1, 2, 3]),
    };
    let without = MailboxRequest {
        token: [5; 32],
        after: 0,
        message: None,
    };
    hex::encode(&[with.encode(), without.encode()].concat())
}

pub(super) fn mailbox_answer() -> String {
    made(|centre| {
        let answer = MailboxAnswer {
            centre: centre.membership.centre(),
            relay_ms: CLAIMED_MS,
            expires_ms: CLAIMED_MS + 1000,
            state: MailboxState::Used,
            messages: vec![vec![1, 2, 3]],
        };
        Ok(hex::encode(&answer.encode()))
    })
}

/// The hello, then one poke of each kind.
pub(super) fn live() -> String {
    made(|centre| {
        let hello = LiveHello(signed(centre, "GET", "live", b"")).encode();
        let channel = Channel::MemberBox(member(2));
        let pokes = [
            Poke::Channel { channel, seq: 9 },
            Poke::Membership { length: 4 },
            Poke::Mailbox,
        ];
        let pokes: Vec<u8> = pokes.iter().flat_map(Poke::encode).collect();
        Ok(hex::encode(&[hello, pokes].concat()))
    })
}

pub(super) fn failure() -> String {
    let failure = Failure {
        code: ErrorCode::ChallengeNeeded,
        message: "sign the challenge".to_owned(),
        challenge: Some(a_challenge()),
    };
    hex::encode(&failure.encode())
}

fn made(make: impl FnOnce(&MadeUpCentre) -> Result<String, MembershipError>) -> String {
    every_kind()
        .and_then(|centre| make(&centre))
        .unwrap_or_else(|error| error.to_string())
}

/// A centre whose chain holds every kind of record.
fn every_kind() -> Result<MadeUpCentre, MembershipError> {
    let mut centre = MadeUpCentre::open(1)?;
    let bob = signing_key(2);
    let invite = InviteId::of(&[40; 16]);
    centre.append(centre.invite([40; 16], member(2), &[41; 32]))?;
    centre.append(centre.member_add(member(2), [Ring::Team].into_iter().collect()))?;
    centre.append(centre.device_add(member(2), device_keys(&bob), Some(invite)))?;
    centre.append(centre.ring_epoch([Scope::Ring(Ring::Team), Scope::Ring(Ring::Trustees)]))?;
    let scope = Scope::Ring(Ring::Safeguarding);
    let device = DeviceId::of(&bob.verifying_key());
    centre.append(Payload::RoleChange {
        member: member(2),
        rings: [Ring::Team, Ring::Safeguarding].into_iter().collect(),
        epochs: vec![],
        sealed: vec![super::centre::sealed_key(
            device,
            scope,
            centre.current(scope),
        )],
    })?;
    centre.append(centre.device_revoke(device))?;
    centre.append(centre.invite([42; 16], member(3), &[43; 32]))?;
    let invite = InviteId::of(&[42; 16]);
    centre.append(Payload::InviteCancel { invite })?;
    Ok(centre)
}

fn author() -> Author {
    Author::new(signing_key(1), Channel::Ring(Ring::Team), 77)
}

fn envelopes(centre: &MadeUpCentre) -> Result<[Vec<u8>; 2], MembershipError> {
    let mut author = author();
    let mut write = || {
        let envelope = author.write(&centre.membership, 100);
        envelope
            .map(crate::SealedEnvelope::into_bytes)
            .map_err(|_| MembershipError::Empty)
    };
    Ok([write()?, write()?])
}

fn pruned(centre: &MadeUpCentre) -> Option<[SealedEnvelope; 3]> {
    let membership = &centre.membership;
    let (mut author, mut second) = (author(), author());
    second.key = signing_key(2);
    let changes = [
        author.write(membership, 100).ok()?,
        author.write(membership, 100).ok()?,
    ];
    author.compact(membership, &mut second, &changes)
}

fn signed(centre: &MadeUpCentre, method: &str, call: &str, body: &[u8]) -> Authorization {
    let id = centre.membership.centre();
    let path = format!("/v1/{id}/{call}");
    let request = RequestSigning {
        method,
        path: &path,
        centre: id,
        challenge: a_challenge(),
        body,
    };
    request.sign(&centre.admin)
}

fn a_challenge() -> Challenge {
    Challenge::issue(&[50; 32], [51; 16], 1_800_000_000_000)
}

const fn incarnation() -> Incarnation {
    Incarnation::from_bytes([60; 16])
}

fn bytes_of(result: Result<Vec<u8>, crate::CodecError>) -> String {
    result.map_or_else(|error| error.to_string(), |bytes| hex::encode(&bytes))
}
