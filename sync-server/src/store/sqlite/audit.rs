//! Proves a store file: SQLite's own check first, then every row.

use std::path::Path;

use rusqlite::Connection;

use crate::store::{
    StoreError,
    audit::{Audit, AuditError, Proof},
    sqlite::{reads, rows, schema},
};

/// Proves a store file without changing it.
pub fn audit(path: &Path) -> Result<Audit, AuditError> {
    prove(&schema::open_reader(path)?)
}

/// Proves the store behind a connection.
pub(in crate::store) fn prove(connection: &Connection) -> Result<Audit, AuditError> {
    let finding: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(StoreError::from)?;
    if finding != "ok" {
        return Err(AuditError::Integrity { finding });
    }
    // One transaction, so that everything is of the same moment while a relay goes on writing.
    let moment = connection
        .unchecked_transaction()
        .map_err(StoreError::from)?;
    let mut proof = Proof::begin(&schema::identity(&moment)?);
    for centre in rows::centres(&moment)? {
        proof.centre(&centre, reads::membership(&moment, centre.centre)?)?;
        for channel in rows::channels(&moment, centre.key)? {
            let key = channel.key;
            let mut channel = proof.channel(centre.centre, channel);
            let mut after = 0;
            loop {
                let run = rows::envelopes(&moment, key, after)?;
                let Some(last) = run.last() else { break };
                after = last.seq;
                for envelope in run {
                    channel.envelope(envelope)?;
                }
            }
            channel.end(rows::streams(&moment, key)?)?;
        }
    }
    for invite in rows::invites(&moment)? {
        proof.invite(&invite);
    }
    for message in rows::messages(&moment)? {
        proof.message(&message);
    }
    Ok(proof.end())
}
