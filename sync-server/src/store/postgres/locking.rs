//! What several batches touch: their centres and channels locked, the ends of their streams read, what they repeat
//! looked up.

use std::collections::BTreeSet;

use deadpool_postgres::Transaction;
use sync_protocol::{CentreId, ChainHash, EnvelopeId};

use crate::store::{
    NewEnvelopes, StoreError,
    postgres::{
        placing::{CentreHead, ChannelHead, ChannelName, Held, StreamName, stream},
        rows::{array, number, signed, small},
        writes::Field,
    },
};

/// Locks and reads everything that the batches touch.
pub(super) async fn read<'a>(
    transaction: &Transaction<'_>,
    batches: &[NewEnvelopes],
) -> Result<Held<'a>, StoreError> {
    let mut kept = Held::default();
    lock_centres(transaction, batches, &mut kept).await?;
    lock_channels(transaction, batches, &mut kept).await?;
    read_streams(transaction, batches, &mut kept).await?;
    read_stored(transaction, batches, &mut kept).await?;
    Ok(kept)
}

/// One after the other in the order of their names, so that nodes wait for each other in one order.
///
/// The lock holds the membership chain and the space used where they are until the commit.
async fn lock_centres(
    transaction: &Transaction<'_>,
    batches: &[NewEnvelopes],
    kept: &mut Held<'_>,
) -> Result<(), StoreError> {
    let select = transaction
        .prepare_cached(
            "SELECT centre, key, length, bytes FROM centres WHERE centre = ANY ($1)
             ORDER BY centre FOR NO KEY UPDATE",
        )
        .await?;
    let names: BTreeSet<CentreId> = batches.iter().map(|batch| batch.centre).collect();
    let names: Vec<&[u8]> = names
        .iter()
        .map(|name| name.as_bytes().as_slice())
        .collect();
    for row in transaction.query(&select, &[&names]).await? {
        let head = CentreHead {
            key: row.try_get(1)?,
            length: small(&row, 2)?,
            bytes: number(&row, 3)?,
        };
        let name = CentreId::from_bytes(array(&row, 0)?);
        kept.centres.insert(name, head);
    }
    Ok(())
}

async fn lock_channels(
    transaction: &Transaction<'_>,
    batches: &[NewEnvelopes],
    kept: &mut Held<'_>,
) -> Result<(), StoreError> {
    let select = transaction
        .prepare_cached(
            "SELECT place, channels.key, seq, chain
             FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY AS sent (centre_key, channel, place)
             JOIN channels USING (centre_key, channel) ORDER BY key FOR NO KEY UPDATE OF channels",
        )
        .await?;
    let streams = streams_of(batches, kept);
    let names: BTreeSet<ChannelName> = streams.iter().map(|name| (name.0, name.1)).collect();
    let names: Vec<ChannelName> = names.into_iter().collect();
    let (keys, channels) = columns_of(&names, kept);
    let channels: Vec<&[u8]> = channels.iter().map(<[u8; 17]>::as_slice).collect();
    for row in transaction.query(&select, &[&keys, &channels]).await? {
        let head = ChannelHead {
            key: Some(row.try_get(1)?),
            seq: number(&row, 2)?,
            chain: ChainHash::from_bytes(array(&row, 3)?),
        };
        kept.channels.insert(*nth(&names, &row)?, head);
    }
    Ok(())
}

/// Streams that batches name, of centres that are there.
fn streams_of(batches: &[NewEnvelopes], kept: &Held<'_>) -> BTreeSet<StreamName> {
    batches
        .iter()
        .filter(|batch| kept.centres.contains_key(&batch.centre))
        .flat_map(|batch| batch.envelopes.iter().map(stream))
        .collect()
}

pub(super) fn columns_of(names: &[ChannelName], kept: &Held<'_>) -> (Vec<i64>, Vec<[u8; 17]>) {
    names
        .iter()
        .map(|(centre, channel)| {
            let centre = kept.centres.get(centre);
            (centre.map_or(0, |centre| centre.key), channel.to_bytes())
        })
        .unzip()
}

