//! Bodies to the trash, and out of it for good.

use deadpool_postgres::{Object, Transaction};
use sync_protocol::compaction::{Covered, Place};
use tokio_postgres::Row;

use crate::store::{
    NewEnvelopes, StoreError,
    postgres::{
        placing::Held,
        rows::{array, signed},
        writes::Field,
    },
    pruning::{Going, Pruning, Stored},
};

/// Does what the prunes among the new envelopes ask for, in their order.
pub(super) async fn prune(
    transaction: &Transaction<'_>,
    batches: &[NewEnvelopes],
    kept: &Held<'_>,
) -> Result<(), StoreError> {
    for batch in batches.iter().filter(|batch| !batch.prunings.is_empty()) {
        for row in &kept.grown.envelopes {
            let pruning = batch.prunings.get(&row.envelope.id());
            let head = kept.channels.get(&row.channel);
            let key = head.and_then(|head| head.key);
            if let Some((pruning, key)) = pruning.zip(key) {
                prune_one(transaction, key, pruning, batch.now_ms).await?;
            }
        }
    }
    Ok(())
}

/// Empties the trash of what came into it by then.
pub(super) async fn purge(client: &mut Object, before_ms: i64) -> Result<usize, StoreError> {
    let transaction = client.transaction().await?;
    // The heads first and in the order of their names, as writers take them.
    transaction
        .execute(
            "SELECT 1 FROM centres WHERE key IN (
                 SELECT centre_key FROM trash JOIN channels ON channels.key = channel_key
                 WHERE pruned_ms <= $1
             ) ORDER BY centre FOR NO KEY UPDATE",
            &[&before_ms],
        )
        .await?;
    let gone = transaction
        .query_one(
            "WITH gone AS (
                 DELETE FROM trash WHERE pruned_ms <= $1
                 RETURNING channel_key, octet_length(bytes) AS size
             ), less AS (
                 UPDATE centres SET bytes = centres.bytes - sized.size FROM (
                     SELECT centre_key, sum(size)::bigint AS size FROM gone
                     JOIN channels ON channels.key = channel_key GROUP BY centre_key
                 ) AS sized WHERE centres.key = sized.centre_key
             ) SELECT count(*) FROM gone",
            &[&before_ms],
        )
        .await?;
    let gone: i64 = gone.try_get(0)?;
    transaction.commit().await?;
    Ok(usize::try_from(gone).unwrap_or(usize::MAX))
}

async fn prune_one(
    transaction: &Transaction<'_>,
    channel_key: i64,
    pruning: &Pruning,
    now_ms: i64,
) -> Result<(), StoreError> {
    let vouch = &pruning.order.vouch;
    let attest = at(transaction, channel_key, &pruning.order.attest).await?;
    let snapshot = at(transaction, channel_key, &vouch.snapshot).await?;
    let rests_on = attest.is_some_and(|stored| pruning.finds_attest(&stored))
        && snapshot.is_some_and(|stored| pruning.finds_snapshot(stored));
    if !rests_on {
        return Ok(());
    }
    let mut going = Vec::new();
    for run in vouch.coverage.runs() {
        let document = vouch.document.as_bytes();
        let stored = covered(transaction, channel_key, run, document).await?;
        match pruning.going(run, stored) {
            Some(found) => going.extend(found),
            None => return Ok(()),
        }
    }
    to_trash(transaction, channel_key, &going, now_ms).await
}

async fn at(
    transaction: &Transaction<'_>,
    channel_key: i64,
    place: &Place,
) -> Result<Option<Stored>, StoreError> {
    let select = transaction
        .prepare_cached(
            "SELECT seq, id, bytes, received_ms FROM envelopes
             WHERE channel_key = $1 AND author = $2 AND stream = $3 AND n = $4",
        )
        .await?;
    let (author, stream) = (
        place.author.as_bytes().as_slice(),
        place.stream.as_bytes().as_slice(),
    );
    let fields: [Field<'_>; 4] = [&channel_key, &author, &stream, &signed(place.n)];
    let row = transaction.query_opt(&select, &fields).await?;
    row.as_ref().map(stored).transpose()
}

/// The document stands in the header, at its fixed place.
async fn covered(
    transaction: &Transaction<'_>,
    channel_key: i64,
    run: &Covered,
    document: &[u8; 16],
) -> Result<Vec<Stored>, StoreError> {
    let select = transaction
        .prepare_cached(
            "SELECT seq, id, bytes, received_ms FROM envelopes
             WHERE channel_key = $1 AND author = $2 AND stream = $3 AND n <= $4
                 AND substring(bytes FROM 58 FOR 16) = $5 ORDER BY n",
        )
        .await?;
    let (author, stream, document) = (
        run.author.as_bytes().as_slice(),
        run.stream.as_bytes().as_slice(),
        document.as_slice(),
    );
    let last = signed(run.n);
    let fields: [Field<'_>; 5] = [&channel_key, &author, &stream, &last, &document];
    let rows = transaction.query(&select, &fields).await?;
    rows.iter().map(stored).collect()
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        seq: row.try_get(0)?,
        id: array(row, 1)?,
        bytes: row.try_get(2)?,
        received_ms: row.try_get(3)?,
    })
}

async fn to_trash(
    transaction: &Transaction<'_>,
    channel_key: i64,
    going: &[Going],
    now_ms: i64,
) -> Result<(), StoreError> {
    let seqs: Vec<i64> = going.iter().map(|going| going.seq).collect();
    let stubs: Vec<&[u8]> = going.iter().map(|going| going.stub.as_slice()).collect();
    let insert = "INSERT INTO trash (channel_key, seq, bytes, pruned_ms)
         SELECT channel_key, seq, bytes, $3 FROM envelopes
         WHERE channel_key = $1 AND seq = ANY ($2)";
    let fields: [Field<'_>; 3] = [&channel_key, &seqs, &now_ms];
    transaction.execute(insert, &fields).await?;
    let update = "UPDATE envelopes SET bytes = sent.bytes
         FROM unnest($2::bigint[], $3::bytea[]) AS sent (seq, bytes)
         WHERE channel_key = $1 AND envelopes.seq = sent.seq";
    let fields: [Field<'_>; 3] = [&channel_key, &seqs, &stubs];
    transaction.execute(update, &fields).await?;
    let more: usize = stubs.iter().map(|stub| stub.len()).sum();
    let spend = "UPDATE centres SET bytes = centres.bytes + $2 FROM channels
         WHERE channels.key = $1 AND centres.key = channels.centre_key";
    let fields: [Field<'_>; 2] = [&channel_key, &signed(more as u64)];
    transaction.execute(spend, &fields).await?;
    Ok(())
}
