//! A device is revoked by the co-ordinator's own keys, while all is calm; and what it may learn afterwards (I6).
//!
//! The record is what an app would sign: new epochs of every scope that the device read, sealed to those who stay.

use neutral_ground::engine::{
    command::Command,
    crypto::{
        envelope::{self, HeadSeen, MembershipSeen, SealInput, SealKey},
        key::EpochKey,
        keyring::Keyring,
        payload::Attest,
        sealed_key::seal_epoch_key,
    },
    event::Event,
    view::Door,
};
use sync_protocol::{
    CentreId, ChainHash, Channel, DeviceId, DocumentId, EnvelopeId, EnvelopeKind, ErrorCode,
    Incarnation, Membership, Record, Ring, Scope, SignedRecord, StreamId,
    frame::{
        PushRequest, auth::RequestSigning, failure::Failure, membership::MembershipRequest,
        pull::PullRequest,
    },
    membership::{EpochRecord, Payload, SealedKey},
};

use crate::{
    simulator::{
        keys, ledger::Intent, network::Signal, relay::push_codes, tally::Count, world::World,
    },
    tablet::Dice,
};

/// Somebody who was a member.
pub(crate) struct Gone {
    /// Whose tablet.
    pub(crate) tablet: usize,
    /// The device.
    pub(crate) device: DeviceId,
    /// The record that revoked it.
    pub(crate) index: u32,
    /// Everything it ever held, kept by a thief.
    pub(crate) keyring: Keyring,
}

/// Revokes the victim's device, if everything it wrote was sent.
pub(crate) fn revoke(world: &mut World) {
    let tablet = world.course.victim;
    if !is_quiet(world, tablet) {
        return;
    }
    let centre = world.centre();
    let membership = world.relay.membership(centre);
    let device = world.devices[tablet].id();
    let office = keys::open(&world.devices[0]);
    let keyring = keys::open(&world.devices[tablet]);
    let payload = Payload::DeviceRevoke {
        device,
        epochs: new_epochs(&membership, device, &office, &mut world.course.dice),
    };
    let record = Record {
        index: membership.length(),
        prev: membership.head(),
        signer: office.device.device_id(),
        claimed_ms: world.devices[0].clock(world.agenda.now()),
        payload,
    };
    let index = record.index;
    let record = SignedRecord::sign(&record, office.device.signing_key()).unwrap();
    let request = MembershipRequest {
        expected: index,
        records: vec![record.into_bytes()],
    };
    let path = format!("/v1/{centre}/membership");
    let (status, ..) = world
        .relay
        .post(world.agenda.now(), &path, None, &request.encode());
    assert_eq!(status, 200, "the relay takes the revocation");
    world.tally.add(Count::Revocations);
    world.course.gone = Some(Gone {
        tablet,
        device,
        index,
        keyring,
    });
}

/// Brings everything of a tablet to the relay; true if that could be done.
fn is_quiet(world: &mut World, tablet: usize) -> bool {
    world.set_signal(tablet, Signal::There);
    world.devices[tablet].disk.full = false;
    world.feed(tablet, Event::Online(true));
    for _ in 0..3 {
        if !matches!(world.devices[tablet].door, Door::Open(_)) {
            return false;
        }
        world.ask(tablet, Command::SendNow, Intent::Other);
        world.pass(3_000);
    }
    world.feed(tablet, Event::Visible(false));
    world.pass(3_000);
    let tablet = &world.devices[tablet];
    tablet.sync.unsent == 0 && tablet.asked.is_empty() && tablet.drain.is_none()
}

fn new_epochs(
    membership: &Membership,
    device: DeviceId,
    office: &Keyring,
    dice: &mut Dice,
) -> Vec<EpochRecord> {
    let member = membership.device(&device).unwrap().member;
    let scopes = membership.scopes_of(&member).into_iter();
    scopes
        .map(|scope| {
            let before = membership.epoch(scope).unwrap().epoch;
            let epoch = before + 1;
            let key = EpochKey::random(dice);
            EpochRecord {
                scope,
                epoch,
                box_public: key.box_keypair(scope, epoch).public,
                sealed: seal_to_others(membership, device, scope, epoch, &key, dice),
                link: office
                    .epoch(scope, before)
                    .map(|old| key.seal_link(scope, epoch, old)),
            }
        })
        .collect()
}

fn seal_to_others(
    membership: &Membership,
    revoked: DeviceId,
    scope: Scope,
    epoch: u32,
    key: &EpochKey,
    dice: &mut Dice,
) -> Vec<SealedKey> {
    let readers = membership.readers(scope).into_iter();
    readers
        .filter(|reader| *reader != revoked)
        .map(|device| {
            let public = membership.device(&device).unwrap().seal;
            let output = seal_epoch_key(key, scope, epoch, device, &public, dice).unwrap();
            SealedKey {
                device,
                scope,
                epoch,
                output,
            }
        })
        .collect()
}

/// The code that the relay gives an envelope which somebody seals with the revoked device's keys.
pub(crate) fn push_with_old_keys(world: &World, centre: CentreId, gone: &Gone) -> Option<Vec<u8>> {
    let membership = world.relay.membership(centre);
    let scope = Scope::Ring(Ring::Team);
    let (epoch, key) = gone.keyring.latest_epoch(scope)?;
    // A thief's tablet has heard of nothing that came after.
    let index = gone.index - 1;
    let input = SealInput {
        kind: EnvelopeKind::Attest,
        centre,
        channel: Channel::Ring(Ring::Team),
        document: DocumentId::NONE,
        epoch,
        stream: StreamId::from_bytes([9; 8]),
        n: 1,
        prev: EnvelopeId::NONE,
        membership: MembershipSeen {
            index,
            hash: membership.hash_at(index)?,
        },
        head: HeadSeen {
            incarnation: Incarnation::from_bytes([0; 16]),
            seq: 0,
            chain: ChainHash::START,
        },
        claimed_ms: i64::try_from(world.agenda.now()).unwrap(),
    };
    let payload = Attest { held: Vec::new() }.encode();
    let dice = &mut Dice::new("thief");
    let device = &gone.keyring.device;
    let envelope = envelope::seal(&input, SealKey::Epoch(key), &payload, device, dice).ok()?;
    let body = PushRequest {
        envelopes: vec![envelope.bytes()],
    };
    let path = format!("/v1/{centre}/push");
    let body = body.encode().ok()?;
    let (_, _, answer) = world.relay.post(world.agenda.now(), &path, None, &body);
    push_codes(&answer, 1)
}

/// What the relay answers to somebody who still has the revoked device's keys and asks for what is new.
pub(crate) fn knock_with_old_keys(
    world: &World,
    centre: CentreId,
    gone: &Gone,
) -> Option<ErrorCode> {
    let path = format!("/v1/{centre}/pull");
    let membership = world.relay.membership(centre);
    let request = PullRequest {
        membership_held: 0,
        channels: membership
            .channels_readable_by(&membership.device(&gone.device)?.member)
            .into_iter()
            .map(|channel| (channel, 0))
            .collect(),
        wait_ms: 0,
    }
    .encode();
    let now = world.agenda.now();
    let (_, _, refusal) = world.relay.post(now, &path, None, &request);
    let challenge = Failure::decode(&refusal).ok()?.challenge?;
    let signing = RequestSigning {
        method: "POST",
        path: &path,
        centre,
        challenge,
        body: &request,
    };
    let header = signing.sign(gone.keyring.device.signing_key()).header();
    let (_, _, answer) = world.relay.post(now, &path, Some(&header), &request);
    Failure::decode(&answer).ok().map(|failure| failure.code)
}
