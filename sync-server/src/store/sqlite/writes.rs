//! Everything that changes the store; each function runs inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension, params};
use sync_protocol::{CentreId, ChainHash, Channel, EnvelopeId, EnvelopeKind, SealedEnvelope};

use crate::store::{
    EnvelopeAppend, Left, MembershipAppend, NewEnvelopes, NewMembership, NewMessage, Placed,
    StoreError, sqlite::pruning::prune,
};

struct CentreRow {
    key: i64,
    length: u32,
    bytes: u64,
}

struct ChannelRow {
    key: i64,
    seq: u64,
    chain: ChainHash,
}

pub(super) fn append_membership(
    connection: &Connection,
    append: &NewMembership,
) -> Result<MembershipAppend, StoreError> {
    let centre = centre_row(connection, append.centre)?;
    if centre.as_ref().map_or(0, |centre| centre.length) != append.expected {
        return Ok(MembershipAppend::Moved);
    }
    for (invite, _) in &append.invites {
        let mut known = connection.prepare_cached("SELECT 1 FROM invites WHERE invite = ?1")?;
        if known.exists([invite.as_bytes()])? {
            return Ok(MembershipAppend::InviteTaken);
        }
    }
    let centre = match centre {
        Some(centre) => centre,
        None if centre_count(connection)? >= append.max_centres => {
            return Ok(MembershipAppend::Full);
        }
        None => insert_centre(connection, append.centre)?,
    };
    insert_records(connection, &centre, append)?;
    Ok(MembershipAppend::Appended)
}

fn insert_records(
    connection: &Connection,
    centre: &CentreRow,
    append: &NewMembership,
) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO membership (centre_key, idx, record, received_ms) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut length = centre.length;
    let mut bytes = centre.bytes;
    for record in &append.records {
        insert.execute(params![centre.key, length, record, append.now_ms])?;
        length = length.saturating_add(1);
        bytes = bytes.saturating_add(record.len() as u64);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO invites (invite, centre_key, expires_ms) VALUES (?1, ?2, ?3)",
    )?;
    for (invite, expires_ms) in &append.invites {
        insert.execute(params![invite.as_bytes(), centre.key, expires_ms])?;
    }
    connection
        .prepare_cached("UPDATE centres SET length = ?2, head = ?3, bytes = ?4 WHERE key = ?1")?
        .execute(params![
            centre.key,
            length,
            append.head.as_bytes(),
            signed(bytes)
        ])?;
    Ok(())
}

pub(super) fn append_envelopes(
    connection: &Connection,
    batch: &NewEnvelopes,
) -> Result<EnvelopeAppend, StoreError> {
    let Some(mut centre) = centre_row(connection, batch.centre)? else {
        return Ok(EnvelopeAppend::Moved);
    };
    if centre.length != batch.membership_length {
        return Ok(EnvelopeAppend::Moved);
    }
    let before = centre.bytes;
    let mut placed = Vec::with_capacity(batch.envelopes.len());
    for envelope in &batch.envelopes {
        placed.push(place(connection, &mut centre, envelope, batch)?);
    }
    if centre.bytes != before {
        connection
            .prepare_cached("UPDATE centres SET bytes = ?2 WHERE key = ?1")?
            .execute(params![centre.key, signed(centre.bytes)])?;
    }
    Ok(EnvelopeAppend::Done(placed))
}

fn place(
    connection: &Connection,
    centre: &mut CentreRow,
    envelope: &SealedEnvelope,
    batch: &NewEnvelopes,
) -> Result<Placed, StoreError> {
    let header = envelope.header();
    let channel = channel_row(connection, centre.key, header.channel)?;
    let (last, last_id) = stream_end(connection, channel.as_ref(), envelope)?;
    if header.n <= last {
        return stored_before(connection, channel.as_ref(), envelope);
    }
    if header.n > last + 1 {
        return Ok(Placed::Gap(last + 1));
    }
    if header.prev != last_id {
        return Ok(Placed::Conflict);
    }
    let bytes = centre.bytes.saturating_add(envelope.bytes().len() as u64);
    if bytes > batch.quota {
        return Ok(Placed::Quota);
    }
    centre.bytes = bytes;
    let channel = match channel {
        Some(channel) => channel,
        None => insert_channel(connection, centre.key, header.channel)?,
    };
    let placed = insert_envelope(connection, &channel, envelope, batch.now_ms)?;
    if let Some(pruning) = batch.prunings.get(&envelope.id()) {
        centre.bytes += prune(connection, channel.key, pruning, batch.now_ms)?;
    }
    Ok(placed)
}

fn insert_envelope(
    connection: &Connection,
    channel: &ChannelRow,
    envelope: &SealedEnvelope,
    now_ms: i64,
) -> Result<Placed, StoreError> {
    let header = envelope.header();
    let received_ms = (header.kind == EnvelopeKind::Snapshot).then_some(now_ms);
    let seq = channel.seq + 1;
    let id = envelope.id();
    let chain = channel.chain.next(id);
    let author = header.author.as_bytes();
    let stream = header.stream.as_bytes();
    connection
        .prepare_cached(
            "INSERT INTO envelopes (channel_key, seq, author, stream, n, id, chain, bytes, received_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            channel.key,
            signed(seq),
            author,
            stream,
            signed(header.n),
            id.as_bytes(),
            chain.as_bytes(),
            envelope.bytes(),
            received_ms,
        ])?;
    connection
        .prepare_cached(
            "INSERT INTO streams (channel_key, author, stream, n, id) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (channel_key, author, stream) DO UPDATE SET n = ?4, id = ?5",
        )?
        .execute(params![
            channel.key,
            author,
            stream,
            signed(header.n),
            id.as_bytes()
        ])?;
    connection
        .prepare_cached("UPDATE channels SET seq = ?2, chain = ?3 WHERE key = ?1")?
        .execute(params![channel.key, signed(seq), chain.as_bytes()])?;
    Ok(Placed::Accepted(seq))
}

