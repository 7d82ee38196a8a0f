//! Whole tables in a fixed order, for proving and copying a store that is one file.

use rusqlite::{Connection, params};
use sync_protocol::CentreId;

use crate::store::{
    StoreError,
    audit::rows::{CentreRow, ChannelRow, EnvelopeRow, InviteRow, MessageRow, StreamRow},
    sqlite::schema,
};

/// Bytes of envelopes that are held in memory at once.
const RUN: usize = 4 * 1024 * 1024;

pub(in crate::store) fn centres(connection: &Connection) -> Result<Vec<CentreRow>, StoreError> {
    let mut select = connection
        .prepare("SELECT key, centre, length, head, bytes FROM centres ORDER BY centre")?;
    let rows = select.query_map([], |row| {
        Ok(CentreRow {
            key: row.get(0)?,
            centre: CentreId::from_bytes(row.get(1)?),
            length: row.get(2)?,
            head: row.get(3)?,
            bytes: unsigned(row.get(4)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::store) fn channels(
    connection: &Connection,
    centre_key: i64,
) -> Result<Vec<ChannelRow>, StoreError> {
    let mut select = connection.prepare(
        "SELECT key, channel, seq, chain FROM channels WHERE centre_key = ?1 ORDER BY channel",
    )?;
    let rows = select.query_map([centre_key], |row| {
        Ok(ChannelRow {
            key: row.get(0)?,
            channel: row.get(1)?,
            seq: unsigned(row.get(2)?),
            chain: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The next run of a channel's envelopes after a seq; empty at the end.
pub(in crate::store) fn envelopes(
    connection: &Connection,
    channel_key: i64,
    after: u64,
) -> Result<Vec<EnvelopeRow>, StoreError> {
    let mut select = connection.prepare_cached(if schema::has_trash(connection)? {
        "SELECT seq, author, stream, n, id, chain, envelopes.bytes, received_ms,
             trash.bytes, pruned_ms
         FROM envelopes LEFT JOIN trash USING (channel_key, seq)
         WHERE channel_key = ?1 AND seq > ?2 ORDER BY seq"
    } else {
        "SELECT seq, author, stream, n, id, chain, bytes, NULL, NULL, NULL FROM envelopes
         WHERE channel_key = ?1 AND seq > ?2 ORDER BY seq"
    })?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = select.query(params![channel_key, after])?;
    let mut found: Vec<EnvelopeRow> = Vec::new();
    let mut size = 0;
    while size < RUN {
        let Some(row) = rows.next()? else { break };
        let bytes: Vec<u8> = row.get(6)?;
        size += bytes.len();
        found.push(EnvelopeRow {
            seq: unsigned(row.get(0)?),
            author: row.get(1)?,
            stream: row.get(2)?,
            n: unsigned(row.get(3)?),
            id: row.get(4)?,
            chain: row.get(5)?,
            bytes,
            received_ms: row.get(7)?,
            trash: row.get::<_, Option<_>>(8)?.zip(row.get(9)?),
        });
    }
    Ok(found)
}

pub(in crate::store) fn streams(
    connection: &Connection,
    channel_key: i64,
) -> Result<Vec<StreamRow>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT author, stream, n, id FROM streams WHERE channel_key = ?1 ORDER BY author, stream",
    )?;
    let rows = select.query_map([channel_key], |row| {
        Ok(StreamRow {
            author: row.get(0)?,
            stream: row.get(1)?,
            n: unsigned(row.get(2)?),
            id: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::store) fn invites(connection: &Connection) -> Result<Vec<InviteRow>, StoreError> {
    let mut select = connection.prepare(
        "SELECT invite, centre, expires_ms FROM invites
         JOIN centres ON centres.key = invites.centre_key ORDER BY invite",
    )?;
    let rows = select.query_map([], |row| {
        Ok(InviteRow {
            invite: row.get(0)?,
            centre: CentreId::from_bytes(row.get(1)?),
            expires_ms: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::store) fn messages(connection: &Connection) -> Result<Vec<MessageRow>, StoreError> {
    let mut select = connection
        .prepare("SELECT invite, no, message, expires_ms FROM mailbox ORDER BY invite, no")?;
    let rows = select.query_map([], |row| {
        Ok(MessageRow {
            invite: row.get(0)?,
            no: row.get(1)?,
            message: row.get(2)?,
            expires_ms: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A number below zero was never written; it fails whatever it is compared with.
fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
