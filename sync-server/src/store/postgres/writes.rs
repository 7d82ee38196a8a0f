//! Several batches in one transaction: lock and read what they touch, decide, write what was decided.

use std::collections::BTreeSet;

use deadpool_postgres::{Object, Transaction};
use sync_protocol::{CentreId, ChainHash, Channel, EnvelopeId, EnvelopeKind};
use tokio_postgres::types::ToSql;

use crate::store::{
    EnvelopeAppend, NewEnvelopes, StoreError,
    postgres::{
        locking::{self, channel_key, columns_of},
        placing::{ChannelName, Held},
        pruning::prune,
        rows::signed,
    },
};

/// A parameter of a statement.
pub(super) type Field<'a> = &'a (dyn ToSql + Sync);

/// What became of each batch, and the centres that grew; all of it durable.
pub(super) struct Group {
    pub(super) answers: Vec<EnvelopeAppend>,
    pub(super) grown: BTreeSet<CentreId>,
}

pub(super) async fn append(
    client: &mut Object,
    batches: &[NewEnvelopes],
) -> Result<Group, StoreError> {
    let transaction = client.transaction().await?;
    let mut kept = locking::read(&transaction, batches).await?;
    let answers = batches
        .iter()
        .map(|batch| kept.place_batch(batch))
        .collect();
    if !kept.grown.envelopes.is_empty() {
        make_channels(&transaction, &mut kept).await?;
        tokio::try_join!(
            count_up(&transaction, &kept),
            insert_envelopes(&transaction, &kept),
            end_streams(&transaction, &kept),
            spend(&transaction, &kept),
        )?;
        prune(&transaction, batches, &kept).await?;
    }
    transaction.commit().await?;
    Ok(Group {
        answers,
        grown: kept.grown.centres,
    })
}

/// Rows of channels that begin now, at seq 0.
async fn make_channels(
    transaction: &Transaction<'_>,
    kept: &mut Held<'_>,
) -> Result<(), StoreError> {
    let missing = kept.channels.iter().filter(|(_, head)| head.key.is_none());
    let names: Vec<ChannelName> = missing.map(|(name, _)| *name).collect();
    if names.is_empty() {
        return Ok(());
    }
    let insert = transaction
        .prepare_cached(
            "INSERT INTO channels (centre_key, channel, seq, chain)
             SELECT centre_key, channel, 0, $3 FROM unnest($1::bigint[], $2::bytea[])
                 AS sent (centre_key, channel)
             RETURNING key, centre_key, channel",
        )
        .await?;
    let (keys, channels) = columns_of(&names, kept);
    let channels: Vec<&[u8]> = channels.iter().map(<[u8; 17]>::as_slice).collect();
    let start = ChainHash::START.as_bytes().as_slice();
    let rows = transaction
        .query(&insert, &[&keys, &channels, &start])
        .await?;
    let damaged = || StoreError::Damaged { reading: "channel" };
    for row in rows {
        let centre_key: i64 = row.try_get(1)?;
        let channel = Channel::parse(row.try_get(2)?).map_err(|_| damaged())?;
        let centre = kept
            .centres
            .iter()
            .find(|(_, centre)| centre.key == centre_key);
        let (centre, _) = centre.ok_or_else(damaged)?;
        let head = kept
            .channels
            .get_mut(&(*centre, channel))
            .ok_or_else(damaged)?;
        head.key = Some(row.try_get(0)?);
    }
    Ok(())
}

/// Counts the head rows up, and looks whether they got where the decision says.
async fn count_up(transaction: &Transaction<'_>, kept: &Held<'_>) -> Result<(), StoreError> {
    let update = transaction
        .prepare_cached(
            "UPDATE channels SET seq = channels.seq + sent.k, chain = sent.chain
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])
                 AS sent (key, k, expected, chain)
             WHERE channels.key = sent.key RETURNING channels.seq = sent.expected",
        )
        .await?;
    let (mut keys, mut ks, mut expected, mut chains) =
        (vec![], vec![], vec![], Vec::<&[u8]>::new());
    for (name, k) in &kept.grown.channels {
        let Some(head) = kept.channels.get(name) else {
            continue;
        };
        keys.push(head.key);
        ks.push(signed(*k));
        expected.push(signed(head.seq));
        chains.push(head.chain.as_bytes());
    }
    let fields: [Field<'_>; 4] = [&keys, &ks, &expected, &chains];
    let rows = transaction.query(&update, &fields).await?;
    let mut agree = rows.len() == keys.len();
    for row in rows {
        agree &= row.try_get::<_, bool>(0)?;
    }
    if agree {
        Ok(())
    } else {
        Err(StoreError::Damaged { reading: "head" })
    }
}

