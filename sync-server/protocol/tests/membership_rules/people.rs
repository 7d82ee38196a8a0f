//! The rules about members, devices, rings and invites: who comes in with which keys, and who goes.

use super::{TOKEN, centre, id, refused, refused_record, rings, role};
use sync_protocol::{
    Channel, InviteId, MembershipError, Ring, RingSet, Scope,
    membership::{InviteState, Payload},
    vectors::centre::{device_keys, member, new_epoch, sealed_key, signing_key},
};

#[test]
fn a_member_is_added_once_with_a_ring_and_a_desk_for_the_office() {
    let mut centre = centre();
    let known = centre.member_add(member(2), rings([Ring::Team]));
    assert_eq!(refused(&mut centre, known), MembershipError::KnownMember);
    let none = centre.member_add(member(4), RingSet::EMPTY);
    assert_eq!(refused(&mut centre, none), MembershipError::NoRings);
    let scope = Scope::Desk(member(4));
    let with = |desk| Payload::MemberAdd {
        member: member(4),
        rings: rings([Ring::Team]),
        desk,
    };
    let error = refused(&mut centre, with(new_epoch(scope, 1, &[id(1)])));
    assert!(matches!(error, MembershipError::SealedReaders { .. }));
    let error = refused(
        &mut centre,
        with(new_epoch(scope, 1, &[id(1), id(2), id(3)])),
    );
    assert!(matches!(error, MembershipError::SealedReaders { .. }));
    let error = refused(&mut centre, with(new_epoch(scope, 2, &[id(1), id(3)])));
    assert!(matches!(
        error,
        MembershipError::EpochNumber {
            expected: 1,
            found: 2,
            ..
        }
    ));
    let elsewhere = Scope::Desk(member(5));
    let error = refused(&mut centre, with(new_epoch(elsewhere, 1, &[id(1), id(3)])));
    assert!(matches!(error, MembershipError::EpochScopes { .. }));
    let mut linked = new_epoch(scope, 1, &[id(1), id(3)]);
    linked.link = Some([0; 48]);
    assert!(matches!(
        refused(&mut centre, with(linked)),
        MembershipError::EpochLink { .. }
    ));
}

#[test]
fn a_device_gets_exactly_the_keys_its_member_reads() {
    let mut centre = centre();
    let keys = device_keys(&signing_key(20));
    let good = centre.device_add(member(2), keys.clone(), None);
    let with = |change: &dyn Fn(&mut Vec<sync_protocol::membership::SealedKey>)| {
        let mut payload = good.clone();
        if let Payload::DeviceAdd { sealed, .. } = &mut payload {
            change(sealed);
        }
        payload
    };
    let device = keys.device();
    let fewer = with(&|sealed| sealed.truncate(1));
    assert!(matches!(
        refused(&mut centre, fewer),
        MembershipError::SealedReaders { .. }
    ));
    let office = with(&|sealed| sealed.push(sealed_key(device, Scope::Ring(Ring::Office), 1)));
    assert!(matches!(
        refused(&mut centre, office),
        MembershipError::SealedScope { .. }
    ));
    let twice = with(&|sealed| sealed.push(sealed[0].clone()));
    assert!(matches!(
        refused(&mut centre, twice),
        MembershipError::SealedReaders { .. }
    ));
    let other = with(&|sealed| sealed[0].device = id(1));
    assert!(matches!(
        refused(&mut centre, other),
        MembershipError::SealedReaders { .. }
    ));
    let later = with(&|sealed| sealed[0].epoch = 2);
    assert!(matches!(
        refused(&mut centre, later),
        MembershipError::SealedScope { .. }
    ));
    centre.append(good).unwrap();
    assert_eq!(centre.membership.devices_of(&member(2)).count(), 2);
}

#[test]
fn a_device_and_its_keys_are_new() {
    let mut centre = centre();
    let again = centre.device_add(member(2), device_keys(&signing_key(2)), None);
    assert_eq!(refused(&mut centre, again), MembershipError::KnownDevice);
    let mut keys = device_keys(&signing_key(20));
    keys.seal = device_keys(&signing_key(1)).seal;
    let borrowed = centre.device_add(member(2), keys, None);
    assert_eq!(refused(&mut centre, borrowed), MembershipError::KnownDevice);
    let nobody = centre.device_add(member(66), device_keys(&signing_key(20)), None);
    assert_eq!(
        refused(&mut centre, nobody),
        MembershipError::InactiveMember
    );
}

#[test]
fn a_revocation_advances_every_scope_for_exactly_those_who_remain() {
    let mut centre = centre();
    let good = centre.device_revoke(id(3));
    let with = |change: &dyn Fn(&mut Vec<sync_protocol::membership::EpochRecord>)| {
        let mut payload = good.clone();
        if let Payload::DeviceRevoke { epochs, .. } = &mut payload {
            change(epochs);
        }
        payload
    };
    let fewer = with(&|epochs| epochs.truncate(1));
    assert!(matches!(
        refused(&mut centre, fewer),
        MembershipError::EpochScopes { .. }
    ));
    let twice = with(&|epochs| epochs.push(epochs[0].clone()));
    assert!(matches!(
        refused(&mut centre, twice),
        MembershipError::EpochScopes { .. }
    ));
    let kept = with(&|epochs| {
        let scope = epochs[0].scope;
        epochs[0].sealed.push(sealed_key(id(3), scope, 2));
    });
    assert!(matches!(
        refused(&mut centre, kept),
        MembershipError::SealedReaders { .. }
    ));
    let stale = with(&|epochs| epochs[0].epoch = 1);
    assert!(matches!(
        refused(&mut centre, stale),
        MembershipError::EpochNumber { .. }
    ));
    centre.append(good).unwrap();
    let twice = Payload::DeviceRevoke {
        device: id(3),
        epochs: vec![],
    };
    assert_eq!(refused(&mut centre, twice), MembershipError::InactiveDevice);
}

