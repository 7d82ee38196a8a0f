//! What every store does with a prune: covered bodies go to the trash, their places stay, and nothing else is touched.

use std::collections::BTreeMap;

use super::{BIG, Dyn, Home, OFFICE, TEAM, author, batch, everything, membership_of, wanted};
use sync_protocol::{
    ChainHash, Channel, DocumentId, EnvelopeKind, Ring, SealedEnvelope,
    compaction::{Coverage, Order, Vouch},
    vectors::centre::{Author, MadeUpCentre},
};
use sync_server::store::{EnvelopeAppend, MembershipAppend, Placed, pruning::Pruning};

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);
const OTHER: DocumentId = DocumentId::from_bytes([8; 16]);

/// A new store with such a centre in it, and what was written there.
async fn opened<H: Home>() -> (H, Dyn, MadeUpCentre, Written) {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open(&store, 1).await;
    let written = written(&centre, 1, TEAM);
    (home, store, centre, written)
}

/// A centre with two co-ordinators, 1 and 2, in a store.
async fn open(store: &Dyn, seed: u8) -> MadeUpCentre {
    let mut centre = MadeUpCentre::open(seed).unwrap();
    let rings = [Ring::Office, Ring::Team];
    centre.enrol(seed + 1, rings).unwrap();
    let appended = store.append_membership(membership_of(&centre, 0)).await;
    assert_eq!(appended.unwrap(), MembershipAppend::Appended);
    centre
}

/// Sends at this time, with what the relay would have made of the prunes.
async fn send(
    store: &Dyn,
    centre: &MadeUpCentre,
    sent: &[SealedEnvelope],
    now_ms: i64,
) -> Vec<Placed> {
    let mut batch = batch(centre, sent);
    batch.now_ms = now_ms;
    batch.prunings = sent
        .iter()
        .filter_map(|envelope| {
            let order = Order::of(envelope, &centre.membership)?;
            let rested_by = order.alone.then_some(now_ms - 100);
            Some((envelope.id(), Pruning { order, rested_by }))
        })
        .collect();
    match store.append_envelopes(batch).await.unwrap() {
        EnvelopeAppend::Done(placed) => placed,
        EnvelopeAppend::Moved => panic!("the membership did not move"),
    }
}

/// What two authors wrote in turn, and the run of the first.
struct Written {
    first: Author,
    second: Author,
    /// Of the document: its key, then changes of both.
    covered: Vec<SealedEnvelope>,
    /// Of another document, between them.
    between: SealedEnvelope,
}

fn written(centre: &MadeUpCentre, seed: u8, channel: Channel) -> Written {
    let m = &centre.membership;
    let (mut first, mut second) = (author(seed, channel, 1), author(seed + 1, channel, 2));
    let wrap = first.write_as(m, EnvelopeKind::Wrap, DOCUMENT).unwrap();
    let mut covered = vec![wrap];
    for _ in 0..3 {
        covered.push(first.write(m, 900).unwrap());
        covered.push(second.write(m, 900).unwrap());
    }
    let between = first.write_as(m, EnvelopeKind::Change, OTHER).unwrap();
    covered.push(first.write(m, 900).unwrap());
    Written {
        first,
        second,
        covered,
        between,
    }
}

impl Written {
    /// In an order that their runs allow.
    fn sent(&self) -> Vec<SealedEnvelope> {
        let mut sent = self.covered.clone();
        sent.insert(sent.len() - 1, self.between.clone());
        sent
    }

    /// A snapshot by the first, an attest of it by the second, and the prune of the first.
    fn compact(&mut self, centre: &MadeUpCentre) -> [SealedEnvelope; 3] {
        let Self {
            first,
            second,
            covered,
            ..
        } = self;
        first.compact(&centre.membership, second, covered).unwrap()
    }
}

async fn stubs(store: &Dyn, centre: &MadeUpCentre, channel: Channel) -> Vec<u64> {
    let id = centre.membership.centre();
    let stored = everything(store, id, channel).await;
    let kept = stored
        .into_iter()
        .map(|(seq, bytes)| (seq, SealedEnvelope::parse_kept(bytes).unwrap()));
    kept.filter(|(_, envelope)| envelope.is_stub())
        .map(|(seq, _)| seq)
        .collect()
}

/// The chain over what is kept of these, all in their places and each with its author's signature.
async fn chain_of_kept(store: &Dyn, centre: &MadeUpCentre, sent: &[SealedEnvelope]) -> ChainHash {
    let stored = everything(store, centre.membership.centre(), TEAM).await;
    let mut chain = ChainHash::START;
    for ((seq, bytes), (place, sent)) in stored.into_iter().zip((1..).zip(sent)) {
        let kept = SealedEnvelope::parse_kept(bytes).unwrap();
        assert_eq!(
            (seq, kept.id(), kept.header()),
            (place, sent.id(), sent.header())
        );
        let author = centre.membership.device(&sent.header().author).unwrap();
        assert_eq!(kept.verify(&author.sign), Ok(()));
        assert!(kept.is_stub() || kept.bytes() == sent.bytes());
        chain = chain.next(kept.id());
    }
    chain
}