async fn insert_envelopes(
    transaction: &Transaction<'_>,
    kept: &Held<'_>,
) -> Result<(), StoreError> {
    let insert = transaction
        .prepare_cached(
            "INSERT INTO envelopes
                 (channel_key, seq, author, stream, n, id, chain, bytes, received_ms)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[],
                 $5::bigint[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bigint[])",
        )
        .await?;
    let rows = &kept.grown.envelopes;
    let ids: Vec<EnvelopeId> = rows.iter().map(|row| row.envelope.id()).collect();
    let headers = || rows.iter().map(|row| row.envelope.header());
    let key = |name| kept.channels.get(name).and_then(|head| head.key);
    let keys: Vec<Option<i64>> = rows.iter().map(|row| key(&row.channel)).collect();
    let seqs: Vec<i64> = rows.iter().map(|row| signed(row.seq)).collect();
    let authors: Vec<&[u8]> = headers()
        .map(|header| header.author.as_bytes().as_slice())
        .collect();
    let streams: Vec<&[u8]> = headers()
        .map(|header| header.stream.as_bytes().as_slice())
        .collect();
    let ns: Vec<i64> = headers().map(|header| signed(header.n)).collect();
    let ids: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes().as_slice()).collect();
    let chains: Vec<&[u8]> = rows
        .iter()
        .map(|row| row.chain.as_bytes().as_slice())
        .collect();
    let bytes: Vec<&[u8]> = rows.iter().map(|row| row.envelope.bytes()).collect();
    let received = rows.iter().map(|row| {
        let kind = row.envelope.header().kind;
        (kind == EnvelopeKind::Snapshot).then_some(row.now_ms)
    });
    let received: Vec<Option<i64>> = received.collect();
    let fields: [Field<'_>; 9] = [
        &keys, &seqs, &authors, &streams, &ns, &ids, &chains, &bytes, &received,
    ];
    transaction.execute(&insert, &fields).await?;
    Ok(())
}

async fn end_streams(transaction: &Transaction<'_>, kept: &Held<'_>) -> Result<(), StoreError> {
    let upsert = transaction
        .prepare_cached(
            "INSERT INTO streams (channel_key, author, stream, n, id)
             SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[])
             ON CONFLICT (channel_key, author, stream) DO UPDATE
             SET n = excluded.n, id = excluded.id",
        )
        .await?;
    let ends = kept.streams.iter();
    let ends: Vec<_> = ends
        .filter(|(name, _)| kept.grown.streams.contains(name))
        .collect();
    let keys: Vec<i64> = ends
        .iter()
        .map(|(name, _)| channel_key(kept, name))
        .collect();
    let authors: Vec<&[u8]> = ends
        .iter()
        .map(|(name, _)| name.2.as_bytes().as_slice())
        .collect();
    let streams: Vec<&[u8]> = ends
        .iter()
        .map(|(name, _)| name.3.as_bytes().as_slice())
        .collect();
    let ns: Vec<i64> = ends.iter().map(|(_, (n, _))| signed(*n)).collect();
    let ids: Vec<&[u8]> = ends
        .iter()
        .map(|(_, (_, id))| id.as_bytes().as_slice())
        .collect();
    let fields: [Field<'_>; 5] = [&keys, &authors, &streams, &ns, &ids];
    transaction.execute(&upsert, &fields).await?;
    Ok(())
}

async fn spend(transaction: &Transaction<'_>, kept: &Held<'_>) -> Result<(), StoreError> {
    let update = transaction
        .prepare_cached(
            "UPDATE centres SET bytes = sent.bytes
             FROM unnest($1::bigint[], $2::bigint[]) AS sent (key, bytes)
             WHERE centres.key = sent.key",
        )
        .await?;
    let grown = kept.grown.centres.iter();
    let heads = grown.filter_map(|name| kept.centres.get(name));
    let (keys, bytes): (Vec<i64>, Vec<i64>) =
        heads.map(|head| (head.key, signed(head.bytes))).unzip();
    transaction.execute(&update, &[&keys, &bytes]).await?;
    Ok(())
}
