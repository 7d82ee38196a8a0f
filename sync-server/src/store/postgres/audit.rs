//! Proves a database, all of it at one moment, while nodes may go on writing.

use tokio_postgres::{Config, GenericClient, IsolationLevel};

use crate::store::{
    StoreError,
    audit::{Audit, AuditError, Proof},
    postgres::{connect, rows, schema},
};

/// Proves the store in a database without changing it.
pub async fn audit(place: &Config) -> Result<Audit, AuditError> {
    let mut client = connect(&schema::settled(place)).await?;
    let moment = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await
        .map_err(StoreError::from)?;
    prove(&moment).await
}

/// Runs are read along the index: a database that does not yet know how large its tables are would sort all that is
/// left of a channel for each of them.
const ALONG_THE_INDEX: &str = "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off";

/// Proves the store that a transaction sees.
pub(super) async fn prove(client: &impl GenericClient) -> Result<Audit, AuditError> {
    client
        .batch_execute(ALONG_THE_INDEX)
        .await
        .map_err(StoreError::from)?;
    let mut proof = Proof::begin(&schema::identity(client).await?);
    for centre in rows::centres(client).await? {
        proof.centre(&centre, rows::records(client, centre.key).await?)?;
        for channel in rows::channels(client, centre.key).await? {
            let key = channel.key;
            let mut channel = proof.channel(centre.centre, channel);
            let mut after = 0;
            loop {
                let run = rows::envelopes(client, key, after).await?;
                let Some(last) = run.last() else { break };
                after = last.seq;
                for envelope in run {
                    channel.envelope(envelope)?;
                }
            }
            channel.end(rows::streams(client, key).await?)?;
        }
    }
    for invite in rows::invites(client).await? {
        proof.invite(&invite);
    }
    for message in rows::messages(client).await? {
        proof.message(&message);
    }
    Ok(proof.end())
}