#[test]
fn the_last_who_may_approve_cannot_go() {
    let mut centre = centre();
    centre.append(centre.device_revoke(id(3))).unwrap();
    let revoke = centre.device_revoke(id(1));
    assert_eq!(refused(&mut centre, revoke), MembershipError::LastAdmin);
    let demote = role(1, rings([Ring::Team]));
    assert_eq!(refused(&mut centre, demote), MembershipError::LastAdmin);
}

#[test]
fn a_role_change_advances_what_is_lost_and_seals_what_is_gained() {
    let mut centre = centre();
    assert_eq!(
        refused(&mut centre, role(2, rings([Ring::Team]))),
        MembershipError::NoChange
    );
    assert_eq!(
        refused(&mut centre, role(8, rings([Ring::Team]))),
        MembershipError::InactiveMember
    );
    let gained = role(2, rings([Ring::Team, Ring::Safeguarding]));
    assert!(matches!(
        refused(&mut centre, gained),
        MembershipError::SealedReaders { .. }
    ));
    let lost = role(2, RingSet::EMPTY);
    assert!(matches!(
        refused(&mut centre, lost),
        MembershipError::EpochScopes { .. }
    ));
    let scope = Scope::Ring(Ring::Safeguarding);
    let payload = Payload::RoleChange {
        member: member(2),
        rings: rings([Ring::Team, Ring::Safeguarding]),
        epochs: vec![],
        sealed: vec![sealed_key(id(2), scope, 1)],
    };
    centre.append(payload).unwrap();
    assert!(
        centre
            .membership
            .may_read(&id(2), Channel::Ring(Ring::Safeguarding))
            .is_ok()
    );
}

#[test]
fn a_ring_without_an_epoch_begins_with_its_first() {
    let mut centre = centre();
    centre
        .append(role(2, rings([Ring::Team, Ring::Trustees])))
        .unwrap();
    let scope = Scope::Ring(Ring::Trustees);
    assert_eq!(centre.membership.epoch(scope), None);
    centre.append(centre.ring_epoch([scope])).unwrap();
    assert_eq!(centre.membership.epoch(scope).unwrap().sealed.len(), 1);
    let nothing = Payload::RingEpoch { epochs: vec![] };
    assert_eq!(refused(&mut centre, nothing), MembershipError::NoEpochs);
    let nowhere = Payload::RingEpoch {
        epochs: vec![new_epoch(Scope::Desk(member(70)), 1, &[id(1), id(3)])],
    };
    assert!(matches!(
        refused(&mut centre, nowhere),
        MembershipError::EpochScopes { .. }
    ));
}

#[test]
fn an_invite_is_used_once_by_the_one_it_is_for() {
    let mut centre = centre();
    let invite = InviteId::of(&[30; 16]);
    centre
        .append(centre.invite([30; 16], member(2), &TOKEN))
        .unwrap();
    let again = centre.invite([30; 16], member(2), &TOKEN);
    assert_eq!(refused(&mut centre, again), MembershipError::KnownInvite);
    let wrong = centre.device_add(member(3), device_keys(&signing_key(20)), Some(invite));
    assert_eq!(refused(&mut centre, wrong), MembershipError::InviteMember);
    let unknown = InviteId::of(&[31; 16]);
    let none = centre.device_add(member(2), device_keys(&signing_key(20)), Some(unknown));
    assert_eq!(refused(&mut centre, none), MembershipError::ClosedInvite);
    let good = centre.device_add(member(2), device_keys(&signing_key(20)), Some(invite));
    centre.append(good).unwrap();
    let state = centre.membership.invite(&invite).unwrap().state;
    assert_eq!(state, InviteState::Used { device: id(20) });
    assert_eq!(
        centre.membership.device(&id(20)).unwrap().invite,
        Some(invite)
    );
    let reused = centre.device_add(member(2), device_keys(&signing_key(21)), Some(invite));
    assert_eq!(refused(&mut centre, reused), MembershipError::ClosedInvite);
}

#[test]
fn an_invite_ends_by_cancelling_or_by_time() {
    let mut centre = centre();
    let invite = InviteId::of(&[30; 16]);
    let mut long = centre.invite([30; 16], member(2), &TOKEN);
    if let Payload::Invite { expires_ms, .. } = &mut long {
        *expires_ms += 1;
    }
    assert_eq!(refused(&mut centre, long), MembershipError::InviteExpiry);
    centre
        .append(centre.invite([30; 16], member(2), &TOKEN))
        .unwrap();
    let payload = centre.device_add(member(2), device_keys(&signing_key(20)), Some(invite));
    let mut late = centre.next_record(payload.clone());
    late.claimed_ms = centre.membership.invite(&invite).unwrap().expires_ms + 1;
    assert_eq!(
        refused_record(&centre, &late, 1),
        MembershipError::InviteExpiry
    );
    centre.append(Payload::InviteCancel { invite }).unwrap();
    assert_eq!(refused(&mut centre, payload), MembershipError::ClosedInvite);
    let twice = Payload::InviteCancel { invite };
    assert_eq!(refused(&mut centre, twice), MembershipError::ClosedInvite);
}
