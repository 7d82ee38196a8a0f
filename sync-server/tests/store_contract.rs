//! What every store must do. Another store gets a `Home`, a line in `contract!` at the end and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/database.rs"]
mod database;
#[path = "store_contract/envelopes.rs"]
mod envelopes;
#[path = "store_contract/pruning.rs"]
mod pruning;

use std::{collections::BTreeMap, sync::Arc};

use database::Database;
use envelopes::{
    a_desk_and_a_box_of_one_member_are_different_channels,
    a_full_centre_takes_no_more_and_others_do, envelopes_get_places_without_gaps_and_a_chain,
    envelopes_judged_by_an_old_membership_are_judged_again, gaps_and_conflicts_leave_no_trace,
    many_writers_at_once_leave_no_gap_and_no_reader_skips,
    pages_end_with_their_budget_and_join_without_a_gap,
    the_same_envelope_again_keeps_its_first_place,
};
use pruning::{
    a_prune_moves_covered_bodies_to_the_trash_and_touches_nothing_else,
    a_prune_repeated_lets_nothing_more_go, a_prune_that_rests_on_nothing_stored_lets_nothing_go,
    a_second_snapshot_replaces_the_first, one_device_alone_waits_until_its_snapshot_has_rested,
    the_trash_is_kept_for_its_time_and_then_gives_its_space_back,
    two_centres_and_channels_are_pruned_apart,
};
use sync_protocol::{
    CentreId, Channel, Ring, Scope, SealedEnvelope,
    id::InviteId,
    vectors::centre::{Author, MadeUpCentre, signing_key},
};
use sync_server::store::{
    EnvelopeAppend, Left, MembershipAppend, NewEnvelopes, NewMembership, NewMessage, Placed, Store,
    Wanted,
    audit::Audit,
    postgres::{PostgresStore, audit as audit_database},
    sqlite::{SqliteStore, audit as audit_file},
};
use tempfile::TempDir;

const TEAM: Channel = Channel::Ring(Ring::Team);
const OFFICE: Channel = Channel::Ring(Ring::Office);
const PLENTY: u64 = 1 << 40;
const BIG: usize = 1 << 20;

type Dyn = Arc<dyn Store>;

/// Where a store lives between two times that it is open.
trait Home: Sized {
    /// A place where no store is yet.
    async fn new() -> Self;
    /// The store that lives there, opened as after a restart.
    async fn open(&self) -> Dyn;
    /// The operator's own proof of it.
    async fn audit(&self) -> Audit;
}

struct InFile(TempDir);

impl Home for InFile {
    async fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    async fn open(&self) -> Dyn {
        Arc::new(SqliteStore::open(&self.0.path().join("store.sqlite")).unwrap())
    }

    async fn audit(&self) -> Audit {
        audit_file(&self.0.path().join("store.sqlite")).unwrap()
    }
}

impl Home for Database {
    async fn new() -> Self {
        Self::made().await
    }

    async fn open(&self) -> Dyn {
        Arc::new(PostgresStore::open(&self.place()).await.unwrap())
    }

    async fn audit(&self) -> Audit {
        audit_database(&self.place()).await.unwrap()
    }
}

fn membership_of(centre: &MadeUpCentre, from: usize) -> NewMembership {
    NewMembership {
        centre: centre.membership.centre(),
        expected: u32::try_from(from).unwrap(),
        records: centre.records[from..]
            .iter()
            .map(|record| record.bytes().to_vec())
            .collect(),
        head: centre.membership.head(),
        invites: vec![],
        now_ms: 1000,
        max_centres: 10,
    }
}

async fn open_centre(store: &Dyn, seed: u8) -> MadeUpCentre {
    let centre = MadeUpCentre::open(seed).unwrap();
    let appended = store
        .append_membership(membership_of(&centre, 0))
        .await
        .unwrap();
    assert_eq!(appended, MembershipAppend::Appended);
    centre
}

fn batch(centre: &MadeUpCentre, envelopes: &[SealedEnvelope]) -> NewEnvelopes {
    NewEnvelopes {
        centre: centre.membership.centre(),
        membership_length: centre.membership.length(),
        envelopes: envelopes.to_vec(),
        quota: PLENTY,
        now_ms: 1000,
        prunings: BTreeMap::new(),
    }
}