pub(super) async fn a_prune_moves_covered_bodies_to_the_trash_and_touches_nothing_else<H: Home>() {
    let (home, store, centre, mut written) = opened::<H>().await;
    let mut sent = written.sent();
    sent.extend(written.compact(&centre));
    // Written before the prune by somebody who was out of signal, and placed after it.
    let late = written.second.write(&centre.membership, 900).unwrap();
    send(&store, &centre, &sent, 1000).await;
    sent.push(late);
    let placed = send(&store, &centre, &sent[sent.len() - 1..], 2000).await;
    assert_eq!(placed, [Placed::Accepted(13)]);
    drop(store);

    let store = home.open().await;
    assert_eq!(stubs(&store, &centre, TEAM).await, [2, 3, 4, 5, 6, 7, 9]);
    let chain = chain_of_kept(&store, &centre, &sent).await;
    let head = store
        .pages(wanted(centre.membership.centre(), &[(TEAM, 0)], BIG))
        .await
        .unwrap();
    assert_eq!(
        (head.pages[0].head_seq, head.pages[0].head_chain),
        (13, chain)
    );
    let again = send(&store, &centre, &sent[..10], 3000).await;
    let expected: Vec<Placed> = (1..=10).map(Placed::Duplicate).collect();
    assert_eq!(again, expected);
    let mut fork = author(1, TEAM, 1);
    let fork = fork.write_as(&centre.membership, EnvelopeKind::Change, OTHER);
    let refused = send(&store, &centre, &[fork.unwrap()], 3000).await;
    assert_eq!(refused, [Placed::Conflict]);
    let audit = home.audit().await;
    assert_eq!((audit.envelopes, audit.trash), (13, 7));
}

pub(super) async fn a_prune_that_rests_on_nothing_stored_lets_nothing_go<H: Home>() {
    type Wrong = fn(&mut Written, &MadeUpCentre) -> Vec<SealedEnvelope>;
    let wrongs: [(&str, Wrong); 5] = [
        ("the attest was never sent", |written, centre| {
            let [snapshot, _, prune] = written.compact(centre);
            vec![snapshot, prune]
        }),
        ("the snapshot was never sent", |written, centre| {
            let mut elsewhere = Author::new(written.first.key.clone(), TEAM, 9);
            let [_, attest, _] = written.compact(centre);
            let prune = elsewhere.prune(&centre.membership, DOCUMENT, &attest);
            vec![attest, prune.unwrap()]
        }),
        ("it covers less than there is", |written, centre| {
            written.covered.remove(1);
            written.compact(centre).to_vec()
        }),
        ("it covers what is not there", |written, centre| {
            let mut ghost = written.second.clone();
            let ghost = ghost.write(&centre.membership, 900).unwrap();
            written.covered.push(ghost);
            written.compact(centre).to_vec()
        }),
        ("the snapshot is a change", |written, centre| {
            let m = &centre.membership;
            let change = written.first.write(m, 900).unwrap();
            let coverage = Coverage::of(&mut written.covered.iter()).unwrap();
            let vouch = Vouch::for_snapshot(&change, coverage);
            let attest = written.second.vouch(m, &vouch).unwrap();
            let prune = written.first.prune(m, DOCUMENT, &attest).unwrap();
            vec![change, attest, prune]
        }),
    ];
    let home = H::new().await;
    let store = home.open().await;
    for (seed, (name, wrong)) in (10..).step_by(2).zip(wrongs) {
        let centre = open(&store, seed).await;
        let mut written = written(&centre, seed, TEAM);
        let mut sent = written.sent();
        sent.extend(wrong(&mut written, &centre));
        let placed = send(&store, &centre, &sent, 1000).await;
        let kept = placed.iter().all(|one| matches!(one, Placed::Accepted(_)));
        assert!(kept, "{name}: the run goes on: {placed:?}");
        assert_eq!(
            stubs(&store, &centre, TEAM).await,
            Vec::<u64>::new(),
            "{name}"
        );
    }
    assert_eq!(home.audit().await.trash, 0);
}

pub(super) async fn one_device_alone_waits_until_its_snapshot_has_rested<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = MadeUpCentre::open(1).unwrap();
    store
        .append_membership(membership_of(&centre, 0))
        .await
        .unwrap();
    let m = &centre.membership;
    let mut only = author(1, OFFICE, 1);
    let change = only.write(m, 900).unwrap();
    let kind = EnvelopeKind::Snapshot;
    let snapshot = only.write_as(m, kind, DOCUMENT).unwrap();
    let coverage = Coverage::of(&mut [&change].into_iter()).unwrap();
    let vouch = Vouch::for_snapshot(&snapshot, coverage);
    let attest = only.vouch(m, &vouch).unwrap();
    let early = only.prune(m, DOCUMENT, &attest).unwrap();
    let due = only.prune(m, DOCUMENT, &attest).unwrap();
    send(&store, &centre, &[change, snapshot, attest], 1000).await;
    send(&store, &centre, &[early], 1099).await;
    assert_eq!(stubs(&store, &centre, OFFICE).await, Vec::<u64>::new());
    send(&store, &centre, &[due], 1100).await;
    assert_eq!(stubs(&store, &centre, OFFICE).await, [1]);
}