/// The name that a row answers to, by its place in what was sent.
fn nth<'n, T>(names: &'n [T], row: &tokio_postgres::Row) -> Result<&'n T, StoreError> {
    let place: i64 = row.try_get(0)?;
    let place = usize::try_from(place)
        .ok()
        .and_then(|place| place.checked_sub(1));
    place
        .and_then(|place| names.get(place))
        .ok_or(StoreError::Damaged { reading: "place" })
}

async fn read_streams(
    transaction: &Transaction<'_>,
    batches: &[NewEnvelopes],
    kept: &mut Held<'_>,
) -> Result<(), StoreError> {
    let select = transaction
        .prepare_cached(
            "SELECT place, n, id FROM unnest($1::bigint[], $2::bytea[], $3::bytea[])
                 WITH ORDINALITY AS sent (channel_key, author, stream, place)
             JOIN streams USING (channel_key, author, stream)",
        )
        .await?;
    let names: Vec<StreamName> = streams_of(batches, kept)
        .into_iter()
        .filter(|name| kept.channels.contains_key(&(name.0, name.1)))
        .collect();
    let keys: Vec<i64> = names.iter().map(|name| channel_key(kept, name)).collect();
    let authors: Vec<&[u8]> = names
        .iter()
        .map(|name| name.2.as_bytes().as_slice())
        .collect();
    let streams: Vec<&[u8]> = names
        .iter()
        .map(|name| name.3.as_bytes().as_slice())
        .collect();
    let fields: [Field<'_>; 3] = [&keys, &authors, &streams];
    for row in transaction.query(&select, &fields).await? {
        let end = (number(&row, 1)?, EnvelopeId::from_bytes(array(&row, 2)?));
        kept.streams.insert(*nth(&names, &row)?, end);
    }
    Ok(())
}

pub(super) fn channel_key(kept: &Held<'_>, name: &StreamName) -> i64 {
    let head = kept.channels.get(&(name.0, name.1));
    head.and_then(|head| head.key).unwrap_or(0)
}

/// What was stored at places that are sent again; mostly there are none, and then nothing is asked.
async fn read_stored(
    transaction: &Transaction<'_>,
    batches: &[NewEnvelopes],
    kept: &mut Held<'_>,
) -> Result<(), StoreError> {
    let again = |name: &StreamName, n: u64| kept.streams.get(name).is_some_and(|end| n <= end.0);
    let names: BTreeSet<(StreamName, u64)> = batches
        .iter()
        .flat_map(|batch| &batch.envelopes)
        .map(|envelope| (stream(envelope), envelope.header().n))
        .filter(|(name, n)| again(name, *n))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let select = transaction
        .prepare_cached(
            "SELECT place, id, seq FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])
                 WITH ORDINALITY AS sent (channel_key, author, stream, n, place)
             JOIN envelopes USING (channel_key, author, stream, n)",
        )
        .await?;
    let names: Vec<(StreamName, u64)> = names.into_iter().collect();
    let keys: Vec<i64> = names
        .iter()
        .map(|(name, _)| channel_key(kept, name))
        .collect();
    let authors: Vec<&[u8]> = names
        .iter()
        .map(|(name, _)| name.2.as_bytes().as_slice())
        .collect();
    let streams: Vec<&[u8]> = names
        .iter()
        .map(|(name, _)| name.3.as_bytes().as_slice())
        .collect();
    let ns: Vec<i64> = names.iter().map(|(_, n)| signed(*n)).collect();
    let fields: [Field<'_>; 4] = [&keys, &authors, &streams, &ns];
    for row in transaction.query(&select, &fields).await? {
        let stored = (EnvelopeId::from_bytes(array(&row, 1)?), number(&row, 2)?);
        kept.stored.insert(*nth(&names, &row)?, stored);
    }
    Ok(())
}
