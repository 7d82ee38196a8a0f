//! The rules of the membership chain: what a record must keep, and that a refused one changes nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "membership_rules/people.rs"]
mod people;
#[path = "membership_rules/recovery.rs"]
mod recovery;

use sync_protocol::{
    Channel, DeviceId, InviteId, Membership, MembershipError, Record, Ring, RingSet, Scope,
    SignedRecord,
    membership::{AccessError, Payload},
    vectors::centre::{MadeUpCentre, member, new_epoch, signing_key},
};

const TOKEN: [u8; 32] = [9; 32];

fn id(seed: u8) -> DeviceId {
    DeviceId::of(&signing_key(seed).verifying_key())
}

fn rings(rings: impl IntoIterator<Item = Ring>) -> RingSet {
    rings.into_iter().collect()
}

/// One admin (1), a volunteer (2), a co-ordinator (3).
fn centre() -> MadeUpCentre {
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.enrol(2, [Ring::Team]).unwrap();
    centre
        .enrol(3, [Ring::Team, Ring::Office, Ring::Admin])
        .unwrap();
    centre
}

fn refused(centre: &mut MadeUpCentre, payload: Payload) -> MembershipError {
    let before = centre.membership.clone();
    let error = centre.append(payload).unwrap_err();
    assert_eq!(
        centre.membership, before,
        "a refused record changed something: {error}"
    );
    error
}

fn refused_record(centre: &MadeUpCentre, record: &Record, seed: u8) -> MembershipError {
    let mut membership = centre.membership.clone();
    let signed = SignedRecord::sign(record, &signing_key(seed)).unwrap();
    let error = membership.apply(&signed).unwrap_err();
    assert_eq!(membership, centre.membership);
    error
}

fn role(member_seed: u8, to: RingSet) -> Payload {
    Payload::RoleChange {
        member: member(member_seed),
        rings: to,
        epochs: vec![],
        sealed: vec![],
    }
}

#[test]
fn equal_chains_mean_equal_states() {
    let centre = centre();
    let replayed = Membership::replay(&centre.records).unwrap();
    assert_eq!(replayed, centre.membership);
    assert_eq!(replayed.length(), 5);
    assert_eq!(replayed.hash_at(4), Some(replayed.head()));
    assert_eq!(replayed.hash_at(5), None);
    assert_eq!(replayed.check_seen(4, replayed.head()), Ok(()));
    let elsewhere = replayed.check_seen(3, replayed.head());
    assert_eq!(elsewhere, Err(AccessError::UnknownMembership { index: 3 }));
}

#[test]
fn readers_follow_rings_and_desks() {
    let centre = centre();
    let membership = &centre.membership;
    let mut all = vec![id(1), id(2), id(3)];
    all.sort();
    assert_eq!(membership.readers(Scope::Ring(Ring::Team)), all);
    assert_eq!(membership.readers(Scope::Desk(member(2))), all);
    let mut office = vec![id(1), id(3)];
    office.sort();
    assert_eq!(membership.readers(Scope::Ring(Ring::Office)), office);
    assert_eq!(membership.readers(Scope::Desk(member(3))), office);
    assert_eq!(membership.readers(Scope::Ring(Ring::Safeguarding)), [id(1)]);
    let volunteer = membership.scopes_of(&member(2));
    assert_eq!(volunteer, [Scope::Ring(Ring::Team), Scope::Desk(member(2))]);
    let channels = membership.channels_readable_by(&member(2));
    let expected = [
        Channel::Ring(Ring::Team),
        Channel::Desk(member(2)),
        Channel::RingBox(Ring::Team),
        Channel::MemberBox(member(2)),
    ];
    assert_eq!(channels, expected);
}