async fn append(store: &Dyn, centre: &MadeUpCentre, envelopes: &[SealedEnvelope]) -> Vec<Placed> {
    match store
        .append_envelopes(batch(centre, envelopes))
        .await
        .unwrap()
    {
        EnvelopeAppend::Done(placed) => placed,
        EnvelopeAppend::Moved => panic!("the membership did not move"),
    }
}

fn author(seed: u8, channel: Channel, stream: u64) -> Author {
    Author::new(signing_key(seed), channel, stream)
}

fn write(centre: &MadeUpCentre, author: &mut Author, count: usize) -> Vec<SealedEnvelope> {
    (0..count)
        .map(|_| author.write(&centre.membership, 200).unwrap())
        .collect()
}

fn wanted(centre: CentreId, channels: &[(Channel, u64)], budget: usize) -> Wanted {
    Wanted {
        centre,
        channels: channels.to_vec(),
        budget,
    }
}

async fn everything(store: &Dyn, centre: CentreId, channel: Channel) -> Vec<(u64, Vec<u8>)> {
    let mut pages = store
        .pages(wanted(centre, &[(channel, 0)], BIG * 64))
        .await
        .unwrap();
    assert!(!pages.more);
    pages
        .pages
        .pop()
        .map_or_else(Vec::new, |page| page.envelopes)
}

async fn an_identity_lasts_across_a_restart_and_differs_from_store_to_store<H: Home>() {
    let homes = (H::new().await, H::new().await);
    let first = homes.0.open().await.identity();
    let again = homes.0.open().await.identity();
    let other = homes.1.open().await.identity();
    assert_eq!(
        (first.incarnation, first.relay_secret),
        (again.incarnation, again.relay_secret)
    );
    assert_ne!(first.incarnation, other.incarnation);
    assert_ne!(first.relay_secret, other.relay_secret);
    assert!(!format!("{first:?}").contains(&format!("{:?}", first.relay_secret)));
}

async fn a_membership_chain_grows_only_from_the_expected_length<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let mut centre = open_centre(&store, 1).await;
    let id = centre.membership.centre();
    let again = store
        .append_membership(membership_of(&centre, 0))
        .await
        .unwrap();
    assert_eq!(again, MembershipAppend::Moved);
    centre
        .append(centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    let mut late = membership_of(&centre, 1);
    late.expected = 2;
    assert_eq!(
        store.append_membership(late).await.unwrap(),
        MembershipAppend::Moved
    );
    let next = membership_of(&centre, 1);
    assert_eq!(
        store.append_membership(next).await.unwrap(),
        MembershipAppend::Appended
    );
    drop(store);
    let store = home.open().await;
    let stored: Vec<Vec<u8>> = store
        .membership(id)
        .await
        .unwrap()
        .into_iter()
        .map(|record| record.bytes)
        .collect();
    let signed: Vec<Vec<u8>> = centre.records.iter().map(|r| r.bytes().to_vec()).collect();
    assert_eq!(stored, signed);
    assert_eq!(store.records_from(id, 1, BIG).await.unwrap(), signed[1..]);
    assert_eq!(store.records_from(id, 0, 1).await.unwrap(), signed[..1]);
    assert!(store.records_from(id, 2, BIG).await.unwrap().is_empty());
    let nobody = CentreId::from_bytes([9; 32]);
    assert!(store.membership(nobody).await.unwrap().is_empty());
}

async fn a_store_opens_only_so_many_centres<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    open_centre(&store, 1).await;
    let second = MadeUpCentre::open(2).unwrap();
    let mut append = membership_of(&second, 0);
    append.max_centres = 1;
    assert_eq!(
        store.append_membership(append).await.unwrap(),
        MembershipAppend::Full
    );
    assert!(
        store
            .membership(second.membership.centre())
            .await
            .unwrap()
            .is_empty()
    );
}

