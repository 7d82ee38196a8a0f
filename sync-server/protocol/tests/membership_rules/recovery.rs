//! The rules about recovery kits: paper that may let somebody in, never in silence, and that is nobody until then.

use super::{centre, id, refused, rings, role};
use sync_protocol::{
    Channel, MembershipError, Ring, RingSet, Scope,
    membership::Payload,
    vectors::centre::{MadeUpCentre, device_keys, member, signing_key},
};

/// The usual centre with a kit of this number.
fn with_kit(seed: u8) -> MadeUpCentre {
    let mut centre = centre();
    centre.make_kit(seed).unwrap();
    centre
}

#[test]
fn a_kit_is_known_by_its_name_and_reads_what_its_rings_read() {
    let centre = with_kit(40);
    let kit = centre.membership.device(&id(40)).unwrap();
    assert!(kit.is_kit());
    assert!(!centre.membership.device(&id(1)).unwrap().is_kit());
    let known = centre.membership.kits().next().unwrap();
    assert_eq!((known.device, known.made_by), (id(40), id(1)));
    assert!(
        centre
            .membership
            .readers(Scope::Desk(member(2)))
            .contains(&id(40))
    );
    let sealed = centre.membership.sealed_keys_for(&id(40)).count();
    // Of every scope, and of the desk that begins with the kit itself.
    assert_eq!(sealed, centre.membership.scopes().count());
}

#[test]
fn a_kit_signs_nothing_before_it_has_said_that_it_is_used() {
    let mut centre = with_kit(40);
    centre.admin = signing_key(40);
    let newcomer = centre.member_add(member(50), rings([Ring::Team]));
    let error = refused(&mut centre, newcomer.clone());
    assert_eq!(error, MembershipError::UnannouncedKit);
    centre.append(Payload::RecoveryUsed).unwrap();
    centre.append(newcomer).unwrap();
    let used: Vec<_> = centre.membership.recoveries().collect();
    assert_eq!(used.len(), 1);
    assert_eq!(used[0].kit, id(40));
    assert_eq!(used[0].index, centre.membership.last_index() - 1);
}

#[test]
fn nobody_but_a_kit_says_that_one_is_used() {
    let mut centre = with_kit(40);
    let error = refused(&mut centre, Payload::RecoveryUsed);
    assert_eq!(error, MembershipError::NotAKit);
}

#[test]
fn an_older_kit_that_was_used_does_not_speak_for_another() {
    let mut centre = with_kit(40);
    centre.admin = signing_key(40);
    centre.append(Payload::RecoveryUsed).unwrap();
    centre.admin = signing_key(1);
    centre.make_kit(41).unwrap();
    centre.admin = signing_key(41);
    let newcomer = centre.member_add(member(50), rings([Ring::Team]));
    let error = refused(&mut centre, newcomer);
    assert_eq!(error, MembershipError::UnannouncedKit);
}

#[test]
fn a_kit_that_was_revoked_opens_nothing() {
    let mut centre = with_kit(40);
    let revoke = centre.device_revoke(id(40));
    centre.append(revoke).unwrap();
    assert_eq!(centre.membership.kits().count(), 0);
    centre.admin = signing_key(40);
    let error = refused(&mut centre, Payload::RecoveryUsed);
    assert_eq!(error, MembershipError::RevokedSigner);
}

#[test]
fn paper_is_not_somebody_who_could_approve() {
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.make_kit(40).unwrap();
    assert_eq!(centre.membership.approvers(), 1);
    let last = centre.device_revoke(id(1));
    assert_eq!(refused(&mut centre, last), MembershipError::LastAdmin);
    let left = role(1, RingSet::EMPTY);
    assert_eq!(refused(&mut centre, left), MembershipError::LastAdmin);
    centre
        .enrol(3, [Ring::Team, Ring::Office, Ring::Admin])
        .unwrap();
    assert_eq!(centre.membership.approvers(), 2);
    let first = centre.device_revoke(id(1));
    centre.append(first).unwrap();
    assert_eq!(centre.membership.approvers(), 1);
}

#[test]
fn paper_vouches_for_no_snapshot_and_is_not_waited_for() {
    let mut centre = MadeUpCentre::open(1).unwrap();
    centre.make_kit(40).unwrap();
    let (channel, index) = (Channel::Ring(Ring::Office), centre.membership.last_index());
    assert!(
        centre
            .membership
            .may_compact(&id(40), channel, index)
            .is_err()
    );
    assert!(centre.membership.compacts_alone(&id(1), channel, index));
}

#[test]
fn a_member_of_a_kits_name_with_another_device_is_a_person() {
    let mut centre = with_kit(40);
    let kit = centre.membership.device(&id(40)).unwrap().member;
    let keys = device_keys(&signing_key(60));
    let payload = centre.device_add(kit, keys, None);
    centre.append(payload).unwrap();
    assert!(!centre.membership.device(&id(60)).unwrap().is_kit());
}