#[test]
fn every_sealed_key_ever_is_found_again() {
    let mut centre = centre();
    centre
        .append(centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    let keys: Vec<(Scope, u32)> = centre
        .membership
        .sealed_keys_for(&id(2))
        .map(|(scope, epoch, _)| (scope, epoch))
        .collect();
    let team = Scope::Ring(Ring::Team);
    assert_eq!(keys, [(team, 1), (Scope::Desk(member(2)), 1), (team, 2)]);
    assert_eq!(centre.membership.links(team).count(), 1);
    assert_eq!(centre.membership.epoch(team).unwrap().epoch, 2);
    assert_eq!(centre.membership.epochs(team).count(), 2);
}

#[test]
fn who_may_read_and_write_which_channel() {
    let centre = centre();
    let m = &centre.membership;
    let now = m.last_index();
    let stranger = id(99);
    let cases = [
        (id(2), Channel::Ring(Ring::Team), true, true),
        (id(2), Channel::Ring(Ring::Office), false, false),
        (id(2), Channel::Desk(member(2)), true, true),
        (id(2), Channel::Desk(member(3)), false, false),
        (id(3), Channel::Desk(member(2)), true, true),
        (id(2), Channel::RingBox(Ring::Safeguarding), false, true),
        (id(1), Channel::RingBox(Ring::Safeguarding), true, true),
        (id(2), Channel::MemberBox(member(1)), false, true),
        (id(1), Channel::MemberBox(member(2)), false, true),
        (id(2), Channel::MemberBox(member(2)), true, true),
        (id(1), Channel::MemberBox(member(77)), false, false),
        (stranger, Channel::Ring(Ring::Team), false, false),
    ];
    for (device, channel, reads, writes) in cases {
        assert_eq!(
            m.may_read(&device, channel).is_ok(),
            reads,
            "read {channel:?}"
        );
        assert_eq!(
            m.may_write(&device, channel, now).is_ok(),
            writes,
            "write {channel:?}"
        );
    }
    assert_eq!(
        m.may_read(&stranger, Channel::Ring(Ring::Team)),
        Err(AccessError::UnknownDevice)
    );
}

#[test]
fn rights_are_those_of_the_point_seen() {
    let mut centre = centre();
    let team = Channel::Ring(Ring::Team);
    let before = centre.membership.last_index();
    centre.append(centre.device_revoke(id(2))).unwrap();
    let m = &centre.membership;
    assert_eq!(m.may_write(&id(2), team, before), Ok(()));
    assert_eq!(
        m.may_write(&id(2), team, before + 1),
        Err(AccessError::NotInForce { revoked: true })
    );
    assert_eq!(
        m.may_write(&id(2), team, 1),
        Err(AccessError::NotInForce { revoked: false })
    );
    let beyond = Err(AccessError::UnknownMembership { index: before + 2 });
    assert_eq!(m.may_write(&id(2), team, before + 2), beyond);
    assert!(m.device_active_at(&id(2), 2));
    assert!(!m.device_active_at(&id(2), before + 1));
    assert_eq!(
        m.may_read(&id(2), team),
        Err(AccessError::NotInForce { revoked: true })
    );
    assert_eq!(m.readers(Scope::Ring(Ring::Team)).len(), 2);
}

#[test]
fn a_lost_ring_ends_rights_but_not_those_of_the_past() {
    let mut centre = centre();
    let office = Channel::Ring(Ring::Office);
    let before = centre.membership.last_index();
    let lost = [
        Scope::Ring(Ring::Admin),
        Scope::Ring(Ring::Office),
        Scope::Desk(member(1)),
        Scope::Desk(member(2)),
    ];
    let epochs = lost
        .into_iter()
        .map(|scope| {
            let mut readers = centre.membership.readers(scope);
            readers.retain(|reader| *reader != id(3));
            new_epoch(scope, 2, &readers)
        })
        .collect();
    let payload = Payload::RoleChange {
        member: member(3),
        rings: rings([Ring::Team]),
        epochs,
        sealed: vec![],
    };
    centre.append(payload).unwrap();
    let m = &centre.membership;
    assert_eq!(m.may_write(&id(3), office, before), Ok(()));
    assert_eq!(
        m.may_write(&id(3), office, before + 1),
        Err(AccessError::Forbidden)
    );
    assert_eq!(
        m.scopes_of(&member(3)),
        [Scope::Ring(Ring::Team), Scope::Desk(member(3))]
    );
}

#[test]
fn the_genesis_comes_first_and_once() {
    let mut centre = centre();
    let again = centre.records[0].clone();
    let mut membership = centre.membership.clone();
    let error = membership.apply(&again).unwrap_err();
    assert!(
        matches!(
            error,
            MembershipError::Index {
                expected: 5,
                found: 0
            }
        ),
        "{error}"
    );
    let genesis = centre.records[0].record().unwrap().payload;
    assert_eq!(refused(&mut centre, genesis), MembershipError::GenesisPlace);
    assert_eq!(
        Membership::genesis(&centre.records[1]),
        Err(MembershipError::GenesisPlace)
    );
    assert_eq!(Membership::replay([]), Err(MembershipError::Empty));
}

#[test]
fn a_genesis_must_be_whole_and_its_own() {
    let centre = MadeUpCentre::open(1).unwrap();
    let good = centre.records[0].record().unwrap();
    let refused = |record: &Record, seed| {
        Membership::genesis(&SignedRecord::sign(record, &signing_key(seed)).unwrap()).unwrap_err()
    };
    assert_eq!(refused(&good, 2), MembershipError::Signature);
    let other = Record {
        signer: id(2),
        ..good.clone()
    };
    assert_eq!(refused(&other, 2), MembershipError::GenesisSigner);
    let mut few = good.clone();
    if let Payload::Genesis { rings: held, .. } = &mut few.payload {
        *held = rings([Ring::Admin, Ring::Team]);
    }
    assert_eq!(refused(&few, 1), MembershipError::GenesisRings);
    let mut fewer = good;
    if let Payload::Genesis { epochs, .. } = &mut fewer.payload {
        epochs.pop();
    }
    assert!(matches!(
        refused(&fewer, 1),
        MembershipError::EpochScopes { .. }
    ));
}

#[test]
fn place_hash_and_signer_must_fit() {
    let centre = centre();
    let payload = role(2, rings([Ring::Team, Ring::Trustees]));
    let good = centre.next_record(payload);
    let skipped = Record {
        index: 7,
        ..good.clone()
    };
    let error = refused_record(&centre, &skipped, 1);
    assert_eq!(
        error,
        MembershipError::Index {
            expected: 5,
            found: 7
        }
    );
    let forked = Record {
        prev: centre.records[2].hash(),
        ..good.clone()
    };
    assert!(matches!(
        refused_record(&centre, &forked, 1),
        MembershipError::Prev { .. }
    ));
    let stranger = Record {
        signer: id(50),
        ..good.clone()
    };
    assert_eq!(
        refused_record(&centre, &stranger, 50),
        MembershipError::UnknownSigner
    );
    let volunteer = Record {
        signer: id(2),
        ..good.clone()
    };
    assert_eq!(
        refused_record(&centre, &volunteer, 2),
        MembershipError::NotAdmin
    );
    assert_eq!(
        refused_record(&centre, &good, 3),
        MembershipError::Signature
    );
}

#[test]
fn a_revoked_admin_signs_nothing_more() {
    let mut centre = centre();
    centre.append(centre.device_revoke(id(3))).unwrap();
    let mut record = centre.next_record(role(2, rings([Ring::Team, Ring::Trustees])));
    record.signer = id(3);
    assert_eq!(
        refused_record(&centre, &record, 3),
        MembershipError::RevokedSigner
    );
}

#[test]
fn a_volunteer_cannot_promote_themselves() {
    let mut centre = centre();
    centre.admin = signing_key(2);
    let payload = role(2, rings([Ring::Team, Ring::Admin, Ring::Office]));
    assert_eq!(refused(&mut centre, payload), MembershipError::NotAdmin);
}

#[test]
fn only_an_admin_names_another_relay() {
    let mut centre = centre();
    let payload = Payload::RelayChange { relay: [7; 32] };
    centre.admin = signing_key(2);
    assert_eq!(
        refused(&mut centre, payload.clone()),
        MembershipError::NotAdmin
    );
    assert_eq!(centre.membership.relay(), None);
    centre.admin = signing_key(1);
    centre.append(payload).unwrap();
    assert_eq!(centre.membership.relay(), Some([7; 32]));
}

#[test]
fn kinds_and_versions_of_the_future_ask_for_an_update() {
    let centre = centre();
    let record = centre.next_record(Payload::InviteCancel {
        invite: InviteId::of(&[1; 16]),
    });
    let bytes = SignedRecord::sign(&record, &signing_key(1))
        .unwrap()
        .into_bytes();
    // The payload is the last item: an array head, the kind, then a 17-byte invite, before the signature.
    let kind = bytes.len() - 64 - 17 - 1;
    assert_eq!(bytes[kind], 7);
    for (offset, value) in [(kind, 8), (kind, 11), (5, 2)] {
        let mut changed = bytes.clone();
        changed[offset] = value;
        let mut membership = centre.membership.clone();
        let error = membership
            .apply(&SignedRecord::parse(changed).unwrap())
            .unwrap_err();
        assert!(error.is_update_needed(), "{error}");
        assert_eq!(membership, centre.membership);
    }
}
