//! Columns to exact bytes and numbers and back, and whole tables in a fixed order, for proving.

use sync_protocol::CentreId;
use tokio_postgres::{GenericClient, Row};

use crate::store::{
    StoreError, StoredRecord,
    audit::rows::{CentreRow, ChannelRow, EnvelopeRow, InviteRow, MessageRow, StreamRow},
};

/// Bytes of envelopes that are held in memory at once.
const RUN: i64 = 4 * 1024 * 1024;

/// A column of exactly so many bytes.
pub(super) fn array<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], StoreError> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes
        .try_into()
        .map_err(|_| StoreError::Damaged { reading: "id" })
}

/// A column that counts from 0.
pub(super) fn number(row: &Row, column: usize) -> Result<u64, StoreError> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| StoreError::Damaged { reading: "number" })
}

/// A column that counts from 0 and not far.
pub(super) fn small(row: &Row, column: usize) -> Result<u32, StoreError> {
    let value: i64 = row.try_get(column)?;
    u32::try_from(value).map_err(|_| StoreError::Damaged { reading: "number" })
}

/// PostgreSQL's integers are signed; a count beyond them is refused by the order of `n` long before.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) async fn centres(client: &impl GenericClient) -> Result<Vec<CentreRow>, StoreError> {
    let rows = client
        .query(
            "SELECT key, centre, length, head, bytes FROM centres ORDER BY centre",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CentreRow {
                key: row.try_get(0)?,
                centre: CentreId::from_bytes(array(row, 1)?),
                length: small(row, 2)?,
                head: array(row, 3)?,
                bytes: number(row, 4)?,
            })
        })
        .collect()
}

/// A row of `record, received_ms`.
pub(super) fn stored_record(row: &Row) -> Result<StoredRecord, StoreError> {
    Ok(StoredRecord {
        bytes: row.try_get(0)?,
        received_ms: row.try_get(1)?,
    })
}

pub(super) async fn records(
    client: &impl GenericClient,
    centre_key: i64,
) -> Result<Vec<StoredRecord>, StoreError> {
    let rows = client
        .query(
            "SELECT record, received_ms FROM membership WHERE centre_key = $1 ORDER BY idx",
            &[&centre_key],
        )
        .await?;
    rows.iter().map(stored_record).collect()
}

pub(super) async fn channels(
    client: &impl GenericClient,
    centre_key: i64,
) -> Result<Vec<ChannelRow>, StoreError> {
    let rows = client
        .query(
            "SELECT key, channel, seq, chain FROM channels WHERE centre_key = $1 ORDER BY channel",
            &[&centre_key],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ChannelRow {
                key: row.try_get(0)?,
                channel: array(row, 1)?,
                seq: number(row, 2)?,
                chain: array(row, 3)?,
            })
        })
        .collect()
}

/// The next run of a channel's envelopes after a seq; empty at the end.
pub(super) async fn envelopes(
    client: &impl GenericClient,
    channel_key: i64,
    after: u64,
) -> Result<Vec<EnvelopeRow>, StoreError> {
    let rows = client
        .query(
            "SELECT sized.seq, author, stream, n, id, chain, sized.bytes, received_ms,
                 trash.bytes, pruned_ms FROM (
                 SELECT *, sum(octet_length(bytes)) OVER (ORDER BY seq) - octet_length(bytes) AS before
                 FROM (
                     SELECT * FROM envelopes WHERE channel_key = $1 AND seq > $2
                     ORDER BY seq LIMIT 4096
                 ) AS next
             ) AS sized LEFT JOIN trash USING (channel_key, seq) WHERE before < $3 ORDER BY seq",
            &[&channel_key, &signed(after), &RUN],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(EnvelopeRow {
                seq: number(row, 0)?,
                author: array(row, 1)?,
                stream: array(row, 2)?,
                n: number(row, 3)?,
                id: array(row, 4)?,
                chain: array(row, 5)?,
                bytes: row.try_get(6)?,
                received_ms: row.try_get(7)?,
                trash: row.try_get::<_, Option<_>>(8)?.zip(row.try_get(9)?),
            })
        })
        .collect()
}

pub(super) async fn streams(
    client: &impl GenericClient,
    channel_key: i64,
) -> Result<Vec<StreamRow>, StoreError> {
    let rows = client
        .query(
            "SELECT author, stream, n, id FROM streams WHERE channel_key = $1
             ORDER BY author, stream",
            &[&channel_key],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StreamRow {
                author: array(row, 0)?,
                stream: array(row, 1)?,
                n: number(row, 2)?,
                id: array(row, 3)?,
            })
        })
        .collect()
}

pub(super) async fn invites(client: &impl GenericClient) -> Result<Vec<InviteRow>, StoreError> {
    let rows = client
        .query(
            "SELECT invite, centre, expires_ms FROM invites
             JOIN centres ON centres.key = invites.centre_key ORDER BY invite",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(InviteRow {
                invite: array(row, 0)?,
                centre: CentreId::from_bytes(array(row, 1)?),
                expires_ms: row.try_get(2)?,
            })
        })
        .collect()
}

pub(super) async fn messages(client: &impl GenericClient) -> Result<Vec<MessageRow>, StoreError> {
    let rows = client
        .query(
            "SELECT invite, no, message, expires_ms FROM mailbox ORDER BY invite, no",
            &[],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MessageRow {
                invite: array(row, 0)?,
                no: small(row, 1)?,
                message: row.try_get(2)?,
                expires_ms: row.try_get(3)?,
            })
        })
        .collect()
}