async fn an_invite_belongs_to_the_first_centre_that_announces_it<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let first = open_centre(&store, 1).await;
    let mut second = open_centre(&store, 2).await;
    let invite = InviteId::from_bytes([5; 16]);
    assert_eq!(store.invite_centre(invite).await.unwrap(), None);
    let mut grown = first.clone();
    grown
        .append(grown.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    let mut append = membership_of(&grown, 1);
    append.invites = vec![(invite, 9000)];
    assert_eq!(
        store.append_membership(append).await.unwrap(),
        MembershipAppend::Appended
    );
    second
        .append(second.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    let mut rival = membership_of(&second, 1);
    rival.invites = vec![(invite, 9000)];
    assert_eq!(
        store.append_membership(rival).await.unwrap(),
        MembershipAppend::InviteTaken
    );
    assert_eq!(
        store
            .membership(second.membership.centre())
            .await
            .unwrap()
            .len(),
        1
    );
    let found = store.invite_centre(invite).await.unwrap();
    assert_eq!(found, Some(first.membership.centre()));
}

async fn a_mailbox_holds_a_few_messages_until_it_ends<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let invite = InviteId::from_bytes([5; 16]);
    let message = |bytes: &[u8]| NewMessage {
        invite,
        bytes: bytes.to_vec(),
        expires_ms: 500,
        limit: 2,
    };
    assert_eq!(
        store.leave_message(message(b"a")).await.unwrap(),
        Left::Stored
    );
    assert_eq!(
        store.leave_message(message(b"a")).await.unwrap(),
        Left::Duplicate
    );
    assert_eq!(
        store.leave_message(message(b"b")).await.unwrap(),
        Left::Stored
    );
    assert_eq!(
        store.leave_message(message(b"c")).await.unwrap(),
        Left::Full
    );
    assert_eq!(store.messages(invite, 0).await.unwrap(), [b"a", b"b"]);
    assert_eq!(store.messages(invite, 1).await.unwrap(), [b"b"]);
    assert!(
        store
            .messages(InviteId::from_bytes([6; 16]), 0)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.purge_mailboxes(499).await.unwrap(), 0);
    assert_eq!(store.purge_mailboxes(500).await.unwrap(), 2);
    assert!(store.messages(invite, 0).await.unwrap().is_empty());
    assert!(store.touch().await.is_ok());
}

macro_rules! contract {
    ($rules:tt $($store:ident lives in $home:ty;)*) => {
        $(contract!(@ $store $home, $rules);)*
    };
    (@ $store:ident $home:ty, { $($rule:ident,)* }) => {
        mod $store {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    super::$rule::<$home>().await;
                }
            )*
        }
    };
}

contract! {
    {
        an_identity_lasts_across_a_restart_and_differs_from_store_to_store,
        a_membership_chain_grows_only_from_the_expected_length,
        a_store_opens_only_so_many_centres,
        an_invite_belongs_to_the_first_centre_that_announces_it,
        envelopes_get_places_without_gaps_and_a_chain,
        the_same_envelope_again_keeps_its_first_place,
        gaps_and_conflicts_leave_no_trace,
        a_full_centre_takes_no_more_and_others_do,
        envelopes_judged_by_an_old_membership_are_judged_again,
        pages_end_with_their_budget_and_join_without_a_gap,
        many_writers_at_once_leave_no_gap_and_no_reader_skips,
        a_mailbox_holds_a_few_messages_until_it_ends,
        a_desk_and_a_box_of_one_member_are_different_channels,
        a_prune_moves_covered_bodies_to_the_trash_and_touches_nothing_else,
        a_prune_that_rests_on_nothing_stored_lets_nothing_go,
        one_device_alone_waits_until_its_snapshot_has_rested,
        a_prune_repeated_lets_nothing_more_go,
        a_second_snapshot_replaces_the_first,
        the_trash_is_kept_for_its_time_and_then_gives_its_space_back,
        two_centres_and_channels_are_pruned_apart,
    }
    sqlite lives in super::InFile;
    postgres lives in super::Database;
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("notes.sqlite");
    let notes = rusqlite::Connection::open(&path).unwrap();
    notes
        .execute_batch("CREATE TABLE notes (text TEXT)")
        .unwrap();
    drop(notes);
    let before = std::fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(error.to_string().contains("something else"), "{error}");
    assert!(
        before == std::fs::read(&path).unwrap(),
        "the file was changed"
    );
}
