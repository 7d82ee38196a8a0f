//! Everything that only looks.

use rusqlite::{Connection, OptionalExtension, params};
use sync_protocol::{CentreId, ChainHash, Channel, InviteId, frame::ChannelPage};

use crate::store::{Pages, StoreError, StoredRecord, Wanted};

pub(in crate::store) fn membership(
    connection: &Connection,
    centre: CentreId,
) -> Result<Vec<StoredRecord>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT record, received_ms FROM membership
         JOIN centres ON centres.key = membership.centre_key
         WHERE centre = ?1 ORDER BY idx",
    )?;
    let rows = select.query_map([centre.as_bytes()], |row| {
        Ok(StoredRecord {
            bytes: row.get(0)?,
            received_ms: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn records_from(
    connection: &Connection,
    centre: CentreId,
    index: u32,
    budget: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT record FROM membership
         JOIN centres ON centres.key = membership.centre_key
         WHERE centre = ?1 AND idx >= ?2 ORDER BY idx",
    )?;
    let mut rows = select.query(params![centre.as_bytes(), index])?;
    let mut records: Vec<Vec<u8>> = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(0)?;
        bytes += record.len();
        if bytes > budget && !records.is_empty() {
            break;
        }
        records.push(record);
    }
    Ok(records)
}

pub(super) fn pages(connection: &Connection, wanted: &Wanted) -> Result<Pages, StoreError> {
    // One transaction, so that heads and envelopes are of the same moment.
    let transaction = connection.unchecked_transaction()?;
    let mut pages = Pages::default();
    let mut left = wanted.budget;
    for (channel, after) in &wanted.channels {
        let Some(mut found) = head(&transaction, wanted.centre, *channel, *after)? else {
            continue;
        };
        if found.page.head_seq > *after {
            if left == 0 {
                pages.more = true;
                break;
            }
            fill(&transaction, &mut found, *after, &mut left)?;
            let last = found.page.envelopes.last().map_or(*after, |(seq, _)| *seq);
            pages.more |= last < found.page.head_seq;
        }
        pages.pages.push(found.page);
    }
    Ok(pages)
}

struct Found {
    key: i64,
    page: ChannelPage,
}

/// The channel's head, unless it is where the reader is.
fn head(
    connection: &Connection,
    centre: CentreId,
    channel: Channel,
    after: u64,
) -> Result<Option<Found>, StoreError> {
    let row: Option<(i64, i64, [u8; 32])> = connection
        .prepare_cached(
            "SELECT channels.key, seq, chain FROM channels
             JOIN centres ON centres.key = channels.centre_key
             WHERE centre = ?1 AND channel = ?2",
        )?
        .query_row(params![centre.as_bytes(), channel.to_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (key, seq, chain) = row.unwrap_or((0, 0, *ChainHash::START.as_bytes()));
    let head_seq = u64::try_from(seq).unwrap_or(0);
    if head_seq == after {
        return Ok(None);
    }
    let head_chain = ChainHash::from_bytes(chain);
    let envelopes = Vec::new();
    let page = ChannelPage {
        channel,
        head_seq,
        head_chain,
        envelopes,
    };
    Ok(Some(Found { key, page }))
}

fn fill(
    connection: &Connection,
    found: &mut Found,
    after: u64,
    left: &mut usize,
) -> Result<(), StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT seq, bytes FROM envelopes WHERE channel_key = ?1 AND seq > ?2 ORDER BY seq",
    )?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = select.query(params![found.key, after])?;
    while *left > 0 {
        let Some(row) = rows.next()? else { break };
        let seq: i64 = row.get(0)?;
        let bytes: Vec<u8> = row.get(1)?;
        *left = left.saturating_sub(bytes.len());
        found
            .page
            .envelopes
            .push((u64::try_from(seq).unwrap_or(0), bytes));
    }
    Ok(())
}

pub(super) fn invite_centre(
    connection: &Connection,
    invite: InviteId,
) -> Result<Option<CentreId>, StoreError> {
    let centre: Option<[u8; 32]> = connection
        .prepare_cached(
            "SELECT centre FROM invites JOIN centres ON centres.key = invites.centre_key
             WHERE invite = ?1",
        )?
        .query_row([invite.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(centre.map(CentreId::from_bytes))
}

pub(super) fn messages(
    connection: &Connection,
    invite: InviteId,
    after: u32,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT message FROM mailbox WHERE invite = ?1 AND no > ?2 ORDER BY no")?;
    let rows = select.query_map(params![invite.as_bytes(), after], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn touch(connection: &Connection) -> Result<(), StoreError> {
    connection
        .prepare_cached("SELECT count(*) FROM meta")?
        .query_row([], |row| row.get::<_, i64>(0))?;
    Ok(())
}
