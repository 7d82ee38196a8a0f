//! What every store does with envelopes: places, chains, pages, quotas.

use super::{
    BIG, Home, OFFICE, TEAM, append, author, batch, everything, membership_of, open_centre, wanted,
    write,
};
use std::sync::Arc;
use sync_protocol::{
    ChainHash, Channel, Ring, Scope, SealedEnvelope,
    vectors::centre::{MadeUpCentre, member, seal, signing_key},
};
use sync_server::store::{EnvelopeAppend, Placed};

pub(super) async fn envelopes_get_places_without_gaps_and_a_chain<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open_centre(&store, 1).await;
    let id = centre.membership.centre();
    let team = write(&centre, &mut author(1, TEAM, 1), 3);
    let office = write(&centre, &mut author(1, OFFICE, 2), 1);
    let mixed = [
        team[0].clone(),
        office[0].clone(),
        team[1].clone(),
        team[2].clone(),
    ];
    let placed = append(&store, &centre, &mixed).await;
    let expected = [1, 1, 2, 3].map(Placed::Accepted);
    assert_eq!(placed, expected);
    drop(store);
    let store = home.open().await;
    let found = store
        .pages(wanted(id, &[(TEAM, 0), (OFFICE, 0)], BIG))
        .await
        .unwrap();
    let chain = team
        .iter()
        .fold(ChainHash::START, |chain, e| chain.next(e.id()));
    assert_eq!(
        (found.pages[0].head_seq, found.pages[0].head_chain),
        (3, chain)
    );
    assert_eq!(found.pages[1].head_seq, 1);
    let stored = everything(&store, id, TEAM).await;
    let sent: Vec<_> = (1..).zip(team.iter().map(|e| e.bytes().to_vec())).collect();
    assert_eq!(stored, sent);
}

pub(super) async fn the_same_envelope_again_keeps_its_first_place<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open_centre(&store, 1).await;
    let sent = write(&centre, &mut author(1, TEAM, 1), 2);
    append(&store, &centre, &sent).await;
    let again = append(&store, &centre, &sent).await;
    assert_eq!(again, [Placed::Duplicate(1), Placed::Duplicate(2)]);
    let twice = write(&centre, &mut author(1, OFFICE, 1), 1).remove(0);
    let placed = append(&store, &centre, &[twice.clone(), twice]).await;
    assert_eq!(placed, [Placed::Accepted(1), Placed::Duplicate(1)]);
}

pub(super) async fn gaps_and_conflicts_leave_no_trace<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open_centre(&store, 1).await;
    let id = centre.membership.centre();
    let mut writer = author(1, TEAM, 1);
    let sent = write(&centre, &mut writer, 3);
    assert_eq!(append(&store, &centre, &sent[1..2]).await, [Placed::Gap(1)]);
    assert!(everything(&store, id, TEAM).await.is_empty());
    assert_eq!(
        append(&store, &centre, &sent[..1]).await,
        [Placed::Accepted(1)]
    );
    let fork = author(1, TEAM, 1).header(&centre.membership, 3000);
    let fork = seal(&fork, &signing_key(1)).unwrap();
    assert_eq!(append(&store, &centre, &[fork]).await, [Placed::Conflict]);
    assert_eq!(append(&store, &centre, &sent[2..]).await, [Placed::Gap(2)]);
    let mut torn = author(1, TEAM, 1);
    torn.n = 1;
    torn.prev = sent[2].id();
    assert_eq!(
        append(&store, &centre, &write(&centre, &mut torn, 1)).await,
        [Placed::Conflict]
    );
    assert_eq!(everything(&store, id, TEAM).await.len(), 1);
    let rest = append(&store, &centre, &sent[1..]).await;
    assert_eq!(rest, [Placed::Accepted(2), Placed::Accepted(3)]);
}

pub(super) async fn a_full_centre_takes_no_more_and_others_do<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open_centre(&store, 1).await;
    let other = open_centre(&store, 2).await;
    let records: usize = centre
        .records
        .iter()
        .map(|record| record.bytes().len())
        .sum();
    let sent = write(&centre, &mut author(1, TEAM, 1), 3);
    let mut small = batch(&centre, &sent);
    small.quota = u64::try_from(records + 2 * sent[0].bytes().len()).unwrap();
    let placed = store.append_envelopes(small.clone()).await.unwrap();
    let expected = vec![Placed::Accepted(1), Placed::Accepted(2), Placed::Quota];
    assert_eq!(placed, EnvelopeAppend::Done(expected));
    let again = store.append_envelopes(small).await.unwrap();
    let expected = vec![Placed::Duplicate(1), Placed::Duplicate(2), Placed::Quota];
    assert_eq!(again, EnvelopeAppend::Done(expected));
    let elsewhere = append(&store, &other, &write(&other, &mut author(2, TEAM, 1), 1)).await;
    assert_eq!(elsewhere, [Placed::Accepted(1)]);
}