fn stored_before(
    connection: &Connection,
    channel: Option<&ChannelRow>,
    envelope: &SealedEnvelope,
) -> Result<Placed, StoreError> {
    let header = envelope.header();
    let found: Option<([u8; 32], i64)> = connection
        .prepare_cached(
            "SELECT id, seq FROM envelopes
             WHERE channel_key = ?1 AND author = ?2 AND stream = ?3 AND n = ?4",
        )?
        .query_row(
            params![
                channel.map(|channel| channel.key),
                header.author.as_bytes(),
                header.stream.as_bytes(),
                signed(header.n),
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    match found {
        Some((id, seq)) if id == *envelope.id().as_bytes() => Ok(Placed::Duplicate(unsigned(seq))),
        Some(_) | None => Ok(Placed::Conflict),
    }
}

fn stream_end(
    connection: &Connection,
    channel: Option<&ChannelRow>,
    envelope: &SealedEnvelope,
) -> Result<(u64, EnvelopeId), StoreError> {
    let Some(channel) = channel else {
        return Ok((0, EnvelopeId::NONE));
    };
    let header = envelope.header();
    let end: Option<(i64, [u8; 32])> = connection
        .prepare_cached(
            "SELECT n, id FROM streams WHERE channel_key = ?1 AND author = ?2 AND stream = ?3",
        )?
        .query_row(
            params![
                channel.key,
                header.author.as_bytes(),
                header.stream.as_bytes()
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(end.map_or((0, EnvelopeId::NONE), |(n, id)| {
        (unsigned(n), EnvelopeId::from_bytes(id))
    }))
}

pub(super) fn leave_message(
    connection: &Connection,
    message: &NewMessage,
) -> Result<Left, StoreError> {
    let invite = message.invite.as_bytes();
    let mut same =
        connection.prepare_cached("SELECT 1 FROM mailbox WHERE invite = ?1 AND message = ?2")?;
    if same.exists(params![invite, message.bytes])? {
        return Ok(Left::Duplicate);
    }
    let held: u32 = connection
        .prepare_cached("SELECT count(*) FROM mailbox WHERE invite = ?1")?
        .query_row([invite], |row| row.get(0))?;
    if usize::try_from(held).unwrap_or(usize::MAX) >= message.limit {
        return Ok(Left::Full);
    }
    connection
        .prepare_cached(
            "INSERT INTO mailbox (invite, no, message, expires_ms) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![invite, held + 1, message.bytes, message.expires_ms])?;
    Ok(Left::Stored)
}

pub(super) fn purge_mailboxes(connection: &Connection, now_ms: i64) -> Result<usize, StoreError> {
    Ok(connection
        .prepare_cached("DELETE FROM mailbox WHERE expires_ms <= ?1")?
        .execute([now_ms])?)
}

fn centre_row(connection: &Connection, centre: CentreId) -> Result<Option<CentreRow>, StoreError> {
    let row = connection
        .prepare_cached("SELECT key, length, bytes FROM centres WHERE centre = ?1")?
        .query_row([centre.as_bytes()], |row| {
            Ok(CentreRow {
                key: row.get(0)?,
                length: row.get(1)?,
                bytes: unsigned(row.get(2)?),
            })
        })
        .optional()?;
    Ok(row)
}

fn centre_count(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("SELECT count(*) FROM centres", [], |row| row.get(0))?)
}

fn insert_centre(connection: &Connection, centre: CentreId) -> Result<CentreRow, StoreError> {
    connection.execute(
        "INSERT INTO centres (centre, length, head, bytes) VALUES (?1, 0, zeroblob(32), 0)",
        [centre.as_bytes()],
    )?;
    let key = connection.last_insert_rowid();
    Ok(CentreRow {
        key,
        length: 0,
        bytes: 0,
    })
}

fn channel_row(
    connection: &Connection,
    centre_key: i64,
    channel: Channel,
) -> Result<Option<ChannelRow>, StoreError> {
    let row = connection
        .prepare_cached(
            "SELECT key, seq, chain FROM channels WHERE centre_key = ?1 AND channel = ?2",
        )?
        .query_row(params![centre_key, channel.to_bytes()], |row| {
            Ok(ChannelRow {
                key: row.get(0)?,
                seq: unsigned(row.get(1)?),
                chain: ChainHash::from_bytes(row.get(2)?),
            })
        })
        .optional()?;
    Ok(row)
}

fn insert_channel(
    connection: &Connection,
    centre_key: i64,
    channel: Channel,
) -> Result<ChannelRow, StoreError> {
    let chain = ChainHash::START;
    connection.execute(
        "INSERT INTO channels (centre_key, channel, seq, chain) VALUES (?1, ?2, 0, ?3)",
        params![centre_key, channel.to_bytes(), chain.as_bytes()],
    )?;
    let key = connection.last_insert_rowid();
    Ok(ChannelRow { key, seq: 0, chain })
}

/// SQLite's integers are signed; a count beyond them is refused by the order of `n` long before.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