pub(super) async fn a_prune_repeated_lets_nothing_more_go<H: Home>() {
    let (home, store, centre, mut written) = opened::<H>().await;
    let [snapshot, attest, prune] = written.compact(&centre);
    let mut sent = written.sent();
    sent.extend([snapshot, attest.clone(), prune.clone()]);
    send(&store, &centre, &sent, 1000).await;
    let before = home.audit().await;
    let again = send(&store, &centre, &[prune], 2000).await;
    assert_eq!(again, [Placed::Duplicate(12)]);
    assert_eq!(home.audit().await, before);
    let another = written.first.prune(&centre.membership, DOCUMENT, &attest);
    let placed = send(&store, &centre, &[another.unwrap()], 2000).await;
    assert_eq!(placed, [Placed::Accepted(13)]);
    let after = home.audit().await;
    assert_eq!(
        (after.trash, after.envelopes),
        (before.trash, before.envelopes + 1)
    );
}

pub(super) async fn a_second_snapshot_replaces_the_first<H: Home>() {
    let (home, store, centre, mut written) = opened::<H>().await;
    let mut sent = written.sent();
    let first = written.compact(&centre);
    sent.extend(first.clone());
    let [snapshot, _, prune] = first;
    // What the document consists of by now: all that went before, the first snapshot and its prune, and a change.
    written.covered.extend([snapshot, prune]);
    let change = written.first.write(&centre.membership, 900).unwrap();
    written.covered.push(change.clone());
    sent.push(change);
    let second = written.compact(&centre);
    sent.extend(second);
    send(&store, &centre, &sent, 1000).await;
    // The change at 13 and the first snapshot at 10 went too; key, prunes and the second snapshot did not.
    let gone = [2, 3, 4, 5, 6, 7, 9, 10, 13];
    assert_eq!(stubs(&store, &centre, TEAM).await, gone);
    assert_eq!(home.audit().await.trash, 9);
}

pub(super) async fn the_trash_is_kept_for_its_time_and_then_gives_its_space_back<H: Home>() {
    let (home, store, centre, mut written) = opened::<H>().await;
    let mut sent = written.sent();
    sent.extend(written.compact(&centre));
    send(&store, &centre, &sent, 1000).await;
    let whole = home.audit().await;
    assert_eq!(store.purge_trash(999).await.unwrap(), 0);
    assert_eq!(home.audit().await, whole);
    let next = written.first.write(&centre.membership, 900).unwrap();
    let records: usize = centre
        .records
        .iter()
        .map(|record| record.bytes().len())
        .sum();
    let kept = everything(&store, centre.membership.centre(), TEAM).await;
    let kept: usize = kept.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut tight = batch(&centre, std::slice::from_ref(&next));
    tight.quota = u64::try_from(records + kept + next.bytes().len()).unwrap();
    let full = store.append_envelopes(tight.clone()).await.unwrap();
    assert_eq!(
        full,
        EnvelopeAppend::Done(vec![Placed::Quota]),
        "the trash takes space"
    );
    assert_eq!(store.purge_trash(1000).await.unwrap(), 7);
    assert_eq!(store.purge_trash(1000).await.unwrap(), 0);
    let fits = store.append_envelopes(tight).await.unwrap();
    assert_eq!(fits, EnvelopeAppend::Done(vec![Placed::Accepted(13)]));
    let after = home.audit().await;
    assert_eq!((after.trash, after.envelopes), (0, whole.envelopes + 1));
}

pub(super) async fn two_centres_and_channels_are_pruned_apart<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let (one, two) = (open(&store, 1).await, open(&store, 11).await);
    let mut here = written(&one, 1, TEAM);
    let (there, office) = (written(&two, 11, TEAM), written(&one, 1, OFFICE));
    let mut sent = here.sent();
    sent.extend(office.sent());
    sent.extend(here.compact(&one));
    send(&store, &two, &there.sent(), 1000).await;
    send(&store, &one, &sent, 1000).await;
    let gone: BTreeMap<&str, usize> = [
        ("here", stubs(&store, &one, TEAM).await.len()),
        ("office", stubs(&store, &one, OFFICE).await.len()),
        ("there", stubs(&store, &two, TEAM).await.len()),
    ]
    .into();
    assert_eq!(gone, [("here", 7), ("office", 0), ("there", 0)].into());
}