pub(super) async fn envelopes_judged_by_an_old_membership_are_judged_again<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let mut centre = open_centre(&store, 1).await;
    let sent = write(&centre, &mut author(1, TEAM, 1), 1);
    let old = batch(&centre, &sent);
    centre
        .append(centre.ring_epoch([Scope::Ring(Ring::Team)]))
        .unwrap();
    store
        .append_membership(membership_of(&centre, 1))
        .await
        .unwrap();
    assert_eq!(
        store.append_envelopes(old).await.unwrap(),
        EnvelopeAppend::Moved
    );
    assert!(
        everything(&store, centre.membership.centre(), TEAM)
            .await
            .is_empty()
    );
    let unknown = MadeUpCentre::open(7).unwrap();
    let nowhere = store
        .append_envelopes(batch(&unknown, &sent))
        .await
        .unwrap();
    assert_eq!(nowhere, EnvelopeAppend::Moved);
}

pub(super) async fn pages_end_with_their_budget_and_join_without_a_gap<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open_centre(&store, 1).await;
    let id = centre.membership.centre();
    let sent = write(&centre, &mut author(1, TEAM, 1), 10);
    append(&store, &centre, &sent).await;
    append(
        &store,
        &centre,
        &write(&centre, &mut author(1, OFFICE, 1), 2),
    )
    .await;
    let one = sent[0].bytes().len();
    let mut after = [(TEAM, 0), (OFFICE, 0)];
    let mut seen = 0;
    for _ in 0..20 {
        let found = store.pages(wanted(id, &after, one * 3)).await.unwrap();
        for page in &found.pages {
            for (seq, _) in &page.envelopes {
                let held = after
                    .iter_mut()
                    .find(|(channel, _)| *channel == page.channel)
                    .unwrap();
                assert_eq!(*seq, held.1 + 1);
                held.1 = *seq;
                seen += 1;
            }
        }
        if !found.more {
            break;
        }
    }
    assert_eq!((seen, after), (12, [(TEAM, 10), (OFFICE, 2)]));
    let nothing = store.pages(wanted(id, &after, BIG)).await.unwrap();
    assert_eq!((nothing.pages.len(), nothing.more), (0, false));
    let ahead = store.pages(wanted(id, &[(TEAM, 11)], BIG)).await.unwrap();
    assert_eq!(
        (ahead.pages[0].head_seq, ahead.pages[0].envelopes.len()),
        (10, 0)
    );
}

pub(super) async fn many_writers_at_once_leave_no_gap_and_no_reader_skips<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = Arc::new(open_centre(&store, 1).await);
    let id = centre.membership.centre();
    let mut tasks = Vec::new();
    for stream in 0..16 {
        let (store, centre) = (Arc::clone(&store), Arc::clone(&centre));
        tasks.push(tokio::spawn(async move {
            let mut writer = author(1, TEAM, stream);
            for envelope in write(&centre, &mut writer, 10) {
                let placed = append(&store, &centre, &[envelope]).await;
                assert!(matches!(placed[..], [Placed::Accepted(_)]));
            }
        }));
    }
    let mut after = 0;
    while after < 160 {
        let found = store
            .pages(wanted(id, &[(TEAM, after)], BIG))
            .await
            .unwrap();
        for (seq, _) in found.pages.iter().flat_map(|page| &page.envelopes) {
            assert_eq!(*seq, after + 1);
            after = *seq;
        }
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    let chain = everything(&store, id, TEAM)
        .await
        .into_iter()
        .fold(ChainHash::START, |chain, e| {
            chain.next(SealedEnvelope::parse(e.1).unwrap().id())
        });
    let head = store.pages(wanted(id, &[(TEAM, 0)], 1)).await.unwrap();
    assert_eq!(head.pages[0].head_chain, chain);
}

pub(super) async fn a_desk_and_a_box_of_one_member_are_different_channels<H: Home>() {
    let home = H::new().await;
    let store = home.open().await;
    let centre = open_centre(&store, 1).await;
    let id = centre.membership.centre();
    let desk = Channel::Desk(member(1));
    append(&store, &centre, &write(&centre, &mut author(1, desk, 1), 1)).await;
    assert_eq!(everything(&store, id, desk).await.len(), 1);
    assert!(
        everything(&store, id, Channel::MemberBox(member(1)))
            .await
            .is_empty()
    );
}
