//! Everything that only looks.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Object;
use sync_protocol::{CentreId, ChainHash, Channel, InviteId, frame::ChannelPage};

use crate::store::{
    CentreHeads, Pages, StoreError, StoredRecord, Wanted,
    postgres::rows::{array, number, signed, small, stored_record},
};

pub(super) async fn membership(
    client: &Object,
    centre: CentreId,
) -> Result<Vec<StoredRecord>, StoreError> {
    let select = client
        .prepare_cached(
            "SELECT record, received_ms FROM membership
             JOIN centres ON centres.key = membership.centre_key
             WHERE centre = $1 ORDER BY idx",
        )
        .await?;
    let rows = client
        .query(&select, &[&centre.as_bytes().as_slice()])
        .await?;
    rows.iter().map(stored_record).collect()
}

pub(super) async fn records_from(
    client: &Object,
    centre: CentreId,
    index: u32,
    budget: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let select = client
        .prepare_cached(
            "SELECT record FROM (
                 SELECT idx, record, sum(octet_length(record)) OVER (ORDER BY idx) AS size
                 FROM membership JOIN centres ON centres.key = membership.centre_key
                 WHERE centre = $1 AND idx >= $2
             ) AS sized WHERE size <= $3 OR idx = $2 ORDER BY idx",
        )
        .await?;
    let centre = centre.as_bytes().as_slice();
    let budget = i64::try_from(budget).unwrap_or(i64::MAX);
    let rows = client
        .query(&select, &[&centre, &i64::from(index), &budget])
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Heads first: what lies at or before a head is there for good, so no transaction has to hold the two together.
pub(super) async fn pages(client: &Object, wanted: &Wanted) -> Result<Pages, StoreError> {
    let known = channel_heads(client, wanted).await?;
    let mut pages = Pages::default();
    let mut left = wanted.budget;
    for (channel, after) in wanted.channels.iter().copied() {
        let found = known.get(&channel).copied();
        let (key, head_seq, head_chain) = found.unwrap_or((0, 0, ChainHash::START));
        if head_seq == after {
            continue;
        }
        let mut page = ChannelPage {
            channel,
            head_seq,
            head_chain,
            envelopes: Vec::new(),
        };
        if head_seq > after {
            if left == 0 {
                pages.more = true;
                break;
            }
            page.envelopes = envelopes(client, key, after, head_seq, left).await?;
            let spent: usize = page.envelopes.iter().map(|(_, bytes)| bytes.len()).sum();
            left = left.saturating_sub(spent);
            let last = page.envelopes.last().map_or(after, |(seq, _)| *seq);
            pages.more |= last < head_seq;
        }
        pages.pages.push(page);
    }
    Ok(pages)
}

type ChannelEnds = BTreeMap<Channel, (i64, u64, ChainHash)>;

async fn channel_heads(client: &Object, wanted: &Wanted) -> Result<ChannelEnds, StoreError> {
    let select = client
        .prepare_cached(
            "SELECT channel, channels.key, seq, chain FROM channels
             JOIN centres ON centres.key = channels.centre_key
             WHERE centre = $1 AND channel = ANY ($2)",
        )
        .await?;
    let channels: Vec<[u8; 17]> = wanted
        .channels
        .iter()
        .map(|(channel, _)| channel.to_bytes())
        .collect();
    let channels: Vec<&[u8]> = channels.iter().map(<[u8; 17]>::as_slice).collect();
    let centre = wanted.centre.as_bytes().as_slice();
    let rows = client.query(&select, &[&centre, &channels]).await?;
    rows.iter()
        .map(|row| {
            let chain = ChainHash::from_bytes(array(row, 3)?);
            Ok((channel(row, 0)?, (row.try_get(1)?, number(row, 2)?, chain)))
        })
        .collect()
}

/// Rows that one page may look at; a page of the smallest envelopes is far below.
const ROWS: u64 = 4096;

