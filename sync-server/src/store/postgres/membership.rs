//! Chains of records and mailboxes: everything that is written one request at a time.

use deadpool_postgres::{Object, Transaction};
use sync_protocol::CentreId;

use crate::store::{
    Left, MembershipAppend, NewMembership, NewMessage, StoreError,
    postgres::{
        rows::{array, number, signed, small},
        writes::Field,
    },
};

/// Held while a centre is opened, so that nodes count one after the other. "NGRC".
const OPENING: i64 = 0x4E47_5243;

struct Chain {
    key: i64,
    length: u32,
    bytes: u64,
}

pub(super) async fn append(
    client: &mut Object,
    append: &NewMembership,
) -> Result<MembershipAppend, StoreError> {
    let transaction = client.transaction().await?;
    let chain = match locked(&transaction, append.centre).await? {
        Some(chain) => chain,
        None if append.expected > 0 => return Ok(MembershipAppend::Moved),
        None => match opened(&transaction, append).await? {
            Ok(chain) => chain,
            Err(refused) => return Ok(refused),
        },
    };
    if chain.length != append.expected {
        return Ok(MembershipAppend::Moved);
    }
    if !announce(&transaction, &chain, append).await? {
        return Ok(MembershipAppend::InviteTaken);
    }
    insert_records(&transaction, &chain, append).await?;
    transaction.commit().await?;
    Ok(MembershipAppend::Appended)
}

async fn locked(
    transaction: &Transaction<'_>,
    centre: CentreId,
) -> Result<Option<Chain>, StoreError> {
    let select = transaction
        .prepare_cached(
            "SELECT key, length, bytes FROM centres WHERE centre = $1 FOR NO KEY UPDATE",
        )
        .await?;
    let centre = centre.as_bytes().as_slice();
    let row = transaction.query_opt(&select, &[&centre]).await?;
    row.map(|row| {
        Ok(Chain {
            key: row.try_get(0)?,
            length: small(&row, 1)?,
            bytes: number(&row, 2)?,
        })
    })
    .transpose()
}

/// A new centre, or why there is none: the relay is full, or another node has opened it a moment ago.
async fn opened(
    transaction: &Transaction<'_>,
    append: &NewMembership,
) -> Result<Result<Chain, MembershipAppend>, StoreError> {
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&OPENING])
        .await?;
    let count = transaction
        .query_one("SELECT count(*) FROM centres", &[])
        .await?;
    if number(&count, 0)? >= u64::from(append.max_centres) {
        return Ok(Err(MembershipAppend::Full));
    }
    let centre = append.centre.as_bytes().as_slice();
    let row = transaction
        .query_opt(
            "INSERT INTO centres (centre, length, head, bytes) VALUES ($1, 0, $2, 0)
             ON CONFLICT DO NOTHING RETURNING key",
            &[&centre, &append.head.as_bytes().as_slice()],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Err(MembershipAppend::Moved));
    };
    Ok(Ok(Chain {
        key: row.try_get(0)?,
        length: 0,
        bytes: 0,
    }))
}

/// Whether every invite was new; in the order of their names, so that two centres wait for each other in one order.
async fn announce(
    transaction: &Transaction<'_>,
    chain: &Chain,
    append: &NewMembership,
) -> Result<bool, StoreError> {
    let mut invites = append.invites.clone();
    invites.sort_unstable();
    for (invite, expires_ms) in invites {
        let insert = transaction
            .prepare_cached(
                "INSERT INTO invites (invite, centre_key, expires_ms) VALUES ($1, $2, $3)
                 ON CONFLICT DO NOTHING",
            )
            .await?;
        let invite = invite.as_bytes().as_slice();
        let fields: [Field<'_>; 3] = [&invite, &chain.key, &expires_ms];
        if transaction.execute(&insert, &fields).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn insert_records(
    transaction: &Transaction<'_>,
    chain: &Chain,
    append: &NewMembership,
) -> Result<(), StoreError> {
    let insert = transaction
        .prepare_cached(
            "INSERT INTO membership (centre_key, idx, record, received_ms)
             SELECT $1, $2 + place - 1, record, $4
             FROM unnest($3::bytea[]) WITH ORDINALITY AS sent (record, place)",
        )
        .await?;
    let from = i64::from(chain.length);
    let fields: [Field<'_>; 4] = [&chain.key, &from, &append.records, &append.now_ms];
    transaction.execute(&insert, &fields).await?;
    let update = transaction
        .prepare_cached("UPDATE centres SET length = $2, head = $3, bytes = $4 WHERE key = $1")
        .await?;
    let size: usize = append.records.iter().map(Vec::len).sum();
    let length = from.saturating_add(i64::try_from(append.records.len()).unwrap_or(i64::MAX));
    let bytes = signed(chain.bytes.saturating_add(size as u64));
    let head = append.head.as_bytes().as_slice();
    transaction
        .execute(&update, &[&chain.key, &length, &head, &bytes])
        .await?;
    Ok(())
}

/// Leaves a message, and names the centre whose mailbox it is if it was stored.
pub(super) async fn leave_message(
    client: &mut Object,
    message: &NewMessage,
) -> Result<(Left, Option<CentreId>), StoreError> {
    let transaction = client.transaction().await?;
    let invite = message.invite.as_bytes().as_slice();
    transaction
        .execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))",
            &[&invite],
        )
        .await?;
    let held = transaction
        .query_one(
            "SELECT count(*), count(*) FILTER (WHERE message = $2) FROM mailbox WHERE invite = $1",
            &[&invite, &message.bytes],
        )
        .await?;
    let (count, same) = (number(&held, 0)?, number(&held, 1)?);
    if same > 0 {
        return Ok((Left::Duplicate, None));
    }
    if count >= message.limit as u64 {
        return Ok((Left::Full, None));
    }
    transaction
        .execute(
            "INSERT INTO mailbox (invite, no, message, expires_ms) VALUES ($1, $2, $3, $4)",
            &[
                &invite,
                &signed(count + 1),
                &message.bytes,
                &message.expires_ms,
            ],
        )
        .await?;
    let centre = transaction
        .query_opt(
            "UPDATE centres SET messages = messages + 1 FROM invites
             WHERE invite = $1 AND centres.key = invites.centre_key RETURNING centre",
            &[&invite],
        )
        .await?;
    transaction.commit().await?;
    let centre = centre.map(|row| array(&row, 0)).transpose()?;
    Ok((Left::Stored, centre.map(CentreId::from_bytes)))
}

pub(super) async fn purge(client: &Object, now_ms: i64) -> Result<usize, StoreError> {
    let gone = client
        .execute("DELETE FROM mailbox WHERE expires_ms <= $1", &[&now_ms])
        .await?;
    Ok(usize::try_from(gone).unwrap_or(usize::MAX))
}
