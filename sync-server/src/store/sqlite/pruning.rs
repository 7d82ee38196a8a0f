//! Bodies to the trash, and out of it for good; runs inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_protocol::compaction::{Covered, Place};

use crate::store::{
    StoreError,
    pruning::{Going, Pruning, Stored},
    sqlite::writes::signed,
};

/// Moves what a prune lets go to the trash; says how many bytes the store holds more by that.
pub(super) fn prune(
    connection: &Connection,
    channel_key: i64,
    pruning: &Pruning,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let vouch = &pruning.order.vouch;
    let attest = at(connection, channel_key, &pruning.order.attest)?;
    let snapshot = at(connection, channel_key, &vouch.snapshot)?;
    let rests_on = attest.is_some_and(|stored| pruning.finds_attest(&stored))
        && snapshot.is_some_and(|stored| pruning.finds_snapshot(stored));
    if !rests_on {
        return Ok(0);
    }
    let mut going = Vec::new();
    for run in vouch.coverage.runs() {
        let stored = covered(connection, channel_key, run, vouch.document.as_bytes())?;
        match pruning.going(run, stored) {
            Some(found) => going.extend(found),
            None => return Ok(0),
        }
    }
    to_trash(connection, channel_key, &going, now_ms)
}

/// Empties the trash of what came into it by then.
pub(super) fn purge(connection: &Connection, before_ms: i64) -> Result<usize, StoreError> {
    connection
        .prepare_cached(
            "UPDATE centres SET bytes = bytes - gone.size FROM (
                 SELECT centre_key, sum(length(trash.bytes)) AS size FROM trash
                 JOIN channels ON channels.key = trash.channel_key
                 WHERE pruned_ms <= ?1 GROUP BY centre_key
             ) AS gone WHERE centres.key = gone.centre_key",
        )?
        .execute([before_ms])?;
    Ok(connection
        .prepare_cached("DELETE FROM trash WHERE pruned_ms <= ?1")?
        .execute([before_ms])?)
}

fn at(
    connection: &Connection,
    channel_key: i64,
    place: &Place,
) -> Result<Option<Stored>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT seq, id, bytes, received_ms FROM envelopes
         WHERE channel_key = ?1 AND author = ?2 AND stream = ?3 AND n = ?4",
    )?;
    let place = params![
        channel_key,
        place.author.as_bytes(),
        place.stream.as_bytes(),
        signed(place.n)
    ];
    Ok(select.query_row(place, stored).optional()?)
}

/// The document stands in the header, at its fixed place.
fn covered(
    connection: &Connection,
    channel_key: i64,
    run: &Covered,
    document: &[u8; 16],
) -> Result<Vec<Stored>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT seq, id, bytes, received_ms FROM envelopes
         WHERE channel_key = ?1 AND author = ?2 AND stream = ?3 AND n <= ?4
             AND substr(bytes, 58, 16) = ?5 ORDER BY n",
    )?;
    let (author, stream) = (run.author.as_bytes(), run.stream.as_bytes());
    let rows = select.query_map(
        params![channel_key, author, stream, signed(run.n), document],
        stored,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        seq: row.get(0)?,
        id: row.get(1)?,
        bytes: row.get(2)?,
        received_ms: row.get(3)?,
    })
}

fn to_trash(
    connection: &Connection,
    channel_key: i64,
    going: &[Going],
    now_ms: i64,
) -> Result<u64, StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO trash (channel_key, seq, bytes, pruned_ms)
         SELECT channel_key, seq, bytes, ?3 FROM envelopes WHERE channel_key = ?1 AND seq = ?2",
    )?;
    let mut update = connection
        .prepare_cached("UPDATE envelopes SET bytes = ?3 WHERE channel_key = ?1 AND seq = ?2")?;
    let mut more = 0;
    for Going { seq, stub } in going {
        insert.execute(params![channel_key, seq, now_ms])?;
        update.execute(params![channel_key, seq, stub])?;
        more += stub.len() as u64;
    }
    Ok(more)
}