/// The envelope that goes over the budget is the last.
///
/// Seqs have no gaps, so the rows end by their seq and not by `LIMIT`: a database that does not yet know how large the
/// table is would read and sort all that is left of the channel for every page.
async fn envelopes(
    client: &Object,
    channel_key: i64,
    after: u64,
    head: u64,
    budget: usize,
) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let select = client
        .prepare_cached(
            "SELECT seq, bytes FROM (
                 SELECT seq, bytes,
                     sum(octet_length(bytes)) OVER (ORDER BY seq) - octet_length(bytes) AS before
                 FROM envelopes WHERE channel_key = $1 AND seq > $2 AND seq <= $3
             ) AS sized WHERE before < $4 ORDER BY seq",
        )
        .await?;
    let last = signed(head.min(after.saturating_add(ROWS)));
    let budget = i64::try_from(budget).unwrap_or(i64::MAX);
    let rows = client
        .query(&select, &[&channel_key, &signed(after), &last, &budget])
        .await?;
    rows.iter()
        .map(|row| Ok((number(row, 0)?, row.try_get(1)?)))
        .collect()
}

pub(super) async fn invite_centre(
    client: &Object,
    invite: InviteId,
) -> Result<Option<CentreId>, StoreError> {
    let select = client
        .prepare_cached(
            "SELECT centre FROM invites JOIN centres ON centres.key = invites.centre_key
             WHERE invite = $1",
        )
        .await?;
    let row = client
        .query_opt(&select, &[&invite.as_bytes().as_slice()])
        .await?;
    row.map(|row| Ok(CentreId::from_bytes(array(&row, 0)?)))
        .transpose()
}

pub(super) async fn messages(
    client: &Object,
    invite: InviteId,
    after: u32,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let select = client
        .prepare_cached("SELECT message FROM mailbox WHERE invite = $1 AND no > $2 ORDER BY no")
        .await?;
    let invite = invite.as_bytes().as_slice();
    let rows = client.query(&select, &[&invite, &i64::from(after)]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

pub(super) async fn touch(client: &Object) -> Result<(), StoreError> {
    let select = client.prepare_cached("SELECT count(*) FROM meta").await?;
    client.query_one(&select, &[]).await?;
    Ok(())
}

pub(super) async fn length(client: &Object, centre: CentreId) -> Result<u32, StoreError> {
    let select = client
        .prepare_cached("SELECT length FROM centres WHERE centre = $1")
        .await?;
    let row = client
        .query_opt(&select, &[&centre.as_bytes().as_slice()])
        .await?;
    row.map_or(Ok(0), |row| small(&row, 0))
}

pub(super) async fn heads(
    client: &Object,
    centres: &BTreeSet<CentreId>,
) -> Result<Vec<CentreHeads>, StoreError> {
    let select = client
        .prepare_cached(
            "SELECT centre, length, messages, channel, seq FROM centres
             LEFT JOIN channels ON channels.centre_key = centres.key
             WHERE centre = ANY ($1) ORDER BY centre",
        )
        .await?;
    let centres: Vec<&[u8]> = centres
        .iter()
        .map(|centre| centre.as_bytes().as_slice())
        .collect();
    let mut found: Vec<CentreHeads> = Vec::new();
    for row in client.query(&select, &[&centres]).await? {
        let centre = CentreId::from_bytes(array(&row, 0)?);
        if found.last().is_none_or(|last| last.centre != centre) {
            found.push(CentreHeads {
                centre,
                length: small(&row, 1)?,
                messages: number(&row, 2)?,
                channels: Vec::new(),
            });
        }
        // A centre without a channel is one row without one.
        if row.try_get::<_, Option<&[u8]>>(3)?.is_some()
            && let Some(last) = found.last_mut()
        {
            last.channels.push((channel(&row, 3)?, number(&row, 4)?));
        }
    }
    Ok(found)
}

fn channel(row: &tokio_postgres::Row, column: usize) -> Result<Channel, StoreError> {
    Channel::parse(row.try_get(column)?).map_err(|_| StoreError::Damaged { reading: "channel" })
}
